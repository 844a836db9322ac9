"""The module `erts_debug`, in part."""

from __future__ import annotations

from erlsim.erl.running.operators import exact_eq
from erlsim.terms import ATOMIC, Term

__in_stacks__ = False


def same(left: Term, right: Term) -> bool:
    """Whether two terms are one in memory; small ones are if they are equal."""
    return left is right or (type(left) in ATOMIC and exact_eq(left, right))
