defmodule Pool.Top do
  @moduledoc """
  Both, the workers first: with them the keeper is started anew.

  A draft, ported from pool.py.
  """
  use Supervisor

  @spec start_link() :: term()
  def start_link do
    Supervisor.start_link(__MODULE__, [], name: :pool_top)
  end

  @impl true
  def init(_args) do
    {
      :ok,
      {
        %{strategy: :one_for_all, intensity: 1, period: 5},
        [
          %{id: :workers, start: {Pool.Sup, :start_link, []}, type: :supervisor},
          %{id: :keeper, start: {Pool.Keeper, :start_link, [2]}}
        ]
      }
    }
  end
end
