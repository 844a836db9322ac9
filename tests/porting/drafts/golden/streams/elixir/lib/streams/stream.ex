defmodule Streams.Stream do
  @moduledoc """
  A stream takes 20 ms to start. State: its name.

  A draft, ported from streams.py.
  """
  use GenServer

  @spec start_link(term()) :: term()
  def start_link(name) do
    GenServer.start_link(__MODULE__, name)
  end

  @doc "One viewer more; the stream is opened if nobody has watched it."
  @spec watch(term()) :: term()
  def watch(name) do
    case :gen_tracker.find_or_open(:streams, spec(name)) do
      {:ok, pid} ->
        :gen_tracker.increment(:streams, name, :viewers, 1, 0)
        {:ok, pid}

      {:error, reason} ->
        {:error, reason}
    end
  end

  @spec viewers(term()) :: integer()
  def viewers(name) do
    case :gen_tracker.getattr(:streams, name, :viewers) do
      {:ok, count} ->
        count

      :undefined ->
        0
    end
  end

  @spec spec(term()) :: term()
  defp spec(name) do
    {name, {__MODULE__, :start_link, [name]}, :temporary, 200, :worker, [__MODULE__]}
  end

  @impl true
  def init(name) do
    Process.sleep(20)
    :gen_tracker.setattr(:streams, name, codec: :h264)
    {:ok, name}
  end

  @impl true
  def handle_info({:shutdown, _} = message, name) do
    {:stop, message, name}
  end

  def after_terminate(name, attributes, reason) do
    :ets.insert(:archive, {name, Map.fetch!(Map.new(attributes), :codec), reason})
  end

  # The prototype has none: to be asked ends the process, as it did there.
  @impl true
  def handle_call(request, from, state) do
    :erlang.error(:undef, [request, from, state])
  end

  # The prototype has none: to be asked ends the process, as it did there.
  @impl true
  def handle_cast(request, state) do
    :erlang.error(:undef, [request, state])
  end
end
