defmodule Counter do
  @moduledoc """
  A counter: a gen_server, its client, and five seconds that take no time.

  A draft, ported from counter.py.
  """
  use GenServer

  @impl true
  def init(start) do
    {:ok, start}
  end

  @impl true
  def handle_call(:get, _from, count) do
    {:reply, count, count}
  end

  def handle_call({:add, n}, _from, count) do
    {:reply, :ok, count + n}
  end

  @impl true
  def handle_info(_message, _count) do
    # NOT PORTED (counter.py:21): `f'{message} after {erlsim.erlang.monotonic_time()} ms'`: only integers and atoms of known kind become a part of an atom
    #     def handle_info(message, count):
    #         print(f"{message} after {erlsim.erlang.monotonic_time()} ms")
    #         return ("noreply", count)
    :erlang.error({:not_ported, {__MODULE__, :handle_info}})
  end

  def main do
    {:ok, pid} = GenServer.start_link(__MODULE__, 0)
    Process.send_after(pid, :"a message", 5000)
    GenServer.call(pid, {:add, 5})
    Process.sleep(6000)
    GenServer.call(pid, :get)
  end

  # The prototype has none: to be asked ends the process, as it did there.
  @impl true
  def handle_cast(request, state) do
    :erlang.error(:undef, [request, state])
  end
end
