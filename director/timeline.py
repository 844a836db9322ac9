"""What becomes of children under their plans, given when and of what they crash: computed, and kept as a value.

`timeline` runs a real director in a simulation of its own. The children's processes are stand-ins that do
nothing but live for the given time and end for the given reason; everything else (checks, plans, timers,
the default childspec) is the director's own doing. Drawing a timeline is in `timeline_views`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from director import api, checks, defaults, timeline_views
from director.child import Child
from director.elements import BadSpec
from director.plan import Step
from erlsim import ErlsimError, Simulation, erlang
from erlsim.terms import Term, copy, exact_eq, key
from erlsim.terms import format as io_format

Crashes = Iterable[tuple[int, Term]]

_ABSENT: Any = object()


class Row(NamedTuple):
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


class Span(NamedTuple):
    """A child was in `state` from `start` to `end`, in ms."""

    id: Term
    start: int
    end: int
    state: str


@dataclass(frozen=True, repr=False)
class Timeline:
    """Rows in the order in which they happened, and the spans of each child. `==` compares all there is.

    `until` is the last instant in ms; `exit` is the reason for which the director ended, without its details, or
    `None` if it did not. `str()` is a table; notebooks show a table and a bar, rich consoles a table.
    """

    rows: tuple[Row, ...]
    spans: tuple[Span, ...]
    until: int
    exit: Term = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Timeline):
            return NotImplemented
        return bool(exact_eq(self._term(), other._term()))

    __hash__ = None  # type: ignore[assignment]

    def _term(self) -> Term:
        ended = "none" if self.exit is None else ("exit", self.exit)
        rows = [tuple("none" if each is None else each for each in row) for row in self.rows]
        return (rows, [tuple(span) for span in self.spans], self.until, ended)

    def difference(self, other: Timeline) -> str:
        """The first thing that differs between two timelines, in words; `""` if they are the same."""
        return timeline_views.difference(self, other)

    def state_at(self, time: int, id_: Term = _ABSENT) -> str:
        """The state of a child (of the only one, if `id_` is left out) at an instant in ms."""
        found = [
            span.state
            for span in self.spans
            if (id_ is _ABSENT or exact_eq(span.id, id_)) and span.start <= time <= span.end
        ]
        if not found:
            raise ErlsimError(f"nothing is known of time {time!r} here: the timeline ends at {self.until}")
        return found[-1]

    def table(self) -> str:
        """The rows as text."""
        return timeline_views.table(self)

    def svg(self) -> str:
        """A bar for each child: when it was up, restarting, waiting, deleted, stopped."""
        return timeline_views.svg(self)

    def __str__(self) -> str:
        return self.table()

    __repr__ = __str__

    def __rich__(self) -> str:
        return timeline_views.rich_text(self)

    def _repr_html_(self) -> str:
        return timeline_views.html(self)


def timeline(
    childspecs: Term,
    crashes: Crashes | Mapping[Term, Crashes],
    until: int | None = None,
    default_childspec: Term = _ABSENT,
    instants: bool = False,
) -> Timeline:
    """Run a child, or several, under their plans against given crashes.

    `childspecs` is one childspec and `crashes` a list of `(uptime, reason)`: the process first lives for that
    many ms and ends for that reason, and so on; when the list is used up the process lives on. Or it is
    a list of childspecs, and `crashes` a mapping of ids to such lists. With `instants` the times are counted from
    the beginning, and a crash at an instant at which the child has no process does not happen. `until`
    in ms; without it the timeline ends when nothing can happen any more. The reason `killed` is a kill.

    Raises `ErlsimError` for a childspec that the director refuses.
    """
    several = isinstance(childspecs, list)
    specs = childspecs if several else [childspecs]
    default = dict(defaults.NOTHING) if default_childspec is _ABSENT else default_childspec
    ids = _checked(specs, default)
    given = dict(crashes) if isinstance(crashes, Mapping) else {ids[0]: list(crashes)} if ids else {}
    plans = {key(id_): list(times) for id_, times in given.items()}
    if unknown := [id_ for id_ in given if key(id_) not in map(key, ids)]:
        raise ErlsimError(f"there is no child {unknown[0]!r} to crash")
    play = _Play(Simulation(trace=False), plans, instants)
    play.run(specs, default, until)
    return play.result(ids)


def _checked(specs: Sequence[Term], default: Term) -> list[Term]:
    try:
        known = checks.default_childspec(default)
        return [checks.childspec(spec, known).id for spec in specs]
    except BadSpec as bad:
        raise ErlsimError(io_format("the director refuses this: ~p", [bad.term])) from None


class _Play:
    """One run: the stand-ins for the children, and what was seen of them."""

    def __init__(self, sim: Simulation, crashes: dict[Any, list[tuple[int, Term]]], instants: bool) -> None:
        self.sim = sim
        self.crashes = crashes
        self.instants = instants
        self.rows: list[Row] = []
        self.changes: list[tuple[int, Term, str]] = []
        self.exit: Term = None

    def run(self, specs: Sequence[Term], default: Term, until: int | None) -> None:
        """Start the director, and let time pass."""
        stand_ins = [{**spec, "start": (self, "start_link", [spec["id"]])} for spec in specs]
        self.sim.run(self._begin, stand_ins, default)
        if until is None:
            self.sim.run_until_idle()
        else:
            self.sim.advance(until - self.sim.now)

    async def _begin(self, specs: list[Term], default: Term) -> None:
        erlang.process_flag("trap_exit", True)
        options = [("watch", self._watch)]
        answer = await api.start(self, ("ok", specs, default), options)
        if answer[0] != "ok":
            raise ErlsimError(io_format("the director refuses this: ~p", [answer[1]]))

    # ---- the callback module and the children's -----------------------------------

    def init(self, argument: Term) -> Term:
        """The director's callback."""
        return argument

    def start_link(self, id_: Term) -> Term:
        """The start function of every stand-in."""
        return ("ok", erlang.spawn_link(self._live, [id_]))

    async def _live(self, id_: Term) -> None:
        mine = self.crashes.get(key(id_), [])
        now = erlang.monotonic_time("millisecond")
        while self.instants and mine and mine[0][0] < now:
            mine.pop(0)
        if not mine:
            await erlang.receive(lambda _: False)
        time, reason = mine.pop(0)
        await erlang.receive(lambda _: False, after=time - now if self.instants else time)
        if isinstance(reason, str) and reason == "killed":
            erlang.exit(erlang.self(), "kill")
        erlang.exit(reason)

    # ---- looking on ----------------------------------------------------------------

    def _watch(self, event: str, child: Child, reason: Term = None, step: Step | None = None) -> None:
        if event == "up" or step is None:
            self.changes.append((self.sim.now, child.id, "up"))
            return
        decision, state = _decided(step.decision)
        element = None if step.element is None else (child.index, step.element)
        nth = child.restart_count + 1
        self.rows.append(Row(int(self.sim.now), child.id, copy(reason), nth, element, decision, state))
        self.changes.append((self.sim.now, child.id, state))
        if state == "stopped":
            self.exit = decision[1]

    def result(self, ids: list[Term]) -> Timeline:
        """What was seen, as a value."""
        until = int(self.sim.now)
        end = self.rows[-1].time if self.exit is not None else until
        spans: list[Span] = []
        for id_ in ids:
            mine = [(time, state) for time, each, state in self.changes if exact_eq(each, id_)]
            if self.exit is not None and (not mine or mine[-1][1] != "stopped"):
                mine.append((end, "stopped"))
            for (start, state), (stop, _) in zip(mine, [*mine[1:], (until, "")], strict=True):
                if stop > start or stop == until:
                    spans.append(Span(id_, start, stop, state))
        return Timeline(tuple(self.rows), tuple(spans), until, self.exit)


def _decided(decision: Term) -> tuple[Term, str]:
    """A decision without details, and the state that it leads to."""
    match decision:
        case "restart":
            return decision, "up"
        case ("restart", _):
            return decision, "restarting"
        case "wait":
            return decision, "waiting"
        case "delete":
            return decision, "deleted"
        case ("stop", (str(name), [("child", _), *_])):
            return ("stop", name), "stopped"
    return decision, "stopped"
