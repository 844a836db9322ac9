defmodule Planned.Pool do
  @moduledoc """
  A draft, ported from planned.py.
  """
  @behaviour :director

  @spec start_link(integer()) :: term()
  def start_link(workers) do
    :director.start_link({:local, :planned_pool}, __MODULE__, workers)
  end

  @impl true
  def init(workers) do
    {:ok, for(number <- 0..(workers - 1)//1, do: childspec(number))}
  end

  @spec childspec(integer()) :: term()
  defp childspec(number) do
    %{
      id: number,
      start: {Planned.Worker, :start_link, [:"worker#{number}"]},
      plan: [&after_a_crash/2],
      count: :infinity
    }
  end

  @spec after_a_crash(term(), integer()) :: term()
  defp after_a_crash(:no_database, count) do
    {:restart, min(250 * (count + 1), 2000)}
  end

  defp after_a_crash(_reason, count) when count <= 3 do
    :restart
  end

  defp after_a_crash(reason, _count) do
    {:stop, {:broken, reason}}
  end
end
