defmodule FiveMinutes.Top do
  @moduledoc """
  A draft, ported from five_minutes.py.
  """
  use Supervisor

  @impl true
  def init(_arg) do
    flags = %{strategy: :one_for_one, intensity: 1, period: 5}
    child = %{id: :counter, start: {FiveMinutes.Counter, :start_link, [7]}}
    {:ok, {flags, [child]}}
  end
end
