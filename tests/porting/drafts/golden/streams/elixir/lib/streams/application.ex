defmodule Streams.Application do
  @moduledoc "Starts the supervisor Streams.Sup."
  use Application

  @impl true
  def start(_type, _args) do
    Streams.Sup.start_link()
  end
end
