defmodule ConnSup do
  @moduledoc "The connections: made when they are asked for, never restarted, for the pool replaces them."
  @behaviour :supervisor

  def start_link, do: :supervisor.start_link({:local, :conn_sup}, __MODULE__, [])

  @impl true
  def init([]) do
    conn = %{id: :conn, start: {Conn, :start_link, []}, restart: :temporary, shutdown: 1000}
    {:ok, {%{strategy: :simple_one_for_one}, [conn]}}
  end
end
