defmodule Pool.Worker do
  @moduledoc """
  A server that works. State: how many jobs it has done.

  A draft, ported from pool.py.
  """
  use GenServer

  @spec start_link(integer()) :: term()
  def start_link(number) do
    GenServer.start_link(__MODULE__, number)
  end

  @impl true
  def init(_number) do
    {:ok, 0}
  end

  @impl true
  def handle_call({:work, :crash}, _from, _done) do
    :erlang.error(:bad_job)
  end

  def handle_call({:work, job}, _from, done) do
    {:reply, {:done, job, done + 1}, done + 1}
  end

  # The prototype has none: to be asked ends the process, as it did there.
  @impl true
  def handle_cast(request, state) do
    :erlang.error(:undef, [request, state])
  end
end
