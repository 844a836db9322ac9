defmodule Connections.PoolSup do
  @moduledoc """
  The tree: connections first, then the pool, which is nothing without them and starts again with them.

  A draft, ported from pool_sup.py.
  """
  use Supervisor

  @spec start_link(integer()) :: term()
  def start_link(size) do
    Supervisor.start_link(__MODULE__, size, name: :pool_sup)
  end

  @impl true
  def init(size) do
    flags = %{strategy: :rest_for_one, intensity: 2, period: 5}
    conns = %{id: :conn_sup, start: {Connections.ConnSup, :start_link, []}, type: :supervisor}
    pool = %{id: :pool, start: {Connections.Pool, :start_link, [size]}, shutdown: 1000}
    {:ok, {flags, [conns, pool]}}
  end
end
