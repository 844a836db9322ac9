defmodule Feeds.Application do
  @moduledoc "Starts the supervisor Feeds.Sup."
  use Application

  @impl true
  def start(_type, _args) do
    Feeds.Sup.start_link()
  end
end
