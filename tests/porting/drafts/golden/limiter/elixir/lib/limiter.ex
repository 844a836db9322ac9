defmodule Limiter do
  @moduledoc """
  A rate limiter: token buckets, one for each client, refilled as time passes.

  A draft, ported from limiter.py.
  """
  use GenServer

  @capacity 3
  @refill_ms 100
  @idle_ms 1000

  def start_link do
    start_link(@capacity)
  end

  @doc "Start the limiter, known as `limiter`."
  @spec start_link(integer()) :: term()
  def start_link(capacity) do
    GenServer.start_link(__MODULE__, capacity, name: :limiter)
  end

  def allow(client) do
    allow(client, 1)
  end

  @doc """
  Ask for tokens: `"ok"`, or `("error", ("wait", ms))`.
  """
  @spec allow(term(), integer()) :: term()
  def allow(client, cost) do
    GenServer.call(:limiter, {:allow, client, cost})
  end

  @spec stats() :: term()
  def stats do
    GenServer.call(:limiter, :stats)
  end

  @doc "Drop the bucket of a client."
  @spec forget(term()) :: term()
  def forget(client) do
    GenServer.cast(:limiter, {:forget, client})
  end

  @impl true
  def init(capacity) do
    Process.send_after(self(), :refill, @refill_ms)
    {:ok, %{capacity: capacity, buckets: %{}, refused: 0}, @idle_ms}
  end

  @impl true
  def handle_call({:allow, _client, cost}, _from, state) when cost > state.capacity do
    {:reply, {:error, :too_much}, state, @idle_ms}
  end

  def handle_call({:allow, client, cost}, _from, state) do
    buckets = Map.fetch!(state, :buckets)
    tokens = Map.get(buckets, client, Map.fetch!(state, :capacity))

    if tokens >= cost do
      new = Map.put(buckets, client, tokens - cost)
      {:reply, :ok, Map.put(state, :buckets, new), @idle_ms}
    else
      late = (cost - tokens) * @refill_ms

      {
        :reply,
        {:error, {:wait, late}},
        Map.put(state, :refused, Map.fetch!(state, :refused) + 1),
        @idle_ms
      }
    end
  end

  def handle_call(:stats, _from, state) do
    {
      :reply,
      %{clients: map_size(Map.fetch!(state, :buckets)), refused: Map.fetch!(state, :refused)},
      state,
      @idle_ms
    }
  end

  def handle_call(_request, _from, state) do
    {:reply, {:error, :badarg}, state}
  end

  @impl true
  def handle_cast({:forget, client}, state) do
    buckets = Map.filter(Map.fetch!(state, :buckets), fn {key, _value} -> key != client end)
    {:noreply, Map.put(state, :buckets, buckets), @idle_ms}
  end

  @impl true
  def handle_info(:refill, state) do
    Process.send_after(self(), :refill, @refill_ms)
    capacity = Map.fetch!(state, :capacity)

    buckets =
      :maps.map(fn _client, tokens -> min(tokens + 1, capacity) end, Map.fetch!(state, :buckets))

    {:noreply, Map.put(state, :buckets, buckets)}
  end

  def handle_info(:timeout, state) do
    {:stop, :normal, state}
  end

  @impl true
  def terminate(_reason, _state) do
    :ok
  end
end
