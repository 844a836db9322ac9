"""The record of a run: one event for each thing that a process did or that was done to it.

Events are plain data in the order in which they happened. The same program under the same schedule
gives the same events, byte for byte, however often and wherever it runs. What an event's `data`
holds depends on its kind::

    spawn        child, (module, function, arity)          exit     reason, who sent the deadly signal or None
    send         to, message                               receive  message
    exit_signal  to, reason                                link, unlink   to
    monitor      item, ref                                 demonitor      item, ref
    register     name                                      unregister     name
    start_timer  to, ref, due                              cancel_timer   ref
    timer        ref, message (sent by a timer to the pid of the event)
    arrive       message, sender or None, place in the mailbox: what a signal (EXIT, DOWN) brings, and any message
                 whose place was open until now
    drop         message that goes from the mailbox, or never comes into it, without being received
    label        a function's name, or (module, function, arity): what the process runs
    supervise    kind, detail, nameless, ordered, as in `supervision.publish`
    child        id, state: a pid, a word as in `supervision.Child`, or deleted
    shell        (nothing): this process is the shell now
    system       name: this process belongs to the simulation, not to the program

Pictures and assertions are built on this and live elsewhere: `history` has the state of the world at any event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from erlsim import terms
from erlsim.terms import Pid
from erlsim.trace.facts import Present

if TYPE_CHECKING:
    from erlsim.trace.moments import Moment
    from erlsim.trace.sequence import SequenceChart
    from erlsim.trace.timeline import Timeline

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
    """The events of one simulation; a sequence of `Event`.

    `present` are the processes that were there before the first event: pid, role (`"shell"`, `"system"`), name.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[Any, ...]] = []
        self.present: tuple[Present, ...] = ()
        self._clock: Callable[[], Any] | None = None

    def begin(self, present: Iterable[Present], clock: Callable[[], Any]) -> None:
        """Note who is there already, and who knows what time it is."""
        self.present = tuple(present)
        self._clock = clock

    @property
    def now(self) -> Any:
        """How far the trace reaches, in ms: to the present of its simulation."""
        return self._clock() if self._clock is not None else self._rows[-1][0] if self._rows else 0

    @property
    def record(self) -> Callable[[tuple[Any, ...]], None]:
        """The function that the kernel calls with each row `(time, kind, pid, *data)`."""
        return self._rows.append

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The events as the kernel notes them, `(time, kind, pid, *data)`; not to be changed."""
        return self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Event]:
        return (_event(row) for row in self._rows)

    def __getitem__(self, index: int) -> Event:
        return _event(self._rows[index])

    def of(self, *kinds: str) -> list[Event]:
        """The events of some kinds."""
        return [event for event in self if event.kind in kinds]

    def sequence(
        self,
        processes: Iterable[Term] | None = None,
        start: Any = None,
        end: Any = None,
        limit: int = 100,
        lanes: int = 10,
    ) -> SequenceChart:
        """A chart of the messages and signals between some processes.

        `processes` are pids, registered names, child ids or names of functions, in the order of their lanes (a name
        stands for all who bore it); without it the first that take part, as many as `lanes`. `start` and `end` are
        instants in ms, both included. What is more than `limit` rows is cut off, and the chart says so.
        """
        from erlsim.trace.sequence import chart

        return chart(self._rows, self.present, processes, start, end, limit, lanes)

    def timeline(self) -> Timeline:
        """Lifelines of all processes and children: up, restarting, waiting, down, and who has killed whom."""
        from erlsim.trace.timeline import timeline

        return timeline(self._rows, self.present, self.now)

    def at(self, event: int, links: bool = False, monitors: bool = False) -> Moment:
        """The world as it was right after event number `event` (-1: before the first): its tree and its mailboxes."""
        from erlsim.trace.moments import moment

        return moment(self._rows, self.present, event, links, monitors)

    def to_jsonl(self) -> str:
        """The trace as JSON lines, terms without loss: what `from_jsonl` reads."""
        from erlsim.trace import jsonl

        return "".join(jsonl.write(self._rows, self.present, self.now))

    @classmethod
    def from_jsonl(cls, source: str | PathLike[str]) -> Trace:
        """The trace in a text of JSON lines, or in the file at a `Path`.

        Raises `ErlsimError` for what is no trace. Funs and Python objects come back as what prints the same.
        """
        from erlsim.trace import jsonl

        text = source if isinstance(source, str) else Path(source).read_text(encoding="utf-8")
        trace = cls()
        trace._rows, present, now = jsonl.read(text)
        trace.begin(present, lambda: now)
        return trace

    def to_chrome(self) -> str:
        """The trace in Chrome's trace event format (JSON), for ui.perfetto.dev and chrome://tracing."""
        from erlsim.trace.chrome import chrome

        return chrome(self._rows, self.present, self.now)

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
