defmodule Connections.ConnSup do
  @moduledoc """
  The connections: made when they are asked for, never restarted, for the pool replaces them.

  A draft, ported from conn_sup.py.
  """
  use Supervisor

  @spec start_link() :: term()
  def start_link do
    Supervisor.start_link(__MODULE__, [], name: :conn_sup)
  end

  @impl true
  def init(_args) do
    conn = %{
      id: :conn,
      start: {Connections.Conn, :start_link, []},
      restart: :temporary,
      shutdown: 1000
    }

    {:ok, {%{strategy: :simple_one_for_one}, [conn]}}
  end
end
