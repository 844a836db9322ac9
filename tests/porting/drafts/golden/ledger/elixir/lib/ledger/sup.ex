defmodule Ledger.Sup do
  @moduledoc """
  A book that is closed stays closed.

  A draft, ported from ledger.py.
  """
  use Supervisor

  @spec start_link(term()) :: term()
  def start_link(owner) do
    Supervisor.start_link(__MODULE__, owner, name: :ledger_sup)
  end

  @impl true
  def init(owner) do
    book = %{id: :book, start: {Ledger.Book, :start_link, [owner]}, restart: :transient}
    {:ok, {%{}, [book]}}
  end
end
