"""What Erlang would copy is copied: who changes his own list changes nobody else's, and no trace."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.otp import proc_lib


@pytest.fixture(params=[True, False], ids=["traced", "untraced"])
def run(request):
    def run(main):
        sim = erlsim.Simulation(trace=request.param)
        return sim.run(main)

    return run


async def grow(mine, reply_to):
    """Change a list that somebody else has given, and tell what it is now."""
    mine.append("changed")
    erlang.send(reply_to, ("grown", mine))


@pytest.mark.parametrize(
    "start",
    [
        lambda given: erlang.spawn(grow, [given, erlang.self()]),
        lambda given: erlang.spawn_link(grow, [given, erlang.self()]),
        lambda given: erlang.spawn(Grower, "grow", [given, erlang.self()]),
        lambda given: erlang.spawn_request(Grower, "grow", [given, erlang.self()]),
        lambda given: proc_lib.spawn(Grower, "grow", [given, erlang.self()]),
        lambda given: timer.apply_after(0, Grower, "grow", [given, erlang.self()]),
        lambda given: timer.apply_after(1, Grower, "grow", [given, erlang.self()]),
    ],
)
def test_the_arguments_of_a_process_are_its_own(run, start):
    async def main():
        given = ["given"]
        start(given)
        _, grown = await erlang.receive(("grown", ...))
        return given, grown

    assert run(main) == (["given"], ["given", "changed"])


class Grower:
    """A module."""

    grow = grow


def test_an_interval_calls_with_the_same_arguments_each_time(run):
    async def main():
        given = ["given"]
        timer.apply_interval(5, Grower, "grow", [given, erlang.self()])
        given.append("late")
        return [(await erlang.receive(("grown", ...)))[1] for _ in range(3)]

    assert run(main) == [["given", "changed"]] * 3


@pytest.mark.parametrize(
    "start",
    [
        lambda message: erlang.send_after(5, erlang.self(), message),
        lambda message: erlang.start_timer(5, erlang.self(), message),
        lambda message: timer.send_after(5, message),
        lambda message: timer.send_interval(5, message),
    ],
)
def test_the_message_of_a_timer_is_as_it_was_when_the_timer_was_started(run, start):
    async def main():
        given = ["given"]
        start(given)
        given.append("late")
        message = await erlang.receive()
        return message[2] if type(message) is tuple else message

    assert run(main) == ["given"]


def test_two_who_hear_of_an_end_have_a_reason_each(run):
    async def main():
        me = erlang.self()
        erlang.process_flag("trap_exit", True)
        reason = ["why"]

        async def victim():
            await erlang.receive("die")
            erlang.exit(reason)

        pid = erlang.spawn(victim)

        async def watcher():
            erlang.monitor("process", pid)
            down = await erlang.receive()
            down[4].append("changed")
            erlang.send(me, ("watched", down[4]))

        async def linked():
            erlang.process_flag("trap_exit", True)
            erlang.link(pid)
            end = await erlang.receive()
            end[2].append("changed")
            erlang.send(me, ("watched", end[2]))

        for each in (watcher, linked, watcher, linked):
            erlang.spawn(each)
        await timer.sleep(1)
        erlang.send(pid, "die")
        return [(await erlang.receive(("watched", ...)))[1] for _ in range(4)], reason

    assert run(main) == ([["why", "changed"]] * 4, ["why"])


def test_the_reason_of_an_exit_signal_is_the_receivers_own(run):
    async def main():
        reason = ["why"]
        me = erlang.self()

        async def trapping():
            erlang.process_flag("trap_exit", True)
            end = await erlang.receive()
            end[2].append("changed")
            erlang.send(me, end)

        pid = erlang.spawn(trapping)
        await timer.sleep(1)
        erlang.exit(pid, reason)
        return (await erlang.receive())[2], reason

    assert run(main) == (["why", "changed"], ["why"])


def test_a_process_dictionary_does_not_change_with_what_was_put_into_it(run):
    def main():
        given = ["given"]
        erlang.put("k", given)
        given.append("later")
        erlang.get("k").append("read")
        erlang.get()[0][1].append("read")
        return erlang.put("k", 1), erlang.erase("k")

    assert run(main) == (["given"], 1)


def test_keys_of_a_process_dictionary_do_not_change(run):
    def main():
        name = ["k"]
        erlang.put(name, 1)
        name.append("later")
        erlang.get_keys()[0].append("read")
        return erlang.get(["k"]), erlang.get_keys(1)

    assert run(main) == (1, [["k"]])


def test_a_receiver_that_changes_its_message_does_not_rewrite_the_trace():
    async def main():
        async def receiver():
            mine = await erlang.receive()
            mine[1].append("changed")
            mine[0]["k"] = "changed"
            erlang.exit(mine[1])

        pid, ref = erlang.spawn_monitor(receiver)
        erlang.send(pid, ({"k": ["v"]}, ["sent"]))
        down = await erlang.receive(("DOWN", ref, ..., ..., ...))
        down[4].append("by the watcher")

    sim = erlsim.Simulation()
    sim.run(main)
    seen = {event.kind: event.data for event in sim.trace if event.kind in ("send", "receive", "exit")}
    assert seen["send"][1] == ({"k": ["v"]}, ["sent"])
    assert seen["exit"][0] == ["sent", "changed"]
    assert next(event.data for event in sim.trace if event.kind == "receive")[0] == ({"k": ["v"]}, ["sent"])


@pytest.mark.parametrize("by", ["pid", "name", "alias", "two at once"])
def test_a_sender_and_a_receiver_that_change_a_message_do_not_rewrite_the_trace(by):
    async def changer():
        for _ in range(2 if by == "two at once" else 1):
            _, given = await erlang.receive()
            given.append("changed by the receiver")

    async def main():
        pid = erlang.spawn(changer)
        erlang.register("changer", pid)
        for text in ("x", "y") if by == "two at once" else ("x",):
            message = ("take", [text])
            if by == "alias":
                ref = erlang.alias()
                erlang.send(ref, message)
                (await erlang.receive())[1].append("changed by the receiver")
            else:
                erlang.send("changer" if by == "name" else pid, message)
            message[1].append("changed by the sender")
        await timer.sleep(1)

    sim = erlsim.Simulation()
    sim.run(main)
    messages = [event.data[-1] for event in sim.trace if event.kind in ("send", "receive")]
    expected = [("take", ["x"]), ("take", ["x"])]
    if by == "two at once":
        expected = [("take", [text]) for text in ("x", "y", "x", "y")]
    assert messages == expected


def test_a_report_is_what_was_reported():
    from erlsim.otp import logger

    async def main():
        state = ["then"]
        logger.log("error", {"state": state})
        state.append("later")

    sim = erlsim.Simulation()
    sim.run(main)
    (report,) = sim.reports
    assert report.report == {"state": ["then"]}


def test_what_cannot_change_is_not_copied():
    shared = ("a", 1, (b"b", 2.0))

    async def main():
        got = []
        erlang.put("k", shared)
        got.append(erlang.get("k"))
        erlang.spawn(lambda term: got.append(term), [shared])
        erlang.send_after(1, erlang.self(), shared)
        got.append(await erlang.receive())
        _, ref = erlang.spawn_monitor(lambda: erlang.exit(shared))
        got.append((await erlang.receive(("DOWN", ref, ..., ..., ...)))[4])
        return got

    assert all(each is shared for each in erlsim.run(main, trace=False))


@pytest.mark.usefixtures("nothing_is_left_to_collect")
@pytest.mark.parametrize("trace", [True, False])
def test_a_message_may_be_as_deep_as_memory_allows(trace):
    async def main() -> int:
        message: list[object] = []
        for _ in range(50_000):
            message = [message]
        erlang.send(erlang.self(), message)
        received = await erlang.receive()
        assert received is not message
        levels = 0
        while received:
            (received,) = received
            levels += 1
        return levels

    assert erlsim.run(main, trace=trace) == 50_000
