defmodule Turnstile.Connection do
  @moduledoc """
  A server. State: its number.

  A draft, ported from connection.py.
  """
  use GenServer

  @patience 100

  @type outcome :: :timeout | {:verdict, :good | :bad}

  @spec start_link(integer()) :: term()
  def start_link(number) do
    GenServer.start_link(__MODULE__, number)
  end

  @doc """
  `"good"`, `"bad"` or `("error", "no_answer")`; after the last the connection is gone.
  """
  @spec ask(pid(), term()) :: term()
  def ask(connection, ticket) do
    GenServer.call(connection, {:ask, ticket})
  end

  @impl true
  def init(number) do
    Turnstile.Pool.join(self())
    {:ok, number}
  end

  @impl true
  def handle_call({:ask, ticket}, _from, number) do
    case checked(ticket) do
      :timeout ->
        {:stop, :no_answer, {:error, :no_answer}, number}

      {:verdict, verdict} ->
        {:reply, verdict, number}
    end
  end

  @spec checked(term()) :: outcome()
  defp checked(ticket) do
    try do
      case Turnstile.Clearing.check(ticket, @patience) do
        :good ->
          {:verdict, :good}

        :bad ->
          {:verdict, :bad}

        other ->
          :erlang.error({:bad_answer, other})
      end
    catch
      :exit, {:timeout, _} ->
        :timeout

      :exit, reason ->
        exit(reason)
    end
  end

  # The prototype has none: to be asked ends the process, as it did there.
  @impl true
  def handle_cast(request, state) do
    :erlang.error(:undef, [request, state])
  end
end
