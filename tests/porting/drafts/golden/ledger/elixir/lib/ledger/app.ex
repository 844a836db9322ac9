defmodule Ledger.App do
  @moduledoc """
  The application.

  A draft, ported from ledger.py.
  """
  use Application

  @impl true
  def start(_type, owner) do
    Ledger.Sup.start_link(owner)
  end

  @impl true
  def stop(_state) do
    :ok
  end
end
