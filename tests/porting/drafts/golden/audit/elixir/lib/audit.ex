defmodule Audit do
  @moduledoc """
  The event manager.

  A draft, ported from audit.py.
  """

  @spec start_link() :: term()
  def start_link do
    :gen_event.start_link({:local, :audit})
  end

  @spec setup() :: term()
  def setup do
    :gen_event.add_handler(:audit, Audit.CountHandler, [])
    :gen_event.add_handler(:audit, {Audit.LogHandler, :main}, 2)
    :ok
  end

  @spec event(atom(), term()) :: term()
  def event(kind, detail) do
    :gen_event.notify(:audit, {kind, detail})
  end

  @spec sync_event(atom(), term()) :: term()
  def sync_event(kind, detail) do
    :gen_event.sync_notify(:audit, {kind, detail})
  end

  @spec counts() :: term()
  def counts do
    :gen_event.call(:audit, Audit.CountHandler, :counts)
  end

  @spec last() :: term()
  def last do
    :gen_event.call(:audit, {Audit.LogHandler, :main}, :last)
  end

  @spec remove() :: term()
  def remove do
    :gen_event.delete_handler(:audit, {Audit.LogHandler, :main}, :bye)
  end
end
