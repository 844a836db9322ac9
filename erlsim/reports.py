"""What the simulated world reported: crash, supervisor and progress reports and everything else that is logged.

`Reports` is data and nothing more. It keeps the events that the logger let through, in order, as
OTP's logger has them: `{"level": atom, "msg": ("report", map) | ("string", chars) | (format, args),
"meta": map}`. Levels, filters, handlers and texts belong to `erlsim.otp.logger`, which puts itself
in as `route` (what happens to an event that the kernel raises) and `render` (an event as text).
There are no layers above this one here: nothing of OTP is imported.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple

from erlsim.terms import Term, copy

Event = dict[str, Term]


def as_html(text: str) -> str:
    """A text as a notebook shows it, in letters of one width."""
    from html import escape

    return f'<pre style="white-space: pre-wrap">{escape(text, quote=False)}</pre>'


class Report(NamedTuple):
    """One event, its commonest parts taken out.

    `time_ms` is the simulation's time in milliseconds; `level` the logger's level; `label` the
    report's label (`("proc_lib", "crash")`, or `None` when it has none); `report` the report itself, or for
    a text the pair of its format and its arguments; `pid` who logged it; `event` the whole event.
    """

    time_ms: int
    level: str
    label: Term
    report: Term
    pid: Term
    event: Event

    def __str__(self) -> str:
        """The report as OTP would print it."""
        return text_of(self.event).strip("\n")

    def __repr__(self) -> str:
        """The same: what is asked for at a prompt is read there."""
        return str(self)

    def _repr_html_(self) -> str:
        """The same for notebooks."""
        return as_html(str(self))


class Reports:
    """The reports of one simulation, oldest first. Iterating gives `Report` tuples.

    `print` sends each report to standard output as it happens. `epoch_us` is the simulation's start
    as microseconds since 1970, in which the events count their time.
    """

    route: ClassVar[Callable[[Reports, Event], None] | None] = None
    render: ClassVar[Callable[[Event], str] | None] = None

    def __init__(self, epoch_us: int = 0) -> None:
        self.events: list[Event] = []
        self.print = False
        self.epoch_us = epoch_us
        self.logger: Any = None
        # Who hears of each event that is kept, as it happens.
        self.listener: Callable[[Event], None] | None = None

    def add(self, event: Event) -> None:
        """An event from below the logger (a process that died of an error): log it as the logger would."""
        route = Reports.route
        if route is None:
            self.record(event)
            self.show(event)
        else:
            route(self, event)

    def record(self, event: Event) -> None:
        """Keep an event that has passed the logger's primary level and filters, as it is now."""
        # What OTP's own modules report is made for the report; what others log may go on to change.
        kept = event if "domain" in event["meta"] else copy(event)
        self.events.append(kept)
        if self.listener is not None:
            self.listener(kept)

    def show(self, event: Event) -> None:
        """Print an event, if reports are to be printed."""
        if self.print:
            text = self.text(event)
            sys.stdout.write(text if text.endswith("\n") else text + "\n")

    def text(self, event: Event) -> str:
        """The event as OTP would print it."""
        return text_of(event)

    def texts(self) -> list[str]:
        """Every event as text, oldest first."""
        return [self.text(event) for event in self.events]

    def clear(self) -> None:
        """Forget the events so far."""
        self.events.clear()

    def __iter__(self) -> Iterator[Report]:
        return (self._report(event) for event in self.events)

    def __len__(self) -> int:
        return len(self.events)

    def __str__(self) -> str:
        """Every event as OTP would print it, oldest first."""
        return "\n".join(text.strip("\n") for text in self.texts())

    def __repr__(self) -> str:
        """How many there are of which level."""
        levels = Counter(str(event["level"]) for event in self.events)
        shown = ", ".join(f"{count:,} {level}" for level, count in levels.items())
        return f"<Reports: {shown or 'none'}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """In IPython: that, and the texts."""
        printer.text("\n".join([repr(self), *([str(self)] if self.events else [])]))

    def _repr_html_(self) -> str:
        """The same for notebooks."""
        return as_html("\n".join([repr(self), *([str(self)] if self.events else [])]))

    def _report(self, event: Event) -> Report:
        meta = event["meta"]
        kind, body = event["msg"]
        is_report = isinstance(kind, str) and kind == "report"
        label = body.get("label") if is_report and isinstance(body, dict) else None
        report = body if is_report else event["msg"]
        time_ms = (meta.get("time", self.epoch_us) - self.epoch_us) // 1000
        return Report(time_ms, event["level"], label, report, meta.get("pid"), event)


def text_of(event: Event) -> str:
    """An event as OTP would print it."""
    render = Reports.render
    return f"{event!r}\n" if render is None else render(event)
