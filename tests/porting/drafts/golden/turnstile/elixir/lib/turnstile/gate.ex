defmodule Turnstile.Gate do
  @moduledoc """
  A server under the tracker `gates`. State: its name.

  A draft, ported from gate.py.
  """
  use GenServer

  @wait 500

  @spec start_link(term()) :: term()
  def start_link(name) do
    GenServer.start_link(__MODULE__, name)
  end

  @doc """
  `"welcome"`, `"refused"`, or `("error", reason)` when nobody can tell.
  """
  @spec admit(term(), term()) :: term()
  def admit(name, ticket) do
    case :gen_tracker.find_or_open(:gates, spec(name)) do
      {:ok, gate} ->
        GenServer.call(gate, {:admit, ticket})

      {:error, reason} ->
        {:error, reason}
    end
  end

  @doc "How many a gate has let in since it was opened."
  @spec visitors(term()) :: integer()
  def visitors(name) do
    {:ok, count} = :gen_tracker.getattr(:gates, name, :visitors)
    count
  end

  @spec spec(term()) :: term()
  defp spec(name) do
    {name, {__MODULE__, :start_link, [name]}, :temporary, 200, :worker, [__MODULE__]}
  end

  @impl true
  def init(name) do
    :gen_tracker.setattr(:gates, name, visitors: 0)
    {:ok, name}
  end

  @impl true
  def handle_call({:admit, ticket}, _from, name) do
    case Turnstile.Breaker.guard(fn -> ask(ticket) end) do
      :good ->
        :gen_tracker.increment(:gates, name, :visitors, 1)
        {:reply, :welcome, name}

      :bad ->
        {:reply, :refused, name}

      {:error, reason} ->
        {:reply, {:error, reason}, name}
    end
  end

  @spec ask(term()) :: term()
  defp ask(ticket) do
    case Turnstile.Pool.take(@wait) do
      {:ok, connection} ->
        over(connection, ticket)

      {:error, :busy} ->
        {:error, :busy}
    end
  end

  @spec over(pid(), term()) :: term()
  defp over(connection, ticket) do
    try do
      Turnstile.Connection.ask(connection, ticket)
    catch
      :exit, _ ->
        {:error, :lost}
    after
      Turnstile.Pool.give_back(connection)
    end
  end

  @doc "The tracker calls it when the gate is dead."
  @spec after_terminate(term(), term()) :: term()
  def after_terminate(name, attributes) do
    :ets.update_counter(:ledger, name, Map.fetch!(Map.new(attributes), :visitors), {name, 0})
  end

  # The prototype has none: to be asked ends the process, as it did there.
  @impl true
  def handle_cast(request, state) do
    :erlang.error(:undef, [request, state])
  end
end
