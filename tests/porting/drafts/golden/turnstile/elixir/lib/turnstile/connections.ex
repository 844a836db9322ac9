defmodule Turnstile.Connections do
  @moduledoc """
  The director `connections`.

  A draft, ported from tree.py.
  """
  @behaviour :director

  @connections 3

  @spec start_link() :: term()
  def start_link do
    :director.start_link({:local, :connections}, __MODULE__, [])
  end

  @impl true
  def init(_args) do
    {:ok, for(number <- 1..@connections//1, do: spec(number))}
  end

  @spec spec(integer()) :: term()
  defp spec(number) do
    %{
      id: {:connection, number},
      start: {Turnstile.Connection, :start_link, [number]},
      plan: [:restart, {:restart, 100}, {:restart, 1000}],
      count: 2,
      terminate_timeout: 500
    }
  end
end
