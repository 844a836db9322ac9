"""Which operations depend on each other: what an event touches, and which touches do not commute.

An *event* is one visible operation of one process. What it does to others is a tuple of *touches*: a thing, a mode,
and for some kinds of things a detail. Two events of different processes depend on each other if some two of
their touches conflict; else it makes no difference in which order they come, and one order is enough to be tried.
docs/explanation/every-schedule.md has the table in words, and why it is right.

Mailboxes are the special kind. Two messages to one process conflict only if somebody can tell their order: a receive
that took the first and would have taken the second (the *observer*). That is known only when the run is over,
see `mail`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import FunctionType, MethodType
from typing import Any, Final, NamedTuple, Protocol

from erlsim import terms
from erlsim.errors import pass_on


class Touch(NamedTuple):
    """What an event does to one thing. `thing` begins with its kind, as in `("key", "accounts", "alice")`."""

    thing: tuple[Any, ...]
    mode: str
    detail: Any = None


class Event(Protocol):
    """One visible operation as a run's log has it.

    `process` is a name that does not depend on the order of events; `cause` is the index of the event without which
    there would be no such process; `era` counts the moments before it at which time moved: events of different eras
    keep their order. `until` is the number of the event by which something was lost that could have happened until then
    (it is no event of the run), else `None`. `may` is what the operation might touch if it found things otherwise
    (`None`: the same).
    """

    process: str
    touches: Sequence[Touch]
    may: Sequence[Touch] | None
    cause: int | None
    era: int
    until: int | None


class Unknown:
    """Stands for a message of which nobody knows which one it will be; a class, since that is the same everywhere."""


ANYTHING: Final = "anything"
MAIL: Final = "mailbox"
EXIT: Final = "exit"
WAIT: Final = "wait"
# Sends and receives of a mailbox, looks at its messages (in their order) and at their number.
SEND, TAKE, LOOK, COUNT = "s", "r", "i", "n"
# A DOWN is thrown away if it is there: who looks on may see that; its detail is the number of the monitor.
FLUSH: Final = "f"
# Modes of EXIT that all events of the process conflict with.
WHOLE: Final = "wp"
# What a receive took, where that cannot be known: it has not been run in this order yet.
UNKNOWN: Final = Unknown

# Sets that grow and shrink: who looks at one tells whether a change was before, but nobody tells two changes apart.
_SET: Final[dict[str, tuple[str, ...]]] = {"r": ("w",), "w": ("r",)}
# Modes by kind of thing, and with which others each conflicts. Kinds that are not here are read and written.
CONFLICTS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    # m and h: a link or a monitor comes or goes; it is all one to h whether the process is alive.
    "life": {"r": ("w",), "m": ("w", "i"), "h": ("i",), "i": ("w", "m", "h"), "w": ("r", "m", "i", "w")},
    "keys": {"r": ("kw", "w"), "kr": ("w",), "kw": ("r", "w"), "w": ("r", "kr", "kw", "w")},
    # Every event of the process itself conflicts with a signal that ends it, and every message to it, too; and with a
    # look at what it does (p).
    EXIT: {"w": ("w", "q", "d", "p"), "q": ("w",), "d": ("w",), "p": ("w",)},
    # Whose link has ended before gets no exit signal: that matters if the signal would end him, or if he traps exits.
    "links": {"n": ("t",), "a": ("t", "u"), "t": ("n", "a"), "u": ("a",)},
    # A question is asked only when all that was sent before it has arrived.
    "way": {"w": ("r", "b"), "r": ("w",), "b": ("w",)},
    # Whether a monitor that is taken back and flushed (f) has had its DOWN is all one.
    "watch": {"r": ("w",), "w": ("r", "w", "f"), "f": ("w",)},
    "procs": _SET,
    "tables": _SET,
    "names": _SET,
}
READ_WRITE: Final[dict[str, tuple[str, ...]]] = {"r": ("w",), "w": ("r", "w")}


def same_write(mode: str, detail: Any, other: str, other_detail: Any) -> bool:
    """Whether two writes put the same into the same place: their order is all one. Details are what can be hashed."""
    return mode == "w" and other == "w" and detail is not None and bool(detail == other_detail)


class Unseen:
    """Stands for a message that could not be handed on: every pattern may match it."""


def matches(patterns: tuple[Any, ...], message: Any) -> bool:
    """Whether a receive with these patterns would take the message; where that cannot be told, yes.

    That is asked when the run is over. A predicate that looks at variables of others may say something else by then.
    """
    if not patterns or message is Unseen:
        return True
    try:
        return any(pattern is ... or remembers(pattern) or terms.matches(pattern, message) for pattern in patterns)
    except Exception as wrong:
        pass_on(wrong)
        return True


def remembers(pattern: Any) -> bool:
    """Whether a pattern has a predicate that is bound to something which may have changed."""
    kind = type(pattern)
    if kind is tuple or kind is list:
        return any(map(remembers, pattern))
    if kind is dict:
        return any(map(remembers, pattern.values()))
    return kind in (FunctionType, MethodType, partial) and getattr(pattern, "__closure__", True) is not None


def dependent(process: str, touches: Sequence[Touch], other: str, others: Sequence[Touch]) -> bool:
    """Whether events of two processes do not commute, whatever comes later: two sends to one mailbox do."""
    if process == other:
        return True
    for thing, mode, detail in touches:
        kind = thing[0]
        if kind == ANYTHING or (kind == EXIT and thing[1] == other and mode in WHOLE):
            return True
        for thing2, mode2, detail2 in others:
            if thing2 == thing:
                if kind == MAIL:
                    if mail_conflict(mode, detail, mode2, detail2):
                        return True
                elif mode2 in CONFLICTS.get(kind, READ_WRITE).get(mode, ()):
                    if not same_write(mode, detail, mode2, detail2):
                        return True
            elif thing2[1:2] == thing[1:2] and (
                ends_what_is_for(thing, mode, thing2, mode2) or ends_what_is_for(thing2, mode2, thing, mode)
            ):
                return True
    return any(
        thing[0] == ANYTHING or (thing[0] == EXIT and thing[1] == process and mode in WHOLE)
        for thing, mode, _ in others
    )


def ends_what_is_for(thing: tuple[Any, ...], mode: str, other: tuple[Any, ...], other_mode: str) -> bool:
    """Whether one is a deadly signal, the other a message or a timer for whom it ends, who is the same in both."""
    if thing[0] != EXIT or mode != "w":
        return False
    return (other[0] == MAIL and other_mode == SEND) or other[0] == WAIT


def mail_conflict(mode: str, detail: Any, mode2: str, detail2: Any) -> bool:
    """Whether two operations on one mailbox do not commute, but for two sends, which `mail` knows about.

    A send's detail is `(serial, message)`, that of a receive `(serial of what it took, patterns, after)`, with `None`
    for the serial of one that gave up.
    """
    if mode == mode2:
        return False
    if FLUSH in (mode, mode2):
        return mode in (LOOK, COUNT) or mode2 in (LOOK, COUNT)
    if mode == SEND and mode2 == TAKE:
        return _send_and_take(detail, detail2)
    if mode == TAKE and mode2 == SEND:
        return _send_and_take(detail2, detail)
    if TAKE in (mode, mode2):
        took = (detail if mode == TAKE else detail2)[0]
        return took is not None
    return SEND in (mode, mode2)


def _send_and_take(send: Any, take: Any) -> bool:
    serial, message = send
    taken, patterns, _ = take
    if taken is None or taken is UNKNOWN:
        return matches(patterns, message)
    return bool(taken == serial)
