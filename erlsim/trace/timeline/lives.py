"""What a picture of lifelines is made of: spans of time, lifelines, deaths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from erlsim.terms import Pid, Term


class Span(NamedTuple):
    """`up`, `restarting`, `waiting`, `down` or `deleted` from `start` to `end`, in ms; as `pid` when up."""

    start: Any
    end: Any
    state: str
    pid: Pid | None


class Lifeline(NamedTuple):
    """One child or process; `depth` is how far below the top it is."""

    title: str
    depth: int
    spans: tuple[Span, ...]


class Death(NamedTuple):
    """A process died at `time` ms of `reason`: number `line` of the lifelines.

    `killer` is the process whose exit signal it was, with its lifeline in `by`; both are `None` if it was none.
    `event` is the number in the trace, `None` where there is none.
    """

    time: Any
    event: int | None
    line: int
    pid: Pid
    reason: Term
    by: int | None
    killer: Pid | None


@dataclass(frozen=True, repr=False)
class Lives:
    """What lifelines say, however they are drawn. From `start` to `end`, in ms; `notes` say what was left out.

    With the unit `"events"` all times are numbers of events.
    """

    start: Any
    end: Any
    lifelines: tuple[Lifeline, ...]
    deaths: tuple[Death, ...]
    notes: tuple[str, ...] = ()
    unit: str = "ms"
