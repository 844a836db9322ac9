"""What came of children under their plans, as a value: a table of how processes ended, and lifelines."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from erlsim import ErlsimError
from erlsim.terms import ABSENT, Term, exact_eq
from erlsim.terms import format as io_format
from erlsim.trace import Picture, Span, Timeline
from erlsim.trace.picture import Line

HEADINGS = ("time", "child", "crash", "count", "element", "decision", "state")
STYLES = {"deleted": "soft", "stopped": "down"}
"""How a state looks; every other one has a style of its own name."""


class Ending(NamedTuple):
    """One end of one process, and what came of it.

    `time` in ms; `crash` the reason; `nth` how many ends there were so far, this one included; `element` is
    `(position, plan_element)`, or `None` if the plan had nothing (more) to say; `decision` is what the element
    said (`"restart"`, `("restart", ms)`, `"wait"`, `"delete"`), or `("stop", why)` with the director's exit reason
    without its details; `state` is the child's from then on: `up`, `restarting`, `waiting`, `deleted`, `stopped`.
    """

    time: int
    id: Term
    crash: Term
    nth: int
    element: tuple[int, Term] | None
    decision: Term
    state: str


@dataclass(frozen=True, repr=False)
class Trial(Picture):
    """`rows` in the order in which they happened, and in `timeline` the lives of the children `ids`, in that order.

    `until` is the last instant in ms; `exit` is the reason for which the director ended, without its details, or
    `None` if it did not. As text it is a table; notebooks show a table and the lifelines. `==` compares what happened,
    to the ms; pids do not count.
    """

    ids: tuple[Term, ...]
    rows: tuple[Ending, ...]
    timeline: Timeline
    until: int
    exit: Term = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trial):
            return NotImplemented
        return bool(exact_eq(self._term(), other._term()))

    __hash__ = None  # type: ignore[assignment]

    def _term(self) -> Term:
        ended = "none" if self.exit is None else ("exit", self.exit)
        rows = [tuple("none" if each is None else each for each in row) for row in self.rows]
        lives = [[tuple(span[:3]) for span in line.spans] for line in self.timeline.lifelines]
        return (list(self.ids), rows, lives, self.until, ended)

    def spans(self, id_: Term = ABSENT) -> tuple[Span, ...]:
        """The states of a child (of the only one, if `id_` is left out), one after the other."""
        for each, line in zip(self.ids, self.timeline.lifelines, strict=True):
            if id_ is ABSENT or exact_eq(each, id_):
                return line.spans
        raise ErlsimError(io_format("there is no child ~p here", [id_]))

    def state_at(self, time: int, id_: Term = ABSENT) -> str:
        """The state of a child (of the only one, if `id_` is left out) at an instant in ms, as `Ending` has it."""
        found = [_word(span) for span in self.spans(id_) if span.start <= time <= span.end]
        if not found:
            raise ErlsimError(f"nothing is known of time {time!r} here: the timeline ends at {self.until}")
        return found[-1]

    def difference(self, other: Trial) -> str:
        """The first row or end that two trials do not share, in words; `""` if they are the same."""
        for number, (here, there) in enumerate(zip(self.rows, other.rows, strict=False), 1):
            for heading, left, right in zip(HEADINGS, here, there, strict=True):
                if not exact_eq("none" if left is None else left, "none" if right is None else right):
                    return f"row {number}, {heading}: {_shown(left)} and {_shown(right)}"
        if len(self.rows) != len(other.rows):
            longer = max(self, other, key=lambda each: len(each.rows))
            which = "first" if longer is self else "second"
            number = min(len(self.rows), len(other.rows)) + 1
            return f"row {number} is in the {which} only: {', '.join(_cells(longer.rows[number - 1]))}"
        if self != other:
            return f"the end: {self._ending()} and {other._ending()}"
        return ""

    # ---- showing ------------------------------------------------------------------

    def table(self) -> str:
        """The rows in columns, and the end below them."""
        return self.text()

    def lines(self) -> list[Line]:
        """The table, the states in their colours."""
        headings, *rows = cells = self._table()
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        found: list[Line] = [[(_columns(headings, widths), "strong")]]
        for row in rows:
            *others, state = row
            found.append([(_columns(others, widths) + "  ", ""), (state, STYLES.get(state, state))])
        return [*found, [(self._ending(), "")]]

    def svg(self) -> str:
        """The lifelines of the children."""
        return self.timeline.svg()

    def mermaid(self) -> str:
        """The lifelines as a Gantt chart."""
        return self.timeline.mermaid()

    def _repr_html_(self) -> str:
        headings, *rows = self._table()
        # Wherever it is shown: notebooks and pages have ideas of their own about tables.
        look = 'style="text-align:left;padding:2px 16px 2px 0"'
        head = "".join(f"<th {look}>{escape(cell)}</th>" for cell in headings)
        body = "".join("<tr>" + "".join(f"<td {look}>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        return (
            f'<table style="border-collapse:collapse"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
            f"<p>{escape(self._ending())}</p>{super()._repr_html_()}"
        )

    def _table(self) -> list[tuple[str, ...]]:
        """The headings and the rows as text; the column of children only if there are several."""
        rows = [HEADINGS, *map(_cells, self.rows)]
        return rows if len(self.ids) > 1 else [(time, *rest) for time, _, *rest in rows]

    def _ending(self) -> str:
        if self.exit is not None:
            return f"the director stopped: {_text(self.exit)}"
        states = [f"{_text(id_)} {_word(self.spans(id_)[-1])}" for id_ in self.ids]
        return f"at {self.until} ms: " + ", ".join(states)


def _word(span: Span) -> str:
    """A child is down here only because its director has stopped."""
    return "stopped" if span.state == "down" else span.state


def _columns(cells: Any, widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=False))


def _cells(row: Ending) -> tuple[str, ...]:
    element = "" if row.element is None else f"{row.element[0]}: {_text(row.element[1])}"
    return (str(row.time), _text(row.id), _text(row.crash), str(row.nth), element, _text(row.decision), row.state)


def _text(term: Term) -> str:
    return " ".join(io_format("~0tp", [term]).split())


def _shown(value: Term) -> str:
    return "nothing" if value is None else _text(value)
