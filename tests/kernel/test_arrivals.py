"""What signals do is known before they are handled: whether one ends its receiver, and which message it brings."""

from __future__ import annotations

from itertools import product

import pytest

import erlsim
from erlsim import erlang
from erlsim._kernel import here
from erlsim._kernel.arrivals import _is_deadly, handle_signals
from erlsim._kernel.links import Monitors
from erlsim._kernel.mailbox import NOTHING
from erlsim._kernel.signals import (
    AliasMessage,
    CrashSignal,
    DownSignal,
    Due,
    ExitSignal,
    LinkSignal,
    Message,
    NoLink,
    UnlinkedSignal,
    UnlinkSignal,
    add_link,
)
from erlsim._kernel.steps.arriving import DEATH, brings
from erlsim._kernel.world import Alias, Monitor
from tests.kernel.kit import hang


def new(word):
    """An atom that is equal to a literal, and another object."""
    return "".join(list(word))


WORDS_OF_REASON = ("kill", "normal", "abnormal", "killed", "nor", "zombie")
REASONS = (*map(new, WORDS_OF_REASON), ("kill",), ("normal", 1), b"kill", 1)


def process_of(pid):
    return here().table[pid.number]


@pytest.mark.parametrize("traps", [True, False])
@pytest.mark.parametrize("links", ["no link", "linked", "linked to another"])
def test_whether_a_signal_ends_its_receiver_is_known_before_it_is_handled(traps, links):
    async def main():
        peer, other = process_of(erlang.spawn(hang)), process_of(erlang.spawn(hang))

        def kinds():
            for reason, linked in product(REASONS, (True, False)):
                yield ExitSignal(peer, reason, linked)
            yield from (NoLink(peer, "noproc"), CrashSignal("normal"), CrashSignal("crash"), LinkSignal(peer))
            yield from (UnlinkSignal(peer), UnlinkedSignal(peer), Message(peer, "message"), Due(None, "due"))

        ends = []
        for signal in kinds():
            process = process_of(erlang.spawn(hang))
            process.trap_exit = traps
            if links != "no link":
                add_link(process, peer if links == "linked" else other)
            brought, deadly = brings(process, signal), _is_deadly(process, signal)
            process.inq, process.nsig = [signal], 1
            handle_signals(process)
            assert (deadly, brought is DEATH) == (not process.alive,) * 2, signal
            expected = [] if brought is NOTHING or brought is DEATH else [brought]
            assert process.messages() == expected, signal
            if not process.alive:
                kind = "link" if getattr(signal, "linked", False) else "exit"
                ends.append((kind if type(signal) is ExitSignal else type(signal).__name__, process.value))
        return ends

    deadly = [reason for reason in REASONS if reason != "normal"]
    expected = [("exit", "killed")]
    if not traps:
        over_link = [("link", reason) for reason in deadly] if links == "linked" else []
        expected = over_link + [("exit", "killed" if reason == "kill" else reason) for reason in deadly]
        expected += [("NoLink", "noproc")] if links == "linked" else []
    expected += [("CrashSignal", "normal"), ("CrashSignal", "crash")]
    found = erlsim.run(main, trace=False)
    assert sorted(found, key=repr) == sorted(expected, key=repr)


MODES = tuple(map(new, ("explicit_unalias", "demonitor", "reply", "reply_demonitor")))


WORDS = ("message", "down", "other message", "other down")
# There is one DOWN of a monitor.
QUEUES = [each for each in product(WORDS, repeat=3) if each.count("down") <= 1 and each.count("other down") <= 1]


@pytest.mark.parametrize("queue", QUEUES, ids=str)
def test_which_messages_come_through_aliases_is_known_before_they_are_handled(queue):
    async def main():
        target = process_of(erlang.spawn(hang))
        for mode, other_mode, order in product(MODES, MODES, (1, -1)):
            process = process_of(erlang.spawn(hang))
            records = []
            for each in (mode, other_mode):
                ref = erlang.make_ref()
                if each == "reply":
                    record = Alias(ref, process, each)
                else:
                    record = Monitor(ref, process, target.pid)
                    record.alias = each
                    process.monitors = Monitors() if process.monitors is None else process.monitors
                    process.monitors[ref.number] = record
                ref.home = record
                records.append(record)
            mine, other = records[::order]

            def signal(word, number, mine=mine, other=other):
                record = other if word.startswith("other") else mine
                if word.endswith("message"):
                    return AliasMessage(target, record.ref, number)
                return DownSignal(target, record, number)

            if any(word.endswith("down") and type(other if "other" in word else mine) is Alias for word in queue):
                continue
            process.inq = [signal(word, number) for number, word in enumerate(queue)]
            process.nsig = len(process.inq)
            found = [brings(process, each) for each in process.inq]
            expected = [each for each in found if each is not NOTHING]
            handle_signals(process)
            assert process.messages() == expected, (mode, other_mode, order)

    erlsim.run(main, trace=False)
