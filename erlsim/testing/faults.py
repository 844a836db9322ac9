"""Faults: what a program has to bear, injected by rule and decided by the chooser.

Each function adds a rule to the simulation that is current (call them in the shell, before or while the program
runs). Where the rule could rule, the chooser is asked, as for any other choice of kind `"fault"`: option 0 is
no fault. So under first-in first-out nothing happens, exploration finds the faults that hurt, and a
schedule replays and shrinks them. With `certain=True` nobody is asked and the first occasion is taken.

Who is meant is said by a pid, a registered name, or `child(id)`; `...` is everybody. Names and ids stand for
whoever bears them at the time: `nth` tells the first from the restarted one. A process that a fault ends
does so as if its own code had failed, whether it traps exits or not. The shell is never ended.
Deaths are here; what happens to starts and signals is in `disruptions`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim import erlang
from erlsim.errors import ErlsimError
from erlsim.simulation import Simulation, current, storage
from erlsim.supervision import BOOK
from erlsim.terms import Pid, Term, exact_eq
from erlsim.trace import Event


class child:
    """The child `id`, of the supervisor `of` (a pid or a registered name) or of any."""

    def __init__(self, id: Term, of: Pid | str | None = None) -> None:
        self.id = id
        self.of = of

    def matches(self, supervisor: Pid, id: Term) -> bool:
        """Whether a supervisor's announcement is about this child."""
        wanted = erlang.whereis(self.of) if isinstance(self.of, str) else self.of
        return exact_eq(self.id, id) and (wanted is None or wanted == supervisor)

    def __repr__(self) -> str:
        return f"child({self.id!r})" if self.of is None else f"child({self.id!r}, of={self.of!r})"


class Target:
    """The processes that a rule is about: `starts` lists those that `who` has stood for until now, oldest first."""

    def __init__(self, sim: Simulation, who: Term) -> None:
        if not (who is ... or isinstance(who, Pid | str | child)):
            raise ErlsimError(f"who is a pid, a registered name, child(id) or ..., not {who!r}")
        self.who = who
        self.starts: list[Pid] = self._present()
        if isinstance(who, str | child):
            # First of all observers: what a rule asks about an event already counts that event.
            sim.observe(self._follow)

    def is_now(self, pid: Pid, nth: int | None = None) -> bool:
        """Whether the rule is about `pid`, as the `nth` process of that name (`None`: whichever)."""
        if self.who is ...:
            return True
        return pid in self.starts and (nth is None or self.starts.index(pid) == nth - 1)

    def alive(self, nth: int | None) -> list[Pid]:
        """Those of them that live, or the `nth` alone."""
        return [pid for pid in self.starts if pid.home is not None and self.is_now(pid, nth)]

    def _present(self) -> list[Pid]:
        if isinstance(self.who, Pid):
            return [self.who]
        if isinstance(self.who, str):
            pid = erlang.whereis(self.who)
            return [pid] if isinstance(pid, Pid) else []
        if not isinstance(self.who, child):
            return []
        supervisors = [pid for pid in erlang.processes() if pid.number in storage(BOOK, dict)]
        pairs = [(pid, each) for pid in supervisors for each in storage(BOOK, dict)[pid.number].children()]
        return [each.state for pid, each in pairs if isinstance(each.state, Pid) and self.who.matches(pid, each.id)]

    def _follow(self, event: Event) -> None:
        pid: Term = None
        if isinstance(self.who, str) and event.kind == "register" and event.data[0] == self.who:
            pid = event.pid
        elif isinstance(self.who, child) and event.kind == "child" and self.who.matches(event.pid, event.data[0]):
            pid = event.data[1]
        if isinstance(pid, Pid) and pid not in self.starts:
            self.starts.append(pid)


class EndRule:
    """A rule that ends processes. `ended` lists `(time, pid)` of those it has ended; `stop()` ends the rule."""

    def __init__(self, what: str, sim: Simulation, reason: Term, times: int, certain: bool) -> None:
        self.what = what
        self.reason = reason
        self.times = times
        self.certain = certain
        self.ended: list[tuple[int, Pid]] = []
        self._sim = sim
        self._shell = erlang.self()

    def consider(self, pid: Pid) -> None:
        """End `pid` now if the chooser says so, or if the rule is certain."""
        if len(self.ended) >= self.times or pid.home is None or pid == self._shell:
            return
        if any(pid == other for _, other in self.ended):
            return
        if self.certain or self._sim.choose("fault", ["nothing", (self.what, pid)]):
            self.ended.append((self._sim.now, pid))
            self._sim.crash(pid, self.reason)

    def consider_each(self, pids: list[Pid]) -> None:
        """As `consider`, for each of several."""
        for pid in pids:
            self.consider(pid)

    def stop(self) -> None:
        """End no more processes."""
        self.times = 0


def crash(
    who: Term,
    reason: Term = "crashed",
    *,
    nth: int | None = None,
    at: int | None = None,
    after: int | None = None,
    times: int = 1,
    certain: bool = False,
) -> EndRule:
    """Let `who` end with `reason`, up to `times` times.

    `nth` counts who has borne the name or id, from 1. `at` is an instant in ms, `after` a number of messages
    that the process has taken; without either, every message that it takes is an occasion (and with `certain`
    its start). After message `after` the process still does what that message asks of it, until it next waits.
    """
    return _ending("crash", who, reason, nth, at, after, times, certain)


def kill(
    who: Term,
    *,
    nth: int | None = None,
    at: int | None = None,
    after: int | None = None,
    times: int = 1,
    certain: bool = False,
) -> EndRule:
    """As `crash`, with the reason of what somebody has killed: `killed`."""
    return _ending("kill", who, "killed", nth, at, after, times, certain)


def _ending(
    what: str,
    who: Term,
    reason: Term,
    nth: int | None,
    at: int | None,
    after: int | None,
    times: int,
    certain: bool,
) -> EndRule:
    sim = current()
    if who is ...:
        raise ErlsimError("name a process to end: a pid, a registered name or child(id)")
    if any(count is not None and count < 1 for count in (nth, after)):
        raise ErlsimError(f"starts and messages are counted from 1, not nth={nth!r}, after={after!r}")
    target = Target(sim, who)
    rule = EndRule(what, sim, reason, times, certain)
    if at is not None:
        at_instant(sim, at, lambda: rule.consider_each(target.alive(nth)))
    elif certain and after is None:
        _at_start(sim, target, nth, rule)
    else:
        _at_messages(sim, target, nth, after, rule)
    return rule


def at_instant(sim: Simulation, at: int, action: Callable[[], Any]) -> None:
    """Call `action` at `at` ms, when the processes of that instant have run."""
    if at < sim.now:
        raise ErlsimError(f"time cannot go back: at={at!r}, and it is {sim.now}")
    sim.env.timeout(at - sim.now).callbacks.append(lambda _event: action())


def _at_start(sim: Simulation, target: Target, nth: int | None, rule: EndRule) -> None:
    def look(event: Event) -> None:
        rule.consider_each(target.alive(nth))

    rule.consider_each(target.alive(nth))
    sim.observe(look)


def _at_messages(sim: Simulation, target: Target, nth: int | None, after: int | None, rule: EndRule) -> None:
    taken: dict[Pid, int] = {}

    def look(event: Event) -> None:
        if event.kind == "receive" and target.is_now(event.pid, nth):
            taken[event.pid] = taken.get(event.pid, 0) + 1
            if after is None or taken[event.pid] == after:
                rule.consider(event.pid)

    sim.observe(look)
