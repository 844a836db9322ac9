"""What one event has led to: the messages that it brought about, what their receivers then did, and so on.

A process acts because of the message that it has taken last. So what it does is a consequence from when it takes such
a message until it takes another one; what a call's answer lets the caller do is no consequence of the call any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from erlsim.errors import ErlsimError
from erlsim.terms import Pid
from erlsim.trace.events import Present
from erlsim.trace.history import History

Row = tuple[Any, ...]


def consequences(rows: Sequence[Row], present: Iterable[Present], event: int) -> frozenset[int]:
    """The numbers of the events that event number `event` has led to, itself included."""
    if not 0 <= event < len(rows):
        raise ErlsimError(f"there is no event {event}: the trace has {len(rows)}, the first is 0")
    reader = _Reader(rows, event)
    history = History(present)
    for number, row in enumerate(rows):
        history.apply(row)
        if number >= event:
            reader.read(number, row, history.taken)
    return frozenset(reader.found)


class _Reader:
    def __init__(self, rows: Sequence[Row], event: int) -> None:
        self.event = event
        self.origin = rows[event][2].number
        self.found: dict[int, None] = {}
        # By number of pid: who acts because of it now, whom it has ended, and who was sent an exit signal over it.
        self.acting: dict[int, None] = {}
        self.ended: dict[int, None] = {}
        self.signalled: dict[int, None] = {}
        self.timers: dict[int, None] = {}

    def read(self, number: int, row: Row, taken: int) -> None:
        """One event: whether it belongs to it, and who acts because of it from now on."""
        kind, me, data = row[1], row[2].number, row[3:]
        if number == self.event:
            belongs = True
        elif kind == "receive":
            belongs = taken in self.found
            self._acts(me, belongs and me != self.origin)
        elif kind == "arrive":
            belongs = isinstance(data[1], Pid) and data[1].number in self.ended
        elif kind == "timer":
            belongs = data[0].number in self.timers
        elif kind == "exit":
            by = data[1]
            because = isinstance(by, Pid) and (by.number in self.ended or me in self.signalled)
            belongs = me in self.acting or because
        else:
            belongs = me in self.acting
        if belongs:
            self.found[number] = None
            self._follow(kind, me, data)

    def _acts(self, pid: int, because: bool) -> None:
        if because:
            self.acting[pid] = None
        else:
            self.acting.pop(pid, None)

    def _follow(self, kind: str, me: int, data: Row) -> None:
        match kind:
            case "spawn":
                self.acting[data[0].number] = None
            case "exit":
                self.ended[me] = None
                self.acting.pop(me, None)
            case "exit_signal":
                self.signalled[data[0].number] = None
            case "start_timer":
                self.timers[data[1].number] = None
