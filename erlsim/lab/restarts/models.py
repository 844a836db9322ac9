"""Failure models: when a child fails. A model is a simpy process.

It is a function `(env, child, random)` that is a generator: it waits with `yield env.timeout(ms)` (whole ms, or any
simpy event), and acts on the child: `child.crash()`, `child.starts_fail = True`. `random` is a `random.Random` of its
own for each run, so that a run can be repeated. The models here are made of the same.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from random import Random
from typing import Any

from erlsim.hints import function_name
from erlsim.lab.questions import WrongQuestion
from erlsim.lab.restarts.trials import Child

Process = Generator[Any, Any, Any]
Model = Callable[[Any, Child, Random], Process]


@dataclass(frozen=True)
class Failures:
    """A model with words for it; `every` is the mean time between failures of one that has no memory, else `None`."""

    words: str
    model: Model
    every: int | None = None

    def __call__(self, env: Any, child: Child, draws: Random) -> Process:
        """The simpy process of one run."""
        return self.model(env, child, draws)


def poisson(every: int) -> Failures:
    """Crashes without memory, one in `every` ms on average: a Poisson process."""
    _positive(every=every)

    def model(env: Any, child: Child, draws: Random) -> Process:
        while True:
            yield env.timeout(_gap(draws, every))
            child.crash()

    return Failures(f"a crash every {every:,} ms on average (Poisson)", model, every)


def bursts(count: int, within: int, every: int) -> Failures:
    """`count` crashes within `within` ms, evenly apart; such a burst comes every `every` ms on average."""
    _positive(count=count, within=within, every=every)

    def model(env: Any, child: Child, draws: Random) -> Process:
        while True:
            yield env.timeout(_gap(draws, every))
            for number in range(count):
                child.crash()
                if number < count - 1:
                    yield env.timeout(within // max(count - 1, 1))

    return Failures(f"{count} crashes within {within:,} ms, every {every:,} ms on average", model)


def outages(length: int, every: int, lives: int | None = None) -> Failures:
    """What the child depends on is away for `length` ms, every `every` ms on average.

    The child crashes when that begins. Until it is over its start fails; or, with `lives`, it starts and crashes again
    after so many ms.
    """
    _positive(length=length, every=every)
    if lives is not None:
        _positive(lives=lives)

    def model(env: Any, child: Child, draws: Random) -> Process:
        while True:
            yield env.timeout(_gap(draws, every))
            end = env.now + length
            child.starts_fail = lives is None
            child.crash()
            while lives is not None and env.now + lives < end:
                if not child.is_alive:
                    yield child.next_start() | env.timeout(end - env.now)
                yield env.timeout(min(lives, max(end - env.now, 1)))
                if env.now < end:
                    child.crash()
            yield env.timeout(max(end - env.now, 0))
            child.starts_fail = False

    how = "starts fail" if lives is None else f"it crashes {lives:,} ms after each start"
    return Failures(f"an outage of {length:,} ms every {every:,} ms on average, in which {how}", model)


def crashes_at_start(every: int, chance: float) -> Failures:
    """As `poisson`; and each start fails with a probability of `chance`."""
    _positive(every=every)
    if not 0 <= chance <= 1:
        raise WrongQuestion(f"chance is a probability, not {chance!r}")

    def model(env: Any, child: Child, draws: Random) -> Process:
        child.starts_fail = lambda: draws.random() < chance
        while True:
            yield env.timeout(_gap(draws, every))
            child.crash()

    return Failures(f"a crash every {every:,} ms on average, and a start fails with probability {chance:g}", model)


def as_failures(given: Any) -> Failures:
    """A model of the user's own, with its name for words."""
    if isinstance(given, Failures):
        return given
    if not callable(given):
        raise WrongQuestion(f"failures is a model (poisson(60_000)) or a function (env, child, random), not {given!r}")
    return Failures(function_name(given), given)


def _gap(draws: Random, mean: int) -> int:
    """Whole ms, as the clock has them."""
    return max(1, round(draws.expovariate(1 / mean)))


def _positive(**given: Any) -> None:
    for name, value in given.items():
        if type(value) is not int or value < 1:
            raise WrongQuestion(f"{name} is a positive whole number, not {value!r}")
