defmodule FeedsPlain.Application do
  @moduledoc "Starts the supervisor FeedsPlain.FeedsSup."
  use Application

  @impl true
  def start(_type, _args) do
    FeedsPlain.FeedsSup.start_link()
  end
end
