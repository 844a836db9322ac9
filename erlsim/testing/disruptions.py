"""Faults that end nobody: starts that fail, signals that are late or held, children that do not stop when told.

Decided as the faults in `faults` are, and addressed as those are.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from erlsim import code, erlang, hints
from erlsim.errors import ErlsimError, Error
from erlsim.simulation import Simulation, current, storage
from erlsim.terms import Pid, Term
from erlsim.testing.faults import Target, at_instant
from erlsim.testing.strikes import Fault, call_text, called

SIGNAL_RULES, STARTS = "late signals", "failing starts"
R = TypeVar("R", bound="SignalRule")


class SignalRule(Fault):
    """A rule for the signals of one to another. `affected` counts those it has changed; `stop()` ends the rule."""

    def __init__(
        self, sim: Simulation, call: str, sender: Target, receiver: Target, certain: bool, optional: bool
    ) -> None:
        super().__init__(sim, call, certain, optional)
        self.what = call.partition("(")[0]
        self.sender, self.receiver = sender, receiver
        self.active = True
        self.delays: Any = None

    @property
    def affected(self) -> int:
        """How many signals it has changed."""
        return self.strikes

    def strikes_at(self, sender: Pid, receiver: Pid, kind: str) -> bool:
        """Whether the signal that is being sent is changed: the chooser decides, if the rule is about it at all."""
        if not (self.active and self.sender.stands_for(sender) and self.receiver.stands_for(receiver)):
            return False
        if not self._chosen((self.what, sender, receiver, kind)):
            return False
        self._struck(lambda: f"{kind} of {called(self.sender.who, sender)} to {called(self.receiver.who, receiver)}")
        return True

    def decide(self, sender: Pid, receiver: Pid, kind: str, term: Term) -> int | str:
        """What becomes of a signal."""
        raise NotImplementedError

    def missing(self) -> str:
        """That one of the two was never there."""
        return self.sender.missing() or self.receiver.missing()

    def waited_for(self) -> str:
        """That there was no signal."""
        return f"no signal went from {_who(self.sender)} to {_who(self.receiver)}"

    def stop(self) -> None:
        """Leave signals alone from now on; what is late already stays so."""
        self.active = False


def _who(target: Target) -> str:
    return "anybody" if target.who is ... else repr(target.who)


class _Delay(SignalRule):
    ms = 0

    def decide(self, sender: Pid, receiver: Pid, kind: str, term: Term) -> int | str:
        return self.ms if self.strikes_at(sender, receiver, kind) else 0


class Hold(SignalRule):
    """Signals that are held back until `release()`."""

    released = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # From whom to whom: what another one holds stays held.
        self.held: list[tuple[Pid, Pid]] = []

    def decide(self, sender: Pid, receiver: Pid, kind: str, term: Term) -> int | str:
        if self.released or not self.strikes_at(sender, receiver, kind):
            return 0
        # Signals keep their order, so what is sent after a held one waits behind it: no further choice is made.
        self.certain = True
        if (sender, receiver) not in self.held:
            self.held.append((sender, receiver))
        return "hold"

    def release(self) -> None:
        """Let go what is held, in order, and hold nothing any more."""
        self.released = True
        for pair in self.held:
            self.delays.release(pair)
        self.held.clear()


class _IgnoredExits(SignalRule):
    def decide(self, sender: Pid, receiver: Pid, kind: str, term: Term) -> int | str:
        if kind != "exit" or (isinstance(term, str) and term in ("kill", "killed")):
            return 0
        if not self.strikes_at(sender, receiver, kind):
            return 0
        # That it has to be killed in the end is its supervisor's report, and the test's doing.
        self._sim.crashes.blame(receiver)
        return "ignore"

    def waited_for(self) -> str:
        return f"no exit signal that can be ignored went to {_who(self.receiver)}"


def delay(sender: Term, receiver: Term, ms: int, *, certain: bool = False, optional: bool = False) -> SignalRule:
    """Let each signal from `sender` to `receiver` be `ms` late, or not. Those sent after it arrive after it."""
    if ms < 1:
        raise ErlsimError(f"a delay is a positive number of ms, not {ms!r}")
    call = call_text("delay", sender, receiver, ms, certain=certain)
    rule = _Delay(current(), call, *_targets(sender, receiver), certain, optional)
    rule.ms = ms
    return _add(rule)


def hold(
    sender: Term, receiver: Term, *, until: int | None = None, certain: bool = False, optional: bool = False
) -> Hold:
    """Hold every signal from `sender` to `receiver`, from one of them on, until `release()` or the instant `until`."""
    call = call_text("hold", sender, receiver, until=until, certain=certain)
    rule = Hold(current(), call, *_targets(sender, receiver), certain, optional)
    if until is not None:
        at_instant(current(), until, rule.release)
    return _add(rule)


def ignore_shutdown(who: Term, *, certain: bool = False, optional: bool = False) -> SignalRule:
    """Make `who` ignore exit signals, unless they kill: a child that does not stop when it is told to."""
    call = call_text("ignore_shutdown", who, certain=certain)
    return _add(_IgnoredExits(current(), call, *_targets(..., who), certain, optional))


def _targets(sender: Term, receiver: Term) -> tuple[Target, Target]:
    return Target(current(), sender), Target(current(), receiver)


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


class FailingStart(Fault):
    """A start that fails. `failed` counts how often it has; `stop()` lets it succeed from now on."""

    def __init__(self, sim: Simulation, call: str, what: str, times: int, reason: Term, how: tuple[bool, bool]) -> None:
        super().__init__(sim, call, *how)
        self._what = what
        self._times = times
        self._reason = reason

    @property
    def failed(self) -> int:
        """How often it has failed."""
        return self.strikes

    def begin(self) -> None:
        """The function is called: it fails, or not."""
        if self.failed < self._times and self._chosen(self._what):
            me = erlang.self()
            self._struck(lambda: f"{self._what} in {me!r}")
            self._sim.crashes.blame_start(me, self._reason)
            erlang.exit(self._reason)

    def missing(self) -> str:
        """Nothing: there is such a function."""
        return ""

    def waited_for(self) -> str:
        """That nobody has called it."""
        return f"nobody called {self._what} by name"

    def stop(self) -> None:
        """Fail no more."""
        self._times = 0


def fail_start(
    module: Term,
    times: int = 1,
    reason: Term = "failed",
    *,
    function: str = "init",
    certain: bool = False,
    optional: bool = False,
) -> FailingStart:
    """Let `module:function`, a callback or a start function, exit with `reason` up to `times` times when it is called.

    It fails where the current simulation calls it by name, as behaviours and supervisors do. The module itself stays
    as it is: other simulations, and a plain Python call, find the function that it always had.
    """
    if times < 1:
        raise ErlsimError(f"a start fails a positive number of times, not {times!r}")
    name = code.name(module)
    what = f"{name}:{function}"
    rules: dict[str, list[FailingStart]] = storage(STARTS, dict)
    if what not in rules:
        _check_function(module, name, function)
        code.wrap(module, function, lambda wrapped: _starting(wrapped, rules.setdefault(what, [])))
    given = {"times": times if times != 1 else None, "function": function if function != "init" else None}
    call = call_text("fail_start", name, **given, certain=certain)
    rule = FailingStart(current(), call, what, times, reason, (certain, optional))
    rules[what].append(rule)
    return rule


def _check_function(module: Term, name: str, function: str) -> None:
    """`ErlsimError` for a module that nobody made known, and for a function that it has not got."""
    try:
        found = code.resolve(module)
    except Error as unknown:
        notes = "; ".join(getattr(unknown, "__notes__", ()))
        raise ErlsimError(f"no module is called {name!r}; {notes}") from None
    has = [each for each in dir(found) if not each.startswith("_") and callable(getattr(found, each))]
    if function not in has:
        known = ", ".join(has) or "none"
        raise ErlsimError(f"{name!r} has no function {function!r}; there are {known}{hints.nearest(function, has)}")


def _starting(function: Callable[..., Any], rules: list[FailingStart]) -> Callable[..., Any]:
    @functools.wraps(function)
    def starting(*args: Term) -> Term:
        for rule in rules:
            rule.begin()
        return function(*args)

    return starting
