"""Signals that a rule makes late, holds or loses: when each lands, and what the rule is asked."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.simulation import current
from tests.kernel.kit import hang


def landed(rule_of, actions, until=200):
    """When and in which order numbered messages of two senders land; `actions` are done at their instants."""

    async def main():
        found = []

        async def receiver():
            while True:
                message = await erlang.receive()
                found.append((message, erlang.monotonic_time()))

        async def sender():
            while True:
                erlang.send(to, await erlang.receive())

        to = erlang.spawn(receiver)
        senders = [erlang.spawn(sender), erlang.spawn(sender)]
        await timer.sleep(1)
        own = set(senders)
        road = current().intercept(lambda a, b, kind, term: rule_of(term) if a in own else 0)
        for at, action, *args in sorted(actions, key=lambda each: each[0]):
            await timer.sleep(at + 1 - erlang.monotonic_time())
            if action == "release":
                road.release(*[(senders[who], to) for who in args])
            else:
                erlang.send(senders[action], args[0])
        late = repr(road)
        await timer.sleep(until)
        return [(message, at - 1) for message, at in found], late

    return erlsim.run(main)


MS = {"a": 10, "b": 30, "c": 5, "now": 0, "held": "hold", "lost": "ignore", "last": 20}


@pytest.mark.parametrize(
    ("actions", "found"),
    [
        ([(0, 0, "a")], [("a", 10)]),
        ([(0, 0, "now")], [("now", 0)]),
        ([(7, 0, "a")], [("a", 17)]),
        # What is sent later comes later, however short its own way would be.
        ([(0, 0, "b"), (1, 0, "c"), (2, 0, "now")], [("b", 30), ("c", 30), ("now", 30)]),
        ([(0, 0, "c"), (0, 0, "b"), (1, 0, "a")], [("c", 5), ("b", 30), ("a", 30)]),
        ([(0, 0, "c"), (0, 0, "last"), (6, 0, "c")], [("c", 5), ("last", 20), ("c", 20)]),
        # Another sender does not wait for that.
        ([(0, 0, "b"), (1, 1, "c"), (2, 1, "now")], [("c", 6), ("now", 6), ("b", 30)]),
        # When all has landed the way is free again.
        ([(0, 0, "c"), (6, 0, "now")], [("c", 5), ("now", 6)]),
        ([(0, 0, "lost"), (0, 0, "c"), (1, 0, "lost")], [("c", 5)]),
        # What is held holds all behind it, and nothing before it.
        ([(0, 0, "c"), (1, 0, "held"), (2, 0, "now"), (3, 0, "a")], [("c", 5)]),
        ([(0, 0, "held"), (1, 0, "now"), (50, "release")], [("held", 50), ("now", 50)]),
        ([(0, 0, "held"), (0, 1, "held"), (50, "release", 1)], [("held", 50)]),
        ([(0, 0, "held"), (0, 1, "held"), (50, "release", 0), (60, "release", 1)], [("held", 50), ("held", 60)]),
        ([(0, 0, "held"), (50, "release"), (51, 0, "now"), (52, 0, "c")], [("held", 50), ("now", 51), ("c", 57)]),
        # What waits behind one that is held is as late as that, not as its own way is long.
        ([(0, 0, "a"), (1, 0, "held"), (2, 0, "b"), (3, "release")], [("a", 10), ("held", 10), ("b", 10)]),
        ([(0, 0, "held"), (1, 0, "b"), (3, "release")], [("held", 3), ("b", 3)]),
        # What is late and not held stays so when something is released.
        ([(0, 0, "b"), (3, "release")], [("b", 30)]),
        ([(0, 0, "held"), (9, "release"), (10, 0, "held"), (11, 0, "now")], [("held", 9)]),
    ],
    ids=str,
)
def test_what_is_late_lands_at_its_instant_and_each_sender_s_signals_in_their_order(actions, found):
    assert landed(MS.__getitem__, actions)[0] == found


def test_what_is_still_late_is_counted():
    actions = [(0, 0, "held"), (0, 0, "now"), (0, 1, "b"), (1, 0, "lost")]
    assert landed(MS.__getitem__, actions)[1] == "<Delays: 3 signals are late>"


@pytest.mark.parametrize("preempt", [False, True])
def test_a_rule_is_asked_of_signals_between_two_processes_by_sender_receiver_kind_and_term(preempt):
    async def main():
        asked = []
        me = erlang.self()
        erlang.process_flag("trap_exit", True)

        async def other():
            erlang.process_flag("trap_exit", True)
            erlang.send(me, "hello")
            erlang.send(await erlang.receive(erlsim.terms.Ref), "through")
            erlang.send(erlang.self(), "to himself")
            erlang.send_after(1, erlang.self(), "from a timer")
            await erlang.receive("to himself", after=5)
            await erlang.receive("from a timer", after=5)
            assert erlang.monotonic_time() == 1
            await erlang.receive("stop")
            erlang.exit("because")

        pid = erlang.spawn(other)
        current().intercept(lambda *signal: asked.append(signal) or 0)
        ref = erlang.monitor("process", pid, [("alias", "explicit_unalias")])
        erlang.link(pid)
        erlang.send(pid, ref)
        await erlang.receive("through")
        erlang.exit(pid, "polite")
        gone = erlang.spawn(hang)
        erlang.exit(gone, "boom")
        erlang.monitor("process", gone)
        erlang.link(gone)
        erlang.unlink(gone)
        erlang.send(pid, "stop")
        await erlang.receive(("DOWN", ref, ..., ..., ...))
        await timer.sleep(1)
        names = {me: "me", pid: "other", gone: "gone"}
        return {(names[a], names[b], kind, term if term != ref else "alias") for a, b, kind, term in asked}

    expected = {
        ("me", "other", "message", "alias"),
        ("other", "me", "message", "hello"),
        ("other", "me", "message", "through"),
        ("me", "other", "exit", "polite"),
        ("me", "gone", "exit", "boom"),
        ("me", "gone", "monitor", None),
        ("me", "gone", "link", None),
        ("me", "gone", "other", None),
        ("me", "other", "message", "stop"),
        ("other", "me", "exit", "because"),
        ("other", "me", "down", "because"),
        ("gone", "me", "down", "noproc"),
    }
    found = erlsim.run(main, preempt=preempt)
    assert expected - found == set() and found - expected <= {
        ("me", "other", "link", None),
        ("me", "other", "monitor", None),
        ("gone", "me", "other", None),
        ("gone", "me", "down", "boom"),
        ("gone", "me", "exit", "boom"),
    }


def test_of_what_is_lost_only_messages_are_told_as_dropped():
    async def main():
        me = erlang.self()
        erlang.process_flag("trap_exit", True)
        pid = erlang.spawn(hang)
        gone = erlang.spawn(lambda: None)
        current().intercept(lambda sender, receiver, kind, term: "ignore")
        erlang.spawn(lambda: erlang.send(me, "lost"))
        erlang.exit(pid, "lost too")
        erlang.exit(gone, "before it")
        erlang.link(gone)
        erlang.monitor("process", gone)
        erlang.unlink(gone)
        alias = erlang.alias()
        erlang.spawn(lambda: erlang.send(alias, "lost as well"))
        await timer.sleep(5)
        assert erlang.is_process_alive(pid)
        return [event.data for event in current().trace.of("drop")], await erlang.receive(after=0)

    assert erlsim.run(main) == ([("lost",), ("lost as well",)], erlsim.TIMEOUT)
