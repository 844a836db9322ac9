"""The original and a mutant side by side: the same scenario is played with both, and what is seen of each compared.

The sessions that play the original are shared by all searches, and what it once played is not played again. So what a
search has found is looked at once more in the end (`Pair.repeats`): a program that keeps something from one test to
the next would be told apart from itself. For such a one each search has an original of its own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, LifoQueue
from typing import Any

from erlsim.lab.mutation.finding.mutants import Mutant
from erlsim.lab.mutation.telling.observing import ANSWERS, Line
from erlsim.lab.mutation.trying.agents import Agent
from erlsim.lab.mutation.trying.campaign import Campaign

# After the last action it is waited for so long, in virtual ms, and for twice the times that the mutant is about.
SETTLE = 200
# The real seconds that one scenario may take.
PATIENCE = 30.0
GONE: dict[str, Any] = {"gone": True}
Actions = list[dict[str, Any]]
# A scenario as it is drawn: a test, and what is done while it runs.
Drawn = tuple[str, Actions]


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
    return list((Counter(lines) - Counter(others)).elements())


def _texts(lines: list[Line]) -> list[str]:
    return [each.text for each in lines]


# ---- two worlds ---------------------------------------------------------------------


class Player:
    """A pytest session that plays scenarios with the original, or with a mutant in its place."""

    def __init__(self, agent: Agent, mutant: Mutant | None = None) -> None:
        self.agent = agent
        self._job: dict[str, Any] = {"do": "play"}
        if mutant is not None:
            self._job["mutant"] = {"path": str(mutant.source.path), "text": mutant.text}
        self._is_ready = False

    def ask(self, scenario: dict[str, Any]) -> None:
        """Have it begin with a scenario."""
        if not self._is_ready:
            self.agent.send(self._job)
            self._is_ready = True
        self.agent.send(scenario)

    def answer(self) -> dict[str, Any]:
        """What is seen of it; `GONE` if it does not come back: the next scenario is played by a new one."""
        answer = self.agent.answer(PATIENCE)
        if answer is not None and "ended" not in answer:
            return answer
        self._is_ready = False
        if answer is None:
            self.agent.close()
        return GONE

    def end(self) -> None:
        """It plays no more."""
        if self._is_ready:
            self._is_ready = False
            self.agent.send({"do": "end"})
            if self.agent.answer(PATIENCE) is None:
                self.agent.close()


class Originals:
    """Who plays the original: a session for each search that goes on. `known` is what all of them have played."""

    def __init__(self, campaign: Campaign) -> None:
        self.known: dict[str, dict[str, Any]] = {}
        self._campaign = campaign
        self._idle: LifoQueue[Player] = LifoQueue()

    @contextmanager
    def paired(self, mutant: Mutant, alone: bool = False) -> Iterator[Pair]:
        """One of them beside a mutant; a new one if it is to be `alone`."""
        with self._campaign.borrowed() as agent:
            original, other = self._player(), Player(agent, mutant)
            if alone:
                original.end()
            try:
                yield Pair(original, other, {} if alone else self.known)
            finally:
                other.end()
                if alone:
                    original.end()
                self._idle.put(original)

    def _player(self) -> Player:
        try:
            return self._idle.get_nowait()
        except Empty:
            return Player(self._campaign.taken())


class Pair:
    """The original and the mutant; `known` is what the original has played before."""

    def __init__(self, original: Player, mutant: Player, known: dict[str, dict[str, Any]]) -> None:
        self._original = original
        self._mutant = mutant
        self._known = known
        self._played: dict[str, dict[str, Any]] = {}

    @property
    def played(self) -> int:
        """How many scenarios the mutant has played."""
        return len(self._played)

    def play(self, scenario: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """What is seen of both."""
        key = json.dumps(scenario)
        if key not in self._played:
            is_new = key not in self._known
            if is_new:
                self._original.ask(scenario)
            self._mutant.ask(scenario)
            if is_new:
                self._known[key] = self._original.answer()
            self._played[key] = self._mutant.answer()
        return self._known[key], self._played[key]

    def repeats(self, scenario: dict[str, Any]) -> bool:
        """Whether a scenario that was played comes to the same with both of them when it is played again."""
        before = self.play(scenario)
        if GONE in before:
            return True
        for each in (self._original, self._mutant):
            each.ask(scenario)
        again = self._original.answer(), self._mutant.answer()
        return before == again

    def difference(self, scenario: dict[str, Any], level: int) -> Difference | None:
        """The first difference that a scenario makes."""
        left, right = self.play(scenario)
        if "lines" not in left:
            return None
        if "lines" not in right:
            return Difference(0, ANSWERS, ["the scenario comes to its end"], ["it does not"])
        ours, theirs = ([Line(*line) for line in each["lines"]] for each in (left, right))
        return compare(ours, theirs, level)

    @property
    def is_whole(self) -> bool:
        """Whether the mutant has always come back."""
        return all("gone" not in answer for answer in self._played.values())


def scenario_of(mutant: Mutant, test: str, actions: Actions) -> dict[str, Any]:
    """What is to be played."""
    return {"test": test, "actions": actions, "settle": SETTLE + 2 * max(mutant.numbers, default=0)}
