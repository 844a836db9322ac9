defmodule Audit.LogHandler do
  @moduledoc """
  Keeps the last events.

  A draft, ported from audit.py.
  """
  @behaviour :gen_event

  defmodule Log do
    @moduledoc false
    defstruct limit: 3, entries: [], dropped: 0
  end

  @impl true
  def init(limit) do
    {:ok, %Log{limit: limit}}
  end

  @impl true
  def handle_event(event, log) do
    if length(log.entries) < log.limit do
      {:ok, %Log{log | entries: [event | log.entries]}}
    else
      kept = [event | Enum.take(log.entries, max(0, length(log.entries) - 1))]
      {:ok, %Log{log | entries: kept, dropped: log.dropped + 1}}
    end
  end

  @impl true
  def handle_call(:last, log) do
    {:ok, {log.entries, log.dropped}, log}
  end

  @impl true
  def handle_info(_message, log) do
    {:ok, log}
  end

  @impl true
  def terminate(reason, log) do
    {reason, length(log.entries)}
  end
end
