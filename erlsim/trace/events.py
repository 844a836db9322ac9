"""The record of a run: one event for each thing that a process did or that was done to it.

Events are plain data in the order in which they happened. The same program under the same schedule
gives the same events, byte for byte, however often and wherever it runs. What an event's `data`
holds depends on its kind:

    spawn        child, (module, function, arity)          exit     reason, who sent the deadly signal or None
    send         to, message                               receive  message
    exit_signal  to, reason                                link, unlink   to
    monitor      item, ref                                 demonitor      item, ref
    register     name                                      unregister     name
    start_timer  to, ref, due                              cancel_timer   ref
    timer        ref, message (sent by a timer to the pid of the event)

Pictures and assertions are built on this and live elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from erlsim import terms
from erlsim.terms import Pid

Term = Any


class Event(NamedTuple):
    """`kind` happened at `time` (ms) to or by `pid`; `data` as the module's text says."""

    time: Any
    kind: str
    pid: Pid
    data: tuple[Term, ...]

    def __str__(self) -> str:
        shown = " ".join("" if item is None else terms.format("~0tp", [item]) for item in self.data)
        return f"{self.time:>8} {self.pid!r:<10} {self.kind} {shown}".rstrip()


class Trace:
    """The events of one simulation; a sequence of `Event`."""

    def __init__(self) -> None:
        self._rows: list[tuple[Any, ...]] = []

    @property
    def record(self) -> Callable[[tuple[Any, ...]], None]:
        """The function that the kernel calls with each row `(time, kind, pid, *data)`."""
        return self._rows.append

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Event]:
        return (_event(row) for row in self._rows)

    def __getitem__(self, index: int) -> Event:
        return _event(self._rows[index])

    def of(self, *kinds: str) -> list[Event]:
        """The events of some kinds."""
        return [event for event in self if event.kind in kinds]

    def clear(self) -> None:
        """Forget what has happened so far."""
        self._rows.clear()

    def text(self) -> str:
        """One line an event: time in ms, pid, kind, data."""
        return "".join(f"{event}\n" for event in self)

    def __repr__(self) -> str:
        return f"<Trace of {len(self)} events>"


def _event(row: tuple[Any, ...]) -> Event:
    return Event(row[0], row[1], row[2], row[3:])
