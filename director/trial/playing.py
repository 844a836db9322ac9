"""What becomes of children under their plans, given when and of what they crash.

`timeline` runs a real director in a simulation of its own. The children's processes are stand-ins that do
nothing but live for the given time and end for the given reason; everything else (checks, plans, timers,
the default childspec) is the director's own doing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from director import api, checks, defaults
from director.child import Child
from director.elements import BadSpec
from director.plan import Step
from director.trial.trial import Ending, Trial
from erlsim import ErlsimError, Simulation, erlang
from erlsim.terms import ABSENT, Pid, Term, copy, exact_eq, key
from erlsim.terms import format as io_format
from erlsim.trace import Death, Lifeline, Span, Timeline
from erlsim.trace.facts import show

Crashes = Iterable[tuple[int, Term]]


def timeline(
    childspecs: Term,
    crashes: Crashes | Mapping[Term, Crashes],
    until: int | None = None,
    default_childspec: Term = ABSENT,
    instants: bool = False,
) -> Trial:
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
    default = dict(defaults.NOTHING) if default_childspec is ABSENT else default_childspec
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
        self.rows: list[Ending] = []
        self.pids: list[Pid] = []
        self.changes: list[tuple[int, Term, str, Term]] = []
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

    # ---- observing ----------------------------------------------------------------

    def _watch(self, _event: str, child: Child, reason: Term = None, step: Step | None = None) -> None:
        if step is None:
            self.changes.append((self.sim.now, child.id, "up", child.pid))
            return
        decision, state = _decided(step.decision)
        element = None if step.element is None else (child.index, step.element)
        nth = child.restart_count + 1
        self.rows.append(Ending(int(self.sim.now), child.id, copy(reason), nth, element, decision, state))
        self.pids.append(next(pid for _, id_, _, pid in reversed(self.changes) if exact_eq(id_, child.id)))
        self.changes.append((self.sim.now, child.id, state, None))
        if state == "stopped":
            self.exit = decision[1]

    def result(self, ids: list[Term]) -> Trial:
        """What was seen, as a value."""
        until = int(self.sim.now)
        lifelines = [Lifeline(show(id_, 30), 0, self._spans(id_, until)) for id_ in ids]
        deaths = []
        for row, pid in zip(self.rows, self.pids, strict=True):
            line = next(number for number, id_ in enumerate(ids) if exact_eq(id_, row.id))
            deaths.append(Death(row.time, None, line, pid, row.crash, None, None))
        picture = Timeline(0, until, tuple(lifelines), tuple(deaths))
        return Trial(tuple(ids), tuple(self.rows), picture, until, self.exit)

    def _spans(self, id_: Term, until: int) -> tuple[Span, ...]:
        end = self.rows[-1].time if self.exit is not None else until
        mine = [
            (time, "down" if state == "stopped" else state, pid)
            for time, each, state, pid in self.changes
            if exact_eq(each, id_)
        ]
        if self.exit is not None and (not mine or mine[-1][1] != "down"):
            mine.append((end, "down", None))
        return tuple(
            Span(start, stop, state, pid)
            for (start, state, pid), (stop, _, _) in zip(mine, [*mine[1:], (until, "", None)], strict=True)
            if stop > start or stop == until
        )


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
