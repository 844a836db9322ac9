"""Choosers: ways to decide what a real system leaves open.

All draw from a generator of their own, seeded by hand: the same seed makes the same run. `RandomWalk`
is the plain one; `PCT` finds bugs that need few but particular preemptions (priorities that change
at a few points); `Fifo` is the default order as a chooser of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from erlsim import hints
from erlsim._kernel import Chooser, Fifo
from erlsim.errors import ErlsimError

# How often a random chooser leaves a signal, a timer or a fault alone: most of them must arrive in
# time for anything to happen at all.
LEFT_ALONE = {"signal": 0.8, "late": 0.8, "fault": 0.75}
# Runs are as short as 8 scheduling decisions or as long as 1024; a chooser that is not told tries all scales.
SHORTEST, LONGEST = 3, 10

# The step of a process that has yielded, in a simulation with `preempt=True`.
YIELDED = "go_on"
# So many of these are borne with.
PATIENCE = 20


class RandomWalk:
    """Each choice drawn anew; `deviate` is the chance to leave first-in first-out in a run-queue or timer choice."""

    def __init__(self, seed: int = 0, deviate: float = 1.0) -> None:
        if not 0 <= deviate <= 1:
            raise ErlsimError(f"deviate is a probability, not {deviate!r}")
        self._seed = seed
        self._deviate = deviate
        self._left_alone = dict.fromkeys(("run", "step", "timer"), 1 - deviate) | LEFT_ALONE
        self.begin()

    def begin(self) -> None:
        """Draw from the beginning again."""
        # A generator is dear to make, and who begins may be told to begin again before he draws.
        self._draw: Callable[[], float] | None = None

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        """Any option; for signals, late timers and faults most often the first."""
        if self._draw is None:
            self._draw = Random(self._seed).random
        left_alone = self._left_alone.get(kind, 0.0)
        draw = self._draw()
        if draw < left_alone:
            return 0
        if left_alone:
            draw = (draw - left_alone) / (1 - left_alone)
        return int(draw * len(options))

    def __repr__(self) -> str:
        return f"RandomWalk({self._seed!r}, deviate={self._deviate!r})"


class PCT:
    """Probabilistic concurrency testing: random priorities, lowered at `depth` random points of the run.

    The process of the highest priority always runs, so that an order which needs one process to be very late
    is as likely as any other. `steps` estimates the length of the run in scheduling decisions; `None` draws a
    scale for each seed, since a point beyond the end of the run changes nothing. At such a point the process
    that would run falls below all others.
    """

    def __init__(self, seed: int = 0, depth: int = 2, steps: int | None = None) -> None:
        if depth < 0 or (steps is not None and steps < 1):
            raise ErlsimError(f"depth and steps are a count and a positive count, not {depth!r} and {steps!r}")
        self._seed = seed
        self._depth = depth
        self._steps = steps
        self.begin()

    def begin(self) -> None:
        """Draw priorities and change points from the beginning again."""
        self._random = Random(self._seed)
        self._priorities: dict[Any, float] = {}
        self._decided = 0
        length = self._steps if self._steps is not None else 1 << self._random.randint(SHORTEST, LONGEST)
        self._change_at = frozenset(self._random.randrange(length) for _ in range(self._depth))
        self._lowest = 0.0
        self._yields = 0

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        """The process of the highest priority; other choices as in a random walk."""
        if kind == "run":
            return self._run(options)
        if kind == "step":
            return self._step(options)
        left_alone = LEFT_ALONE.get(kind, 0.0)
        return 0 if self._random.random() < left_alone else self._random.randrange(len(options))

    def _step(self, options: Sequence[Any]) -> int:
        """As `_run`, but who yields again and again falls below all others: he waits for one of them."""
        processes = [option.process for option in options]
        best = self._run(processes)
        if options[best].operation != YIELDED:
            return best
        self._yields += 1
        if self._yields % PATIENCE:
            return best
        self._lowest -= 1
        self._priorities[processes[best]] = self._lowest
        return self._best(processes)

    def _run(self, processes: Sequence[Any]) -> int:
        for process in processes:
            if process not in self._priorities:
                self._priorities[process] = self._random.random()
        if self._decided in self._change_at:
            self._lowest -= 1
            self._priorities[processes[self._best(processes)]] = self._lowest
        self._decided += 1
        return self._best(processes)

    def _best(self, processes: Sequence[Any]) -> int:
        return max(range(len(processes)), key=lambda index: self._priorities[processes[index]])

    def __repr__(self) -> str:
        return f"PCT({self._seed!r}, depth={self._depth!r}, steps={self._steps!r})"


class Deviate:
    """First-in first-out but for some questions: `Deviate({12: 1, 30: 2})` answers question 12 with option 1.

    Numbers too large for a question wrap around its options other than the first. Unlike a `Replay` it fits
    any program, which makes it what generated and shrunk schedules are written in.
    """

    def __init__(self, answers: Mapping[int, int]) -> None:
        if any(at < 0 or choice < 1 for at, choice in answers.items()):
            raise ErlsimError(f"questions are counted from 0, deviating options from 1: {dict(answers)!r}")
        self.answers = dict(sorted(answers.items()))
        self.asked = 0

    def begin(self) -> None:
        """Count the questions from 0 again."""
        self.asked = 0

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        """The given answer to this question, else the first option."""
        at, self.asked = self.asked, self.asked + 1
        choice = self.answers.get(at, 0)
        return choice and 1 + (choice - 1) % (len(options) - 1)

    def __repr__(self) -> str:
        return f"Deviate({self.answers!r})"


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
            + hints.nearest(str(wanted), CHOOSERS)
        )
    return CHOOSERS[wanted]
