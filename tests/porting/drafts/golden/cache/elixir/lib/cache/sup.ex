defmodule Cache.Sup do
  @moduledoc """
  A cache that is lost is started empty.

  A draft, ported from cache.py.
  """
  use Supervisor

  @spec start_link(integer()) :: term()
  def start_link(ttl) do
    Supervisor.start_link(__MODULE__, ttl, name: :cache_sup)
  end

  @impl true
  def init(ttl) do
    cache = %{id: :cache, start: {Cache, :start_link, [%{ttl: ttl}]}, shutdown: 100}
    {:ok, {%{intensity: 3, period: 10}, [cache]}}
  end
end
