defmodule Planned.Worker do
  @moduledoc """
  A draft, ported from planned.py.
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
  def handle_call(:request, _from, name) do
    {:reply, {:ok, :row}, name}
  end

  def handle_call({:fail, reason}, _from, _name) do
    exit(reason)
  end

  # The prototype has none: to be asked ends the process, as it did there.
  @impl true
  def handle_cast(request, state) do
    :erlang.error(:undef, [request, state])
  end
end
