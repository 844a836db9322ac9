"""What a survivor does differently: a scenario that tells it from the original, found by search and made small.

Two pytest sessions play the same scenarios, one with the original and one with the mutant: a test of the user's as the
load, and deaths, exit signals, stops and freezes of its processes at drawn instants (`playing`). What can be seen of
both runs is compared (`observing`), who lives and dies and what is answered first. hypothesis draws the scenarios and
makes the one that is found small. What differs in nothing but links, monitors and unread messages is taken if nothing
better is found. No difference in so many tries is no proof that there is none; `equivalence` knows of proofs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from erlsim.lab.mutation.finding.mutants import Mutant
from erlsim.lab.mutation.telling.equivalence import same_program
from erlsim.lab.mutation.telling.observing import ANSWERS, KEPT, Line
from erlsim.lab.mutation.trying.agents import Agent
from erlsim.lab.mutation.trying.campaign import Baseline, Campaign

TRIES = 300
# So many further scenarios are tried to make the one small that was found.
SHRINKING = 150
# How many tests of a mutant are looked at, and how many of them, those with most processes, are loads.
LOOKED_AT, LOADS = 16, 5
# After the last action it is waited for so long, in virtual ms, and for twice the times that the mutant is about.
SETTLE = 200
# The real seconds that one scenario may take.
PATIENCE = 30.0
SCENARIO, EQUIVALENT, NONE, UNSEARCHED = "scenario", "equivalent", "none", "unsearched"


@dataclass(frozen=True)
class Verdict:
    """What the search for a difference has come to.

    `result`: `scenario` (then `test` and `actions` say what to do, `at` when the difference shows, `original` and
    `mutant` what is seen of each alone at that instant; `hidden` if that is only links, monitors or unread messages);
    `equivalent` and `why`; `none` after so many `tries`; `unsearched` and `why`.
    """

    result: str
    why: str = ""
    tries: int = 0
    test: str = ""
    actions: list[dict[str, Any]] = field(default_factory=list)
    at: int = 0
    original: list[str] = field(default_factory=list)
    mutant: list[str] = field(default_factory=list)
    hidden: bool = False

    @property
    def is_equivalent(self) -> bool:
        """Whether nobody can tell the mutant from the original."""
        return self.result == EQUIVALENT

    @property
    def data(self) -> dict[str, Any]:
        """It as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Difference:
    """The first instant at which two runs differ, what only each of them has there, and at which level."""

    at: int
    level: int
    original: list[str]
    mutant: list[str]


def compare(original: Sequence[Line], mutant: Sequence[Line], level: int) -> Difference | None:
    """The first difference up to a level; `None` if there is none."""
    ours, theirs = _by_instant(original, level), _by_instant(mutant, level)
    for at in sorted(dict.fromkeys([*ours, *theirs])):
        left, right = ours.get(at, []), theirs.get(at, [])
        if sorted(left) != sorted(right):
            only = _without(left, right), _without(right, left)
            return Difference(at, min(each.level for some in only for each in some), *map(_texts, only))
    return None


def _by_instant(lines: Sequence[Line], level: int) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    for line in lines:
        if line.level <= level:
            found.setdefault(line.time, []).append(line)
    return found


def _without(lines: list[Line], others: list[Line]) -> list[Line]:
    rest = list(others)
    return [each for each in lines if each not in rest or rest.remove(each)]  # type: ignore[func-returns-value]


def _texts(lines: list[Line]) -> list[str]:
    return [each.text for each in lines]


# ---- two worlds ---------------------------------------------------------------------


class Pair:
    """The original and the mutant, side by side."""

    def __init__(self, original: Agent, mutant: Agent, settle: int) -> None:
        self._agents = original, mutant
        self._settle = settle
        self._known: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        self.played = 0

    def play(self, test: str, actions: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
        """What is seen of both; `{"gone": True}` of one that did not come back."""
        scenario = {"test": test, "actions": actions, "settle": self._settle}
        key = json.dumps(scenario)
        if key not in self._known:
            self.played += 1
            for agent in self._agents:
                agent.send(scenario)
            left, right = (agent.answer(PATIENCE) or {"gone": True} for agent in self._agents)
            self._known[key] = left, right
        return self._known[key]

    def difference(self, test: str, actions: list[dict[str, Any]], level: int) -> Difference | None:
        """The first difference that a scenario makes."""
        left, right = self.play(test, actions)
        if "lines" not in left:
            return None
        if "lines" not in right:
            return Difference(0, ANSWERS, ["the scenario comes to its end"], ["it does not"])
        ours, theirs = ([Line(*line) for line in each["lines"]] for each in (left, right))
        return compare(ours, theirs, level)

    @property
    def is_whole(self) -> bool:
        """Whether both are still there."""
        return all("gone" not in answer for pair in self._known.values() for answer in pair)


@contextmanager
def paired(campaign: Campaign, mutant: Mutant) -> Iterator[Pair]:
    """Both, in copies of two of the campaign's agents."""
    settle = SETTLE + 2 * max(mutant.numbers, default=0)
    with campaign.borrowed() as original, campaign.borrowed() as other:
        original.send({"do": "play"})
        other.send({"do": "play", "mutant": {"path": str(mutant.source.path), "text": mutant.text}})
        yield Pair(original, other, settle)
        for agent in (original, other):
            agent.send({"do": "end"})
            if agent.answer(PATIENCE) is None:
                agent.close()


# ---- the search ----------------------------------------------------------------------


def search(mutant: Mutant, campaign: Campaign, baseline: Baseline, tries: int = TRIES) -> Verdict:
    """What a mutant does differently that all tests have let pass."""
    reason = same_program(mutant)
    if reason:
        return Verdict(EQUIVALENT, reason)
    if not campaign.forks:
        return Verdict(UNSEARCHED, "this system has no fork")
    try:
        import hypothesis  # noqa: F401
    except ImportError:
        return Verdict(UNSEARCHED, "hypothesis is not installed: pip install 'erlsim[hypothesis]'")
    runs = baseline.users_of(mutant) or baseline.tests_of(mutant)
    tests = [test for test in runs if test in baseline.playable] or baseline.playable
    if not tests:
        return Verdict(UNSEARCHED, "none of the tests is an async test that could be the load")
    with paired(campaign, mutant) as pair:
        return _search(mutant, pair, tests, tries)


def _search(mutant: Mutant, pair: Pair, tests: list[str], tries: int) -> Verdict:
    loads: dict[str, list[list[str]]] = {}
    for test in tests[:: max(1, len(tests) // LOOKED_AT)]:
        as_it_is = pair.difference(test, [], ANSWERS)
        if as_it_is is not None:
            return _scenario(pair, test, [], as_it_is)
        left, _ = pair.play(test, [])
        if left.get("who"):
            loads[test] = left["who"]
    if not loads:
        return Verdict(UNSEARCHED, "none of its tests has processes with names")
    richest = sorted(loads, key=lambda test: -len(loads[test]))[:LOADS]
    hunt = Hunt(mutant, pair, {test: loads[test] for test in richest}, tries)
    found = hunt.find(ANSWERS) or hunt.hidden()
    if found is not None:
        return found
    return Verdict(NONE, tries=pair.played)


def _scenario(pair: Pair, test: str, actions: list[dict[str, Any]], found: Difference) -> Verdict:
    return Verdict(
        SCENARIO,
        tries=pair.played,
        test=test,
        actions=actions,
        at=found.at,
        original=found.original,
        mutant=found.mutant,
        hidden=found.level >= KEPT,
    )


class Hunt:
    """The search for one mutant, among scenarios over some loads: each a test and whom it has."""

    def __init__(self, mutant: Mutant, pair: Pair, loads: dict[str, list[list[str]]], tries: int) -> None:
        self._mutant = mutant
        self._pair = pair
        self._loads = loads
        self._tries = tries
        self._hidden: tuple[str, list[dict[str, Any]]] | None = None

    def find(self, level: int) -> Verdict | None:
        """The smallest scenario that makes a difference up to a level."""
        from hypothesis import HealthCheck, Phase, find, settings
        from hypothesis.errors import NoSuchExample

        from erlsim.lab.mutation.telling.scenarios import scenarios

        try:
            test, actions = find(
                scenarios(self._mutant, self._loads),
                self._condition(level),
                settings=settings(
                    max_examples=self._tries,
                    database=None,
                    deadline=None,
                    phases=[Phase.generate, Phase.shrink],
                    suppress_health_check=list(HealthCheck),
                ),
                random=Random(self._mutant.key),
            )
        except NoSuchExample:
            return None
        found = self._pair.difference(test, actions, level)
        return None if found is None else _scenario(self._pair, test, actions, found)

    def hidden(self) -> Verdict | None:
        """The difference in what is only kept that was seen on the way, if there was one."""
        if self._hidden is None:
            return None
        test, actions = self._hidden
        for place in reversed(range(len(actions))):
            shorter = actions[:place] + actions[place + 1 :]
            if self._pair.difference(test, shorter, KEPT) is not None:
                actions = shorter
        found = self._pair.difference(test, actions, KEPT)
        return None if found is None else _scenario(self._pair, test, actions, found)

    def _condition(self, level: int) -> Callable[[tuple[str, list[dict[str, Any]]]], bool]:
        """Whether a scenario makes a difference; of those after the first that did only so many are played."""
        known: dict[str, bool] = {}
        left = SHRINKING

        def differs(scenario: tuple[str, list[dict[str, Any]]]) -> bool:
            nonlocal left
            key = json.dumps(scenario)
            if key not in known:
                if any(known.values()):
                    left -= 1
                known[key] = left > 0 and self._pair.is_whole and self._looks(scenario, level)
            return known[key]

        return differs

    def _looks(self, scenario: tuple[str, list[dict[str, Any]]], level: int) -> bool:
        test, actions = scenario
        if self._pair.difference(test, actions, level) is not None:
            return True
        if self._hidden is None and self._pair.difference(test, actions, KEPT) is not None:
            self._hidden = scenario
        return False
