# Scenarios of the prototype as tests of ExUnit, written by erlsim. They stand alone.
# Reports of crashes are not looked at here: `erlsim compare` compares them.
defmodule PoolScenarioTest do
  use ExUnit.Case, async: false

  # All times are those of the prototype, in virtual time. In real time they are so many times as
  # long, and a step may be late by @late_ms: on a machine that is slow or busy both may be larger.
  @scale 1
  @late_ms 100
  @early_ms 5
  @settle_ms 6

  @moduletag timeout: 300_000

  test "connections are lent, waited for and given back" do
    run(fn -> connections_are_lent_waited_for_and_given_back() end)
  end

  defp connections_are_lent_waited_for_and_given_back do
    # 1
    assert {:ok, sup} = PoolSup.start_link(2)
    settle()

    # 2
    [
      {:pool, pid1, :worker, [Pool], []},
      {
        :conn_sup,
        pid2,
        :supervisor,
        [ConnSup],
        [{:undefined, pid3, :worker, [Conn], []}, {:undefined, pid4, :worker, [Conn], []}]
      }
    ] = tree(sup)

    settle()

    # 3
    assert {2, 0, 0} = Pool.status()
    settle()

    # 4
    assert {:ok, conn1 = ^pid3} = Pool.checkout()
    settle()

    # 5
    assert {:ok, {_, :hello, 1}} = Conn.query(conn1, :hello)
    settle()

    # 6
    assert {:ok, conn2 = ^pid4} = Pool.checkout()
    settle()

    # 7: A third has to wait, in vain
    assert {:error, :busy} = took(200, fn -> Pool.checkout() end)
    settle()

    # 8: This one waits, too, and is given what comes back
    assert client1 = client([fn -> Pool.checkout() end])
    settle()

    # 9
    assert {0, 2, 1} = Pool.status()
    settle()

    # 10
    :ok = Pool.checkin(conn1)
    settle()

    # 11
    assert_receive {^client1, {:ok, {:ok, ^conn1}}}, scaled(10) + @late_ms
    settle()

    # 12
    assert {0, 2, 0} = Pool.status()
    settle()

    # 13: What is given back twice is given back once
    :ok = Pool.checkin(conn2)
    settle()

    # 14
    :ok = Pool.checkin(conn2)
    settle()

    # 15
    assert {1, 1, 0} = Pool.status()
    settle()

    # 16: Who dies gives back what was lent
    true = :erlang.exit(client1, :kill)
    settle()

    # 17
    assert {2, 0, 0} = Pool.status()
    settle()

    # 18
    assert [] = flush()
    settle()

    # 19
    # What is reported here is not looked at.

    # Each name is a process of its own
    distinct([sup, pid1, pid2, pid3, pid4, client1])
  end

  test "a connection that dies is replaced" do
    run(fn -> a_connection_that_dies_is_replaced() end)
  end

  defp a_connection_that_dies_is_replaced do
    # 1
    assert {:ok, sup} = PoolSup.start_link(1)
    settle()

    # 2
    assert {:ok, conn1} = Pool.checkout()
    settle()

    # 3
    ref = :erlang.monitor(:process, conn1)
    settle()

    # 4: The next one waits for it
    assert client1 = client([fn -> Pool.checkout() end])
    settle()

    # 5
    assert {:error, :lost} = Conn.query(conn1, :crash)
    settle()

    # 6
    assert_receive {:DOWN, ^ref, :process, ^conn1, {:crashed, 1}}, @late_ms
    assert_receive {^client1, {:ok, {:ok, conn2}}}, @late_ms
    assert [] = flush()
    settle()

    # 7
    assert {:ok, {2, :hello, 1}} = Conn.query(conn2, :hello)
    settle()

    # 8
    # What is reported here is not looked at.

    # 9
    assert {0, 1, 0} = Pool.status()
    settle()

    # 10
    true = :erlang.exit(conn2, :kill)
    settle()

    # 11
    assert {1, 0, 0} = Pool.status()
    settle()

    # 12: An idle connection goes away, and another one comes
    Process.sleep(scaled(2500))

    # 13
    assert {1, 0, 0} = Pool.status()
    settle()

    # 14
    assert {:noproc, _} = catch_exit(Conn.query(conn2, :hello))
    settle()

    # 15
    [
      {:pool, pid1, :worker, [Pool], []},
      {:conn_sup, pid2, :supervisor, [ConnSup], [{:undefined, pid3, :worker, [Conn], []}]}
    ] = tree(sup)

    settle()

    # Each name is a process of its own
    distinct([sup, conn1, client1, conn2, pid1, pid2, pid3])
  end

  test "the pool starts again with its connections" do
    run(fn -> the_pool_starts_again_with_its_connections() end)
  end

  defp the_pool_starts_again_with_its_connections do
    # 1
    assert {:ok, sup} = PoolSup.start_link(2)
    settle()

    # 2
    pool = :erlang.whereis(:pool)
    settle()

    # 3
    conns = :erlang.whereis(:conn_sup)
    settle()

    # 4: A pool that dies alone leaves the connections' supervisor alone
    true = :erlang.exit(pool, :kill)
    settle()

    # 5
    assert ^conns = :erlang.whereis(:conn_sup)
    settle()

    # 6
    assert {2, 0, 0} = Pool.status()
    settle()

    # 7
    [
      {:pool, pid1, :worker, [Pool], []},
      {
        :conn_sup,
        ^conns,
        :supervisor,
        [ConnSup],
        [{:undefined, pid2, :worker, [Conn], []}, {:undefined, pid3, :worker, [Conn], []}]
      }
    ] = tree(sup)

    settle()

    # 8: Without it the pool starts again, too
    assert pool2 = ^pid1 = :erlang.whereis(:pool)
    settle()

    # 9
    monitor = :erlang.monitor(:process, pool2)
    settle()

    # 10
    true = :erlang.exit(conns, :kill)
    settle()

    # 11
    assert_receive {:DOWN, ^monitor, :process, ^pool2, :shutdown}, @late_ms
    assert [] = flush()
    settle()

    # 12
    assert {2, 0, 0} = Pool.status()
    settle()

    # 13
    # What is reported here is not looked at.

    # 14: The third time in five seconds is once too often
    pool3 = :erlang.whereis(:pool)
    settle()

    # 15
    true = :erlang.exit(pool3, :kill)
    settle()

    # 16
    assert_receive {:EXIT, ^sup, :shutdown}, scaled(100) + @late_ms
    settle()

    # 17
    :undefined = :erlang.whereis(:pool_sup)
    settle()

    # 18
    assert {:noproc, _} = catch_exit(Pool.status())
    settle()

    # Each name is a process of its own
    distinct([sup, pool, conns, pid1, pid2, pid3, pool3])
  end

  test "who waits is served in turn, and idle connections go away" do
    run(fn -> who_waits_is_served_in_turn_and_idle_connections_go_away() end)
  end

  defp who_waits_is_served_in_turn_and_idle_connections_go_away do
    # 1
    assert {:ok, _} = PoolSup.start_link(2)
    settle()

    # 2
    assert {:ok, conn1} = Pool.checkout()
    settle()

    # 3
    assert {:ok, conn2} = Pool.checkout()
    settle()

    # 4: Two wait: who came first is served first, the other one in vain
    assert first = client([fn -> Pool.checkout() end])
    settle()

    # 5
    assert second = client([fn -> Pool.checkout() end])
    settle()

    # 6
    :ok = Pool.checkin(conn1)
    settle()

    # 7
    assert_receive {^first, {:ok, {:ok, ^conn1}}}, scaled(10) + @late_ms
    settle()

    # 8
    Process.sleep(scaled(250))

    # 9
    assert_receive {^second, {:ok, {:error, :busy}}}, @late_ms
    assert [] = flush()
    settle()

    # 10: What came back last is lent first
    true = :erlang.exit(first, :kill)
    settle()

    # 11
    :ok = Pool.checkin(conn2)
    settle()

    # 12
    assert third = client([fn -> Pool.checkout() end])
    settle()

    # 13
    assert_receive {^third, {:ok, {:ok, ^conn2}}}, scaled(10) + @late_ms
    settle()

    # 14
    true = :erlang.exit(third, :kill)
    settle()

    # 15
    assert {2, 0, 0} = Pool.status()
    settle()

    # 16: Nobody asks a connection for two seconds
    assert {:ok, ^conn2} = Pool.checkout()
    settle()

    # 17
    monitor = :erlang.monitor(:process, conn2)
    settle()

    # 18
    assert {:ok, {_, :hello, 1}} = Conn.query(conn2, :hello)
    settle()

    # 19
    Process.sleep(scaled(1900))

    # 20
    true = :erlang.is_process_alive(conn2)
    settle()

    # 21
    Process.sleep(scaled(200))

    # 22
    assert_receive {:DOWN, ^monitor, :process, ^conn2, {:shutdown, :idle}}, @late_ms
    assert [] = flush()
    settle()

    # 23
    assert {:ok, conn3} = Pool.checkout()
    settle()

    # 24
    assert {:ok, {4, :hello, 1}} = Conn.query(conn3, :hello)
    settle()

    # 25
    assert {1, 1, 0} = Pool.status()
    settle()

    # Each name is a process of its own
    distinct([conn1, conn2, first, second, third, conn3])
  end

  # ---- what the tests are made of

  # A test has a process of its own that traps exits, and a group leader of its own, by which all
  # that it has started is found at its end.
  defp run(test) do
    real = Process.group_leader()
    leader = spawn(fn -> leader(real) end)

    {pid, ref} =
      spawn_monitor(fn ->
        Process.group_leader(self(), leader)
        Process.flag(:trap_exit, true)
        test.()
      end)

    reason =
      receive do
        {:DOWN, ^ref, :process, ^pid, why} -> why
      end

    clean_up(leader)
    Process.exit(leader, :kill)

    case reason do
      :normal -> :ok
      {error, [_ | _] = stack} -> :erlang.raise(:error, error, stack)
      other -> exit(other)
    end
  end

  # What is written goes where it would have gone.
  defp leader(real) do
    receive do
      request -> send(real, request)
    end

    leader(real)
  end

  defp clean_up(leader) do
    ours = {:group_leader, leader}
    left = Enum.filter(Process.list(), &(Process.info(&1, :group_leader) == ours))

    if left != [] do
      Enum.each(left, &Process.exit(&1, :kill))
      Process.sleep(2)
      clean_up(leader)
    end
  end

  defp scaled(ms), do: round(ms * @scale)

  # All others come to rest: nobody is left who could run.
  defp settle() do
    Process.sleep(max(@settle_ms, scaled(@settle_ms)))
    quiet(3, System.monotonic_time(:millisecond) + @late_ms)
  end

  defp quiet(times, until) do
    active = :erlang.statistics(:total_active_tasks_all)

    cond do
      times == 0 or System.monotonic_time(:millisecond) > until ->
        :ok

      active > 1 ->
        Process.sleep(1)
        quiet(3, until)

      true ->
        :erlang.yield()
        quiet(times - 1, until)
    end
  end

  defp took(ms, fun) do
    begun = System.monotonic_time(:millisecond)
    value = fun.()
    took = System.monotonic_time(:millisecond) - begun
    assert took >= scaled(ms) - @early_ms and took <= scaled(ms) + @late_ms
    value
  end

  # A process that makes calls, tells how they end, and lives on.
  defp client(calls) do
    test = self()

    spawn(fn ->
      Enum.each(calls, &send(test, {self(), outcome(&1)}))
      Process.sleep(:infinity)
    end)
  end

  defp outcome(call) do
    {:ok, call.()}
  catch
    class, reason -> {class, reason}
  end

  # All messages that are there.
  defp flush() do
    receive do
      message -> [message | flush()]
    after
      0 -> []
    end
  end

  # The children of a supervisor, and theirs.
  defp tree(supervisor) do
    for {id, pid, type, modules} <- :supervisor.which_children(supervisor) do
      {id, pid, type, modules, below(type, pid)}
    end
  end

  defp below(:supervisor, pid) when is_pid(pid), do: tree(pid)
  defp below(_, _), do: []

  defp distinct(pids), do: assert(length(pids) == length(Enum.uniq(pids)))
end
