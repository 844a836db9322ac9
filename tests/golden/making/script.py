"""A scenario being written: steps are added one by one, arguments are terms.

What is known only when the scenario runs is put in as `V` (an earlier step's value), `SELF` and `Fun`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from erlsim import terms
from erlsim.terms import Term

Tree = Any


@dataclass(frozen=True)
class V:
    """The value bound to `name`, or what lies in it at `path` (1-based)."""

    name: str
    path: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fun:
    """A fun of `scn_funs`."""

    name: str


SELF = object()


def tree(term: Term) -> Tree:
    """A term as the tagged JSON of the scenarios."""
    if term is SELF:
        return {"self": True}
    match term:
        case V(name, path):
            return {"v": name, "path": list(path)} if path else {"v": name}
        case Fun(name):
            return {"plan": name}
        case str():
            return {"a": term}
        case bool() | int():
            return term
        case bytes():
            return {"b": term.decode("latin-1")}
        case float():
            return {"f": repr(term)}
        case tuple():
            return {"t": [tree(each) for each in term]}
        case list():
            return [tree(each) for each in term]
        case dict():
            return {"m": [[tree(name), tree(value)] for name, value in term.items()]}
        case terms.Improper():
            return {"imp": [[tree(each) for each in term.items], tree(term.tail)]}
        case terms.Bits():
            return {"bits": [term.data.decode("latin-1"), term.size]}
    raise TypeError(f"no term of a scenario: {term!r}")


class Script:
    """The steps of one scenario."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.steps: list[dict[str, Any]] = []

    def call(self, module: str, function: str, *args: Term, bind: str = "_", op: str = "call") -> None:
        """`module:function(args)` in the driver."""
        trees = [tree(each) for each in args]
        self.steps.append({"op": op, "bind": bind, "module": module, "function": function, "args": trees})

    def spawn(self, bind: str, program: str) -> None:
        """A process that does what it is told."""
        self.steps.append({"op": "spawn", "bind": bind, "program": program})

    def sleep(self, ms: int) -> None:
        """Let time pass."""
        self.steps.append({"op": "sleep", "ms": ms})

    def format(self, directive: str, term: Term) -> None:
        """What `io_lib:format` makes of a term."""
        self.steps.append({"op": "format", "directive": directive, "term": tree(term)})

    def look(self, *ops: str) -> None:
        """Observe: flush, reports, texts, io."""
        self.steps += [{"op": op} for op in ops]

    def finish(self) -> dict[str, Any]:
        """The scenario, without what is to be observed."""
        self.look("flush", "reports", "texts", "io")
        return {"name": self.name, "steps": self.steps}
