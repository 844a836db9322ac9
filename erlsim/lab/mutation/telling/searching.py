"""What a survivor does differently: a scenario that tells it from the original, found by search and made small.

Two pytest sessions play the same scenarios, one with the original and one with the mutant: a test of the user's as the
load, and deaths, exit signals, stops and freezes of its processes at drawn instants (`playing`). What can be seen of
both runs is compared (`observing`), who lives and dies and what is answered first. `scenarios` are drawn, and
`reducing` makes the one that is found small. What differs in nothing but links, monitors and unread messages is
taken if nothing better is found. No difference in so many tries is no proof that there is none; `equivalence` knows
of proofs.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from itertools import islice
from random import Random
from typing import Any

from erlsim.lab.mutation.finding.mutants import Mutant
from erlsim.lab.mutation.telling.equivalence import same_program
from erlsim.lab.mutation.telling.observing import ANSWERS, KEPT
from erlsim.lab.mutation.telling.pairs import Actions, Difference, Drawn, Originals, Pair, scenario_of
from erlsim.lab.mutation.telling.reducing import smaller
from erlsim.lab.mutation.telling.scenarios import scenarios
from erlsim.lab.mutation.trying.campaign import Baseline, Campaign

TRIES = 300
# When a difference in nothing but links, monitors and unread messages is known, so many are tried for a better one.
MORE_TRIES = 100
# What is drawn a second time is not tried again; so many times as many are drawn at most.
DRAWN = 3
# How many tests of a mutant are looked at, and how many of them, those with most processes, are loads.
LOOKED_AT, LOADS = 16, 5
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
    actions: Actions = field(default_factory=list)
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


# ---- the search ----------------------------------------------------------------------


class Search:
    """The search for what survivors do differently, in one run: each is searched for once, some at a time."""

    def __init__(self, campaign: Campaign, baseline: Baseline, tries: int = TRIES) -> None:
        self._campaign = campaign
        self._baseline = baseline
        self._tries = tries
        self._originals = Originals(campaign)

    def of(self, mutant: Mutant) -> Verdict:
        """What a mutant does differently that all tests have let pass."""
        reason = same_program(mutant)
        if reason:
            return Verdict(EQUIVALENT, reason)
        if not self._campaign.forks:
            return Verdict(UNSEARCHED, "this system has no fork")
        baseline = self._baseline
        runs = baseline.users_of(mutant) or baseline.tests_of(mutant)
        tests = [test for test in runs if test in baseline.playable] or baseline.playable
        if not tests:
            return Verdict(UNSEARCHED, "none of the tests is an async test that could be the load")
        with self._originals.paired(mutant) as pair:
            found = Hunt(mutant, pair, self._tries).over(tests)
            if found.result != SCENARIO or pair.repeats(scenario_of(mutant, found.test, found.actions)):
                return found
        # Something is kept from one test to the next: whoever plays others' scenarios, too, may differ by that alone.
        with self._originals.paired(mutant, alone=True) as pair:
            return Hunt(mutant, pair, self._tries).over(tests)


class Hunt:
    """The search for one mutant, among scenarios over some tests."""

    def __init__(self, mutant: Mutant, pair: Pair, tries: int) -> None:
        self._mutant = mutant
        self._pair = pair
        self._tries = tries
        self._hidden: Drawn | None = None

    def over(self, tests: list[str]) -> Verdict:
        """What has come of it."""
        loads: dict[str, list[list[str]]] = {}
        for test in tests[:: max(1, len(tests) // LOOKED_AT)]:
            if self._differs((test, [])):
                return self._scenario((test, []), ANSWERS)
            left, _ = self._pair.play(scenario_of(self._mutant, test, []))
            if left.get("who"):
                loads[test] = left["who"]
        if not loads:
            return Verdict(UNSEARCHED, why="none of its tests has processes with names")
        richest = sorted(loads, key=lambda test: -len(loads[test]))[:LOADS]
        found = self._drawn({test: loads[test] for test in richest})
        if found is not None:
            return self._scenario(smaller(found, self._differs), ANSWERS)
        if self._hidden is not None:
            return self._scenario(smaller(self._hidden, self._differs_inside), KEPT)
        return Verdict(NONE, tries=self._pair.played)

    def _scenario(self, drawn: Drawn, level: int) -> Verdict:
        test, actions = drawn
        found = self._difference(drawn, level)
        if found is None:
            return Verdict(NONE, tries=self._pair.played)
        return Verdict(
            SCENARIO,
            tries=self._pair.played,
            test=test,
            actions=actions,
            at=found.at,
            original=found.original,
            mutant=found.mutant,
            hidden=found.level >= KEPT,
        )

    def _difference(self, drawn: Drawn, level: int) -> Difference | None:
        return self._pair.difference(scenario_of(self._mutant, *drawn), level)

    def _differs(self, drawn: Drawn) -> bool:
        return self._difference(drawn, ANSWERS) is not None

    def _differs_inside(self, drawn: Drawn) -> bool:
        return self._difference(drawn, KEPT) is not None

    def _drawn(self, loads: dict[str, list[list[str]]]) -> Drawn | None:
        """The first that is drawn of those that make a difference that others can notice."""
        known: dict[str, None] = {}
        left = self._tries
        # Mutants of a kind are put to the same scenarios: the original plays them once.
        for drawn in islice(scenarios(self._mutant, loads, Random(self._mutant.kind)), DRAWN * self._tries):
            key = json.dumps(drawn)
            if key in known:
                continue
            if left <= 0 or not self._pair.is_whole:
                break
            known[key] = None
            left -= 1
            if self._differs(drawn):
                return drawn
            if self._hidden is None and self._differs_inside(drawn):
                self._hidden = drawn
                left = min(left, MORE_TRIES)
        return None
