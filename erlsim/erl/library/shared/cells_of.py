"""Arrays of 64-bit integers behind references, as `atomics` and `counters` have them."""

from __future__ import annotations

from dataclasses import dataclass

from erlsim import erlang
from erlsim.erl.running.failures import bif_failed
from erlsim.terms import Ref, Term

__in_stacks__ = False

SIGNED = (-(1 << 63), (1 << 63) - 1)
UNSIGNED = (0, (1 << 64) - 1)


@dataclass(slots=True)
class Integers:
    """The integers and the least and the greatest that they may be."""

    values: list[int]
    least: int
    greatest: int

    def wrapped(self, value: int) -> int:
        """A result as 64 bits hold it."""
        return (value - self.least & UNSIGNED[1]) + self.least


def make(count: int, bounds: tuple[int, int] = SIGNED) -> Ref:
    """A reference to `count` zeros."""
    ref = erlang.make_ref()
    ref.home = Integers([0] * count, *bounds)
    return ref


def integers_of(ref: Term) -> Integers | None:
    """What a reference stands for."""
    home = ref.home if type(ref) is Ref else None
    return home if type(home) is Integers else None


def place_in(ref: Term, place: Term, module: str, function: str, args: list[Term]) -> Integers:
    """The integers, if there is such a place among them; else `badarg`."""
    found = integers_of(ref)
    if found is None or type(place) is not int or not 1 <= place <= len(found.values):
        raise bif_failed("badarg", module, function, args)
    return found
