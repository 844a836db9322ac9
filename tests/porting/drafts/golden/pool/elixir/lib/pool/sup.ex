defmodule Pool.Sup do
  @moduledoc """
  The supervisor of the workers: it adds them when it is asked.

  A draft, ported from pool.py.
  """
  use Supervisor

  @spec start_link() :: term()
  def start_link do
    Supervisor.start_link(__MODULE__, [], name: :pool_sup)
  end

  @impl true
  def init(_args) do
    flags = %{strategy: :simple_one_for_one, intensity: 5, period: 10}
    worker = %{id: :worker, start: {Pool.Worker, :start_link, []}, restart: :temporary}
    {:ok, {flags, [worker]}}
  end
end
