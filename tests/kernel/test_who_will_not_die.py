"""Processes that catch what must not be caught, and interrupts: the world lives, or says that it is closed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from typing import Any

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_server
from tests.kernel.kit import flush, hang, table, value

pytestmark = pytest.mark.erlsim


def end_oneself() -> None:
    try:
        erlang.exit(erlang.self(), "x")
    except BaseException:
        pass


async def wait() -> None:
    await erlang.receive(after=5)


async def act() -> None:
    erlang.spawn(hang)


async def go_on_and_fail() -> None:
    raise ValueError("not this")


async def catch_once_more() -> None:
    try:
        await erlang.receive()
    except BaseException:
        await erlang.receive()


@table(
    {
        "waits": wait,
        "waits, and catches that too": catch_once_more,
        "acts": act,
        "fails": go_on_and_fail,
        "returns": lambda: None,
    }
)
@pytest.mark.parametrize("trace", [True, False])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_who_catches_that_he_is_dead_dies_and_the_world_lives(case, trace):
    async def undead() -> None:
        end_oneself()
        if (more := case()) is not None:
            await more

    async def main() -> tuple[Any, Any, Any]:
        pid, ref = erlang.spawn_monitor(undead)
        reason = (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]
        return reason, erlang.is_process_alive(pid), len(erlang.processes())

    sim = erlsim.Simulation(trace=trace)
    assert sim.run(main)[:2] == ("x", False)

    async def again() -> Any:
        erlang.send(erlang.self(), "sent")
        return await flush(), await value(lambda: "done")

    assert sim.run(again) == (["sent"], "done")


@pytest.mark.parametrize(
    "wait",
    [
        erlang.receive,
        lambda: erlang.receive(after=0),
        lambda: erlang.receive("never", after=1),
        erlang.yield_,
        lambda: timer.sleep(1),
        lambda: erlang.hibernate("m", "f", []),
        lambda: gen_server.call(erlang.spawn(hang), "request"),
    ],
)
@pytest.mark.parametrize("preempt", [False, True])
def test_who_is_dead_and_waits_goes_on_with_nothing(wait, preempt):
    got = []

    async def undead() -> None:
        erlang.send(erlang.self(), "m")
        end_oneself()
        try:
            got.append(await wait())
        except Exception as failure:
            got.append(failure)

    async def main() -> Any:
        pid, ref = erlang.spawn_monitor(undead)
        return (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]

    assert erlsim.run(main, trace=False, preempt=preempt) == "x"
    assert got == []


# ---- interrupts -------------------------------------------------------------------


async def play() -> int:
    """A program that does a little of everything."""
    me = erlang.self()

    async def echo() -> None:
        while True:
            who, what = await erlang.receive((..., ...))
            erlang.send(who, what)

    pid, ref = erlang.spawn_monitor(echo)
    for number in range(3):
        erlang.send(pid, (me, number))
        await erlang.receive(number, after=100)
    erlang.send_after(5, pid, (me, "late"))
    await erlang.receive("late", after=50)
    erlang.exit(pid, "kill")
    await erlang.receive(("DOWN", ref, ..., ..., ...))
    return len(erlang.processes())


def strike(sim: erlsim.Simulation, line: int, with_what: type[BaseException], notes: list[str]) -> int:
    """Run `play` and raise an exception at one of the lines that erlsim's kernel runs: how many it has run.

    `notes` gets those that the exception had when it was out.
    """
    lines = 0

    def local(_frame: Any, event: str, _arg: Any) -> Any:
        nonlocal lines
        if event == "line":
            lines += 1
            if lines == line:
                raise with_what
        return local

    def trace(frame: Any, _event: str, _arg: Any) -> Any:
        return local if frame.f_globals.get("__name__", "").startswith(("erlsim._kernel", "erlsim._bifs")) else None

    outer = sys.gettrace()
    sys.settrace(trace)
    try:
        sim.run(play)
    except with_what as exc:
        notes.extend(getattr(exc, "__notes__", ()))
    finally:
        sys.settrace(outer)
    return lines


# A coroutine may be struck between its making and its first step.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_world_that_is_interrupted_at_any_line_of_the_kernel_says_so_and_is_closed():
    last = strike(erlsim.Simulation(trace=False), 0, KeyboardInterrupt, [])
    lines = range(1, last, 7)
    closed = 0
    for line in lines:
        sim = erlsim.Simulation(trace=False)
        notes: list[str] = []
        strike(sim, line, KeyboardInterrupt, notes)
        try:
            # The very first lines change nothing yet.
            assert sim.run(play) == 2
        except erlsim.errors.Interrupted as refusal:
            assert "interrupted by KeyboardInterrupt at" in str(refusal)
            closed += 1
        else:
            continue
        (note,) = notes
        head, *everybody = note.splitlines()
        assert re.fullmatch(r"at \d+ ms, when it struck, the processes were", head)
        assert everybody[0].startswith("  <0.83.0> the shell ") and "test_who_will_not_die.py:" in everybody[0]
        assert not [one for one in everybody if "no more can be told" in one]
        assert [f"  {one}" for one in sim.describe()] == everybody
        for attempt in (lambda: sim.run(play), lambda: sim.advance(1), sim.run_until_idle):
            with pytest.raises(erlsim.errors.Interrupted):
                attempt()
        with sim, pytest.raises(erlsim.errors.Interrupted):
            erlang.spawn(hang)
        sim.close()
    assert closed >= len(lines) - 2 > 50


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


async def in_a_process(sim):
    erlang.spawn(interrupt)
    await hang()


async def in_a_predicate(sim):
    erlang.send(erlang.spawn(lambda: erlang.receive(lambda message: interrupt())), "hello")
    await hang()


async def in_the_shell(sim):
    erlang.spawn(hang)
    interrupt()


async def in_a_callback_of_a_server(sim):
    class Server:
        def init(argument):
            return ("ok", argument)

        def handle_call(request, from_, state):
            interrupt()

    _, pid = await gen_server.start(Server, 0, [])
    await gen_server.call(pid, "hello", "infinity")


async def in_a_process_of_simpy(sim):
    def process():
        yield sim.env.timeout(5)
        interrupt()

    sim.env.process(process())
    await hang()


@pytest.mark.parametrize(
    ("where", "who"),
    [
        (in_a_process, "  <0.85.0> runs in interrupt (test_who_will_not_die.py:"),
        (in_a_predicate, "  <0.85.0> runs in interrupt (test_who_will_not_die.py:"),
        (in_the_shell, "  <0.83.0> the shell runs in interrupt (test_who_will_not_die.py:"),
        (in_a_callback_of_a_server, "  <0.85.0> runs in interrupt (test_who_will_not_die.py:"),
        (in_a_process_of_simpy, "  outside of every process in interrupt (test_who_will_not_die.py:"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_ctrl_c_says_where_everybody_was(where, who):
    sim = erlsim.Simulation()

    async def main() -> None:
        await where(sim)

    with pytest.raises(KeyboardInterrupt) as struck:
        sim.run(main)
    (note,) = struck.value.__notes__
    everybody = note.splitlines()[1:]
    assert [line for line in everybody if line.startswith(who)]
    if where is not in_the_shell:
        assert re.match(r"  <0.83.0> the shell waits for .* in \w*\.?\w+ \(", everybody[0]), everybody[0]


def test_a_script_that_is_interrupted_prints_where_everybody_was(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("""
import signal
import erlsim
from erlsim import erlang, timer

def spins():
    signal.raise_signal(signal.SIGINT)

async def main():
    erlang.spawn(timer.sleep, [700])
    erlang.register("dizzy", erlang.spawn(spins))
    await erlang.receive("a word")

erlsim.run(main)
""")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert "KeyboardInterrupt\nat 0 ms, when it struck, the processes were\n" in done.stderr
    assert "<0.83.0> the shell waits for 'a word' in main (script.py:12); mailbox: []" in done.stderr
    assert "<0.86.0> (dizzy) runs in spins (script.py:7); mailbox: []" in done.stderr


class TimeIsUp(BaseException):
    """What a test's time limit raises."""


def test_a_time_limit_closes_the_world_that_it_strikes():
    def limit(_number: int, _frame: Any) -> None:
        raise TimeIsUp

    async def main() -> None:
        erlang.spawn(lambda: signal.raise_signal(signal.SIGTERM))
        await hang()

    sim = erlsim.Simulation()
    outer = signal.signal(signal.SIGTERM, limit)
    try:
        with pytest.raises(TimeIsUp):
            sim.run(main)
    finally:
        signal.signal(signal.SIGTERM, outer)
    with pytest.raises(erlsim.errors.Interrupted, match="by TimeIsUp at 0 ms"):
        sim.run(main)


def test_the_shell_of_a_notebook_is_closed_too_by_an_interrupt_and_sends_nothing():
    sim = erlsim.Simulation()

    async def interrupted() -> None:
        raise KeyboardInterrupt

    async def main() -> Any:
        user = erlang.whereis("user")
        erlang.spawn(interrupted)
        try:
            await erlang.receive()
        except KeyboardInterrupt:
            erlang.send(user, "x")

    with pytest.raises(erlsim.errors.Interrupted, match="at 0 ms"):
        sim.run(main)


def test_a_process_that_ends_the_program_is_dead_and_the_world_goes_on():
    sim = erlsim.Simulation()

    async def main() -> Any:
        erlang.spawn(sys.exit)
        await hang()

    with pytest.raises(SystemExit):
        sim.run(main)

    async def again() -> int:
        await erlang.receive(after=1)
        return len(erlang.processes())

    assert sim.run(again) == 2
    assert not any("is ready to run" in line for line in sim.describe())


@table({"advance": lambda sim: sim.advance(1), "run_until_idle": lambda sim: sim.run_until_idle()})
def test_a_process_cannot_let_time_pass(case):
    sim = erlsim.Simulation()

    async def main() -> Any:
        return await value(lambda: case(sim))

    kind, (failure, _stack) = sim.run(main)
    assert kind == "died"
    assert "a process cannot call" in str(failure)
    assert sim.now == 0


def test_time_passes_in_whole_milliseconds():
    with pytest.raises(erlsim.ErlsimError, match=r"whole milliseconds: advance\(1\.5\)"):
        erlsim.Simulation().advance(1.5)  # type: ignore[arg-type]
