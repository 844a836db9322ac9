"""What was the case in a world at one moment: its processes and who supervises whom.

`live` takes it from a running world, `history` from a trace; pictures are drawn of it and do not know
which of the two it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from erlsim import terms
from erlsim.supervision import Child
from erlsim.terms import Pid, Term
from erlsim.trace.events import SHELL


@dataclass(slots=True)
class Actor:
    """A living process.

    `label` is what it runs: a function's name or `module:function/arity`. `role` is `SHELL`, `SYSTEM` (a process
    that no program has started) or nothing. `mailbox` includes what is on its way. `monitors` has, by number of
    reference, the pid or the `(name, node)` that is watched.
    """

    pid: Pid
    parent: Pid | None = None
    label: str = ""
    name: str | None = None
    role: str = ""
    mailbox: list[Term] = field(default_factory=list)
    links: dict[int, Pid] = field(default_factory=dict)
    monitors: dict[int, Term] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What to call it."""
        if self.name is not None:
            return show(self.name)
        return SHELL if self.role == SHELL else self.label or "process"


@dataclass(slots=True)
class Overseer:
    """A process that supervises: what it published, and its children by key, in the order in which they were added."""

    kind: str
    detail: str
    nameless: bool
    ordered: bool
    children: dict[Any, Child]

    def in_order(self) -> list[Child]:
        """The children as they are to be shown."""
        children = list(self.children.values())
        return children if self.ordered else sorted(children, key=lambda child: terms.sort_key(child.id))


@dataclass(slots=True)
class Facts:
    """`actors` are the living processes and `overseers` those that supervise, by number of pid; `now` is in ms."""

    now: Any
    actors: dict[int, Actor]
    overseers: dict[int, Overseer]

    def registered(self, name: Term) -> Actor | None:
        """The process that goes by a name."""
        return next((actor for actor in self.actors.values() if actor.name == name), None)

    def watched(self, item: Term) -> Actor | None:
        """The process that a monitor's item stands for, if it lives."""
        return self.actors.get(item.number) if isinstance(item, Pid) else self.registered(item[0])


def is_normal(reason: Term) -> bool:
    """Whether a process that ends with `reason` has not crashed: as supervisors of transient children see it."""
    if isinstance(reason, tuple) and len(reason) == 2:
        reason = reason[0] if isinstance(reason[0], str) and reason[0] == "shutdown" else None
    return isinstance(reason, str) and reason in ("normal", "shutdown")


def show(term: Term, limit: int = 0) -> str:
    """A term on one line, cut to `limit` characters if that is not 0."""
    return cut(" ".join(terms.format("~0tp", [term]).split()), limit)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters of `text`, with an ellipsis where something is missing; 0 is no limit."""
    return text if not limit or len(text) <= limit else text[: max(limit - 1, 1)] + "…"


def call_label(call: Term) -> str:
    """What a process runs, in words: `(module, function, arity)` or the name of a function."""
    if isinstance(call, tuple):
        module, function, arity = call
        return f"{module}:{function}/{arity}"
    return str(call)
