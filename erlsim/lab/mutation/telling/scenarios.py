"""Scenarios that are drawn: what is done to whom and when, with what makes a mutant's kind show more often."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from erlsim.lab.mutation.finding.mutants import Mutant

REASONS = ("crashed", "shutdown", "normal")
PAUSES = (0, 1, 5, 10, 50, 100, 500, 1000)
# A test is under way, and its first visitors wait.
EARLY = (1, 0, 5, 10, 20)
LONGEST = 6
# As many deaths as a supervisor or a plan may bear, and some more.
MOST = 9


def scenarios(mutant: Mutant, loads: dict[str, list[list[str]]]) -> st.SearchStrategy[tuple[str, list[dict[str, Any]]]]:
    """A test, and up to so many actions on the processes that it has."""

    def over(test: str) -> st.SearchStrategy[tuple[str, list[dict[str, Any]]]]:
        acts, at_once = Acts(loads[test], mutant.numbers), Acts(loads[test], mutant.numbers, EARLY)
        return st.tuples(st.just(test), _lists(mutant, acts, at_once))

    return st.sampled_from(list(loads)).flatmap(over)


class Acts:
    """What may be done to somebody of `whom`, after one of some `pauses`, or after times near those of the mutant."""

    def __init__(self, whom: list[list[str]], numbers: tuple[int, ...], pauses: tuple[int, ...] = ()) -> None:
        # The first of a list is the simplest, to which hypothesis goes when it makes a scenario small.
        self._who = st.sampled_from(whom)
        self._pause = st.sampled_from(pauses) if pauses else _pauses(numbers)
        self.deaths = st.fixed_dictionaries(
            {
                "do": st.just("kill"),
                "who": self._who,
                "after": self._pause,
                "times": st.integers(1, MOST),
                "gap": st.sampled_from([1, 0, *_near(numbers)]),
            }
        )
        self.stop = self.simple("stop", *REASONS)
        self.crash = self.simple("crash", "crashed")
        self.quit = self.simple("quit", "normal", "shutdown")
        self.exit = self.simple("exit", "crashed", "normal")
        self.suspend, self.resume, self.deaf = self.simple("suspend"), self.simple("resume"), self.simple("deaf")

    def simple(self, do: str, *reasons: str) -> st.SearchStrategy[dict[str, Any]]:
        """One action, with a reason if there is one to choose."""
        reason = {"reason": st.sampled_from(reasons)} if reasons else {}
        return st.fixed_dictionaries({"do": st.just(do), "who": self._who, "after": self._pause, **reason})

    @property
    def all(self) -> st.SearchStrategy[dict[str, Any]]:
        """Any of them."""
        return st.one_of(self.deaths, self.stop, self.crash, self.quit, self.exit, self.suspend, self.resume, self.deaf)


def _lists(mutant: Mutant, any_time: Acts, acts: Acts) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Actions in a row at any time; as often those in which a mutant of this kind is likely to show, in `acts`."""
    row = st.lists(any_time.all, min_size=1, max_size=LONGEST)
    short = {
        "strategy": [acts.deaths],
        "intensity": [acts.deaths],
        "period": [acts.deaths, acts.deaths],
        "restart": [acts.quit | acts.stop],
        "significant": [acts.quit | acts.stop],
        "auto_shutdown": [acts.quit | acts.stop],
        "shutdown": [acts.deaf, acts.stop],
        "plan": [acts.deaths],
        "count": [acts.deaths],
        "trap_exit": [acts.exit],
        "link": [acts.deaths],
        "monitor": [acts.deaths],
        "exit": [acts.deaths | acts.suspend],
        "timeout": [acts.suspend],
    }.get(mutant.kind)
    if short is None:
        return row
    likely = st.tuples(*short).map(list)
    return st.one_of(likely, likely, row, st.tuples(likely, row).map(lambda both: [*both[0], *both[1]]))


def _near(numbers: tuple[int, ...]) -> list[int]:
    return list(dict.fromkeys(each + more for each in numbers for more in (0, 1, -1) if each + more > 0))


def _pauses(numbers: tuple[int, ...]) -> st.SearchStrategy[int]:
    usual = sorted(dict.fromkeys([*PAUSES, *_near(numbers)]))
    return st.sampled_from(usual) | st.integers(0, 2 * max(numbers, default=50))
