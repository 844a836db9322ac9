defmodule Pool do
  @moduledoc "A pool of connections: lends them, takes them back from who dies, replaces those that die."
  use GenServer

  @wait 200

  defstruct idle: [], lent: [], waiting: [], next: 1

  def start_link(size), do: GenServer.start_link(__MODULE__, size, name: :pool)

  def checkout, do: GenServer.call(:pool, :checkout)

  def checkin(conn), do: GenServer.cast(:pool, {:checkin, conn})

  def status, do: GenServer.call(:pool, :status)

  @impl true
  def init(size) do
    Process.flag(:trap_exit, true)
    {:ok, %Pool{idle: Enum.map(1..size, &connect/1), next: size + 1}}
  end

  @impl true
  def handle_call(:status, _from, state) do
    {:reply, {length(state.idle), length(state.lent), length(state.waiting)}, state}
  end

  def handle_call(:checkout, from, %Pool{idle: []} = state) do
    timer = :erlang.start_timer(@wait, self(), :busy)
    {:noreply, %{state | waiting: state.waiting ++ [{timer, from}]}}
  end

  def handle_call(:checkout, {client, _tag}, %Pool{idle: [conn | idle]} = state) do
    ref = Process.monitor(client)
    {:reply, {:ok, conn}, %{state | idle: idle, lent: [{ref, client, conn} | state.lent]}}
  end

  @impl true
  def handle_cast({:checkin, conn}, state) do
    case List.keytake(state.lent, conn, 2) do
      nil ->
        {:noreply, state}

      {{ref, _client, ^conn}, others} ->
        Process.demonitor(ref, [:flush])
        {:noreply, give(conn, %{state | lent: others})}
    end
  end

  @impl true
  def handle_info({:timeout, timer, :busy}, state) do
    case List.keytake(state.waiting, timer, 0) do
      nil ->
        {:noreply, state}

      {{^timer, from}, others} ->
        GenServer.reply(from, {:error, :busy})
        {:noreply, %{state | waiting: others}}
    end
  end

  def handle_info({:DOWN, ref, :process, _client, _reason}, state) do
    case List.keytake(state.lent, ref, 0) do
      nil -> {:noreply, state}
      {{^ref, _pid, conn}, others} -> {:noreply, give(conn, %{state | lent: others})}
    end
  end

  def handle_info({:EXIT, conn, _reason}, state) do
    fresh = connect(state.next)
    idle = List.delete(state.idle, conn)

    {:noreply,
     give(fresh, %{state | idle: idle, lent: without(conn, state.lent), next: state.next + 1})}
  end

  defp connect(number) do
    {:ok, conn} = :supervisor.start_child(:conn_sup, [number])
    Process.link(conn)
    conn
  end

  defp without(conn, lent) do
    case List.keytake(lent, conn, 2) do
      nil ->
        lent

      {{ref, _client, ^conn}, others} ->
        Process.demonitor(ref, [:flush])
        others
    end
  end

  # A free connection goes to who waits longest, or becomes idle.
  defp give(conn, %Pool{waiting: []} = state), do: %{state | idle: [conn | state.idle]}

  defp give(conn, %Pool{waiting: [{timer, {client, _tag} = from} | others]} = state) do
    :erlang.cancel_timer(timer)
    GenServer.reply(from, {:ok, conn})
    ref = Process.monitor(client)
    %{state | lent: [{ref, client, conn} | state.lent], waiting: others}
  end
end
