"""Small parts of the kernel by themselves: traps, signals, marks of mailboxes, links, what the shell waits for."""

from __future__ import annotations

import copy
import inspect

import pytest

import erlsim
from erlsim import TIMEOUT, ErlsimError, Livelock, Simulation, erlang, timer
from erlsim._bifs.info import ask_process_info
from erlsim._kernel import here, mailbox, traps
from erlsim._kernel.choice import Fifo
from erlsim._kernel.links import REMEMBERED, Links
from erlsim._kernel.mailbox import LONG, NOTHING, Mailbox, MatchError, find, matches_any, take
from erlsim._kernel.signals import (
    AliasMessage,
    Answer,
    CrashSignal,
    DownSignal,
    Due,
    ExitSignal,
    LinkSignal,
    Message,
    MonitorSignal,
    NoLink,
    Question,
    UnlinkedSignal,
    UnlinkSignal,
    add_link,
    remove_link,
)
from erlsim._kernel.world import Monitor, Process
from erlsim.errors import ProcessKilled
from erlsim.simulation import current
from erlsim.terms import Improper, Pid, Ref
from tests.kernel.kit import hang

# ---- traps --------------------------------------------------------------------------------


def test_the_value_of_a_receive_in_vain_is_one_and_neither_true_nor_false():
    assert repr(TIMEOUT) == "TIMEOUT"
    assert copy.deepcopy(TIMEOUT) is copy.copy(TIMEOUT) is TIMEOUT
    assert TIMEOUT.__reduce__() == "TIMEOUT"
    assert type(TIMEOUT).__reduce__(TIMEOUT) == "TIMEOUT"
    with pytest.raises(ErlsimError, match=r"neither true nor false: ask whether the message `is erlsim\.TIMEOUT`"):
        bool(TIMEOUT)


async def _like_receive(*patterns, after="infinity"):
    pass


async def _like_wait_for(event):
    pass


async def _like_pause():
    pass


@pytest.mark.parametrize(
    ("trap", "like"),
    [
        (traps.receive, _like_receive),
        (traps.wait_for, _like_wait_for),
        (traps.pause, _like_pause),
        (traps.become, _like_wait_for),
    ],
)
def test_a_trap_is_a_native_coroutine_function_as_any_other(trap, like):
    # Annotations come from the future in both.
    assert trap.__code__.co_flags == like.__code__.co_flags
    assert inspect.iscoroutinefunction(trap) and not inspect.isgeneratorfunction(trap)
    assert trap.__kwdefaults__ == like.__kwdefaults__
    assert trap.__qualname__ == f"erlsim.{trap.__name__}"
    assert trap.__doc__ and not hasattr(trap, "__wrapped__")


def test_a_receive_that_nobody_awaits_is_warned_of_by_name():
    with pytest.warns(RuntimeWarning, match=r"coroutine 'erlsim\.receive' was never awaited"):
        erlang.receive("x").__class__


def test_the_shell_has_no_code_that_it_could_leave_to_hibernate():
    async def main():
        await erlang.hibernate("erlang", "self", [])

    with pytest.raises(ErlsimError, match="the shell cannot hibernate: it has no code of its own to leave"):
        erlsim.run(main)


def test_first_in_first_out_takes_the_first_and_says_what_it_is():
    assert [Fifo().choose(kind, [1, 2, 3]) for kind in ("run", "timer", "step")] == [0, 0, 0]
    assert repr(Fifo()) == "Fifo()"


# ---- signals ------------------------------------------------------------------------------


def test_signals_are_shown_with_kind_reason_and_sender():
    def main():
        process = here().table[erlang.spawn(hang).number]
        erlang.register("him", process.pid)
        monitor = Monitor(Ref(7), process, Pid(1))
        signals = [
            Message(process, ("a", 1)),
            Due(None, "due"),
            AliasMessage(process, Ref(1), [1]),
            ExitSignal(process, "boom", True),
            NoLink(process, "noproc"),
            LinkSignal(process),
            UnlinkSignal(process),
            UnlinkedSignal(process),
            MonitorSignal(monitor),
            DownSignal(process, monitor, ("x", 1)),
            DownSignal(None, monitor, "noproc"),
            CrashSignal("crash"),
            Question(process, len),
        ]
        assert [signal.held for signal in signals] == [False] * len(signals)
        assert (Question(process, len).answer.ok, repr(Answer())) == (True, "an answer")
        return [repr(signal) for signal in signals]

    him = " from <0.85.0> (him)>"
    assert erlsim.run(main) == [
        "('a', 1)",
        "'due'",
        "[1]",
        "<exit signal 'boom'" + him,
        "<no link 'noproc'" + him,
        "<link signal" + him,
        "<unlink signal" + him,
        "<unlinked signal" + him,
        "<monitor signal" + him,
        "<down signal ('x', 1)" + him,
        "<down signal 'noproc'>",
        "<crash signal 'crash'>",
        "<question" + him,
    ]


def test_an_answer_calls_back_once_who_has_waited_for_it():
    answer, heard = Answer(), []
    answer.callbacks.append(lambda given: heard.append(given.value))
    answer.give("first")
    answer.give("second")
    assert (heard, answer.callbacks) == (["first"], None)


def test_the_first_link_and_the_next_are_noted_once_each():
    def main():
        process, *peers = (here().table[erlang.spawn(hang).number] for _ in range(4))
        assert not remove_link(process, peers[0])
        for peer in (*peers, peers[0]):
            add_link(process, peer)
        assert list(process.links.values()) == peers
        assert [remove_link(process, peers[1]), remove_link(process, peers[1])] == [True, False]
        assert list(process.links.values()) == [peers[0], peers[2]]

    erlsim.run(main)


# ---- mailboxes ----------------------------------------------------------------------------


class Fails:
    __hash__ = object.__hash__

    def __eq__(self, other):
        raise ValueError("no")


def test_the_oldest_message_that_matches_any_pattern_is_found():
    messages = ["a", ("b", 1), 2, ("b", 3)]
    assert find((("b", ...),), messages) == 1
    assert find((2, ("b", 3)), messages) == 2
    assert find(("c", "d"), messages) == -1
    assert find((), messages) == 0
    assert find((...,), messages) == 0
    assert matches_any((), "x") and matches_any(("y", ...), "x") and not matches_any(("y", "z"), "x")
    with pytest.raises(MatchError) as caught:
        matches_any(("y", Fails()), Fails())
    assert type(caught.value.cause) is ValueError


def test_what_is_taken_is_counted_wherever_it_lay():
    box = Mailbox()
    box.extend(["a", "b", "c", "d"])
    assert (take(("c",), box), list(box), box.gone) == ("c", ["a", "b", "d"], 1)
    assert (take((), box), list(box), box.gone) == ("a", ["b", "d"], 2)
    assert (take(("x",), box), box.gone) == (NOTHING, 2)


@pytest.mark.parametrize(("before", "looks"), [(LONG - 1, LONG - 1), (LONG, 0), (LONG + 1, 0), (3 * LONG, 0)])
@pytest.mark.parametrize("makes", ["child", "reference", "alias"])
def test_behind_many_messages_a_receive_for_what_is_new_looks_at_none_of_them(monkeypatch, before, looks, makes):
    seen = []

    def counting(patterns, message):
        seen.append(message)
        return matches_any(patterns, message)

    async def main():
        me = erlang.self()
        for number in range(before):
            erlang.send(me, ("old", number))
        await erlang.receive("nothing yet", after=0)
        new = erlang.spawn(lambda: None) if makes == "child" else erlang.make_ref()
        tag = Improper(("alias",), new) if makes == "alias" else new
        erlang.send(me, (tag, "hello"))
        # What is still on its way is looked at when it comes.
        await erlang.receive("nothing yet", after=0)
        monkeypatch.setattr(mailbox, "matches_any", counting)
        message = await erlang.receive((tag, ...), ("DOWN", new, ...))
        monkeypatch.undo()
        return message[1]

    assert erlsim.run(main, trace=False) == "hello"
    assert len(seen) == looks + 1


@pytest.mark.parametrize("trace", [False, True])
def test_a_mark_is_right_after_messages_of_any_kind_have_been_taken(trace):
    """Those are counted as gone that a receive of anything has taken, or newer ones would be skipped."""

    async def server():
        for number in range(3 * LONG):
            erlang.send(erlang.self(), number)
        await erlang.receive(0)
        ref = erlang.make_ref()
        for _ in range(LONG):
            await erlang.receive()
        erlang.send(erlang.self(), (ref, "there"))
        for _ in range(4):
            erlang.send(erlang.self(), "more")
        erlang.exit(await erlang.receive((ref, ...), after=5))

    async def main():
        _, ref = erlang.spawn_monitor(server)
        return (await erlang.receive(("DOWN", ref, "process", ..., ...)))[4][1]

    assert erlsim.run(main, trace=trace) == "there"


# ---- links --------------------------------------------------------------------------------


def test_what_became_of_links_is_remembered_so_far_and_no_farther():
    links = Links()
    for number in (1, 2, 3, 4):
        links.add(number, number)
    assert links.history is None
    links.drop(4)
    assert links.history == [1, 2, 3, 4, -4]
    links.add(4, 4)
    links.add(4, 4)
    assert links.history == [1, 2, 3, 4, -4, 4]
    assert not links.drop(5)
    while len(links.history) < 8 * REMEMBERED - 1:
        links.drop(4)
        links.add(4, 4)
    if len(links.history) == 8 * REMEMBERED - 1:
        links.drop(4)
        assert len(links.history) == 8 * REMEMBERED
        links.history.append(4)
        links[4] = 4
    links.drop(4)
    assert links.history is None
    assert list(links) == [1, 2, 3]
    links.drop(3)
    assert links.history == [1, 2, 3, -3]
    links.drop(2)
    assert links.history is None and list(links) == [1]


def test_more_links_than_are_remembered_are_taken_to_have_been_made_in_their_order():
    links = Links()
    for number in range(1, REMEMBERED + 2):
        links.add(number, number)
    links.drop(1)
    assert links.history is None
    links.drop(2)
    assert links.history == [*range(2, REMEMBERED + 2), -2]


# ---- worlds and the shell -----------------------------------------------------------------


def test_what_few_processes_have_is_asked_of_the_class_by_nobody_and_of_others_is_a_default():
    def main():
        process = here().table[erlang.spawn(hang).number]
        assert process.rare is None
        assert (process.name, process.waiting, process.at_exit, process.flags) == (None, None, None, None)
        assert (process.is_shell, process.is_system) == (False, False)
        process.name = "x"
        assert process.rare == {"name": "x"} and process.name == "x" and process.is_shell is False
        assert repr(process) == f"{process.pid!r} (x)"
        process.name = None
        assert repr(process) == repr(process.pid)
        assert Process(here(), Pid(9), None).messages() == []

    erlsim.run(main)


def test_steps_of_a_shell_are_counted_anew_in_each_instant_though_nobody_else_runs():
    async def looks():
        for _ in range(60):
            await erlang.receive("nothing", after=0)

    with Simulation(max_steps_per_instant=100) as sim:
        for _ in range(5):
            sim.run(looks)
            sim.advance(1)
        sim.run(looks)
        with pytest.raises(Livelock):
            sim.run(looks)


@pytest.mark.parametrize("trace", [False, True])
def test_the_shell_gets_the_error_of_an_event_that_fails_later(trace):
    async def main():
        env = current().env
        event = env.event()

        def fails():
            yield env.timeout(5)
            event.fail(ValueError("later"))

        env.process(fails())
        with pytest.raises(ValueError, match="later"):
            await erlsim.wait_for(event)
        return erlang.monotonic_time(), await erlang.receive("nothing", after=1) is TIMEOUT

    assert erlsim.run(main, trace=trace) == (5, True)


@pytest.mark.parametrize("trace", [False, True])
def test_the_shell_gets_the_error_of_a_message_that_cannot_be_compared_when_it_comes(trace):
    async def main():
        timer.send_after(5, erlang.self(), Fails())
        with pytest.raises(ValueError, match="no"):
            await erlang.receive(Fails())
        return erlang.monotonic_time()

    assert erlsim.run(main, trace=trace) == 5


def test_what_is_injected_while_the_shell_waits_reaches_it():
    async def main():
        sim = current()

        def outside():
            yield sim.env.timeout(3)
            sim.inject(me, "injected")
            yield sim.env.timeout(3)

        me = erlang.self()
        sim.env.process(outside())
        return await erlang.receive("injected"), erlang.monotonic_time()

    assert erlsim.run(main) == ("injected", 3)


def test_who_raises_what_only_the_dead_hear_is_a_mistake_of_the_program():
    def main():
        def raises():
            raise ProcessKilled

        erlang.spawn(raises)

    sim = Simulation()
    sim.run(main)
    with pytest.raises(ErlsimError, match=r"ProcessKilled raised in living <0\.85\.0>"):
        sim.run_until_idle()


def test_a_world_cannot_be_driven_by_a_process_that_it_runs():
    async def main():
        sim = current()
        _, ref = erlang.spawn_monitor(lambda: sim.env.step())
        erlang.spawn(hang)
        return (await erlang.receive(("DOWN", ref, "process", ..., ...)))[4][0]

    with pytest.raises(ErlsimError, match="cannot drive the simulation that it is in: await what it should wait for"):
        raise erlsim.run(main)


async def _hibernates():
    await erlang.hibernate("erlang", "self", [])


async def _waits_for_simpy():
    await erlsim.wait_for(current().env.event())


@pytest.mark.parametrize("chooser", [None, Fifo()], ids=["alone", "chosen"])
def test_who_is_asked_for_his_status_waits_though_he_is_woken_to_answer(chooser):
    """A BEAM answers the same, also if there is a signal before the question."""

    async def main():
        pids = [erlang.spawn(each) for each in (hang, _hibernates, _waits_for_simpy)]
        await timer.sleep(1)
        new = erlang.spawn(hang)
        found = [erlang.process_info(pid, "status")[1] for pid in (*pids, new)]
        for pid in pids:
            erlang.exit(pid, "normal")
        return found, [(await ask_process_info(pid, "status"))[1] for pid in pids]

    found = erlsim.run(main, chooser=chooser, trace=False)
    assert found == (["waiting", "waiting", "waiting", "runnable"], ["waiting", "waiting", "waiting"])


# ---- what is easily lost ------------------------------------------------------------------


def test_a_mark_counts_what_was_taken_before_it():
    for gone in (0, 1, 3, 5):
        box = Mailbox()
        box.extend(range(2 * LONG + 1))
        box.gone = gone
        box.set_mark(Ref(7))
        assert (box.marked, box.behind_mark(((Ref(7), ...),))) == (gone + 2 * LONG + 1, 0)
        assert box.behind_mark(((box.mark, ...),)) == 2 * LONG + 1


def test_a_receive_for_an_older_alias_looks_at_what_was_there_before_a_newer_reference():
    box = Mailbox()
    old, new = Ref(1), Ref(2)
    box.append((Improper(("alias",), old), "answer"))
    box.extend(range(2 * LONG))
    box.set_mark(new)
    assert box.behind_mark(((Improper(("alias",), new), ...),)) == 2 * LONG + 1
    assert box.behind_mark(((new, ...), ("x", new))) == 2 * LONG + 1
    for patterns in (
        ((Improper(("alias",), old), ...),),
        ((new, ...), (Improper(("alias",), old), ...)),
        ((new, ...), "x"),
        ([new, ...],),
        (new,),
        ((old, ...),),
        ((Improper((new,), "tail"), ...),),
        (("x", (new, ...)),),
    ):
        assert box.behind_mark(patterns) == 0, patterns
    assert take(((Improper(("alias",), old), ...),), box)[1] == "answer"
    box.popleft()
    box.gone += 1
    assert box.behind_mark(((new, ...),)) == 2 * LONG - 1
    box.clear()
    box.gone += 5 * LONG
    assert box.behind_mark(((new, ...),)) == 0


@pytest.mark.parametrize("trace", [False, True])
def test_a_timer_that_has_fired_or_was_cancelled_is_forgotten_by_whom_it_was_for(trace):
    async def main():
        process = here().current
        refs = [erlang.start_timer(ms, process.pid, ms) for ms in (1, 2, 3, 50)]
        erlang.cancel_timer(refs[2])
        await timer.sleep(10)
        assert [ref.home is None for ref in refs] == [True, True, True, False]
        return list(process.timers) == [refs[3].number]

    assert erlsim.run(main, trace=trace)


@pytest.mark.parametrize(("steps", "goes_on"), [(99, True), (100, True), (101, False)])
def test_the_limit_of_steps_of_a_shell_is_exact(steps, goes_on):
    async def main():
        for _ in range(steps):
            await erlang.receive("nothing", after=0)

    if goes_on:
        erlsim.run(main, max_steps_per_instant=100)
    else:
        with pytest.raises(Livelock):
            erlsim.run(main, max_steps_per_instant=100)


def test_timers_of_nothing_that_are_started_for_ever_are_a_livelock_at_any_instant():
    async def main():
        await timer.sleep(100_000)
        while True:
            erlang.start_timer(0, erlang.self(), "again")
            await erlang.receive()

    with pytest.raises(Livelock, match="time stands still at 100000 ms"):
        erlsim.run(main, max_steps_per_instant=1_000)


class Broken(Fifo):
    """Fails at its third question."""

    asked = 0

    def choose(self, kind, options):
        self.asked += 1
        if self.asked == 3:
            raise LookupError(kind)
        return len(options) - 1


@pytest.mark.parametrize("preempt", [False, True])
def test_what_a_chooser_fails_with_comes_out_of_the_run_and_no_process_can_catch_it(preempt):
    caught = []

    def busy():
        for _ in range(10):
            try:
                erlang.whereis("nobody")
            except Exception as failure:
                caught.append(failure)

    async def main():
        refs = [erlang.spawn_monitor(busy)[1] for _ in range(6)]
        for ref in refs:
            await erlang.receive(("DOWN", ref, "process", ..., ...))

    with pytest.raises(LookupError):
        erlsim.run(main, chooser=Broken(), preempt=preempt)
    assert caught == []


# ---- what came while the owner only let time pass -------------------------------------------


def box_of(length, unseen):
    box = Mailbox()
    box.extend(range(length))
    box.unseen = unseen
    return box


@pytest.mark.parametrize(
    ("length", "unseen", "seen"),
    [(5, 0, 5), (5, 2, 3), (5, 5, 0), (5, 6, 5), (5, None, 5), (0, 0, 0), (1, 1, 0)],
)
def test_who_only_lets_time_pass_does_not_see_what_came_meanwhile(length, unseen, seen):
    assert box_of(length, unseen).seen() == list(range(seen))


@pytest.mark.parametrize(
    ("length", "unseen", "number", "found"),
    [(5, 0, 2, 2), (5, 2, 2, 4), (5, 3, 2, 5), (5, 4, 2, 2), (5, 5, 2, 2), (7, 4, 3, 7), (7, None, 3, None)],
)
def test_what_he_does_not_see_grows_by_what_comes_unless_he_has_looked_at_it_already(length, unseen, number, found):
    box = box_of(length, unseen)
    box.leave_unseen(number)
    assert box.unseen == found


@pytest.mark.parametrize(
    ("unseen", "index", "left"),
    [(0, 4, 0), (2, 2, 2), (2, 3, 0), (2, 4, 0), (5, 0, 0), (1, 3, 1), (1, 4, 0)],
)
def test_who_takes_one_of_those_sees_them_all(unseen, index, left):
    box = box_of(5, unseen)
    box.remove_at(index)
    assert (box.unseen, box.gone, len(box), index in box) == (left, 1, 4, False)
