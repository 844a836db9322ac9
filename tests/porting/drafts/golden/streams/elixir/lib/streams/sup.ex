defmodule Streams.Sup do
  @moduledoc """
  The tracker's supervisor; it owns the archive.

  A draft, ported from streams.py.
  """
  use Supervisor

  @spec start_link() :: term()
  def start_link do
    Supervisor.start_link(__MODULE__, [], name: :streams_sup)
  end

  @impl true
  def init(_args) do
    :ets.new(:archive, [:named_table, :public])

    streams = {
      :streams,
      {:gen_tracker, :start_link, [:streams]},
      :permanent,
      :infinity,
      :supervisor,
      []
    }

    {:ok, {{:one_for_one, 5, 10}, [streams]}}
  end
end
