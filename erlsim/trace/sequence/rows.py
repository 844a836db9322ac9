"""What a chart of messages is made of: lanes and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from erlsim.terms import Pid


class Lane(NamedTuple):
    """A process: `first` and `last` are the rows between which it lives, `None` where it lived on beyond them."""

    pid: Pid
    title: str
    first: int | None = None
    last: int | None = None


class Row(NamedTuple):
    """One thing that happened, at `time` ms; `event` is its number in the trace.

    `kind` is `spawn`, `message`, `signal`, `link`, `unlink`, `monitor`, `exit` (a crash, a kill), `end` (a normal end),
    `timer`, `start_timer`, `heir` (a table that goes to its heir, from who has had it), `late` (a message received
    later than it was sent) or `operation` (on a table, a name, a flag). It goes from lane `source` to lane `target`, by
    number; where these are the same it concerns one process. `label` is what to write at it.
    """

    time: Any
    event: int
    kind: str
    source: int
    target: int
    label: str


@dataclass(frozen=True, repr=False)
class Chart:
    """What a chart says, however it is drawn. `notes` say what was left out."""

    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
