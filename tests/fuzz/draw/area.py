"""What all generators share: a source of choices, a script to write to, and terms to draw from."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, ClassVar

from erlsim.terms import Term
from tests.golden.making.script import SELF, Script, V

DRIVER = "scn_driver"
REASONS: tuple[Term, ...] = (
    "normal",
    "shutdown",
    ("shutdown", "away"),
    "oops",
    "bye",
    "kill",
    "killed",
    ("because", [1, 2]),
)
FAR = 60_000


class Area:
    """Writes one area's part of a scenario: a beginning, moves, an end."""

    # Originals without which a real Erlang cannot answer.
    needs: ClassVar[frozenset[str]] = frozenset()
    moves: ClassVar[tuple[int, int]] = (3, 10)

    def __init__(self, random: Random, script: Script) -> None:
        self.random = random
        self.script = script

    def write(self) -> None:
        """The whole of a scenario."""
        self.begin()
        for _ in range(self.random.randint(*self.moves)):
            self.move()
        self.end()

    def begin(self) -> None:
        """What is there before the first move."""

    def move(self) -> None:
        """One thing that happens."""
        raise NotImplementedError

    def end(self) -> None:
        """What is looked at last."""
        self.script.look("flush", "reports", "texts")

    def pids(self) -> list[Term]:
        """Processes of this area, for others to hurt: names, or values of earlier steps."""
        return []

    # ---- choices ------------------------------------------------------------------------

    def one_of(self, things: Sequence[Any]) -> Any:
        """Any of some things."""
        return self.random.choice(things)

    def chance(self, of: int) -> bool:
        """Once in `of` times."""
        return self.random.randrange(of) == 0

    def some(self, things: Sequence[Any], most: int) -> list[Any]:
        """Up to `most` different ones of some things, in any order."""
        return self.random.sample(things, self.random.randint(0, min(most, len(things))))

    def weighted(self, things: dict[Any, int]) -> Any:
        """A key, as often as its value says."""
        return self.random.choices([*things], [*things.values()])[0]

    # ---- steps --------------------------------------------------------------------------

    def call(self, module: str, function: str, *args: Term, bind: str = "_") -> None:
        """A call after which others get their turn."""
        self.script.call(module, function, *args, bind=bind)

    def now(self, module: str, function: str, *args: Term, bind: str = "_") -> None:
        """A call after which the driver goes on at once."""
        self.script.call(module, function, *args, bind=bind, op="now")

    def listing(self, module: str, function: str, *args: Term, bind: str = "_") -> None:
        """A call whose result is a list in any order."""
        self.script.call(module, function, *args, bind=bind, op="calls")

    def known_by_name(self) -> None:
        """The driver takes a name: how wide its pid is decides where lines of a text break."""
        self.call("erlang", "register", DRIVER, SELF)

    # ---- terms --------------------------------------------------------------------------

    def reason(self) -> Term:
        """Why something ends."""
        return self.one_of(REASONS)

    def term(self, depth: int = 2) -> Term:
        """Any small term."""
        if depth == 0 or self.chance(2):
            return self.one_of(SIMPLE)
        size = self.random.randint(0, 3)
        match self.random.randrange(3):
            case 0:
                return tuple(self.term(depth - 1) for _ in range(size))
            case 1:
                return [self.term(depth - 1) for _ in range(size)]
        return {self.one_of(("a", "b", "key")): self.term(depth - 1) for _ in range(size)}


SIMPLE: tuple[Term, ...] = (
    "a",
    "b",
    "ok",
    True,
    False,
    0,
    1,
    -7,
    255,
    1.0,
    2.5,
    b"",
    b"bin",
    [],
    (),
    "undefined",
    "infinity",
)

__all__ = ["DRIVER", "FAR", "REASONS", "SELF", "SIMPLE", "Area", "Script", "V"]
