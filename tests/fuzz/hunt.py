"""The hunt: scenarios are run here and on a real Erlang at once; what differs is confirmed, shrunk and kept.

A difference counts when the Erlang, asked ten times more, answers alike each time and never as erlsim does: what a
real Erlang leaves to chance is no difference.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from tests.fuzz import differences
from tests.fuzz.differences import Answer, Kind
from tests.fuzz.node import Answers, NoAnswer
from tests.fuzz.shrink import TRIES, Shrinker

Scenario = dict[str, Any]
Tree = Any

CONFIRMATIONS = 10
SHRINKING_CONFIRMATIONS = 2
# Of each kind so many are shrunk and shown: the others are most likely the same.
SHOWN_OF_A_KIND = 1


@dataclass
class Found:
    """A difference: the scenario that showed it and the smallest that does, with what the Erlang observed in it."""

    name: str
    kind: Kind
    scenario: Scenario
    ours: list[Tree]
    failure: str = ""


@dataclass
class Tally:
    """What has come of a hunt so far."""

    scenarios: int = 0
    silent: int = 0
    races: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)

    @property
    def differences(self) -> int:
        """How many scenarios differ for certain."""
        return self.kinds.total()


class Hunt:
    """One hunt: `answers` is a real Erlang, `here` runs a scenario in erlsim, `found` hears of each new difference."""

    def __init__(
        self,
        answers: Answers,
        found: Callable[[Found], None] = lambda found: None,
        here: Callable[[Scenario], Answer] = differences.here,
        ahead: int = 8,
        tries: int = TRIES,
    ) -> None:
        self.tally = Tally()
        self._answers = answers
        self._found = found
        self._here = here
        self._ahead = ahead
        self._tries = tries

    def run(self, scenarios: Iterable[Scenario], goes_on: Callable[[], bool] = lambda: True) -> Tally:
        """Look at scenarios until there are no more, or no more time."""
        asked: deque[tuple[Scenario, Future[list[Tree]], Answer]] = deque()
        for scenario in scenarios:
            if not goes_on():
                break
            asked.append((scenario, self._answers.ask(scenario), self._here(scenario)))
            if len(asked) > self._ahead:
                self._look(*asked.popleft())
        while asked and goes_on():
            self._look(*asked.popleft())
        return self.tally

    def _look(self, scenario: Scenario, asked: Future[list[Tree]], ours: Answer) -> None:
        try:
            otp = asked.result()
        except NoAnswer:
            self.tally.silent += 1
            return
        self.tally.scenarios += 1
        kind = differences.kind(scenario, otp, ours)
        if kind is None:
            return
        if self._always(scenario, otp, ours, CONFIRMATIONS) is None:
            self.tally.races += 1
            return
        self.tally.kinds[kind] += 1
        if self.tally.kinds[kind] <= SHOWN_OF_A_KIND:
            self._found(self._shrunk(scenario, otp, ours, kind))

    def _always(self, scenario: Scenario, otp: list[Tree], ours: Answer, times: int) -> list[Tree] | None:
        """What the Erlang answers each of some more times; `None` if that varies, or is ever as here."""
        for asked in [self._answers.ask(scenario) for _ in range(times)]:
            try:
                again = asked.result()
            except NoAnswer:
                return None
            if differences.first(scenario, otp, again) is not None:
                return None
            if differences.first(scenario, again, ours.observed) is None:
                return None
        return otp

    def _shrunk(self, scenario: Scenario, otp: list[Tree], ours: Answer, kind: Kind) -> Found:
        """The smallest scenario with a difference of this kind."""
        index = differences.first(scenario, otp, ours.observed)
        assert index is not None
        observing = differences.observing(scenario)
        place = max(n for n, step in enumerate(scenario["steps"]) if step is observing[min(index, len(observing) - 1)])

        def differs(candidate: Scenario) -> bool:
            return self._as_before(candidate, kind) is not None

        smallest = Shrinker(scenario, differs, self._tries).run(place + 1)
        found = self._as_before(smallest, kind, CONFIRMATIONS)
        if found is None:
            smallest, found = scenario, (otp, ours)
        observed, answer = found
        return Found(scenario["name"], kind, {**smallest, "observed": observed}, answer.observed, answer.failure)

    def _as_before(
        self, scenario: Scenario, kind: Kind, times: int = SHRINKING_CONFIRMATIONS
    ) -> tuple[list[Tree], Answer] | None:
        """What both sides observe in a scenario if they differ in this kind and the Erlang answers alike each time."""
        asked = self._answers.ask(scenario)
        ours = self._here(scenario)
        try:
            otp = asked.result()
        except NoAnswer:
            return None
        if differences.kind(scenario, otp, ours) != kind or self._always(scenario, otp, ours, times - 1) is None:
            return None
        return otp, ours
