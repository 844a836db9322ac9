defmodule Feeds do
  @moduledoc """
  The director: each feed may crash four times.

  A draft, ported from feeds.py.
  """
  @behaviour :director

  @plan [:restart, {:restart, 100}]

  @spec start_link([atom()]) :: term()
  def start_link(names) do
    :director.start_link({:local, :feeds}, __MODULE__, names)
  end

  @impl true
  def init(names) do
    {:ok, for(name <- names, do: feed(name))}
  end

  @spec feed(atom()) :: term()
  defp feed(name) do
    %{id: name, start: {Feeds.Feed, :start_link, [name]}, plan: @plan, count: 2}
  end
end
