"""Faults: what a program has to bear, injected by rule and decided by the chooser.

Each function adds a rule to the simulation that is current (call them in the shell, before or while the program
runs). Where the rule could rule, the chooser is asked, as for any other choice of kind `"fault"`: option 0 is
no fault. So under first-in first-out nothing happens, exploration finds the faults that hurt, and a
schedule replays and shrinks them. With `certain=True` nobody is asked and the first occasion is taken.

Who is meant is said by a pid, a registered name, or `child(id)`; `...` is everybody. Names and ids stand for
whoever bears them at the time: `nth` tells the first from the restarted one. A process that a fault ends
does so as if its own code had failed, whether it traps exits or not. The shell is never ended.
A fault that never strikes, because nobody bears the name for instance, fails its test unless it is `optional`: see
`strikes`. Deaths are here; what happens to starts and signals is in `disruptions`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from erlsim import erlang, hints
from erlsim.errors import ErlsimError
from erlsim.simulation import Simulation, current, storage
from erlsim.supervision import BOOK
from erlsim.terms import Pid, Term, exact_eq
from erlsim.testing.strikes import Fault, call_text, called, ordinal
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
        # What others have been called, to be told to whoever has slipped.
        self.others: dict[str, None] = {}
        self.starts: list[Pid] = self._present()
        if isinstance(who, str | child):
            # First of all observers: what a rule asks about an event already counts that event.
            sim.observe(self._follow)

    def stands_for(self, pid: Pid, nth: int | None = None) -> bool:
        """Whether the rule is about `pid`, as the `nth` process of that name (`None`: whichever)."""
        if self.who is ...:
            return True
        return pid in self.starts and (nth is None or self.starts.index(pid) == nth - 1)

    def alive(self, nth: int | None) -> list[Pid]:
        """Those of them that live, or the `nth` alone."""
        return [pid for pid in self.starts if pid.home is not None and self.stands_for(pid, nth)]

    def missing(self, nth: int | None = None) -> str:
        """That there was no such process, in words; nothing if there was."""
        if self.who is ... or len(self.starts) >= (nth or 1):
            return ""
        if self.starts:
            return f"there was no {ordinal(nth or 1)} {self.who!r}, only {len(self.starts)}"
        known = ", ".join(map(repr, self.others))
        if isinstance(self.who, child):
            there = f"there were {known}" if known else "no supervisor had children"
            return f"there was no {self.who!r}; {there}{hints.nearest(_text(self.who.id), self.others)}"
        there = f"there were {known}" if known else "nobody had a name"
        return f"nobody was called {self.who!r}; {there}{hints.nearest(str(self.who), self.others)}"

    def _present(self) -> list[Pid]:
        if isinstance(self.who, Pid):
            return [self.who]
        if isinstance(self.who, str):
            self.others.update(dict.fromkeys(name for name in erlang.registered() if name != "user"))
            pid = erlang.whereis(self.who)
            return [pid] if isinstance(pid, Pid) else []
        if not isinstance(self.who, child):
            return []
        supervisors = [pid for pid in erlang.processes() if pid.number in storage(BOOK, dict)]
        pairs = [(pid, each) for pid in supervisors for each in storage(BOOK, dict)[pid.number].children()]
        self.others.update(dict.fromkeys(_text(each.id) for _, each in pairs))
        return [each.state for pid, each in pairs if isinstance(each.state, Pid) and self.who.matches(pid, each.id)]

    def _follow(self, event: Event) -> None:
        pid: Term = None
        if isinstance(self.who, str) and event.kind == "register":
            self.others[event.data[0]] = None
            pid = event.pid if event.data[0] == self.who else None
        elif isinstance(self.who, child) and event.kind == "child":
            self.others[_text(event.data[0])] = None
            pid = event.data[1] if self.who.matches(event.pid, event.data[0]) else None
        if isinstance(pid, Pid) and pid not in self.starts:
            self.starts.append(pid)


def _text(id: Term) -> str:
    return id if isinstance(id, str) else repr(id)


class EndRule(Fault):
    """A rule that ends processes. `ended` lists `(time, pid)` of those it has ended; `stop()` ends the rule."""

    def __init__(self, what: str, target: Target, reason: Term, how: Occasion, sim: Simulation) -> None:
        given = {"nth": how.nth, "at": how.at, "after": how.after, "certain": how.certain}
        times = how.times if how.times != 1 else None
        reasons = [] if what == "kill" or exact_eq(reason, "crashed") else [reason]
        text = call_text(what, target.who, *reasons, **given, times=times)
        super().__init__(sim, text, how.certain, how.optional)
        self.what = what
        self.target = target
        self.reason = reason
        self.times = how.times
        self.ended: list[tuple[int, Pid]] = []
        self._how = how
        self._shell = erlang.self()

    def strike(self, pid: Pid) -> None:
        """End `pid` now if the chooser says so, or if the rule is certain."""
        if len(self.ended) >= self.times or pid.home is None or pid == self._shell:
            return
        if any(pid == other for _, other in self.ended):
            return
        if self._chosen((self.what, pid)):
            self.ended.append((self._sim.now, pid))
            self._struck(lambda: called(self.target.who, pid))
            self._sim.crash(pid, self.reason)

    def strike_all(self) -> None:
        """As `strike`, for each that the rule is about."""
        for pid in self.target.alive(self._how.nth):
            self.strike(pid)

    def missing(self) -> str:
        """That nobody was there whom it could end."""
        return self.target.missing(self._how.nth)

    def waited_for(self) -> str:
        """That its occasion has not come."""
        who = repr(self.target.who)
        if self._how.at is not None:
            return f"{who} did not live at {self._how.at} ms"
        if self._how.after is not None:
            return f"{who} did not take {self._how.after} messages"
        return f"{who} took no message while it lived"

    def stop(self) -> None:
        """End no more processes."""
        self.times = 0


class Occasion(NamedTuple):
    """When a rule may strike: see `crash`."""

    nth: int | None
    at: int | None
    after: int | None
    times: int
    certain: bool
    optional: bool


def crash(
    who: Term,
    reason: Term = "crashed",
    *,
    nth: int | None = None,
    at: int | None = None,
    after: int | None = None,
    times: int = 1,
    certain: bool = False,
    optional: bool = False,
) -> EndRule:
    """Let `who` end with `reason`, up to `times` times.

    `nth` counts who has borne the name or id, from 1. `at` is an instant in ms, `after` a number of messages
    that the process has taken; without either, every message that it takes is an occasion (and with `certain`
    its start). After message `after` the process still does what that message asks of it, until it next waits.
    With `optional` it need not strike: see `all_struck`.
    """
    return _end_rule("crash", who, reason, Occasion(nth, at, after, times, certain, optional))


def kill(
    who: Term,
    *,
    nth: int | None = None,
    at: int | None = None,
    after: int | None = None,
    times: int = 1,
    certain: bool = False,
    optional: bool = False,
) -> EndRule:
    """As `crash`, with the reason of what somebody has killed: `killed`."""
    return _end_rule("kill", who, "killed", Occasion(nth, at, after, times, certain, optional))


def _end_rule(what: str, who: Term, reason: Term, how: Occasion) -> EndRule:
    sim = current()
    if who is ...:
        raise ErlsimError("name a process to end: a pid, a registered name or child(id)")
    if any(count is not None and count < 1 for count in (how.nth, how.after, how.times)):
        raise ErlsimError(
            f"starts, messages and times are counted from 1, not nth={how.nth!r}, after={how.after!r}, "
            f"times={how.times!r}"
        )
    if isinstance(who, Pid) and how.nth is not None and how.nth > 1:
        raise ErlsimError(f"{who!r} is one process, there is no {ordinal(how.nth)} of it: give a name or child(id)")
    target = Target(sim, who)
    rule = EndRule(what, target, reason, how, sim)
    if how.at is not None:
        at_instant(sim, how.at, rule.strike_all)
    elif how.certain and how.after is None:
        _at_start(sim, rule)
    else:
        _at_messages(sim, target, how, rule)
    return rule


def at_instant(sim: Simulation, at: int, action: Callable[[], Any]) -> None:
    """Call `action` at `at` ms, when the processes of that instant have run."""
    if at < sim.now:
        raise ErlsimError(f"time cannot go back: at={at!r}, and it is {sim.now}")
    sim.env.timeout(at - sim.now).callbacks.append(lambda _event: action())


def _at_start(sim: Simulation, rule: EndRule) -> None:
    rule.strike_all()
    sim.observe(lambda event: rule.strike_all())


def _at_messages(sim: Simulation, target: Target, how: Occasion, rule: EndRule) -> None:
    taken: dict[Pid, int] = {}

    def look(event: Event) -> None:
        if event.kind == "receive" and target.stands_for(event.pid, how.nth):
            taken[event.pid] = taken.get(event.pid, 0) + 1
            if how.after is None or taken[event.pid] == how.after:
                rule.strike(event.pid)

    sim.observe(look)
