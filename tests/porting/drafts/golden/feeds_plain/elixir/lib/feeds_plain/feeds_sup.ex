defmodule FeedsPlain.FeedsSup do
  @moduledoc """
  The director's supervisor.

  A draft, ported from feeds.py.
  """
  use Supervisor

  @spec start_link() :: term()
  def start_link do
    Supervisor.start_link(__MODULE__, [], name: :feeds_sup)
  end

  @impl true
  def init(_args) do
    feeds = %{
      id: :feeds,
      start: {FeedsPlain.Feeds, :start_link, [[:news, :sport]]},
      type: :supervisor
    }

    {:ok, {%{strategy: :one_for_one, intensity: 1, period: 5}, [feeds]}}
  end
end
