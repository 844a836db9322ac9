defmodule Turnstile.Tree do
  @moduledoc """
  The supervisor `turnstile`; it owns the table `ledger`, which outlives every gate.

  A draft, ported from tree.py.
  """
  use Supervisor

  @spec start_link() :: term()
  def start_link do
    Supervisor.start_link(__MODULE__, [], name: :turnstile)
  end

  @impl true
  def init(_args) do
    :ets.new(:ledger, [:named_table, :public])
    flags = %{strategy: :rest_for_one, intensity: 2, period: 60}

    children = [
      %{id: :breaker, start: {Turnstile.Breaker, :start_link, []}},
      %{id: :pool, start: {Turnstile.Pool, :start_link, []}},
      %{id: :connections, start: {Turnstile.Connections, :start_link, []}, type: :supervisor},
      {:gates, {:gen_tracker, :start_link, [:gates]}, :permanent, :infinity, :supervisor, []}
    ]

    {:ok, {flags, children}}
  end
end
