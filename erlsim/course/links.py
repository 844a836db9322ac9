"""The tasks of lesson 2: a call that bears a crash, a hand-made supervisor, processes that fail together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from erlsim import erlang, timer
from erlsim.course.answers import Answer, Experiment, Run, check
from erlsim.simulation import current
from erlsim.terms import Pid, Term, matchable


def check_call(call: Callable[[Callable[[], Any], int], Awaitable[Term]]) -> Answer:
    """`await call(fun, ms)` runs `fun` in a process of its own: `("ok", value)`, `("error", reason)` or a timeout."""
    left = {"processes left behind": 0, "left in the mailbox": []}
    return check(
        call,
        [
            Experiment(
                "a function that returns 42 after 10 ms",
                _called(lambda: _after(10, 42), 1000),
                {"answer": ("ok", 42), "at (ms)": 10, **left},
                "a monitor that is no longer needed is taken back: erlang.demonitor(ref, ['flush'])",
            ),
            Experiment(
                'a function that exits with "sorry"',
                _called(lambda: erlang.exit("sorry"), 1000),
                {"answer": ("error", "sorry"), "at (ms)": 0, **left},
                "a monitor tells why a process has ended; a link would take the caller along",
            ),
            Experiment(
                "a function that takes 500 ms is given 100 ms",
                _called(lambda: _after(500, 42), 100),
                {"answer": ("error", "timeout"), "at (ms)": 100, **left},
                "who gives up a process ends it",
            ),
            Experiment(
                "a function that traps exits and takes 500 ms is given 100 ms",
                _called(_stubborn, 100),
                {"answer": ("error", "timeout"), "at (ms)": 100, **left},
                "one reason cannot be trapped",
            ),
        ],
    )


async def _after(ms: int, value: Term) -> Term:
    await timer.sleep(ms)
    return value


async def _stubborn() -> Term:
    erlang.process_flag("trap_exit", True)
    await timer.sleep(500)
    return 42


def _called(fun: Callable[[], Any], ms: int) -> Run:
    async def run(call: Any) -> dict[str, Term]:
        before = set(erlang.processes())
        answer = await call(fun, ms)
        now = current().now
        # Whoever is being killed is given the time for it; a late answer comes, too.
        await timer.sleep(1)
        left = len([pid for pid in erlang.processes() if pid not in before])
        await timer.sleep(1000)
        messages = erlang.process_info(erlang.self(), "messages")[1]
        return {"answer": answer, "at (ms)": now, "processes left behind": left, "left in the mailbox": messages}

    return run


def check_guard(guard: Callable[[Callable[[], Any]], Awaitable[Term]]) -> Answer:
    """`await guard(body)` runs `body` in a process, anew each time that it crashes, until it ends normally."""
    return check(
        guard,
        [
            Experiment(
                "a body that ends normally at once",
                _guarded([]),
                {"starts": 1, "the guard returned": "done", "at (ms)": 10},
                "a normal end comes as an exit signal, too, to whoever traps exits",
            ),
            Experiment(
                "a body that crashes twice, after 10 ms each, and then ends normally",
                _guarded(["oops", "oops"]),
                {"starts": 3, "the guard returned": "done", "at (ms)": 30},
                "who is linked and does not trap exits dies too; who traps them gets a message",
            ),
            Experiment(
                "a body that is killed and then ends normally",
                _guarded(["kill"]),
                {"starts": 2, "the guard returned": "done", "at (ms)": 20},
                "each reason but normal is a crash",
            ),
            Experiment(
                "the guard is killed while the body waits",
                _guard_killed,
                {"the body": "dead"},
                "a link goes both ways: who is linked to the guard falls with it; who is only monitored stays",
            ),
        ],
    )


def _guarded(ends: list[str]) -> Run:
    async def run(guard: Any) -> dict[str, Term]:
        starts: list[int] = []

        async def body() -> None:
            starts.append(1)
            await timer.sleep(10)
            if len(starts) <= len(ends):
                reason = ends[len(starts) - 1]
                if reason == "kill":
                    erlang.exit(erlang.self(), "kill")
                erlang.exit(reason)

        erlang.process_flag("trap_exit", False)
        me, found = erlang.self(), []

        async def guarding() -> None:
            found.append(await guard(body))
            erlang.send(me, ("at", current().now))

        pid, ref = erlang.spawn_monitor(guarding)
        at = "never"
        match matchable(await erlang.receive(("at", ...), ("DOWN", ref, "process", pid, ...), after=1000)):
            case ("at", time):
                at = time
            case ("DOWN", _, _, _, reason):
                found.append(("died of", reason))
        return {"starts": len(starts), "the guard returned": found[0] if found else "nothing", "at (ms)": at}

    return run


async def _guard_killed(guard: Any) -> dict[str, Term]:
    bodies: list[Pid] = []

    async def body() -> None:
        bodies.append(erlang.self())
        await timer.sleep("infinity")

    async def guarding() -> None:
        await guard(body)

    pid = erlang.spawn(guarding)
    await timer.sleep(1)
    erlang.exit(pid, "kill")
    await timer.sleep(1)
    alive = any(erlang.is_process_alive(each) for each in bodies)
    return {"the body": "alive" if alive else "dead"}


def check_together(together: Callable[[list[Callable[[], Any]]], Awaitable[Term]]) -> Answer:
    """`await together(bodies)` runs them at once: `"ok"` if all end normally, `("failed", reason)` if one does not."""
    name = "still alive"
    return check(
        together,
        [
            Experiment(
                "three that end normally after 10, 20 and 30 ms",
                _run_together([(10, "normal"), (20, "normal"), (30, "normal")]),
                {"answer": "ok", "at (ms)": 30, name: 0},
                "a normal end pulls nobody along",
            ),
            Experiment(
                "one of three crashes after 20 ms, the others would take 1000",
                _run_together([(1000, "normal"), (20, "no_disk"), (1000, "normal")]),
                {"answer": ("failed", "no_disk"), "at (ms)": 20, name: 0},
                "if one fails the others are to end, too; the caller is not: a link would take it along",
            ),
            Experiment(
                "one is killed after 20 ms, the others would take 1000",
                _run_together([(1000, "normal"), (20, "kill"), (1000, "normal")]),
                {"answer": ("failed", "killed"), "at (ms)": 20, name: 0},
                "whoever is killed has died of killed",
            ),
        ],
    )


def _run_together(lives: list[tuple[int, str]]) -> Run:
    async def run(together: Any) -> dict[str, Term]:
        pids: list[Pid] = []

        def body(ms: int, reason: str) -> Callable[[], Awaitable[None]]:
            async def live() -> None:
                pids.append(erlang.self())
                await timer.sleep(ms)
                if reason == "kill":
                    erlang.exit(erlang.self(), "kill")
                erlang.exit(reason)

            return live

        me = erlang.self()

        async def caller() -> None:
            answer = await together([body(ms, reason) for ms, reason in lives])
            erlang.send(me, ("answer", answer, current().now))

        pid, ref = erlang.spawn_monitor(caller)
        match matchable(await erlang.receive(("answer", ..., ...), ("DOWN", ref, "process", pid, ...), after=5000)):
            case ("answer", value, time):
                answer, at = value, time
            case ("DOWN", _, _, _, reason):
                answer, at = ("the caller died of", reason), current().now
            case _:
                answer, at = "none", current().now
        await timer.sleep(1)
        alive = len([each for each in pids if erlang.is_process_alive(each)])
        return {"answer": answer, "at (ms)": at, "still alive": alive}

    return run


__all__ = ["check_call", "check_guard", "check_together"]
