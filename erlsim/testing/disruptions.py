"""Faults that end nobody: starts that fail, signals that are late or held, children that do not stop when told.

Decided as the faults in `faults` are, and addressed as those are.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from erlsim import code, erlang
from erlsim.errors import ErlsimError
from erlsim.simulation import Simulation, current, storage
from erlsim.terms import Pid, Term
from erlsim.testing.faults import Target, at_instant

SIGNAL_RULES, STARTS = "late signals", "failing starts"
R = TypeVar("R", bound="SignalRule")


class SignalRule:
    """A rule for the signals of one to another. `affected` counts those it has changed; `stop()` ends the rule."""

    def __init__(self, sim: Simulation, sender: Term, receiver: Term, what: str, certain: bool) -> None:
        self.sender, self.receiver = Target(sim, sender), Target(sim, receiver)
        self.what = what
        self.certain = certain
        self.affected = 0
        self.active = True
        self.delays: Any = None
        self._sim = sim

    def applies(self, sender: Pid, receiver: Pid, kind: str) -> bool:
        """Whether the signal that is being sent is changed: the chooser decides, if the rule is about it at all."""
        if not (self.active and self.sender.is_now(sender) and self.receiver.is_now(receiver)):
            return False
        applied = self.certain or bool(self._sim.choose("fault", ["nothing", (self.what, sender, receiver, kind)]))
        self.affected += applied
        return applied

    def decide(self, sender: Pid, receiver: Pid, kind: str, term: Term) -> int | str:
        """What becomes of a signal."""
        raise NotImplementedError

    def stop(self) -> None:
        """Leave signals alone from now on; what is late already stays so."""
        self.active = False


class _Delay(SignalRule):
    ms = 0

    def decide(self, sender: Pid, receiver: Pid, kind: str, term: Term) -> int | str:
        return self.ms if self.applies(sender, receiver, kind) else 0


class Hold(SignalRule):
    """Signals that are held back until `release()`."""

    open = False

    def decide(self, sender: Pid, receiver: Pid, kind: str, term: Term) -> int | str:
        if self.open or not self.applies(sender, receiver, kind):
            return 0
        # Signals keep their order, so what is sent after a held one waits behind it: no further choice is made.
        self.certain = True
        return "hold"

    def release(self) -> None:
        """Let go what is held, in order, and hold nothing any more."""
        self.open = True
        self.delays.release()


class _IgnoredExits(SignalRule):
    def decide(self, sender: Pid, receiver: Pid, kind: str, term: Term) -> int | str:
        if kind != "exit" or (isinstance(term, str) and term in ("kill", "killed")):
            return 0
        if not self.applies(sender, receiver, kind):
            return 0
        # That it has to be killed in the end is its supervisor's report, and the test's doing.
        self._sim.crashes.blame(receiver)
        return "ignore"


def delay(sender: Term, receiver: Term, ms: int, *, certain: bool = False) -> SignalRule:
    """Let each signal from `sender` to `receiver` be `ms` late, or not. Those sent after it arrive after it."""
    if ms < 1:
        raise ErlsimError(f"a delay is a positive number of ms, not {ms!r}")
    rule = _Delay(current(), sender, receiver, "delay", certain)
    rule.ms = ms
    return _add(rule)


def hold(sender: Term, receiver: Term, *, until: int | None = None, certain: bool = False) -> Hold:
    """Hold every signal from `sender` to `receiver`, from one of them on, until `release()` or the instant `until`."""
    rule = Hold(current(), sender, receiver, "hold", certain)
    if until is not None:
        at_instant(current(), until, rule.release)
    return _add(rule)


def ignore_shutdown(who: Term, *, certain: bool = False) -> SignalRule:
    """Make `who` ignore exit signals, unless they kill: a child that does not stop when it is told to."""
    return _add(_IgnoredExits(current(), ..., who, "ignore", certain))


def _add(rule: R) -> R:
    rules = _signal_rules()
    rule.delays = rules.delays
    rules.rules.append(rule)
    return rule


class _SignalRules:
    """All rules for signals of one simulation: the first that changes a signal decides."""

    def __init__(self) -> None:
        self.rules: list[SignalRule] = []
        self.delays = current().intercept(self.decide)

    def decide(self, sender: Pid, receiver: Pid, kind: str, term: Term) -> int | str:
        decisions = (rule.decide(sender, receiver, kind, term) for rule in self.rules)
        return next((each for each in decisions if each), 0)


def _signal_rules() -> _SignalRules:
    rules: _SignalRules = storage(SIGNAL_RULES, _SignalRules)
    return rules


class FailingStart:
    """A start that fails. `failed` counts how often it has; `stop()` lets it succeed from now on."""

    def __init__(self, sim: Simulation, times: int, reason: Term, certain: bool) -> None:
        self.failed = 0
        self._sim = sim
        self._times = times
        self._reason = reason
        self._certain = certain

    def may_fail(self, what: str) -> None:
        """The function is called: fail, or not."""
        if self.failed < self._times and (self._certain or self._sim.choose("fault", ["nothing", what])):
            self.failed += 1
            self._sim.crashes.blame_start(erlang.self(), self._reason)
            erlang.exit(self._reason)

    def stop(self) -> None:
        """Fail no more."""
        self._times = 0


def fail_start(
    module: Term, times: int = 1, reason: Term = "failed", *, function: str = "init", certain: bool = False
) -> FailingStart:
    """Let `module:function`, a callback or a start function, exit with `reason` up to `times` times when it is called.

    It fails where the current simulation calls it by name, as behaviours and supervisors do. The module itself stays
    as it is: other simulations, and a plain Python call, find the function that it always had.
    """
    what = f"{code.name(module)}:{function}"
    rule = FailingStart(current(), times, reason, certain)
    rules: dict[str, list[FailingStart]] = storage(STARTS, dict)
    if what not in rules:
        code.wrap(module, function, lambda wrapped: _starting(wrapped, rules.setdefault(what, []), what))
    rules[what].append(rule)
    return rule


def _starting(function: Callable[..., Any], rules: list[FailingStart], what: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def starting(*args: Term) -> Term:
        for rule in rules:
            rule.may_fail(what)
        return function(*args)

    return starting
