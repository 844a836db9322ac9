defmodule Door do
  @moduledoc """
  Data: `(code, buttons that were pressed)`.

  A draft, ported from door.py.
  """
  @behaviour :gen_statem

  @open_ms 1000

  @spec start_link([integer()]) :: term()
  def start_link(code) do
    :gen_statem.start_link({:local, :door}, __MODULE__, code, [])
  end

  @spec press(integer()) :: term()
  def press(button) do
    :gen_statem.cast(:door, {:press, button})
  end

  @doc """
  `("locked", presses)`, or `"open"`.
  """
  @spec ask() :: term()
  def ask do
    :gen_statem.call(:door, :ask)
  end

  @impl true
  def callback_mode do
    [:state_functions, :state_enter]
  end

  @impl true
  def init(code) do
    {:ok, :locked, {code, []}}
  end

  def locked(:enter, _event, {code, _pressed}) do
    {:keep_state, {code, []}}
  end

  def locked(:cast, {:press, button}, {code, pressed} = data) do
    now = pressed ++ [button]

    if now == code do
      {:next_state, :open, data}
    else
      if length(now) >= length(code) do
        {:keep_state, {code, []}}
      else
        {:keep_state, {code, now}, [{:state_timeout, 5000, :forget}]}
      end
    end
  end

  def locked(:state_timeout, :forget, {code, _pressed}) do
    {:keep_state, {code, []}}
  end

  def locked({:call, from}, :ask, {_code, pressed}) do
    {:keep_state_and_data, [{:reply, from, {:locked, length(pressed)}}]}
  end

  def open(:enter, :locked, _data) do
    {:keep_state_and_data, [{:state_timeout, @open_ms, :lock}]}
  end

  def open(:state_timeout, :lock, data) do
    {:next_state, :locked, data}
  end

  def open(:cast, {:press, _}, _data) do
    {:keep_state_and_data, [:postpone]}
  end

  def open({:call, from}, :ask, _data) do
    {:keep_state_and_data, [{:reply, from, :open}]}
  end
end
