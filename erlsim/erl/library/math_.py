"""The module `math`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from erlsim.erl.running.cells import outward
from erlsim.erl.running.failures import Failed
from erlsim.terms import Term

__in_stacks__ = False


def _numeric(name: str, function: Callable[..., float]) -> Callable[..., float]:
    def compute(*args: Term) -> float:
        if all(type(each) in (int, float) for each in args):
            try:
                value = float(function(*map(float, args)))
            except (ValueError, OverflowError, ZeroDivisionError):
                value = math.nan
            if math.isfinite(value):
                return value
            raise Failed("badarith", ("math", name, list(args), []))
        raise Failed("badarg", ("math", name, [outward(each) for each in args], []))

    return compute


_ONE = "acos acosh asin asinh atan atanh cos cosh erf erfc exp log log10 log2 sin sinh sqrt tan tanh".split()
MORE: dict[tuple[str, int], Any] = {
    **{(name, 1): _numeric(name, getattr(math, name)) for name in _ONE},
    **{(name, 1): _numeric(name, getattr(math, name)) for name in ("ceil", "floor")},
    **{(name, 2): _numeric(name, getattr(math, name)) for name in ("atan2", "fmod", "pow")},
}


def pi() -> float:
    """`pi/0`."""
    return math.pi
