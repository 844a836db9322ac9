defmodule Pictures do
  @moduledoc """
  A shop: a supervisor with a stock and a director whose tills have plans. One till breaks twice, one is unplugged.

  A draft, ported from pictures.py.
  """

  def main do
    Supervisor.start_link(Pictures.Shop, [], name: :shop)
    Enum.each(0..3, fn number -> GenServer.cast(:stock, {:order, number}) end)
    Process.sleep(120)
    GenServer.cast(:till_1, :break)
    Process.sleep(480)
    GenServer.cast(:till_1, :break)
    Process.exit(:erlang.whereis(:till_2), :kill)
    Process.sleep(400)
  end
end
