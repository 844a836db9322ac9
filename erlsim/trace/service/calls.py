"""The calls of a run (`gen_server:call` and its kin), told from its events: answered when, or failed of what.

A call is a monitor and a message `(label, (caller, tag), request)`; it ends with `(tag, reply)`, with the monitor's
`DOWN`, or with the monitor's end: then it was not waited for any longer. A call to a name that nobody goes by leaves no
event; `supervision` tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from erlsim.terms import Improper, Pid, Ref, Term
from erlsim.trace.history import is_down


class Call(NamedTuple):
    """`caller` has asked `callee` (a pid, or a name that nobody goes by) at `asked` ms.

    `time` is when it ended, `what` `None` if it was answered, else why not: an exit reason, `"timeout"`, `"noproc"`.
    """

    caller: Pid
    callee: Term
    asked: int
    time: int
    what: Term
    row: int = 0


class Run(Protocol):
    """What is looked at: the rows of a trace, and who was called in vain when."""

    rows: list[tuple[Any, ...]]
    in_vain: list[tuple[int, Pid, Term]]


def calls(rows: Sequence[tuple[Any, ...]]) -> Iterator[Call]:
    """Every call that has come to an end, in the order of the ends."""
    open_calls: dict[int, tuple[Pid, Pid, int]] = {}
    for index, row in enumerate(rows):
        if row[1] == "send":
            ref = _asked_under(row[2], row[4])
            if ref is not None:
                open_calls[ref.number] = (row[2], row[3], row[0])
        elif not open_calls:
            continue
        elif row[1] == "receive":
            ref, what = _told_of(row[3])
            known = open_calls.get(ref.number) if ref is not None else None
            if ref is not None and known is not None and known[0] == row[2]:
                del open_calls[ref.number]
                yield Call(known[0], known[1], known[2], row[0], what, index)
        elif row[1] == "demonitor" and row[4].number in open_calls:
            caller, callee, asked = open_calls.pop(row[4].number)
            yield Call(caller, callee, asked, row[0], "timeout", index)


def failed_calls(run: Run, since: int) -> Iterable[Call]:
    """The calls that have failed from a time on."""
    found = [call for call in calls(run.rows) if call.what is not None and call.time >= since]
    found += [Call(pid, name, time, time, "noproc") for time, pid, name in run.in_vain if time >= since]
    return sorted(found, key=lambda call: (call.time, call.caller.number))


def _asked_under(sender: Pid, message: Term) -> Ref | None:
    """The reference under which a message asks, if it does."""
    if type(message) is not tuple or len(message) != 3:
        return None
    from_ = message[1]
    if type(from_) is not tuple or len(from_) != 2 or from_[0] != sender:
        return None
    tag = from_[1]
    if type(tag) is Improper and type(tag.items) is tuple and tag.items[:1] == ("alias",) and type(tag.tail) is Ref:
        return tag.tail
    return tag if type(tag) is Ref else None


def _told_of(message: Term) -> tuple[Ref | None, Term]:
    """The reference that a message is about, and the reason that it gives."""
    if is_down(message):
        return message[1], message[4]
    if type(message) is tuple and len(message) == 2:
        tag = message[0]
        if type(tag) is Improper and type(tag.tail) is Ref:
            return tag.tail, None
        if type(tag) is Ref:
            return tag, None
    return None, None
