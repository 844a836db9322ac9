defmodule Audit.CountHandler do
  @moduledoc """
  Counts events by kind.

  A draft, ported from audit.py.
  """
  @behaviour :gen_event

  @impl true
  def init(_args) do
    {:ok, %{}}
  end

  @impl true
  def handle_event({:boom, _}, _counts) do
    :erlang.error(:boom)
  end

  def handle_event({:ignore, _}, counts) do
    {:ok, counts}
  end

  def handle_event({kind, _}, counts) do
    {:ok, Map.put(counts, kind, Map.get(counts, kind, 0) + 1)}
  end

  def handle_event(:stop, _counts) do
    :remove_handler
  end

  @impl true
  def handle_call(:counts, counts) do
    {:ok, counts, counts}
  end

  def handle_call({:count, kind}, counts) do
    {:ok, Map.get(counts, kind, 0), counts}
  end
end
