defmodule Conn do
  @moduledoc "A connection: answers one request after another, and goes away when nobody asks."
  use GenServer, restart: :temporary

  @idle 2000

  def start_link(name), do: GenServer.start_link(__MODULE__, name)

  def query(conn, what), do: GenServer.call(conn, {:query, what})

  @impl true
  def init(name), do: {:ok, {name, 0}, @idle}

  @impl true
  def handle_call({:query, :crash}, _from, {name, _count} = state) do
    {:stop, {:crashed, name}, {:error, :lost}, state}
  end

  def handle_call({:query, what}, _from, {name, count}) do
    {:reply, {:ok, {name, what, count + 1}}, {name, count + 1}, @idle}
  end

  @impl true
  def handle_info(:timeout, state), do: {:stop, {:shutdown, :idle}, state}
  def handle_info(_message, state), do: {:noreply, state, @idle}
end
