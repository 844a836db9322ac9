"""A program that uses much of the library and prints everything that happened.

`python -m tests.determinism.program [SEED]`: with a seed, the schedule is drawn from it. What is not
there yet is left out, on every Python alike.
"""

from __future__ import annotations

import sys

import erlsim
from erlsim import code, erlang, ets, terms, timer
from erlsim.terms import Term


async def pong() -> str:
    """Answers pings until it is told to stop."""
    while True:
        match await erlang.receive():
            case ("ping", sender, number):
                erlang.send(sender, ("pong", number))
            case "stop":
                return "ok"
            case "crash":
                erlang.error(("bad", {"why": ["no", "reason"], 1: 2.5}))


async def processes() -> None:
    """Links, monitors, names, timers that are due together, and exits in a row."""
    erlang.process_flag("trap_exit", True)
    pids = [erlang.spawn_link(pong) for _ in range(5)]
    for number, pid in enumerate(pids):
        erlang.register(f"pong_{number}", pid)
        erlang.monitor("process", pid)
        erlang.send_after(10, pid, ("ping", erlang.self(), number))
        erlang.start_timer(10, erlang.self(), ("tick", number))
    await timer.sleep(10)
    for pid in pids[:2]:
        erlang.send(pid, "crash")
    for pid in pids[2:]:
        erlang.exit(pid, "kill")
    await drain()


async def drain() -> None:
    """Everything that comes within 50 ms."""
    while await erlang.receive(after=50) is not erlsim.TIMEOUT:
        pass


async def tables() -> None:
    """A table with keys of every kind, traversed."""
    table = ets.new("mixed", ["set", "public"])
    keys = ["a", "b", 1, 1.0, True, b"bin", ("t", 1), [1, 2], {"k": "v"}, erlang.self(), erlang.make_ref()]
    for key in keys:
        ets.insert(table, (key, erlang.unique_integer()))
    erlang.send(erlang.self(), ("rows", ets.tab2list(table)))
    await drain()


@erlsim.module(name="determinism_worker")
class Worker:
    """A gen_server that crashes when it is asked to."""

    def init(arg: Term) -> Term:
        return ("ok", arg)

    def handle_call(request: Term, _from: Term, state: Term) -> Term:
        return ("reply", (request, state), state)

    def handle_cast(request: Term, _state: Term) -> Term:
        erlang.exit(request)


async def start_worker(arg: Term) -> Term:
    """What a supervisor calls."""
    return await code.call("gen_server", "start_link", ["determinism_worker", arg, []])


@erlsim.module(name="determinism_tree")
class Tree:
    """The children of both kinds of supervisor; `init` returns its argument."""

    def init(arg: Term) -> Term:
        return arg

    start_worker = start_worker


async def supervisors() -> None:
    """A supervisor and a director, each with children that crash."""
    start = ("determinism_tree", "start_worker", ["x"])
    specs = [{"id": name, "start": start} for name in ("a", "b", "c")]
    await under("supervisor", "start_link", ("ok", ({"strategy": "one_for_all", "intensity": 3}, specs)))
    plans = [{**spec, "plan": ["restart", ("restart", 500), "wait"]} for spec in specs]
    await under("director", "start_link", ("ok", plans))


async def under(kind: str, function: str, arg: Term) -> None:
    """Start a supervisor of some kind, crash its children again and again, and stop it."""
    if not code.function_exported(kind, function, 2):
        return
    _, pid = await code.call(kind, function, ["determinism_tree", arg])
    for _ in range(2):
        for child in await code.call(kind, "which_children", [pid]):
            if erlang.is_process_alive(child[1]):
                await code.call("gen_server", "cast", [child[1], "boom"])
        await timer.sleep(600)
    erlang.unlink(pid)
    erlang.exit(pid, "shutdown")
    await drain()


async def comprehensions() -> None:
    """Crashes and waits inside comprehensions, which have frames of their own on some Pythons."""

    # fmt: off
    async def crashing() -> None:
        erlang.send(
            erlang.self(),
            [
                {number: 1 // number for number in (divisor,)}
                for divisor in (2, 1, 0)
            ],
        )

    async def waiting() -> None:
        erlang.send(
            erlang.self(),
            [
                await erlang.receive(number)
                for number in (1, 2)
            ],
        )

    # fmt: on
    erlang.spawn_monitor(crashing)
    pid = erlang.spawn(waiting)
    await timer.sleep(1)
    erlang.send(erlang.self(), erlang.process_info(pid, "current_stacktrace"))
    await drain()


class Opaque:
    """No Erlang term."""


async def opaque() -> None:
    """Objects that are no terms as keys of an ordered table, and sorted."""
    table = ets.new("ordered", ["ordered_set", "public"])
    objects = [Opaque() for _ in range(9)]
    for number in (4, 0, 8, 2, 6, 1, 7, 3, 5):
        ets.insert(table, (objects[number], number))
    erlang.send(erlang.self(), ("rows", [number for _, number in ets.tab2list(table)]))
    erlang.send(erlang.self(), ("sorted", [objects.index(each) for each in terms.sort(objects)]))
    await drain()


async def main() -> None:
    """All of it."""
    for part in (processes, tables, supervisors, comprehensions, opaque):
        try:
            await part()
        except erlsim.Error as exc:
            print("error", exc.reason)


def run(seed: int | None) -> str:
    """The trace of `main` and the reports, as text; under a drawn schedule if there is a seed."""
    chooser = None
    if seed is not None:
        from erlsim.testing import RandomWalk

        chooser = RandomWalk(seed)
    sim = erlsim.Simulation(chooser=chooser)
    sim.run(main)
    return sim.trace.text() + "".join(sim.reports.texts())


if __name__ == "__main__":
    sys.stdout.write(run(int(sys.argv[1]) if len(sys.argv) > 1 else None))
