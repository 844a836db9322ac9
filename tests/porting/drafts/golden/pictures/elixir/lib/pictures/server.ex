defmodule Pictures.Server do
  @moduledoc """
  A server with a name; it takes 50 ms for an order, and breaks when it is told to.

  A draft, ported from pictures.py.
  """
  use GenServer

  def start_link(name) do
    GenServer.start_link(__MODULE__, name, name: name)
  end

  @impl true
  def init(name) do
    {:ok, name}
  end

  @impl true
  def handle_call(_request, _from, name) do
    {:reply, name, name}
  end

  @impl true
  def handle_cast(request, name) do
    case request do
      :break ->
        exit(:broken)

      {:order, _} ->
        Process.sleep(50)

      _ ->
        :ok
    end

    {:noreply, name}
  end
end
