"""Random programs, and digests of what happens in them.

A program is drawn from its number with Python's `random`, which draws the same on every Python: some processes with a
list of steps each, which send, receive, link, watch, spawn, use tables and timers, and fail.
"""

from __future__ import annotations

import hashlib
from random import Random
from typing import Any

import erlsim
from erlsim import erlang, ets, terms, timer
from erlsim.terms import Term

PROCESSES = 4
STEPS = 10
LONGEST = 30


class Program:
    """One program, whose processes are called by their numbers."""

    def __init__(self, number: int) -> None:
        self.draw = Random(number)
        self.scripts = [[self._step() for _ in range(self.draw.randrange(STEPS))] for _ in range(PROCESSES)]

    def _step(self) -> tuple[str, Any]:
        names = [name for name in dir(self) if name.startswith("do_")]
        return self.draw.choice(names), (self.draw.randrange(PROCESSES), self._term(3))

    def _term(self, levels: int) -> Term:
        kind = self.draw.randrange(10 if levels else 5)
        if kind < 5:
            return ["a", self.draw.randrange(3), 1.5, b"bin", True][kind]
        parts = [self._term(levels - 1) for _ in range(self.draw.randrange(4))]
        return [
            tuple(parts),
            parts,
            {"k": parts},
            {"x", *(terms.format("~w", [part]) for part in parts)},
            lambda: parts,
        ][kind - 5]

    async def main(self) -> None:
        """Start the processes, then let everything happen."""
        erlang.process_flag("trap_exit", True)
        ets.new("table", ["public", "named_table", "ordered_set"])
        for number, script in enumerate(self.scripts):
            erlang.register(f"p{number}", erlang.spawn(self.run, [script]))
        await timer.sleep(10 * LONGEST)

    async def run(self, script: list[tuple[str, Any]]) -> None:
        """What a process does."""
        for name, (number, term) in script:
            await getattr(self, name)(f"p{number}", term)

    async def do_send(self, name: str, term: Term) -> None:
        if erlang.whereis(name) != "undefined":
            erlang.send(name, (erlang.self(), term))

    async def do_receive(self, name: str, term: Term) -> None:
        await erlang.receive(after=len(name) + LONGEST // 2)

    async def do_link(self, name: str, term: Term) -> None:
        pid = erlang.whereis(name)
        if pid not in ("undefined", erlang.self()):
            erlang.link(pid)

    async def do_monitor(self, name: str, term: Term) -> None:
        erlang.monitor("process", name)

    async def do_trap(self, name: str, term: Term) -> None:
        erlang.process_flag("trap_exit", isinstance(term, list))

    async def do_exit(self, name: str, term: Term) -> None:
        pid = erlang.whereis(name)
        if pid != "undefined":
            erlang.exit(pid, term)

    async def do_fail(self, name: str, term: Term) -> None:
        erlang.error((name, term))

    async def do_raise(self, name: str, term: Term) -> None:
        raise ValueError([each.upper() for each in (name, name)])

    async def do_spawn(self, name: str, term: Term) -> None:
        erlang.spawn_link(lambda: erlang.send(name, term))

    async def do_timer(self, name: str, term: Term) -> None:
        erlang.start_timer(len(terms.format("~w", [term])) % LONGEST, erlang.self(), term)

    async def do_insert(self, name: str, term: Term) -> None:
        ets.insert("table", ((term, name), term))

    async def do_look(self, name: str, term: Term) -> None:
        erlang.send(erlang.self(), ets.select("table", [(("$1", "$2"), [("<", "$2", ("const", term))], ["$1"])], 3))

    async def do_sort(self, name: str, term: Term) -> None:
        erlang.send(erlang.self(), terms.sort([term, name, [term], ets.tab2list("table")]))


def digest(number: int) -> str:
    """What happens in the program of a number, in short."""
    sim = erlsim.Simulation(seed=number)
    sim.run(Program(number).main)
    text = sim.trace.text() + "".join(sim.reports.texts())
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def tell(first: int, count: int) -> None:
    """Print the digests of some programs, a line each."""
    for number in range(first, first + count):
        print(number, digest(number))
