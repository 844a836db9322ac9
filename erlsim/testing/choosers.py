"""Choosers: ways to decide what a real system leaves open.

All draw from a generator of their own, seeded by hand: the same seed makes the same run. `RandomWalk`
is the plain one; `PCT` finds bugs that need few but particular preemptions (priorities that change
at a few points); `Fifo` is the default order as a chooser of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from erlsim._kernel import Chooser, Fifo
from erlsim.errors import ErlsimError

# How often a random chooser leaves a signal, a timer or a fault alone: most of them must arrive in
# time for anything to happen at all.
CALM = {"signal": 0.8, "late": 0.8, "fault": 0.5}


class RandomWalk:
    """Each choice drawn anew; `deviate` is the chance to leave first-in first-out in a run-queue choice."""

    def __init__(self, seed: int = 0, deviate: float = 1.0) -> None:
        if not 0 <= deviate <= 1:
            raise ErlsimError(f"deviate is a probability, not {deviate!r}")
        self._random = Random(seed)
        self._deviate = deviate

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        """Any option; for signals, timers and faults most often the first."""
        calm = CALM.get(kind, 1 - self._deviate)
        if calm and self._random.random() < calm:
            return 0
        return self._random.randrange(len(options))


class PCT:
    """Probabilistic concurrency testing: random priorities, lowered at `depth` random points of the run.

    `steps` estimates the length of the run in choices. The highest priority always runs, so that
    orders which need one process to be very late are as likely as any other.
    """

    def __init__(self, seed: int = 0, depth: int = 3, steps: int = 200) -> None:
        if depth < 0 or steps < 1:
            raise ErlsimError(f"depth and steps are a count and a positive count, not {depth!r} and {steps!r}")
        self._random = Random(seed)
        self._priorities: dict[Any, float] = {}
        self._asked = 0
        self._change_at = frozenset(self._random.randrange(steps) for _ in range(depth))
        self._lowest = 0.0

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        """The process of the highest priority; other choices as in a random walk."""
        self._asked += 1
        if kind != "run":
            calm = CALM.get(kind, 0.0)
            return 0 if self._random.random() < calm else self._random.randrange(len(options))
        for option in options:
            if option not in self._priorities:
                self._priorities[option] = self._random.random()
        best = max(range(len(options)), key=lambda index: self._priorities[options[index]])
        if self._asked in self._change_at:
            self._lowest -= 1
            self._priorities[options[best]] = self._lowest
            best = max(range(len(options)), key=lambda index: self._priorities[options[index]])
        return best


CHOOSERS: dict[str, Callable[[int], Chooser]] = {
    "fifo": lambda seed: Fifo(),
    "random": RandomWalk,
    "pct": PCT,
}


def chooser_factory(wanted: str | Callable[[int], Chooser]) -> Callable[[int], Chooser]:
    """The function from seed to chooser that `wanted` names; `ErlsimError` listing the names if it names none."""
    if callable(wanted):
        return wanted
    if wanted not in CHOOSERS:
        raise ErlsimError(
            f"no chooser is called {wanted!r}; there are {', '.join(map(repr, CHOOSERS))}, or give a function"
        )
    return CHOOSERS[wanted]
