defmodule Cache do
  @moduledoc """
  Owns the table `cache`. State: `{"puts": n, "swept": n}`.

  A draft, ported from cache.py.
  """
  use GenServer

  @ttl 1000
  @sweep 250

  @spec start_link(%{optional(term()) => term()}) :: term()
  def start_link(options) do
    GenServer.start_link(__MODULE__, options, name: :cache)
  end

  @doc """
  `("ok", value)` or `"none"`; asks no process.
  """
  @spec find(term()) :: term()
  def find(key) do
    case :ets.lookup(:cache, key) do
      [{_, value, _}] ->
        {:ok, value}

      [] ->
        :none
    end
  end

  @spec put(term(), term()) :: term()
  def put(key, value) do
    GenServer.call(:cache, {:put, key, value})
  end

  @spec stats() :: term()
  def stats do
    GenServer.call(:cache, :stats)
  end

  @impl true
  def init(options) do
    :ets.new(:cache, [:named_table, :protected, {:read_concurrency, true}])
    Process.send_after(self(), :sweep, @sweep)
    {:ok, %{puts: 0, swept: 0, ttl: 0}, {:continue, options}}
  end

  @impl true
  def handle_continue(options, state) do
    {:noreply, Map.put(state, :ttl, Map.get(options, :ttl, @ttl))}
  end

  @impl true
  def handle_call({:put, key, value}, _from, state) do
    puts = Map.fetch!(state, :puts)
    :ets.insert(:cache, {key, value, 0})
    {:reply, puts + 1, Map.put(state, :puts, puts + 1)}
  end

  def handle_call(:stats, _from, state) do
    {:reply, {:ets.info(:cache, :size), state}, state}
  end

  @impl true
  def handle_cast(_request, state) do
    {:noreply, state}
  end

  @impl true
  def handle_info(:sweep, state) do
    Process.send_after(self(), :sweep, @sweep)
    swept = Map.fetch!(state, :swept)
    {:noreply, Map.put(state, :swept, swept + swept(Map.fetch!(state, :ttl)))}
  end

  # Entries grow older by a sweep; those that have become too old go.
  @spec swept(term()) :: integer()
  defp swept(ttl) do
    old = for row <- :ets.tab2list(:cache), is_old(row, ttl), do: row
    Enum.each(old, fn row -> :ets.delete(:cache, key(row)) end)

    Enum.each(
      for(each <- :ets.tab2list(:cache), do: key(each)),
      fn key -> :ets.update_counter(:cache, key, {3, @sweep}) end
    )

    length(old)
  end

  @spec is_old(term(), term()) :: boolean()
  defp is_old({_, _, age}, ttl) when is_integer(age) and is_integer(ttl) do
    age + @sweep >= ttl
  end

  @spec key({term(), term(), integer()}) :: term()
  defp key(row) do
    elem(row, 0)
  end
end
