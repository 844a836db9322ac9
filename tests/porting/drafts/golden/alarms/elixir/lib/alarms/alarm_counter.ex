defmodule Alarms.AlarmCounter do
  @moduledoc """
  Counts alarms. State: `{kind: number}`.

  A draft, ported from alarms.py.
  """
  @behaviour :gen_event

  @impl true
  def init(_args) do
    {:ok, %{}}
  end

  @impl true
  def handle_event({:alarm, what}, counts) do
    {:ok, Map.put(counts, what, Map.get(counts, what, 0) + 1)}
  end

  def handle_event(_event, counts) do
    {:ok, counts}
  end

  @impl true
  def handle_call(:count, counts) do
    {:ok, counts, counts}
  end

  @impl true
  def terminate(_reason, _counts) do
    :ok
  end
end
