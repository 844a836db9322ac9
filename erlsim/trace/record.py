"""The record of a run: the events in the order in which they happened, and the ways to look at them.

What events there are is in `events`, what they have made of the world in `history`. The code for pictures and
files is loaded when it is first needed.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from os import PathLike
from typing import TYPE_CHECKING, Any

from erlsim.errors import ErlsimError
from erlsim.hints import nearest
from erlsim.terms import Term
from erlsim.trace.events import HEAD, WIDTHS, Event, Present, check_kind

if TYPE_CHECKING:
    from erlsim.trace.moments import Moment
    from erlsim.trace.sequence import SequenceChart
    from erlsim.trace.states import States
    from erlsim.trace.timeline import Timeline


class Section:
    """A part of a trace: from event `first` up to, and without, event `last` (`None` while it goes on)."""

    def __init__(self, trace: Trace, name: str, first: int) -> None:
        self.trace = trace
        self.name = name
        self.first = first
        self.last: int | None = None

    def sequence(self, processes: Iterable[Term] | None = None, **options: Any) -> SequenceChart:
        """A chart of it: see `Trace.sequence`."""
        return self.trace.sequence(processes, section=self.name, **options)

    def __repr__(self) -> str:
        last = len(self.trace) if self.last is None else self.last
        return f"<Section {self.name!r}: {last - self.first} events from {self.first} on>"


class Trace:
    """The events of one simulation; a sequence of `Event`.

    `present` are the processes that were there before the first event: pid, role (`"shell"`, `"system"`), name.

    Inside, the values of all events lie in one list, one behind the other: a tuple for each would give Python's
    garbage collector so much to look at that tracing cost twice as much.
    """

    def __init__(self) -> None:
        self._flat: list[Any] = []
        self._starts = array("Q")
        self._looked_at = 0
        self._sections: dict[str, Section] = {}
        self.present: tuple[Present, ...] = ()
        # What was recorded beside the events, if somebody asked for it, and what brings it up to date.
        self.states: States | None = None
        self.settle: Callable[[], None] = lambda: None
        self._clock: Callable[[], Any] | None = None

    def begin(self, present: Iterable[Present], clock: Callable[[], Any]) -> None:
        """Note who is there already, and who knows what time it is."""
        self.present = tuple(present)
        self._clock = clock

    @property
    def now(self) -> Any:
        """How far the trace reaches, in ms: to the present of its simulation."""
        return self._clock() if self._clock is not None else self[-1].time if len(self) else 0

    @property
    def record(self) -> Callable[[tuple[Any, ...]], None]:
        """The function that the kernel calls with each row `(time, kind, pid, *data)`.

        What a row holds is the trace's own: a receiver that changes its message does not change what was sent.
        """
        return self._flat.extend

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The events as the kernel notes them, `(time, kind, pid, *data)`."""
        starts = [*self._index(), len(self._flat)]
        return [tuple(self._flat[start:end]) for start, end in pairwise(starts)]

    def _index(self) -> array[int]:
        """Where each event begins."""
        flat, starts, place = self._flat, self._starts, self._looked_at
        while place < len(flat):
            starts.append(place)
            place += HEAD + WIDTHS[flat[place + 1]]
        self._looked_at = place
        return starts

    def __len__(self) -> int:
        return len(self._index())

    def __iter__(self) -> Iterator[Event]:
        index = 0
        while index < len(self):
            yield self[index]
            index += 1

    def __getitem__(self, index: int) -> Event:
        starts = self._index()
        start = starts[index]
        flat = self._flat
        data = start + HEAD
        return Event(flat[start], flat[start + 1], flat[start + 2], tuple(flat[data : data + WIDTHS[flat[start + 1]]]))

    def of(self, *kinds: str) -> list[Event]:
        """The events of some kinds; `ErlsimError` for a kind that there is not."""
        for kind in kinds:
            check_kind(kind)
        return [event for event in self if event.kind in kinds]

    def sequence(
        self,
        processes: Iterable[Term] | None = None,
        start: Any = None,
        end: Any = None,
        limit: int = 100,
        lanes: int = 10,
        fold: bool = False,
        of: int | None = None,
        section: str | None = None,
        operations: bool = False,
    ) -> SequenceChart:
        """A chart of the messages and signals between some processes.

        `processes` are pids, registered names, child ids or names of functions, in the order of their lanes (a name
        stands for all who bore it), patterns of such (`"till_*"`) or subtrees (`"under:shop"`); without it the first
        that take part, as many as `lanes`. `start` and `end` are instants in ms, both included. With `fold` a call and
        its answer are one arrow. `of` is the number of an event, of which what it has led to is shown alone: a call, a
        crash. `section` is a part of the trace that was given a name. What is more than `limit` rows is cut off,
        and the chart says so. `operations` shows what was done with tables, names and flags, too, as far as the trace
        has it: all of it with `trace="operations"`.
        """
        from erlsim.trace.sequence import Wanted, chart

        span = None if section is None else self._span(section)
        return chart(self.rows, self.present, Wanted(processes, start, end, limit, lanes, fold, of, span, operations))

    @contextmanager
    def section(self, name: str) -> Iterator[Section]:
        """`with sim.trace.section("a till breaks"): ...` gives a name to what happens meanwhile, for charts of it.

        A name that was given before is given to the new part.
        """
        found = self._sections[name] = Section(self, name, len(self))
        try:
            yield found
        finally:
            found.last = len(self)

    def _span(self, name: str) -> tuple[int, int]:
        if name not in self._sections:
            known = ", ".join(map(repr, self._sections)) or "none"
            raise ErlsimError(f"no section is called {name!r}; there are {known}{nearest(name, self._sections)}")
        found = self._sections[name]
        return found.first, len(self) if found.last is None else found.last

    def timeline(self, axis: str = "time", lines: int = 100) -> Timeline:
        """Lifelines of all processes and children: up, restarting, waiting, down, and who has killed whom.

        With `axis="events"` every event has as much room as any other, so that what happens within one millisecond
        can be told apart. What is more than `lines` lifelines is left out, and the picture says so.
        """
        from erlsim.trace.timeline import timeline

        return timeline(self.rows, self.present, self.now, axis, lines)

    def at(self, event: int, links: bool = False, monitors: bool = False) -> Moment:
        """The world as it was right after event number `event` (-1: before the first): its tree and its mailboxes."""
        from erlsim.trace.moments import moment

        return moment(self.rows, self.present, event, links, monitors)

    def to_jsonl(self) -> str:
        """The trace as JSON lines, terms without loss: what `from_jsonl` reads."""
        from erlsim.trace import jsonl

        return "".join(jsonl.write(self.rows, self.present, self.now))

    @classmethod
    def from_jsonl(cls, source: str | PathLike[str]) -> Trace:
        """The trace in a text of JSON lines, or in the file at a `Path`.

        Raises `ErlsimError` for what is no trace. Funs and Python objects come back as what prints the same.
        """
        from erlsim.trace import jsonl

        text = source if isinstance(source, str) else _text_of(source)
        trace = cls()
        rows, present, now = jsonl.read(text)
        for row in rows:
            trace.record(row)
        trace.begin(present, lambda: now)
        return trace

    def to_chrome(self) -> str:
        """The trace in Chrome's trace event format (JSON), for ui.perfetto.dev and chrome://tracing."""
        from erlsim.trace.chrome import chrome

        return chrome(self.rows, self.present, self.now)

    def clear(self) -> None:
        """Forget what has happened so far."""
        self._flat.clear()
        del self._starts[:]
        self._looked_at = 0
        self._sections.clear()
        if self.states is not None:
            self.states.clear()

    def text(self) -> str:
        """One line an event: time in ms, pid, kind, data."""
        return "".join(f"{event}\n" for event in self)

    def __repr__(self) -> str:
        return f"<Trace of {len(self)} events>"


def _text_of(path: PathLike[str]) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()
