defmodule Restarts.Slow do
  @moduledoc """
  Clears up for as long as it is told.

  A draft, ported from restarts.py.
  """
  use GenServer

  @spec start_link(term(), integer()) :: term()
  def start_link(name, needs) do
    GenServer.start_link(__MODULE__, needs, name: name)
  end

  @impl true
  def init(needs) do
    Process.flag(:trap_exit, true)
    {:ok, needs}
  end

  @impl true
  def terminate(_reason, needs) do
    Process.sleep(needs)
  end

  # The prototype has none: to be asked ends the process, as it did there.
  @impl true
  def handle_call(request, from, state) do
    :erlang.error(:undef, [request, from, state])
  end

  # The prototype has none: to be asked ends the process, as it did there.
  @impl true
  def handle_cast(request, state) do
    :erlang.error(:undef, [request, state])
  end
end
