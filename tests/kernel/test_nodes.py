"""Several nodes: what belongs to one of them, what crosses between them, and what is seen of one that goes down."""

from __future__ import annotations

import erlsim
from erlsim import erlang, timer
from erlsim.testing import exhaust
from erlsim.testing.choosers import RandomWalk
from tests.kernel.kit import BADARG, flush, hang, raised

HERE, THERE = "here@localhost", "there@localhost"


def on_two_nodes(test):
    """Run a test as the shell of a world that has two nodes."""

    def run():
        async def main():
            erlang.setnode(HERE)
            assert erlang.start_node(THERE)
            await test()

        erlsim.run(main)

    run.__name__ = test.__name__
    return run


def test_without_a_name_a_node_is_alone():
    async def main():
        assert (erlang.node(), erlang.is_alive(), erlang.nodes()) == ("nonode@nohost", False, [])
        assert raised(erlang.start_node, THERE) == BADARG
        assert raised(erlang.monitor_node, THERE, True)[1] == "notalive"
        assert erlang.disconnect_node(THERE) == "ignored"

    erlsim.run(main)


@on_two_nodes
async def test_a_pid_tells_its_node_and_what_one_starts_is_on_the_same():
    async def parent():
        erlang.send(shell, (erlang.node(), erlang.nodes(), erlang.processes(), erlang.spawn(hang)))

    shell = erlang.self()
    pid = erlang.spawn(THERE, parent)
    (node, others, processes, child) = await erlang.receive()
    assert (node, others, processes) == (THERE, [HERE], [pid])
    assert [erlang.node(each) for each in (pid, child, shell)] == [THERE, THERE, HERE]
    assert (repr(pid), repr(child)) == ("<1.83.0>", "<1.84.0>")
    assert pid not in erlang.processes()


@on_two_nodes
async def test_each_node_has_names_of_its_own():
    async def other():
        erlang.register("bob", erlang.self())
        erlang.send_after(5, "bob", "later")
        erlang.send(shell, [erlang.whereis("bob") == erlang.self(), erlang.whereis("ann"), erlang.registered()])
        erlang.send(shell, [await erlang.receive(), await erlang.receive()])

    shell = erlang.self()
    erlang.register("ann", shell)
    erlang.spawn(THERE, other)
    assert await erlang.receive() == [True, "undefined", ["bob"]]
    assert erlang.whereis("bob") == "undefined"
    assert raised(erlang.send, "bob", "x") == BADARG
    erlang.send(("bob", THERE), "now")
    assert await erlang.receive() == ["now", "later"]
    erlang.send(("ann", THERE), "lost")
    erlang.send(("ann", "nobody@localhost"), "lost")
    assert await flush() == []


@on_two_nodes
async def test_a_node_that_goes_down_takes_its_processes_along_in_one_instant():
    ran = []

    async def other():
        erlang.process_flag("trap_exit", True)
        try:
            await erlang.receive()
        finally:
            ran.append("left")
            erlang.send(shell, "not sent")
        ran.append("more")

    shell = erlang.self()
    erlang.process_flag("trap_exit", True)
    pids = [erlang.spawn_link(THERE, other) for _ in range(2)]
    erlang.spawn(THERE, lambda: erlang.link(pids[0]))
    refs = [erlang.monitor("process", pid) for pid in pids]
    erlang.monitor_node(THERE, True)
    await erlang.pause()
    erlang.send(pids[0], "a last word")
    erlang.disconnect_node(THERE)
    assert await flush() == [
        *[("EXIT", pid, "noconnection") for pid in pids],
        *[("DOWN", ref, "process", pid, "noconnection") for ref, pid in zip(refs, pids, strict=True)],
        ("nodedown", THERE),
    ]
    assert (ran, erlang.nodes(), erlang.node(pids[0])) == (["left"] * 2, [], THERE)


@on_two_nodes
async def test_each_node_has_a_timer_server_whose_timers_go_down_with_it():
    def other():
        timer.send_interval(10, shell, "every 10 ms")
        erlang.send(shell, erlang.node(erlang.whereis("timer_server")))

    shell = erlang.self()
    timer.send_after(35, ("nobody", THERE), "lost")
    timer.apply_after(35, "erlang", "send", [shell, "of here"])
    erlang.spawn(THERE, other)
    assert await erlang.receive(after=5) == THERE
    await timer.sleep(25)
    erlang.disconnect_node(THERE)
    assert erlang.node(erlang.whereis("timer_server")) == HERE
    assert await flush(50) == ["every 10 ms", "every 10 ms", "of here"]


@on_two_nodes
async def test_a_process_that_halts_its_node_does_no_more():
    async def other():
        erlang.send(shell, "before")
        try:
            erlang.halt()
        finally:
            erlang.send(shell, "after")

    shell = erlang.self()
    pid, ref = erlang.spawn_monitor(THERE, other)
    assert await flush() == ["before", ("DOWN", ref, "process", pid, "noconnection")]
    assert erlang.start_node(THERE)
    erlang.monitor("process", pid)
    assert (await flush())[0][3:] == (pid, "noproc")


def outcomes(test):
    """What a test comes to under every schedule."""
    found = set()

    async def main():
        erlang.setnode(HERE)
        erlang.start_node(THERE)
        found.add(await test())

    assert exhaust(main).complete
    return found


def test_every_schedule_of_a_name_that_is_given_while_its_node_goes_down_is_tried():
    async def race():
        shell = erlang.self()

        async def other():
            erlang.register("bob", erlang.self())
            erlang.send(shell, "registered")
            await hang()

        erlang.spawn(THERE, other)
        erlang.spawn(lambda: erlang.disconnect_node(THERE))
        ref = erlang.monitor("process", ("bob", THERE))
        told = [await erlang.receive(("DOWN", ref, ..., ..., ...))]
        told += await flush(0)
        return tuple(each if type(each) is str else each[4] for each in told)

    assert outcomes(race) == {
        ("noproc",),
        ("noproc", "registered"),
        ("noconnection",),
        ("noconnection", "registered"),
    }


def test_the_same_name_on_two_nodes_is_no_race():
    async def apart():
        erlang.register("bob", erlang.self())
        erlang.spawn(THERE, lambda: erlang.register("bob", erlang.self()))
        erlang.unregister("bob")

    async def main():
        erlang.setnode(HERE)
        erlang.start_node(THERE)
        await apart()

    assert exhaust(main).runs == 1


def test_a_complete_search_has_each_outcome_of_a_node_that_goes_down_among_others():
    async def race():
        shell = erlang.self()
        erlang.process_flag("trap_exit", True)

        def other():
            erlang.register("bob", erlang.self())
            erlang.spawn(lambda: erlang.send(shell, "child"))
            erlang.link(shell)

        erlang.spawn(THERE, other)
        erlang.spawn(lambda: erlang.send(("bob", THERE), "hi"))
        erlang.spawn(lambda: erlang.disconnect_node(THERE))
        return tuple(each if type(each) is str else each[2] for each in await flush(0))

    drawn = set()

    async def main():
        erlang.setnode(HERE)
        erlang.start_node(THERE)
        drawn.add(await race())

    for seed in range(200):
        with erlsim.Simulation(chooser=RandomWalk(seed), preempt=True, trace=False) as sim:
            sim.run(main)
            sim.close()
    assert len(drawn) > 5
    assert drawn - outcomes(race) == set()


@on_two_nodes
async def test_each_asks_for_a_node_as_often_as_he_wants_to_hear_of_it_and_the_dead_hear_nothing():
    def asks():
        erlang.monitor_node(THERE, True)

    name = "".join([*"the", *"re@localhost"])
    third = "third@localhost"
    assert name == THERE
    erlang.start_node(third)
    erlang.spawn(asks)
    erlang.monitor_node(third, True)
    erlang.monitor_node(name, True)
    erlang.monitor_node(THERE, True)
    await erlang.pause()
    erlang.disconnect_node(THERE)
    assert await flush() == [("nodedown", THERE)] * 2
    erlang.start_node(THERE)
    erlang.disconnect_node(THERE)
    assert await flush() == []
    erlang.disconnect_node(third)
    assert await flush() == [("nodedown", third)]


@on_two_nodes
async def test_only_those_end_with_a_node_who_are_there_and_pids_are_counted_on_each():
    third = "third@localhost"
    erlang.start_node(third)
    pids = {node: [erlang.spawn(node, hang) for _ in range(2)] for node in (HERE, THERE, third)}
    assert [repr(pid) for pid in pids[THERE]] == ["<1.83.0>", "<1.84.0>"]
    assert [repr(pid) for pid in pids[third]] == ["<2.83.0>", "<2.84.0>"]
    assert repr(pids[HERE][1]) == "<0.86.0>"
    refs = {erlang.monitor("process", pid): pid for node in pids for pid in pids[node]}
    await erlang.pause()
    erlang.disconnect_node(third)
    assert [refs[message[1]] for message in await flush()] == pids[third]
    assert [erlang.is_process_alive(pid) for pid in pids[HERE]] == [True, True]
    erlang.start_node(third)
    again = erlang.spawn(third, hang)
    assert repr(again) == "<3.83.0>"
    assert erlang.spawn(THERE, hang).number == pids[THERE][1].number + 1
    erlang.disconnect_node(THERE)
    assert [refs[message[1]] for message in await flush()] == pids[THERE]
