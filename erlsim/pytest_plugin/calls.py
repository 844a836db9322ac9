"""Who has called whom and has no answer, as a trace tells: also of calls whose time has just run out.

A call is a request sent under the reference of a monitor; it is over when its caller takes the monitor back.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from erlsim.terms import Improper, Pid, Ref, Term
from erlsim.trace import Trace
from erlsim.trace.events import SHELL
from erlsim.trace.facts import Actor, show
from erlsim.trace.history import History

LABELS = ("$gen_call", "system")
LONGEST = 100


class Call(NamedTuple):
    """A request that has no answer: when it was made, by whom, to whom."""

    time: Any
    caller: Actor
    server: Actor
    request: Term


def without_answer(trace: Trace) -> list[Call]:
    """The calls that were not answered when the trace ends, of living processes to living ones."""
    history = History(trace.present)
    sent: dict[tuple[int, int], tuple[Any, Pid, Pid, Term]] = {}
    for row in trace.rows:
        history.apply(row)
        if row[1] == "send" and (reference := _reference(row[4])) is not None:
            sent[row[2].number, reference.number] = (row[0], row[2], row[3], row[4][2])
    living = history.actors
    return [
        Call(time, living[caller.number], living[server.number], request)
        for (number, reference), (time, caller, server, request) in sent.items()
        if number in living and server.number in living and reference in living[number].monitors
    ]


def _reference(message: Term) -> Ref | None:
    """The reference under which a message wants to be answered, if it is a request."""
    if type(message) is not tuple or len(message) != 3 or message[0] not in LABELS:
        return None
    from_ = message[1]
    if type(from_) is not tuple or len(from_) != 2:
        return None
    tag = from_[1].tail if type(from_[1]) is Improper else from_[1]
    return tag if type(tag) is Ref else None


def circle(calls: list[Call]) -> list[Call]:
    """Calls each of which is to the caller of the next one, the last to that of the first; none if there are none."""
    last_of = {call.caller.pid: call for call in calls}
    for start in calls:
        way: list[Call] = []
        at: Call | None = start
        while at is not None and at not in way:
            way.append(at)
            at = last_of.get(at.server.pid)
        if at is not None:
            return way[way.index(at) :]
    return []


def lines(calls: list[Call]) -> list[str]:
    """The calls, a line each; those that go in a circle are drawn as one, below the others."""
    round_ = circle(calls)
    told = [f"{_who(each.caller)} has asked {_who(each.server)}: {_what(each)}" for each in calls if each not in round_]
    if round_:
        told.append("in a circle, each has asked the next, and the last the first:")
    for number, each in enumerate(round_):
        corner = "┌─▶" if number == 0 else "└──" if number == len(round_) - 1 else "│  "
        told.append(f"  {corner} {_who(each.caller)}: {_what(each)}")
    return told


def _who(actor: Actor) -> str:
    return f"{SHELL if actor.role == SHELL else actor.title} {show(actor.pid)}"


def _what(call: Call) -> str:
    return f"{show(call.request, LONGEST)}, at {call.time} ms"
