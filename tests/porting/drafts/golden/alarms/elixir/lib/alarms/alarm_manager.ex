defmodule Alarms.AlarmManager do
  @moduledoc """
  The manager, and those who use it.

  A draft, ported from alarms.py.
  """

  @spec start_link() :: term()
  def start_link do
    :gen_event.start_link({:local, :alarms})
  end

  @spec watch(integer()) :: term()
  def watch(patience) do
    :gen_event.add_handler(:alarms, Alarms.AlarmCounter, [])
    :gen_event.add_handler(:alarms, {Alarms.AlarmTeller, :first}, {self(), patience})
  end

  @spec raise_alarm(term()) :: term()
  def raise_alarm(what) do
    :gen_event.notify(:alarms, {:alarm, what})
  end

  @spec counted() :: term()
  def counted do
    :gen_event.call(:alarms, Alarms.AlarmCounter, :count)
  end

  @doc "How many there are."
  @spec handlers() :: term()
  def handlers do
    length(:gen_event.which_handlers(:alarms))
  end
end
