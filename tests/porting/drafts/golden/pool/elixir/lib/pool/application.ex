defmodule Pool.Application do
  @moduledoc "Starts the supervisor Pool.Top."
  use Application

  @impl true
  def start(_type, _args) do
    Pool.Top.start_link()
  end
end
