defmodule FiveMinutes do
  @moduledoc """
  The program of "erlsim in five minutes"; erl/five_minutes.erl is the same in Erlang, and prints the same.

  A draft, ported from five_minutes.py.
  """

  defp echo do
    receive do
      message ->
        case message do
          {from, message1} ->
            send(from, {:echo, message1})
            echo()
        end
    end
  end

  defp messages do
    pid = spawn(&echo/0)
    send(pid, {self(), :hi})

    receive do
      {:echo, message} ->
        :io.format("echo: ~p~n", [message])
    after
      1000 ->
        :io.format("nobody~n", [])
    end
  end

  defp watching do
    Process.flag(:trap_exit, true)
    pid = spawn_link(fn -> exit(:oops) end)

    receive do
      {:EXIT, ^pid, reason} ->
        :io.format("linked: ~p~n", [reason])
    end

    {pid1, ref} = spawn_monitor(fn -> exit(:oops) end)

    receive do
      {:DOWN, ^ref, :process, ^pid1, reason1} ->
        :io.format("watched: ~p~n", [reason1])
    end
  end

  defp calls do
    {:ok, pid} = FiveMinutes.Counter.start_link(40)
    GenServer.call(pid, {:add, 2})
    GenServer.cast(:counter, :reset)
    :io.format("~p~n", [GenServer.call(:counter, :get)])

    try do
      GenServer.call(:nobody, :get)
    catch
      :exit, reason ->
        :io.format("~p~n", [reason])
    end

    GenServer.stop(:counter)
  end

  defp trees do
    {:ok, sup} = Supervisor.start_link(FiveMinutes.Top, [])
    GenServer.call(:counter, {:add, 100})
    Process.exit(:erlang.whereis(:counter), :kill)
    Process.sleep(1)
    :io.format("~p~n", [GenServer.call(:counter, :get)])
    Process.exit(:erlang.whereis(:counter), :kill)

    receive do
      {:EXIT, ^sup, reason} ->
        :io.format("the supervisor: ~p~n", [reason])
    end
  end

  def main do
    messages()
    watching()
    calls()

    receive do
      {:EXIT, _, :normal} ->
        :ok
    end

    trees()
  end
end
