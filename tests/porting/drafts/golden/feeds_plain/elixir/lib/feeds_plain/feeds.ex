defmodule FeedsPlain.Feeds do
  @moduledoc """
  The director: each feed may crash four times.

  A draft, ported from feeds.py.
  """
  use Supervisor

  @spec start_link([atom()]) :: term()
  def start_link(names) do
    Supervisor.start_link(__MODULE__, names, name: :feeds)
  end

  @impl true
  def init(names) do
    {
      :ok,
      {%{strategy: :one_for_one, intensity: 4, period: 3600}, for(name <- names, do: feed(name))}
    }
  end

  @spec feed(atom()) :: term()
  defp feed(name) do
    %{
      id: name,
      start: {FeedsPlain.Feed, :start_link, [name]},
      restart: :permanent,
      shutdown: 1000
    }
  end
end
