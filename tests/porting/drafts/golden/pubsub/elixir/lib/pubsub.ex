defmodule Pubsub do
  @moduledoc """
  A draft, ported from pubsub.py.
  """
  use GenServer

  @table :pubsub_topics

  @spec start_link() :: term()
  def start_link do
    GenServer.start_link(__MODULE__, [], name: :pubsub)
  end

  @doc "Subscribe the caller to a topic."
  @spec subscribe(atom()) :: term()
  def subscribe(topic) do
    GenServer.call(:pubsub, {:subscribe, topic, self()})
  end

  @spec unsubscribe(atom()) :: term()
  def unsubscribe(topic) do
    GenServer.call(:pubsub, {:unsubscribe, topic, self()})
  end

  @doc "Tell all subscribers; returns how many there are."
  @spec publish(atom(), term()) :: integer()
  def publish(topic, message) do
    pids = for {_, pid, _} <- :ets.lookup(@table, topic), do: pid
    Enum.each(pids, fn pid -> send(pid, {:pubsub, topic, message}) end)
    length(pids)
  end

  @spec topics(pid()) :: list()
  def topics(pid) do
    for {topic, who, _} <- :ets.tab2list(@table), who == pid, do: topic
  end

  @spec count(atom()) :: integer()
  def count(topic) do
    :ets.select_count(@table, [{{topic, :_, :_}, [], [true]}])
  end

  @impl true
  def init(_args) do
    :ets.new(@table, [:bag, :named_table, :protected, {:read_concurrency, true}])
    {:ok, %{}}
  end

  @impl true
  def handle_call({:subscribe, topic, pid}, _from, monitors) do
    if is_subscribed(topic, pid) do
      {:reply, {:error, :already_subscribed}, monitors}
    else
      ref = monitor_of(pid, monitors)
      :ets.insert(@table, {topic, pid, ref})
      {:reply, :ok, Map.put(monitors, pid, ref)}
    end
  end

  def handle_call({:unsubscribe, topic, pid}, _from, monitors) do
    :ets.match_delete(@table, {topic, pid, :_})

    if :ets.match_object(@table, {:_, pid, :_}) == [] and is_map_key(monitors, pid) do
      Process.demonitor(Map.fetch!(monitors, pid), [:flush])
      {:reply, :ok, Map.filter(monitors, fn {key, _ref} -> key != pid end)}
    else
      {:reply, :ok, monitors}
    end
  end

  @impl true
  def handle_cast(_message, monitors) do
    {:noreply, monitors}
  end

  @impl true
  def handle_info({:DOWN, _ref, :process, pid, _reason}, monitors) do
    :ets.match_delete(@table, {:_, pid, :_})
    {:noreply, Map.filter(monitors, fn {key, _} -> key != pid end)}
  end

  @spec is_subscribed(atom(), pid()) :: boolean()
  defp is_subscribed(topic, pid) do
    Enum.any?(:ets.lookup(@table, topic), fn {_, who, _} -> who == pid end)
  end

  @spec monitor_of(pid(), %{optional(pid()) => reference()}) :: reference()
  defp monitor_of(pid, monitors) do
    if is_map_key(monitors, pid) do
      Map.fetch!(monitors, pid)
    else
      Process.monitor(pid)
    end
  end
end
