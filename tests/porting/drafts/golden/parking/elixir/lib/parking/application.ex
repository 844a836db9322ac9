defmodule Parking.Application do
  @moduledoc "Starts the supervisor Parking.Sup."
  use Application

  @impl true
  def start(_type, _args) do
    Parking.Sup.start_link()
  end
end
