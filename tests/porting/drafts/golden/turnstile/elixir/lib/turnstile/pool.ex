defmodule Turnstile.Pool do
  @moduledoc """
  A server registered as `pool`.

  A draft, ported from pool.py.
  """
  use GenServer

  @type state :: {[pid()], [{pid(), pid(), reference()}], [{term(), pid(), reference()}]}

  @spec start_link() :: term()
  def start_link do
    GenServer.start_link(__MODULE__, [], name: :pool)
  end

  @doc "A connection is there."
  @spec join(pid()) :: term()
  def join(connection) do
    GenServer.cast(:pool, {:join, connection})
  end

  @doc """
  `("ok", connection)`, or `("error", "busy")` when none has become free after `timeout` ms.
  """
  @spec take(integer()) :: {atom(), term()}
  def take(timeout) do
    try do
      {:ok, GenServer.call(:pool, :take, timeout)}
    catch
      :exit, {:timeout, _} ->
        GenServer.cast(:pool, {:forget, self()})
        {:error, :busy}

      :exit, reason ->
        exit(reason)
    end
  end

  @doc "The caller needs it no more."
  @spec give_back(pid()) :: term()
  def give_back(connection) do
    GenServer.cast(:pool, {:give_back, connection, self()})
  end

  @doc "`(free, lent, waiting)`."
  @spec count() :: term()
  def count do
    GenServer.call(:pool, :count)
  end

  @impl true
  def init(_args) do
    {:ok, {[], [], []}}
  end

  @impl true
  def handle_call(:take, from, {free, loans, queue}) do
    {client, _} = from
    ref = Process.monitor(client)
    {:noreply, serve({free, loans, queue ++ [{from, client, ref}]})}
  end

  def handle_call(:count, _from, {free, loans, queue} = state) do
    {:reply, {length(free), length(loans), length(queue)}, state}
  end

  @impl true
  def handle_cast({:join, connection}, {free, loans, queue}) do
    Process.monitor(connection)
    {:noreply, serve({free ++ [connection], loans, queue})}
  end

  def handle_cast({:give_back, connection, client}, {_free, loans, _queue} = state) do
    ended = for loan <- loans, elem(loan, 0) == connection and elem(loan, 1) == client, do: loan
    {:noreply, serve(end_loans(ended, state))}
  end

  def handle_cast({:forget, client}, {free, loans, queue}) do
    # The connection may have been on its way when the client gave up.
    ended = for loan <- loans, elem(loan, 1) == client, do: loan

    {:noreply, serve(end_loans(ended, {free, loans, without(client, queue)}))}
  end

  @impl true
  def handle_info({:DOWN, _, :process, pid, _}, {free, loans, queue}) do
    ended = for loan <- loans, elem(loan, 1) == pid, do: loan
    kept = {for(each <- free, each != pid, do: each), loans, without(pid, queue)}
    after_ = end_loans(ended, kept)
    {:noreply, serve(forget_connection(pid, after_))}
  end

  # Lend what is free to those who wait, the first to come first.
  @spec serve(state()) :: state()
  defp serve({[connection | free], loans, [{from, client, ref} | queue]}) do
    GenServer.reply(from, connection)
    serve({free, loans ++ [{connection, client, ref}], queue})
  end

  defp serve(state) do
    state
  end

  @spec end_loans([{pid(), pid(), reference()}], state()) :: state()
  defp end_loans([{connection, client, ref} | others], {free, loans, queue}) do
    Process.demonitor(ref, [:flush])
    kept = for loan <- loans, loan != {connection, client, ref}, do: loan
    end_loans(others, {free ++ [connection], kept, queue})
  end

  defp end_loans(_ended, state) do
    state
  end

  @spec forget_connection(pid(), state()) :: state()
  defp forget_connection(pid, {free, loans, queue}) do
    Enum.each(
      for({connection, _, ref} <- loans, connection == pid, do: ref),
      fn ref -> Process.demonitor(ref, [:flush]) end
    )

    {
      for(each <- free, each != pid, do: each),
      for(loan <- loans, elem(loan, 0) != pid, do: loan),
      queue
    }
  end

  @spec without(pid(), [{term(), pid(), reference()}]) :: [{term(), pid(), reference()}]
  defp without(client, queue) do
    Enum.each(
      for({_, each, ref} <- queue, each == client, do: ref),
      fn ref -> Process.demonitor(ref, [:flush]) end
    )

    for entry <- queue, elem(entry, 1) != client, do: entry
  end
end
