defmodule Connections.Pool do
  @moduledoc """
  A pool of connections: lends them, takes them back from who dies, and replaces those that die.

  State: `(idle, lent, waiting, next)`. `idle` are connections, `lent` is `[(monitor, client, conn)]`, `waiting` is
  `[(timer, from)]` in the order in which they came, `next` numbers the connections.

  A draft, ported from pool.py.
  """
  use GenServer

  @wait 200

  @spec start_link(integer()) :: term()
  def start_link(size) do
    GenServer.start_link(__MODULE__, size, name: :pool)
  end

  @spec checkout() :: term()
  def checkout do
    GenServer.call(:pool, :checkout)
  end

  @spec checkin(pid()) :: term()
  def checkin(conn) do
    GenServer.cast(:pool, {:checkin, conn})
  end

  @spec status() :: term()
  def status do
    GenServer.call(:pool, :status)
  end

  @impl true
  def init(size) do
    Process.flag(:trap_exit, true)
    {:ok, {for(number <- 1..size//1, do: connect(number)), [], [], size + 1}}
  end

  @impl true
  def handle_call(:status, _from, {idle, lent, waiting, _number} = state) do
    {:reply, {length(idle), length(lent), length(waiting)}, state}
  end

  def handle_call(:checkout, from, {idle, lent, waiting, number}) when idle == [] do
    timer = :erlang.start_timer(@wait, self(), :busy)
    {:noreply, {idle, lent, waiting ++ [{timer, from}], number}}
  end

  def handle_call(:checkout, from, {idle, lent, waiting, number}) do
    {client, _tag} = from
    ref = Process.monitor(client)
    {:reply, {:ok, hd(idle)}, {tl(idle), [{ref, client, hd(idle)} | lent], waiting, number}}
  end

  @impl true
  def handle_cast({:checkin, conn}, {idle, lent, waiting, number} = state) do
    case for each <- lent, elem(each, 2) == conn, do: each do
      [] ->
        {:noreply, state}

      [{ref, _client, _conn}] ->
        Process.demonitor(ref, [:flush])

        {
          :noreply,
          give(conn, {idle, for(each <- lent, elem(each, 2) != conn, do: each), waiting, number})
        }
    end
  end

  @impl true
  def handle_info({:timeout, timer, :busy}, {idle, lent, waiting, number} = state) do
    case for each <- waiting, elem(each, 0) == timer, do: each do
      [] ->
        {:noreply, state}

      [{_timer, from}] ->
        GenServer.reply(from, {:error, :busy})
        {:noreply, {idle, lent, for(each <- waiting, elem(each, 0) != timer, do: each), number}}
    end
  end

  def handle_info(
        {:DOWN, ref, :process, _client, _reason},
        {idle, lent, waiting, number} = state
      ) do
    case for each <- lent, elem(each, 0) == ref, do: each do
      [] ->
        {:noreply, state}

      [{_ref, _pid, conn}] ->
        {
          :noreply,
          give(conn, {idle, for(each <- lent, elem(each, 0) != ref, do: each), waiting, number})
        }
    end
  end

  def handle_info({:EXIT, conn, _reason}, {idle, lent, waiting, number}) do
    fresh = connect(number)
    left = {for(each <- idle, each != conn, do: each), without(conn, lent), waiting, number + 1}
    {:noreply, give(fresh, left)}
  end

  @spec connect(integer()) :: term()
  defp connect(number) do
    {_ok, conn} = :supervisor.start_child(:conn_sup, [number])
    Process.link(conn)
    conn
  end

  @spec without(pid(), term()) :: term()
  defp without(conn, lent) do
    case for each <- lent, elem(each, 2) == conn, do: each do
      [] ->
        lent

      [{ref, _client, _conn}] ->
        Process.demonitor(ref, [:flush])
        for each <- lent, elem(each, 2) != conn, do: each
    end
  end

  # A free connection goes to who waits longest, or becomes idle.
  @spec give(pid(), term()) :: term()
  defp give(conn, {idle, lent, waiting, number}) do
    case waiting do
      [] ->
        {[conn | idle], lent, waiting, number}

      [{timer, {client, tag}} | others] ->
        Process.cancel_timer(timer)
        GenServer.reply({client, tag}, {:ok, conn})
        ref = Process.monitor(client)
        {idle, [{ref, client, conn} | lent], others, number}
    end
  end
end
