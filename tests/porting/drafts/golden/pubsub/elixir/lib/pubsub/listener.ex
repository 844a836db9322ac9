defmodule Pubsub.Listener do
  @moduledoc """
  A plain process that listens, and counts what it hears.

  A draft, ported from pubsub.py.
  """

  @spec start([atom()]) :: pid()
  def start(topics) do
    spawn(fn -> run(topics) end)
  end

  @spec run([atom()]) :: term()
  defp run(topics) do
    Enum.each(topics, fn topic -> Pubsub.subscribe(topic) end)
    loop(0, [])
  end

  @spec loop(integer(), list()) :: term()
  defp loop(heard, last) do
    loop_loop(heard, last)
  end

  defp loop_loop(heard, last) do
    receive do
      {:pubsub, topic, message} ->
        heard1 = heard + 1
        last1 = [{topic, message} | last]
        loop_loop(heard1, last1)

      {:get, from} ->
        send(from, {:heard, heard, last})
        loop_loop(heard, last)

      :stop ->
        :stopped

      _ ->
        loop_loop(heard, last)
    after
      5000 ->
        exit(:bored)
    end
  end

  @spec heard(pid()) :: term()
  def heard(pid) do
    send(pid, {:get, self()})

    receive do
      {:heard, n, last} ->
        {n, last}
    after
      1000 ->
        :timeout
    end
  end
end
