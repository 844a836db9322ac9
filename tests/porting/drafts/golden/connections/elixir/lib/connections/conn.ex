defmodule Connections.Conn do
  @moduledoc """
  A connection: a server that answers one request after another, and goes away when nobody has asked for a while.

  A draft, ported from conn.py.
  """
  use GenServer

  @idle 2000

  @spec start_link(term()) :: term()
  def start_link(name) do
    GenServer.start_link(__MODULE__, name)
  end

  @spec query(pid(), term()) :: term()
  def query(conn, what) do
    GenServer.call(conn, {:query, what})
  end

  @spec close(pid()) :: term()
  def close(conn) do
    GenServer.stop(conn)
  end

  @impl true
  def init(name) do
    {:ok, {name, 0}, @idle}
  end

  @impl true
  def handle_call({:query, :crash}, _from, {name, _count} = state) do
    {:stop, {:crashed, name}, {:error, :lost}, state}
  end

  def handle_call({:query, what}, _from, {name, count}) do
    {:reply, {:ok, {name, what, count + 1}}, {name, count + 1}, @idle}
  end

  @impl true
  def handle_cast(_message, state) do
    {:noreply, state, @idle}
  end

  @impl true
  def handle_info(:timeout, state) do
    {:stop, {:shutdown, :idle}, state}
  end

  def handle_info(_message, state) do
    {:noreply, state, @idle}
  end
end
