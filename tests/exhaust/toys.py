"""Toy machines: small programs of processes that share variables and mailboxes, and every interleaving of them.

A program is a dict from process to its operations:

- `("w", x, v)` writes, `("r", x)` reads, `("new", x, v)` writes if there is nothing yet
- `("send", p, m)`; `("take", messages, after)` receives one of `messages` (`()`: any), or gives up if `after` is 0
- `("look",)` and `("count",)`: the messages of its own mailbox, in order, and how many; `("peek", p)`: those of another
- `("kill", p)`; `("draw", n)`: a question of data; `("if", x, operations)`: if `x` was written, go on with these
- `("when", m, operations)`: looks for the message `m`, and if it is there goes on with these
- `("last zero", n)` reads from `n` down to the first that is not written
- `("next of", n)` writes `n`, having read the one before

What a process observes (values read, messages taken, ...) is its history; an outcome is the histories of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from erlsim.testing.search.dependency import Touch
from erlsim.testing.search.exploration import Walk

Program = dict[str, list[tuple[Any, ...]]]


@dataclass
class Happening:
    process: str
    touches: tuple[Touch, ...]
    may: tuple[Touch, ...] | None = None
    cause: int | None = None
    era: int = 0
    until: int | None = None


class Toy:
    """One run of a program: `enabled()` and `go(process)` until nobody can go on."""

    def __init__(self, program: Program, answer: Callable[[str, int], int]) -> None:
        self.left = {name: list(ops) for name, ops in program.items()}
        self.answer = answer
        self.store: dict[Any, Any] = {}
        self.box: dict[str, list[tuple[Any, Any]]] = {name: [] for name in self.left}
        self.sent = dict.fromkeys(self.left, 0)
        self.killed: set[str] = set()
        self.dead: set[str] = set()
        self.history: dict[str, list[Any]] = {name: [] for name in self.left}
        self.log: list[Happening] = []

    def enabled(self) -> list[str]:
        return [name for name in self.left if self._can(name)]

    def _can(self, name: str) -> bool:
        if name in self.dead:
            return False
        if name in self.killed:
            return True
        if not self.left[name]:
            return False
        op, *args = self.left[name][0]
        return op != "take" or args[1] == 0 or self._found(name, args[0]) is not None

    def _found(self, name: str, wanted: Any) -> tuple[Any, Any] | None:
        return next((entry for entry in self.box[name] if not wanted or entry[1] in wanted), None)

    def go(self, name: str) -> None:
        if name in self.killed:
            self.dead.add(name)
            self.history[name].append("killed")
            self.log.append(Happening(name, (Touch(("life", name), "w"),)))
            return
        op, *args = self.left[name].pop(0)
        touches, may = getattr(self, "_" + op.replace(" ", "_"))(name, *args)
        self.log.append(Happening(name, tuple(touches), may))

    def _w(self, name: str, x: Any, v: Any) -> Any:
        self.store[x] = v
        return [Touch(("key", x), "w", v)], None

    def _r(self, name: str, x: Any) -> Any:
        self.history[name].append(self.store.get(x))
        return [Touch(("key", x), "r")], None

    def _new(self, name: str, x: Any, v: Any) -> Any:
        there = x in self.store
        self.history[name].append(not there)
        if not there:
            self.store[x] = v
        return [Touch(("key", x), "r" if there else "w")], (Touch(("key", x), "w"),)

    def _if(self, name: str, x: Any, then: list[Any]) -> Any:
        if self.store.get(x):
            self.left[name][:0] = then
        return self._r(name, x)

    def _send(self, name: str, to: str, message: Any) -> Any:
        self.sent[name] += 1
        serial = (name, self.sent[name])
        if to not in self.killed:
            self.box[to].append((serial, message))
        return [Touch(("mailbox", to), "s", (serial, message))], None

    def _take(self, name: str, wanted: Any, after: Any) -> Any:
        found = self._found(name, wanted)
        if found is not None:
            self.box[name].remove(found)
        self.history[name].append(found and found[1])
        return [Touch(("mailbox", name), "r", (found and found[0], tuple(wanted), after))], None

    def _when(self, name: str, wanted: str, then: list[Any]) -> Any:
        if self._found(name, (wanted,)) is not None:
            self.left[name][:0] = then
        return self._take(name, (wanted,), 0)

    def _last_zero(self, name: str, at: int) -> Any:
        if at > 1 and self.store.get(at):
            self.left[name][:0] = [("last zero", at - 1)]
        return self._r(name, at)

    def _next_of(self, name: str, number: int) -> Any:
        self.left[name][:0] = [("w", number, (self.store.get(number - 1) or 0) + 1)]
        return self._r(name, number - 1)

    def _look(self, name: str) -> Any:
        return self._peek(name, name)

    def _peek(self, name: str, of: str) -> Any:
        self.history[name].append([message for _, message in self.box[of]])
        return [Touch(("mailbox", of), "i"), Touch(("life", of), "r")], None

    def _count(self, name: str) -> Any:
        self.history[name].append(len(self.box[name]))
        return [Touch(("mailbox", name), "n")], None

    def _kill(self, name: str, victim: str) -> Any:
        mode = "d" if victim in self.killed else "w"
        self.killed.add(victim)
        return [Touch(("exit", victim), mode)], None

    def _draw(self, name: str, options: int) -> Any:
        self.history[name].append(self.answer(name, options))
        return [], None

    def outcome(self) -> Any:
        return repr(sorted(self.history.items()))


class ToyMachine:
    """A program, for an exploration; `outcomes` are those of its runs so far."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.outcomes: list[Any] = []
        self.last = None

    def run(self, walk: Walk) -> Sequence[Happening]:
        toy = Toy(self.program, walk.answer)
        while able := toy.enabled():
            toy.go(able[walk.choose(len(toy.log), able)] if len(able) > 1 else able[0])
        self.outcomes.append(toy.outcome())
        return toy.log


class TooMany(Exception):
    """More interleavings than one likes to wait for."""


def interleavings(program: Program, limit: int) -> Iterator[Toy]:
    """Every run of a program, by brute force."""
    answers: list[tuple[int, int]] = []
    for _ in range(limit):
        asked: list[tuple[int, int]] = []

        def ask(options: int, asked: list[tuple[int, int]] = asked) -> int:
            at = len(asked)
            asked.append((answers[at][0] if at < len(answers) else 0, options))
            return asked[-1][0]

        toy = Toy(program, lambda _, options: ask(options))
        while able := toy.enabled():
            toy.go(able[ask(len(able))])
        yield toy
        while asked and asked[-1][0] + 1 == asked[-1][1]:
            asked.pop()
        if not asked:
            return
        answers = [*asked[:-1], (asked[-1][0] + 1, asked[-1][1])]
    raise TooMany
