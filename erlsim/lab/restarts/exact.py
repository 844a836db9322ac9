"""The chance to survive Poisson failures, computed and not tried.

OTP counts restarts by whole seconds: a supervisor gives up in a second in which that one and the `period` seconds
before it have more than `intensity` restarts. How many fall into a second is Poisson distributed, and seconds are
independent. So the counts of the last `period` seconds are a Markov chain, and what is left of the probability after
`n` steps within the bound is the chance to survive `n` seconds. After a while each second takes the same share of it:
the rest is a power.
"""

from __future__ import annotations

import math

from erlsim.lab.restarts.trials import SECOND

MOST_STATES = 3_100
STEADY = 1e-14
STEADY_FOR = 20

Counts = tuple[int, ...]


def exact_chance(every: int, intensity: int, period: int, seconds: int) -> float | None:
    """The probability of no giving up in `seconds`; `None` if there are too many states to compute it.

    A crash comes every `every` ms on average, and restarting takes no time.
    """
    if math.comb(intensity + period, period) > MOST_STATES:
        return None
    rate = SECOND / every
    arrivals = [math.exp(-rate) * rate**count / math.factorial(count) for count in range(intensity + 1)]
    states: dict[Counts, float] = {(0,) * period: 1.0}
    left, share, steady = 1.0, 0.0, 0
    for second in range(seconds):
        states = _step(states, arrivals, intensity)
        now = math.fsum(states.values())
        if now == 0.0:
            return 0.0
        before, share = share, now / left
        steady = steady + 1 if abs(share - before) <= STEADY * share else 0
        left = now
        if steady > STEADY_FOR + period:
            return left * math.pow(share, seconds - second - 1)
        if left < 1e-200:
            return 0.0
    return left


def _step(states: dict[Counts, float], arrivals: list[float], intensity: int) -> dict[Counts, float]:
    """One second later."""
    after: dict[Counts, float] = {}
    for counts, chance in states.items():
        for count in range(intensity - sum(counts) + 1):
            moved = (*counts[1:], count)
            after[moved] = after.get(moved, 0.0) + chance * arrivals[count]
    return after
