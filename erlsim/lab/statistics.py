"""What can be said of a number from samples of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

Z95 = 1.959963984540054
"""Of a normal distribution 95 % lie within so many standard deviations."""


def wilson(successes: int, runs: int, z: float = Z95) -> tuple[float, float]:
    """The interval (Wilson's) in which the probability lies that gave `successes` of `runs`; at 95 % by itself."""
    if runs == 0:
        return 0.0, 1.0
    share, square = successes / runs, z * z
    middle = (share + square / (2 * runs)) / (1 + square / runs)
    half = z * math.sqrt(share * (1 - share) / runs + square / (4 * runs * runs)) / (1 + square / runs)
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    return low, 1.0 if successes == runs else min(1.0, middle + half)


def percentile(values: Sequence[int], share: float) -> int:
    """The least of `values` that `share` (0 to 1) of them do not exceed: the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
