defmodule PoolSup do
  @moduledoc "The tree: connections first, then the pool, which starts again with them."
  @behaviour :supervisor

  def start_link(size), do: :supervisor.start_link({:local, :pool_sup}, __MODULE__, size)

  @impl true
  def init(size) do
    flags = %{strategy: :rest_for_one, intensity: 2, period: 5}
    conns = %{id: :conn_sup, start: {ConnSup, :start_link, []}, type: :supervisor}
    pool = %{id: :pool, start: {Pool, :start_link, [size]}, shutdown: 1000}
    {:ok, {flags, [conns, pool]}}
  end
end
