defmodule FeedsPlain.Feed do
  @moduledoc """
  A feed counts what it is given. State: its name and the count.

  A draft, ported from feeds.py.
  """
  use GenServer

  @spec start_link(atom()) :: term()
  def start_link(name) do
    GenServer.start_link(__MODULE__, name, name: name)
  end

  @spec next(atom()) :: term()
  def next(name) do
    GenServer.call(name, :next)
  end

  @impl true
  def init(name) do
    {:ok, {name, 0}}
  end

  @impl true
  def handle_call(:next, _from, {name, count}) do
    {:reply, {name, count + 1}, {name, count + 1}}
  end

  def handle_call({:break, reason}, _from, _state) do
    exit(reason)
  end

  # The prototype has none: to be asked ends the process, as it did there.
  @impl true
  def handle_cast(request, state) do
    :erlang.error(:undef, [request, state])
  end
end
