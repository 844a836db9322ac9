"""One moment of a run: the supervision tree and the mailboxes as they were after an event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from erlsim.errors import ErlsimError
from erlsim.terms import Pid, Term
from erlsim.trace.events import SHELL, SYSTEM, Present
from erlsim.trace.facts import Facts
from erlsim.trace.history import History
from erlsim.trace.tree import Tree, grow


class Mailbox(NamedTuple):
    """What lies in the mailbox of a process, the oldest first, what is on its way included."""

    pid: Pid
    title: str
    messages: tuple[Term, ...]


@dataclass(frozen=True)
class Moment:
    """`time` in ms, `event` the number of the event that has just happened, `mailboxes` those that are not empty."""

    time: Any
    event: int
    tree: Tree
    mailboxes: tuple[Mailbox, ...]


def moment(
    rows: Sequence[tuple[Any, ...]], present: Iterable[Present], event: int, links: bool, monitors: bool
) -> Moment:
    """The moment right after event number `event` of a trace."""
    if not -1 <= event < len(rows):
        raise ErlsimError(f"there is no event {event}: the trace has {len(rows)}, the first is 0")
    history = History(present)
    for row in rows[: event + 1]:
        history.apply(row)
    return Moment(history.now, event, grow(history, links, monitors), mailboxes(history))


def mailboxes(facts: Facts) -> tuple[Mailbox, ...]:
    """The mailboxes of a program's processes that are not empty."""
    return tuple(
        Mailbox(actor.pid, SHELL if actor.role == SHELL else actor.title, tuple(actor.mailbox))
        for actor in facts.actors.values()
        if actor.mailbox and actor.role != SYSTEM
    )
