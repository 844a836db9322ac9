defmodule Alarms.AlarmTeller do
  @moduledoc """
  Tells somebody of alarms, as many as he has patience for.

  A draft, ported from alarms.py.
  """
  @behaviour :gen_event

  @impl true
  def init(args) do
    {:ok, args}
  end

  @impl true
  def handle_event({:alarm, _}, {_whom, patience}) when patience <= 0 do
    :remove_handler
  end

  def handle_event({:alarm, what}, {whom, patience}) do
    send(whom, {:told, what, patience})
    {:ok, {whom, patience - 1}}
  end

  @impl true
  def handle_call(_request, state) do
    {:ok, :what, state}
  end

  @impl true
  def terminate(reason, {whom, _}) do
    send(whom, {:bye, reason})
    :ok
  end
end
