defmodule Gather do
  @moduledoc """
  Functions for those who spawn.

  A draft, ported from gather.py.
  """

  @doc "How often the token has come back to us."
  @spec ring(integer(), integer()) :: term()
  def ring(size, rounds) do
    first = self()

    first1 =
      Enum.reduce(
        1..(size - 1)//1,
        first,
        fn number, first1 -> spawn_link(__MODULE__, :member, [first1, number]) end
      )

    back = 0
    ring_loop(rounds, first1, back)
  end

  defp ring_loop(rounds, first, back) do
    if back < rounds do
      send(first, {:token, back})

      receive do
        {:token, _} ->
          :ok
      end

      back1 = back + 1
      ring_loop(rounds, first, back1)
    else
      send(first, :stop)
      back
    end
  end

  @spec member(pid(), integer()) :: term()
  def member(following, number) do
    receive do
      {:token, count} ->
        send(following, {:token, count})
        member(following, number)

      :stop when number == 1 ->
        :last

      other ->
        send(following, other)
        :done
    end
  end

  @spec countdown(integer()) :: term()
  def countdown(left) do
    countdown_loop(left)
  end

  defp countdown_loop(left) do
    if left > 0 do
      Process.sleep(10)

      if left == 3 do
        left1 = left - 2
        countdown_loop(left1)
      else
        left1 = left - 1
        countdown_loop(left1)
      end
    else
      :lift_off
    end
  end

  @doc """
  The squares of some numbers, each by a process of its own; `"late"` for who takes too long.
  """
  @spec answers([integer()], integer()) :: term()
  def answers(jobs, patience) do
    me = self()
    workers = for job <- jobs, do: spawn_monitor(__MODULE__, :square, [me, job])
    total = 0
    best = :none

    {total1, best1} =
      Enum.reduce(workers, {total, best}, fn {pid, _}, {total1, best1} ->
        answer = answer(pid, patience)

        if is_integer(answer) do
          total2 = total1 + answer
          best2 = :some
          {total2, best2}
        else
          {total1, best1}
        end
      end)

    Enum.each(workers, fn {_, ref} -> Process.demonitor(ref, [:flush]) end)
    {best1, total1}
  end

  @spec answer(pid(), integer()) :: term()
  defp answer(pid, patience) do
    receive do
      {:square, ^pid, value} ->
        value

      {:DOWN, _, :process, ^pid, reason} ->
        reason
    after
      patience ->
        :late
    end
  end

  @spec square(pid(), integer()) :: term()
  def square(whom, number) do
    if number < 0 do
      exit(:negative)
    else
      :ok
    end

    Process.sleep(number)
    send(whom, {:square, self(), number * number})
  end

  @doc "What is done with each, and how many there are of each kind."
  @spec signs([integer()]) :: term()
  def signs(numbers) do
    small = 0
    large = 0

    {small1, large1} =
      Enum.reduce(numbers, {small, large}, fn number, {small1, large1} ->
        case number do
          0 ->
            {small1, large1}

          _ when number < 10 ->
            small2 = small1 + 1
            {small2, large1}

          _ ->
            large2 = large1 + 1
            {small1, large2}
        end
      end)

    name =
      if small1 + large1 < 3 do
        :few
      else
        :many
      end

    {name, small1, large1}
  end

  @spec guarded(integer()) :: term()
  def guarded(number) do
    try do
      risky(number)
    catch
      :throw, reason ->
        {:thrown, reason}

      :error, {:bad, what} ->
        {:bad, what}

      :error, reason ->
        {:other, reason}
    else
      value ->
        {:fine, value}
    end
  end

  @spec risky(integer()) :: term()
  defp risky(number) do
    cond do
      number == 1 ->
        throw(:one)

      number == 2 ->
        :erlang.error({:bad, number})

      number == 3 ->
        :erlang.error(:three)

      true ->
        :ok
    end

    number
  end
end
