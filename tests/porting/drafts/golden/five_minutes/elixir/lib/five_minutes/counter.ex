defmodule FiveMinutes.Counter do
  @moduledoc """
  A draft, ported from five_minutes.py.
  """
  use GenServer

  def start_link(start) do
    name = {:local, :counter}
    :gen_server.start_link(name, __MODULE__, start, [])
  end

  @impl true
  def init(start) do
    {:ok, start}
  end

  @impl true
  def handle_call(:get, _from, n) do
    {:reply, n, n}
  end

  def handle_call({:add, k}, _from, n) when is_integer(k) do
    {:reply, :ok, n + k}
  end

  @impl true
  def handle_cast(:reset, _n) do
    {:noreply, 0}
  end
end
