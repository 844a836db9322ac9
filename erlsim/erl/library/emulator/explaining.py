"""The modules `erl_stdlib_errors` and `erl_erts_errors`: what is wrong with the arguments of functions that failed."""

from __future__ import annotations

from erlsim import explanations
from erlsim.erl.running.cells import outward
from erlsim.terms import Term, chars

__in_stacks__ = False


def format_error(reason: Term, stack: Term) -> Term:
    """`format_error/2`: by the number of an argument, what is wrong with it, and the rest under `general`."""
    found = explanations.extended(outward(reason), outward(stack))
    return {key: chars(words) for key, words in found.items()}
