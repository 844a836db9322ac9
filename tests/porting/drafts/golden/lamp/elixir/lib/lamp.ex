defmodule Lamp do
  @moduledoc """
  States: `"off"`, `("on", level)`. Data: how often it was switched on.

  A draft, ported from lamp.py.
  """
  @behaviour :gen_statem

  @spec start_link(term()) :: term()
  def start_link(name) do
    :gen_statem.start_link(__MODULE__, name, [])
  end

  @spec stop(term()) :: term()
  def stop(lamp) do
    :gen_statem.stop(lamp)
  end

  @impl true
  def callback_mode do
    :handle_event_function
  end

  @impl true
  def init(_name) do
    {:ok, :off, 0}
  end

  @impl true
  def handle_event(:cast, :push, :off, count) do
    {:next_state, {:on, 1}, count + 1, [{{:timeout, :sleep}, 10000, :tired}]}
  end

  def handle_event(:cast, :push, {:on, level}, count) when is_integer(level) and level < 3 do
    {:next_state, {:on, level + 1}, count}
  end

  def handle_event(:cast, :push, {:on, _}, count) do
    {:next_state, :off, count, [{{:timeout, :sleep}, :cancel}]}
  end

  def handle_event({:timeout, :sleep}, :tired, _state, count) do
    {:next_state, :off, count}
  end

  def handle_event({:call, from}, :look, state, count) do
    {:keep_state_and_data, [{:reply, from, {state, count}}]}
  end

  def handle_event(:info, :explode, _state, _count) do
    {:stop, {:shutdown, :exploded}}
  end

  def handle_event(:info, _event, _state, _count) do
    :keep_state_and_data
  end
end
