defmodule Ledger.Book do
  @moduledoc """
  Accounts are integers; nobody goes below zero.

  A draft, ported from ledger.py.
  """
  use GenServer

  defmodule Ledger do
    @moduledoc false
    defstruct owner: :nobody, balance: 0, entries: []
  end

  @spec start_link(term()) :: term()
  def start_link(owner) do
    GenServer.start_link(__MODULE__, owner, name: :ledger_book)
  end

  @doc """
  `("ok", balance)`, or `("error", "too_little")`.
  """
  @spec book(integer()) :: term()
  def book(amount) do
    GenServer.call(:ledger_book, {:book, amount})
  end

  def statement do
    statement(2)
  end

  @doc "The owner, the balance and the newest entries."
  @spec statement(integer()) :: term()
  def statement(newest) do
    GenServer.call(:ledger_book, {:statement, newest})
  end

  @impl true
  def init(owner) do
    {:ok, %Ledger{owner: owner, entries: []}}
  end

  @impl true
  def handle_call({:book, amount}, _from, ledger)
      when is_integer(amount) and ledger.balance + amount < 0 do
    {:reply, {:error, :too_little}, ledger}
  end

  def handle_call({:book, amount}, _from, ledger) when is_integer(amount) do
    balance = ledger.balance + amount

    {
      :reply,
      {:ok, balance},
      %Ledger{ledger | balance: balance, entries: [amount | ledger.entries]}
    }
  end

  def handle_call({:statement, newest}, _from, ledger) when is_integer(newest) do
    {:reply, {ledger.owner, ledger.balance, first(newest, ledger.entries)}, ledger}
  end

  def handle_call(:close, _from, ledger) do
    {:stop, :normal, {:closed, ledger.balance}, ledger}
  end

  @impl true
  def handle_cast(_request, ledger) do
    {:noreply, ledger}
  end

  @spec first(integer(), list()) :: list()
  defp first(count, [entry | others]) when count > 0 do
    [entry | first(count - 1, others)]
  end

  defp first(_count, _entries) do
    []
  end
end
