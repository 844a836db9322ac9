defmodule Parking.Sup do
  @moduledoc """
  The supervisor of the garage.

  A draft, ported from parking.py.
  """
  use Supervisor

  @spec start_link() :: term()
  def start_link do
    Supervisor.start_link(__MODULE__, [], name: :parking_sup)
  end

  @impl true
  def init(_args) do
    garage = %{id: :garage, start: {Parking.Garage, :start_link, [2]}}
    {:ok, {%{strategy: :one_for_one, intensity: 1, period: 5}, [garage]}}
  end
end
