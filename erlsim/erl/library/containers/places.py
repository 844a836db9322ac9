"""Places in sorted lists."""

from __future__ import annotations

from erlsim.erl.running.operators import gt, lt
from erlsim.terms import Term


def place_of(item: Term, found: list[Term]) -> tuple[int, bool]:
    """Where an element is or belongs, and whether it is there. Equal is what is neither less nor greater."""
    low, high = 0, len(found)
    while low < high:
        middle = (low + high) // 2
        if gt(item, found[middle]):
            low = middle + 1
        else:
            high = middle
    return low, low < len(found) and not lt(item, found[low])
