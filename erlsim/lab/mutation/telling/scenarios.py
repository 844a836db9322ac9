"""Scenarios that are drawn: what is done to whom and when, with what makes a mutant's kind show more often."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from erlsim.lab.mutation.finding.mutants import Mutant
from erlsim.lab.mutation.telling.pairs import Actions, Drawn

REASONS = ("crashed", "shutdown", "normal")
PAUSES = (0, 1, 5, 10, 50, 100, 500, 1000)
# A test is under way, and its first visitors wait.
EARLY = (1, 0, 5, 10, 20)
LONGEST = 6
# As many deaths as a supervisor or a plan may bear, and some more.
MOST = 9


def scenarios(mutant: Mutant, loads: dict[str, list[list[str]]], draw: Random) -> Iterator[Drawn]:
    """Without end: a test, and up to so many actions on the processes that it has."""
    tests = list(loads)
    while True:
        test = draw.choice(tests)
        yield test, _actions(mutant, loads[test], draw)


def _actions(mutant: Mutant, whom: list[list[str]], draw: Random) -> Actions:
    """Actions in a row at any time; more often those in which a mutant of this kind is likely to show, early."""
    any_time = Acts(whom, mutant.numbers, draw)
    likely = Acts(whom, mutant.numbers, draw, EARLY).likely(mutant.kind)
    row = [any_time.any() for _ in range(draw.randint(1, LONGEST))]
    return draw.choice([likely, likely, row, likely + row]) if likely else row


class Acts:
    """What may be done to somebody of `whom`, after one of some `pauses`, or after times near those of the mutant."""

    def __init__(
        self, whom: list[list[str]], numbers: tuple[int, ...], draw: Random, pauses: tuple[int, ...] = ()
    ) -> None:
        self._whom = whom
        self._numbers = numbers
        self._draw = draw
        self._pauses = pauses

    def likely(self, kind: str) -> Actions:
        """Those in which a mutant of a kind is likely to show; none if nothing is known of it."""
        either = self._draw.choice
        ways: dict[str, list[Callable[[], dict[str, Any]]]] = {
            "strategy": [self.deaths],
            "intensity": [self.deaths],
            "period": [self.deaths, self.deaths],
            "restart": [either([self.quit, self.stop])],
            "significant": [either([self.quit, self.stop])],
            "auto_shutdown": [either([self.quit, self.stop])],
            "shutdown": [self.deaf, self.stop],
            "plan": [self.deaths],
            "count": [self.deaths],
            "trap_exit": [self.exit],
            "link": [self.deaths],
            "monitor": [self.deaths],
            "exit": [either([self.deaths, self.suspend])],
            "timeout": [self.suspend],
        }
        return [way() for way in ways.get(kind, [])]

    def any(self) -> dict[str, Any]:
        """Any of them."""
        ways = [self.deaths, self.stop, self.crash, self.quit, self.exit, self.suspend, self.resume, self.deaf]
        return self._draw.choice(ways)()

    def deaths(self) -> dict[str, Any]:
        """One or more, in a row."""
        draw = self._draw
        return {**self._one("kill"), "times": draw.randint(1, MOST), "gap": draw.choice([1, 0, *self._near()])}

    def stop(self) -> dict[str, Any]:
        """An orderly end."""
        return self._one("stop", *REASONS)

    def crash(self) -> dict[str, Any]:
        """An end by an error."""
        return self._one("crash", "crashed")

    def quit(self) -> dict[str, Any]:
        """An end that is none of an error."""
        return self._one("quit", "normal", "shutdown")

    def exit(self) -> dict[str, Any]:
        """A signal."""
        return self._one("exit", "crashed", "normal")

    def suspend(self) -> dict[str, Any]:
        """No more answers."""
        return self._one("suspend")

    def resume(self) -> dict[str, Any]:
        """Answers again."""
        return self._one("resume")

    def deaf(self) -> dict[str, Any]:
        """No ear for exit signals."""
        return self._one("deaf")

    def _one(self, do: str, *reasons: str) -> dict[str, Any]:
        reason = {"reason": self._draw.choice(reasons)} if reasons else {}
        return {"do": do, "who": self._draw.choice(self._whom), "after": self._pause(), **reason}

    def _pause(self) -> int:
        if self._pauses:
            return self._draw.choice(self._pauses)
        usual = sorted(dict.fromkeys([*PAUSES, *self._near()]))
        longest = 2 * max(self._numbers, default=50)
        return self._draw.choice([self._draw.choice(usual), self._draw.randint(0, longest)])

    def _near(self) -> list[int]:
        return list(dict.fromkeys(each + more for each in self._numbers for more in (0, 1, -1) if each + more > 0))
