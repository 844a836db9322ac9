defmodule Restarts.Worker do
  @moduledoc """
  The least server there is, registered under a name.

  A draft, ported from restarts.py.
  """
  use GenServer

  @spec start_link(term()) :: term()
  def start_link(name) do
    GenServer.start_link(__MODULE__, name, name: name)
  end

  @impl true
  def init(name) do
    {:ok, name}
  end

  @impl true
  def handle_call(:who, _from, name) do
    {:reply, name, name}
  end

  # The prototype has none: to be asked ends the process, as it did there.
  @impl true
  def handle_cast(request, state) do
    :erlang.error(:undef, [request, state])
  end
end
