defmodule Restarts.Sup do
  @moduledoc """
  `{strategy}` for the workers; a slow one with 100 ms to end.

  A draft, ported from restarts.py.
  """
  use Supervisor

  @spec start_link(term()) :: term()
  def start_link(strategy) do
    Supervisor.start_link(__MODULE__, strategy, name: :restarts_sup)
  end

  @impl true
  def init(strategy) do
    workers =
      for name <- [:a, :b, :c], do: %{id: name, start: {Restarts.Worker, :start_link, [name]}}

    slow = %{
      id: :slow,
      start: {Restarts.Slow, :start_link, [:slow, 50]},
      shutdown: 100,
      modules: [Restarts.Slow]
    }

    {:ok, {%{strategy: strategy, intensity: 3, period: 5}, workers ++ [slow]}}
  end
end
