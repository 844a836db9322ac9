"""What a test has left behind: processes that nobody looks after, unread messages, timers, tables, monitors, names.

Asked for, not checked by itself: a test that ends in the middle of things has every right to. `leaks()` lists what
there is, `no_leaks()` fails with the list; pytest's marker `erlsim(leaks=True)`, or `leaks=["process", "timer"]`, does
so at the end of a test. What can still happen at the present instant is let happen before; no time passes.

- `process`: nobody supervises it and it is linked to nobody: it would outlive everything.
- `mailbox`: messages that their receiver, the test included, does not wait for.
- `timer`: one that will send a message (`send_after`, `start_timer` and what module `timer` builds on them).
- `table`: an ETS table that the test owns.
- `monitor`: one that the test has neither ended nor heard of.
- `name`: a registered name of a process that nobody supervises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from erlsim import ets, hints
from erlsim.errors import ErlsimError
from erlsim.simulation import current
from erlsim.terms import Pid, Term
from erlsim.trace import live
from erlsim.trace.events import SHELL, SYSTEM
from erlsim.trace.facts import Actor, Facts, show

KINDS = ("process", "mailbox", "timer", "table", "monitor", "name")
LONGEST = 80


class Leak(NamedTuple):
    """One thing that is left: its kind, one of `KINDS`, and what it is, in words."""

    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


def leaks(kinds: Iterable[str] = KINDS) -> list[Leak]:
    """What is left in the current simulation, kind by kind; `ErlsimError` for a kind that there is not."""
    wanted = list(kinds)
    if not wanted:
        return []
    for kind in wanted:
        if kind not in KINDS:
            raise ErlsimError(
                f"no kind of leak {kind!r}; there are {', '.join(KINDS)}{hints.nearest(str(kind), KINDS)}"
            )
    current().advance(0)
    facts = live.look()
    return [Leak(kind, what) for kind in KINDS if kind in wanted for what in _FINDERS[kind](facts)]


def no_leaks(kinds: Iterable[str] = KINDS) -> None:
    """Nothing is left in the current simulation: else an `AssertionError` that lists what is."""
    found = leaks(kinds)
    if found:
        raise AssertionError("the test leaves behind\n" + "\n".join(f"  {leak}" for leak in found))


def _programs(facts: Facts) -> list[Actor]:
    """The processes that a program has started."""
    return [actor for actor in facts.actors.values() if actor.role not in (SHELL, SYSTEM)]


def _supervised(facts: Facts) -> set[int]:
    children = [child.state for overseer in facts.overseers.values() for child in overseer.children.values()]
    return {state.number for state in children if isinstance(state, Pid)}


def _processes(facts: Facts) -> Iterator[str]:
    supervised = _supervised(facts)
    for actor in _programs(facts):
        if actor.pid.number not in supervised and not actor.links:
            yield f"{_called(actor)}: nobody supervises it or is linked to it"


def _mailboxes(facts: Facts) -> Iterator[str]:
    for actor in facts.actors.values():
        if actor.mailbox:
            count = len(actor.mailbox)
            messages = "1 message" if count == 1 else f"{count} messages"
            yield f"{_called(actor)}: {messages} unread, the first is {show(actor.mailbox[0], LONGEST)}"


def _timers(facts: Facts) -> Iterator[str]:
    for due, target, message in live.timers():
        actor = facts.actors.get(target.number) if isinstance(target, Pid) else facts.registered(target)
        to = _called(actor) if actor is not None else show(target)
        yield f"{show(message, LONGEST)} to {to} at {due} ms"


def _tables(facts: Facts) -> Iterator[str]:
    shells = [actor.pid for actor in facts.actors.values() if actor.role == SHELL]
    for table in ets.all():
        if ets.info(table, "owner") in shells:
            yield f"{show(ets.info(table, 'name'))}, {ets.info(table, 'size')} objects"


def _monitors(facts: Facts) -> Iterator[str]:
    for actor in facts.actors.values():
        if actor.role == SHELL:
            for item in actor.monitors.values():
                watched = facts.watched(item)
                yield f"of {_called(watched) if watched is not None else show(item)}"


def _names(facts: Facts) -> Iterator[str]:
    supervised = _supervised(facts)
    for actor in facts.actors.values():
        if actor.name is not None and actor.role != SYSTEM and actor.pid.number not in supervised:
            yield f"{show(actor.name)}, of {show(actor.pid)}"


def _called(actor: Actor) -> str:
    return f"{actor.title} {show(actor.pid)}"


_FINDERS = {
    "process": _processes,
    "mailbox": _mailboxes,
    "timer": _timers,
    "table": _tables,
    "monitor": _monitors,
    "name": _names,
}


def kinds_of(given: Term) -> list[str]:
    """What the marker's option `leaks` asks for: `True` for all kinds, `False` for none, else a list of kinds."""
    if isinstance(given, bool):
        return list(KINDS) if given else []
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ErlsimError(f"erlsim(leaks=...) is True, False or a list of {', '.join(KINDS)}, not {given!r}")
    return list(given)
