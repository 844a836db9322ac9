defmodule Parking do
  @moduledoc """
  A garage with few places: cars come, wait, leave, and sometimes vanish. Written to be ported.

  A draft, ported from parking.py.
  """

  def main do
    Parking.Sup.start_link()
    :io.format("~p, ", [Parking.Garage.enter()])
    car = spawn(&Parking.Garage.enter/0)
    ref = Process.monitor(car)

    receive do
      {:DOWN, ^ref, :process, ^car, _} ->
        :ok
    end

    :io.format("~p free~n", [Parking.Garage.free()])
    Parking.Garage.leave()
    :io.format("~p free~n", [Parking.Garage.free()])
  end
end
