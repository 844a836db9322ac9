"""Worlds that cannot go on: what `Deadlock` and `Livelock` say, and of whom."""

from __future__ import annotations

from typing import Any

import pytest

import erlsim
from erlsim import Deadlock, Livelock, Overtime, erlang, timer
from erlsim._kernel.world import MOST_FORMER, Process, Registry
from erlsim.otp import gen_server
from erlsim.terms import Pid
from tests.kernel.kit import hang


async def waiter() -> None:
    """Waits for a pong that nobody sends."""
    await erlang.receive(("pong", ..., int), "stop")


def test_a_deadlock_names_every_process_what_it_waits_for_and_its_mailbox():
    async def main() -> None:
        pid = erlang.spawn(waiter)
        erlang.register("waiter", pid)
        erlang.send(pid, "ping")
        await erlang.receive(("answer", ...))

    with pytest.raises(Deadlock) as caught:
        erlsim.run(main)
    text = str(caught.value)
    assert "nothing can happen any more at 0 ms" in text
    assert "the shell waits for ('answer', ...) in test_a_deadlock_names_every_process" in text
    assert "(waiter) waits for ('pong', ..., int) | 'stop'" in text
    assert "test_stuck_worlds.py" in text
    assert "mailbox: ['ping']" in text


def test_a_deadlock_tells_of_a_process_that_waits_for_a_simpy_event():
    sim = erlsim.Simulation()

    async def main() -> None:
        erlang.spawn(lambda: erlsim.wait_for(sim.env.event()))
        await erlang.receive()

    with pytest.raises(Deadlock, match=r"waits for an event of simpy \(Event\)"):
        sim.run(main)


@erlsim.module(name="stuck_server")
class Server:
    def init(_argument: object) -> tuple[str, int]:
        return ("ok", 0)


def test_a_server_that_waits_is_described_by_how_it_began_as_its_frames_tell_nothing():
    async def main() -> None:
        await gen_server.start(("local", "idle"), Server, 0, [])
        await erlang.receive("never")

    with pytest.raises(
        Deadlock, match=r"\(idle\) waits for any message, begun by stuck_server:init/1; mailbox: \[\]\n?"
    ):
        erlsim.run(main)


def test_signals_that_have_not_arrived_yet_are_described_and_no_address_is():
    sim = erlsim.Simulation()

    async def main() -> list[str]:
        erlang.register("waiter", erlang.spawn(waiter))
        await erlang.receive(after=1)
        erlang.send("waiter", "ping")
        erlang.exit(erlang.whereis("waiter"), "boom")
        return sim.describe()

    assert sim.run(main)[1].endswith("mailbox: [], to come: ['ping', <exit signal 'boom' from <0.83.0>>]")


def line_of(function: Any, number: int) -> int:
    """The number of a line of a function, counted from that behind its docstring."""
    return int(function.__code__.co_firstlineno) + 1 + number


async def friend(others: list[str]) -> None:
    """Asks the first of some others to ask the next one, and waits for the answer for ever."""
    _, (sender, tag), rest = await erlang.receive(("$gen_call", ..., ...))
    erlang.send(sender, (tag, await gen_server.call(rest[0], rest[1:], "infinity")))


def test_a_deadlock_draws_the_circle_of_those_who_wait_for_one_another():
    async def main() -> None:
        for name in ("ann", "bob", "eve", "tim"):
            erlang.register(name, erlang.spawn(friend, [[]]))
        await gen_server.call("tim", ["ann", "bob", "eve", "ann"], "infinity")

    with pytest.raises(Deadlock) as caught:
        erlsim.run(main)
    text = str(caught.value)
    assert "<0.83.0> the shell waits for the answer of <0.88.0> (tim) in test_a_deadlock_draws" in text
    assert "<0.87.0> (eve) waits for the answer of <0.85.0> (ann) in friend (test_stuck_worlds.py:" in text
    line = line_of(friend, 2)
    assert text.endswith(
        "  each of these waits for the next, and the last for the first:\n"
        f"    ┌─▶ <0.85.0> (ann) in friend (test_stuck_worlds.py:{line})\n"
        f"    │   <0.86.0> (bob) in friend (test_stuck_worlds.py:{line})\n"
        f"    └── <0.87.0> (eve) in friend (test_stuck_worlds.py:{line})"
    )


def test_two_who_wait_for_the_end_and_for_a_word_of_one_another_are_a_circle_and_others_are_none():
    sim = erlsim.Simulation()

    async def watches(pid: Pid) -> None:
        ref = erlang.monitor("process", pid)
        await erlang.receive(("DOWN", ref, "process", pid, ...))

    async def listens() -> None:
        peer = await erlang.receive(Pid)
        await erlang.receive((peer, "word"))

    async def waits_for_either(one: Pid, other: Pid) -> None:
        await erlang.receive((one, ...), (other, ...))

    async def main() -> list[str]:
        one = erlang.spawn(listens)
        other = erlang.spawn(watches, [one])
        erlang.spawn(waits_for_either, [one, other])
        await erlang.receive(after=1)
        assert sim.circles() == []
        erlang.send(one, other)
        await erlang.receive(after=1)
        return sim.circles()

    told = sim.run(main)
    assert [line.strip().partition(" in ")[0] for line in told[1:]] == ["┌─▶ <0.85.0>", "└── <0.86.0>"]


def test_a_deadlock_says_what_the_dead_were_called_that_it_speaks_of():
    async def main() -> None:
        pid, other = erlang.spawn(waiter), erlang.spawn(waiter)
        erlang.register("backend", pid)
        erlang.register("nobody_speaks_of", other)
        erlang.send(erlang.self(), ("from", pid))
        erlang.exit(pid, "kill")
        erlang.exit(other, "kill")
        await erlang.receive((pid, "answer"))

    with pytest.raises(Deadlock) as caught:
        erlsim.run(main)
    assert str(caught.value).endswith("mailbox: [('from', <0.85.0>)]\n  <0.85.0> was backend, and has ended")


def test_only_the_last_names_of_the_dead_are_kept():
    registry = Registry()
    world = erlsim.Simulation()._world
    for number in range(MOST_FORMER + 10):
        process = Process(world, Pid(number), None)
        registry.add(f"name{number}", process)
        registry.remove(process)
    assert next(iter(registry.former)) == 10 and len(registry.former) == MOST_FORMER


class Mute:
    """An object that has no words for itself."""


async def asks_for_a_hidden_process() -> None:
    await erlang.receive(lambda message: False, {"a": int, "b": [Mute, Mute()]}, _private)


def _private(message: object) -> bool:
    return False


async def hibernates() -> None:
    await erlang.hibernate("erlang", "self", [])


def test_patterns_and_messages_are_shown_without_python_s_addresses():
    sim = erlsim.Simulation()

    async def main() -> list[str]:
        erlang.send(erlang.spawn(asks_for_a_hidden_process), Mute())
        erlang.spawn(hibernates)
        await erlang.receive(after=1)
        return sim.describe()

    told = sim.run(main)
    line = asks_for_a_hidden_process.__code__.co_firstlineno + 1
    assert told[1] == (
        f"<0.85.0> waits for lambda of test_stuck_worlds.py:{line} | {{'a': int, 'b': [Mute, <Mute>]}} | private "
        f"in asks_for_a_hidden_process (test_stuck_worlds.py:{line}); mailbox: [<Mute>]"
    )
    assert told[2] == "<0.86.0> hibernates; mailbox: []"


def test_a_deadlock_is_noticed_when_time_has_passed():
    async def main() -> None:
        erlang.send_after(1000, erlang.self(), "tick")
        await erlang.receive("tock")

    with pytest.raises(Deadlock, match=r"at 1000 ms(.|\n)*mailbox: \['tick'\]"):
        erlsim.run(main)


def test_after_a_deadlock_the_simulation_can_be_looked_at_and_goes_on():
    sim = erlsim.Simulation()

    async def stuck() -> None:
        await erlang.receive("never")

    async def more() -> list[Pid]:
        erlang.send(erlang.self(), "hello")
        assert await erlang.receive() == "hello"
        return erlang.processes()

    with pytest.raises(Deadlock):
        sim.run(stuck)
    assert sim.run(more)


def test_a_shell_that_only_waits_for_a_while_is_no_deadlock():
    async def main() -> int:
        assert await erlang.receive("never", after=10) is erlsim.TIMEOUT
        return erlang.monotonic_time()

    assert erlsim.run(main) == 10


async def spinner() -> None:
    """Never lets time pass."""
    while True:
        await erlang.receive("never", after=0)
        await erlang.yield_()


def test_a_livelock_names_who_spins():
    async def main() -> None:
        erlang.register("spinner", erlang.spawn(spinner))
        erlang.spawn(hang)
        await erlang.receive(after=1)

    with pytest.raises(Livelock) as caught:
        erlsim.run(main, max_steps_per_instant=1000)
    text = str(caught.value)
    assert "time stands still at 0 ms: 1000 steps" in text
    assert "max_steps_per_instant" in text
    assert "(spinner)" in text
    assert "in spinner (test_stuck_worlds.py" in text
    assert text.count("<0.") == 1


def test_two_processes_that_play_ping_pong_for_ever_are_a_livelock_of_both():
    async def echo() -> None:
        while True:
            sender, ball = await erlang.receive()
            erlang.send(sender, (erlang.self(), ball))

    async def main() -> None:
        ping, pong = erlang.spawn(echo), erlang.spawn(echo)
        erlang.send(ping, (pong, "ball"))
        await erlang.receive(after=1)

    with pytest.raises(Livelock):
        erlsim.run(main, max_steps_per_instant=1000)


def test_a_shell_that_spins_is_a_livelock_too():
    async def main() -> None:
        while True:
            await erlang.receive("never", after=0)

    with pytest.raises(Livelock, match="the shell"):
        erlsim.run(main, max_steps_per_instant=1000)


def test_a_process_that_starts_another_at_once_for_ever_is_a_livelock():
    def again() -> None:
        erlang.spawn(again)

    async def main() -> None:
        again()
        await erlang.receive(after=1)

    with pytest.raises(Livelock):
        erlsim.run(main, max_steps_per_instant=1000)


def test_steps_are_counted_anew_in_every_instant():
    async def main() -> int:
        for _ in range(20):
            for _ in range(30):
                await erlang.yield_()
            await erlang.receive(after=1)
        return erlang.monotonic_time()

    assert erlsim.run(main, max_steps_per_instant=100) == 20


@pytest.mark.parametrize(("preempt", "more"), [(False, 3), (True, 5)])
@pytest.mark.parametrize("yields", [64, 100])
def test_a_limit_of_steps_is_exact(preempt, more, yields):
    """The shell spawns, waits and goes on; with preemption each operation is a step."""

    async def main() -> None:
        async def process() -> None:
            for _ in range(yields):
                await erlang.yield_()

        _, ref = erlang.spawn_monitor(process)
        await erlang.receive(("DOWN", ref, ..., ..., ...))

    erlsim.run(main, trace=False, preempt=preempt, max_steps_per_instant=yields + more)
    with pytest.raises(Livelock):
        erlsim.run(main, trace=False, preempt=preempt, max_steps_per_instant=yields + more - 1)


def test_the_number_of_steps_is_checked():
    with pytest.raises(erlsim.ErlsimError, match="positive number of steps, not 0"):
        erlsim.Simulation(max_steps_per_instant=0)


async def poller(ms: int = 10) -> None:
    """Looks every now and then whether something has come."""
    while True:
        await timer.sleep(ms)


def test_time_that_goes_on_for_ever_is_overtime_and_names_who_keeps_it_going():
    async def main() -> None:
        erlang.register("poller", erlang.spawn(poller))
        erlang.spawn(waiter)
        erlang.send_after(1_000_000, "nobody", "much later")
        await erlang.receive("done")

    with pytest.raises(Overtime) as caught:
        erlsim.run(main, max_time=5_000)
    first, culprit, others, *rest = str(caught.value).splitlines()
    assert first == "time goes on and on: 5190 ms is past max_time (5000 ms); it is kept going by"
    assert "(poller) waits for nothing until 5200 ms in poller (test_stuck_worlds.py:" in culprit
    assert others == "the others" and [line.partition(" waits")[0] for line in rest] == [
        "  <0.83.0> the shell",
        "  <0.86.0>",
    ]
    assert isinstance(caught.value, Livelock)


def test_overtime_names_the_busiest_first_and_those_who_live_too_short_to_be_seen():
    async def one_after_the_other() -> None:
        await timer.sleep(5)
        erlang.spawn(one_after_the_other)

    async def main() -> None:
        erlang.spawn(poller, [20])
        erlang.spawn(poller, [4])
        erlang.spawn(one_after_the_other)
        await erlang.receive("done")

    with pytest.raises(Overtime) as caught:
        erlsim.run(main, max_time=1_000)
    culprits = str(caught.value).partition("the others")[0].splitlines()[1:]
    assert "<0.86.0> waits" in culprits[0] and "<0.85.0> waits" in culprits[1]
    assert all(line.endswith("which is dead (1 of 20 instants)") for line in culprits[2:-1])
    assert len(culprits) == 10


def test_overtime_names_what_simpy_keeps_going():
    sim = erlsim.Simulation(max_time=1_000)

    def ticking():
        while True:
            yield sim.env.timeout(7)

    sim.env.process(ticking())
    with pytest.raises(Overtime, match="simpy's ticking "):
        sim.run(lambda: erlang.receive())


def test_a_shell_that_polls_is_overtime_too():
    async def main() -> None:
        while erlang.whereis("server") == "undefined":
            await timer.sleep(10)

    with pytest.raises(Overtime, match="the shell waits for nothing until 1200 ms in test_a_shell_that_polls"):
        erlsim.run(main, max_time=1_000)


@pytest.mark.parametrize("drive", [erlsim.Simulation.run_until_idle, lambda sim: [sim.advance(500) for _ in range(9)]])
def test_time_that_is_driven_from_outside_comes_to_its_end_as_well(drive):
    with erlsim.Simulation(max_time=1_000) as sim:
        erlang.spawn(poller)
        with pytest.raises(Overtime):
            drive(sim)
    assert sim.now == 1_190


def test_one_wait_that_is_longer_than_the_limit_is_meant_and_time_is_counted_anew_after_it():
    async def main() -> None:
        erlang.spawn(poller)
        await timer.sleep(5_000)
        await timer.sleep(900)
        await erlang.receive("never", after=100_000)
        await erlang.receive("done")

    sim = erlsim.Simulation(max_time=1_000)
    with pytest.raises(Overtime):
        sim.run(main)
    assert sim.now == 107_090


def test_a_long_wait_that_is_over_early_gives_no_time_for_what_follows():
    async def main() -> None:
        erlang.send_after(10, erlang.self(), "hello")
        erlang.spawn(poller)
        await erlang.receive("hello", after=100_000)
        await erlang.receive("done")

    sim = erlsim.Simulation(max_time=1_000)
    with pytest.raises(Overtime):
        sim.run(main)
    assert sim.now == 1_200


def test_a_long_advance_is_meant_too():
    with erlsim.Simulation(max_time=1_000) as sim:
        erlang.spawn(poller)
        sim.advance(5_000)
        sim.advance(900)
        with pytest.raises(Overtime):
            sim.run_until_idle()
    assert sim.now == 6_190


def test_time_that_a_process_waits_for_is_not_meant_by_the_shell():
    async def main() -> None:
        erlang.spawn(timer.sleep, [50_000])
        erlang.spawn(poller)
        await erlang.receive("done")

    with pytest.raises(Overtime, match="1190 ms is past"):
        erlsim.run(main, max_time=1_000)


def test_a_world_in_overtime_goes_on_if_somebody_wants_it_to():
    async def main() -> int:
        erlang.spawn(poller)
        with pytest.raises(Overtime):
            await erlang.receive("done")
        await timer.sleep(10)
        return erlang.monotonic_time()

    assert erlsim.run(main, max_time=1_000) == 1_200


def test_there_is_no_limit_unless_one_is_asked_for():
    async def main() -> int:
        erlang.spawn(poller, [1_000_000])
        erlang.send_after(4_000_000_000, erlang.self(), "done")
        await erlang.receive("done")
        return erlang.monotonic_time()

    assert erlsim.run(main) == erlsim.run(main, max_time="infinity") == 4_000_000_000


@pytest.mark.parametrize("max_time", [0, -1, 1.5, "never", None, True])
def test_the_limit_of_time_is_checked(max_time):
    with pytest.raises(erlsim.ErlsimError, match=f"positive number of ms or 'infinity', not {max_time!r}"):
        erlsim.Simulation(max_time=max_time)


class AlwaysLate:
    """First-in first-out, but that a signal which may be late is late."""

    def choose(self, kind, options):
        return 1 if kind == "signal" else 0


def test_a_late_signal_is_not_starved_by_a_process_that_yields_until_it_has_come():
    async def waiting():
        await erlang.receive("stop")

    async def main():
        erlang.register("waiting", erlang.spawn(waiting))
        await erlang.yield_()
        erlang.send("waiting", "stop")
        yields = 0
        while erlang.whereis("waiting") != "undefined":
            await erlang.yield_()
            yields += 1
        return yields

    assert erlsim.run(main) < erlsim.run(main, chooser=AlwaysLate(), max_steps_per_instant=1000) < 50


# ---- much to do in one instant ------------------------------------------------------


async def forward(count):
    for _ in range(count):
        await erlang.receive()


@pytest.mark.parametrize("trace", [True, False])
def test_more_processes_than_steps_are_no_livelock(trace):
    def main():
        for _ in range(5_000):
            erlang.spawn(lambda: None)

    sim = erlsim.Simulation(trace=trace, max_steps_per_instant=1_000)
    sim.run(main)
    sim.run_until_idle()
    assert len(sim.run(erlang.processes)) < 10


@pytest.mark.parametrize("count", [990, 999, 1_000, 1_001, 1_010, 3_000])
def test_messages_in_one_mailbox_are_no_livelock_when_nearly_all_are_taken_at_the_limit(count):
    async def main():
        taker, ref = erlang.spawn_monitor(forward, [count])
        for number in range(count):
            erlang.send(taker, number)
        await erlang.receive(("DOWN", ref, ..., ..., ...))

    erlsim.run(main, trace=False, max_steps_per_instant=1_000)


def test_more_messages_than_steps_are_no_livelock_wherever_they_lie():
    async def main():
        taker = erlang.spawn(forward, [4_000])
        for number in range(4_000):
            erlang.send(taker, number)
            erlang.send(erlang.self(), number)
        await forward(4_000)
        return await erlang.receive(("DOWN", erlang.monitor("process", taker), ..., ..., ...))

    down = erlsim.run(main, trace=False, max_steps_per_instant=1_000)
    assert down[4] in ("normal", "noproc")


async def ping(other):
    while True:
        erlang.send(other, "ping")
        await erlang.receive()


def spinning(idle):
    def main():
        for _ in range(idle):
            erlang.spawn(forward, [1])
        first = erlang.spawn(forward_to_first, [])
        erlang.send(first, erlang.spawn(ping, [first]))

    async def forward_to_first():
        other = await erlang.receive()
        while True:
            erlang.send(other, "pong")
            await erlang.receive()

    return main


@pytest.mark.parametrize("idle", [0, 2_000])
def test_two_that_spin_are_a_livelock_however_many_others_there_are(idle):
    sim = erlsim.Simulation(max_steps_per_instant=1_000, trace=False)
    sim.run(spinning(idle))
    with pytest.raises(erlsim.Livelock, match="time stands still at 0 ms"):
        sim.run_until_idle()


def test_processes_that_beget_processes_for_ever_are_a_livelock_before_they_fill_the_memory():
    def beget():
        erlang.spawn(beget)
        erlang.spawn(beget)

    def stay():
        erlang.spawn(stay)
        return erlang.receive()

    for body in (beget, stay):
        sim = erlsim.Simulation(max_steps_per_instant=1_000, trace=False)
        sim.run(lambda body=body: erlang.spawn(body))
        with pytest.raises(erlsim.Livelock):
            sim.run_until_idle()
        assert len(sim.run(erlang.processes)) < 20_000


# ---- what cannot be shown -----------------------------------------------------------


class Unprintable:
    def __repr__(self):
        raise ValueError("no")


class Holder:
    def __repr__(self):
        return f"Holder({object()!r})"


def test_a_deadlock_shows_what_fails_when_it_is_printed_by_its_class_and_no_address():
    async def main():
        for message in (Unprintable(), [Holder()], 10**5_000):
            erlang.send(erlang.self(), message)
        await erlang.receive(("never", Unprintable()))

    with pytest.raises(Deadlock) as caught:
        erlsim.run(main)
    assert "waits for ('never', <Unprintable>)" in str(caught.value)
    assert "mailbox: [<Unprintable>, [Holder(<object object>)], <int>]" in str(caught.value)


@pytest.mark.usefixtures("nothing_is_left_to_collect")
def test_a_deadlock_cuts_what_is_too_deep_or_too_long_to_be_looked_at():
    async def main():
        deep = "end"
        for _ in range(100_000):
            deep = ("in", deep)
        erlang.send(erlang.self(), deep)
        for number in range(10_000):
            erlang.send(erlang.self(), number)
        await erlang.receive(("never", deep))

    with pytest.raises(Deadlock) as caught:
        erlsim.run(main)
    assert "waits for ('never', ('in', ('in', (" in str(caught.value)
    assert "mailbox: [('in', ('in', (" in str(caught.value)
    assert len(str(caught.value)) < 5_000


def test_a_deadlock_cuts_a_text_that_nobody_reads_to_its_end():
    async def main():
        await erlang.receive("never" * 1_000)

    with pytest.raises(Deadlock, match=r"waits for '(never)+\w*\.\.\.") as caught:
        erlsim.run(main)
    assert len(str(caught.value)) < 5_000


async def yields():
    yield 1


def test_an_async_generator_is_no_process():
    async def main():
        _, ref = erlang.spawn_monitor(yields)
        return (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]

    error, _ = erlsim.run(main)
    assert type(error) is TypeError
    assert str(error) == "yields yields: a process is an async function without yield"
    with pytest.raises(erlsim.ErlsimError, match="yields yields: what a shell runs is an async function without yield"):
        erlsim.run(yields)
