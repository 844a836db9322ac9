defmodule Pool.Keeper do
  @moduledoc """
  Lends workers. State: `(free, lent)`, where a loan is `(worker, ref)`.

  A draft, ported from pool.py.
  """
  use GenServer

  @spec start_link(integer()) :: term()
  def start_link(size) do
    GenServer.start_link(__MODULE__, size, name: :pool_keeper)
  end

  @doc """
  What a worker says of the job; `("error", "busy")` if there is none, `("error", "lost")` if it has died.
  """
  @spec work(term()) :: term()
  def work(job) do
    case GenServer.call(:pool_keeper, :take) do
      {:ok, worker} ->
        done(worker, job)

      :none ->
        {:error, :busy}
    end
  end

  @spec done(pid(), term()) :: term()
  defp done(worker, job) do
    try do
      GenServer.call(worker, {:work, job})
    catch
      :exit, _ ->
        {:error, :lost}
    after
      GenServer.cast(:pool_keeper, {:give_back, worker})
    end
  end

  @impl true
  def init(size) do
    {:ok, {for(number <- 1..size//1, do: hired(number)), []}}
  end

  @spec hired(integer()) :: pid()
  defp hired(number) do
    {:ok, worker} = :supervisor.start_child(:pool_sup, [number])
    Process.monitor(worker)
    worker
  end

  @impl true
  def handle_call(:take, _from, {free, lent} = state) do
    case free do
      [worker | others] ->
        {:reply, {:ok, worker}, {others, [worker | lent]}}

      _ ->
        {:reply, :none, state}
    end
  end

  def handle_call(:count, _from, {free, lent} = state) do
    {:reply, {length(free), length(lent)}, state}
  end

  @impl true
  def handle_cast({:give_back, worker}, {free, lent} = state) do
    if length(for(each <- lent, each == worker, do: each)) > 0 do
      {:noreply, {free ++ [worker], for(each <- lent, each != worker, do: each)}}
    else
      {:noreply, state}
    end
  end

  @impl true
  def handle_info({:DOWN, _, :process, pid, _}, {free, lent}) do
    worker = hired(0)
    kept = for each <- free, each != pid, do: each
    {:noreply, {kept ++ [worker], for(each <- lent, each != pid, do: each)}}
  end
end
