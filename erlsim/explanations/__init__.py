"""What OTP 25 adds to a failure: `*** argument 1: not an atom`.

A function that explains its failures leaves `{error_info, #{module => M}}` in the first entry of the stack, beside its
arguments; whoever prints the exception asks `M:format_error/2`. Mirrors `erl_erts_errors` and `erl_stdlib_errors`, word
for word, as recorded.
"""

from __future__ import annotations

from typing import Any

from erlsim.errors import ERROR_INFO
from erlsim.explanations import library, processes, tables, values
from erlsim.explanations.checks import Check
from erlsim.explanations.processes import Explainer
from erlsim.terms import Term

_CHECKS: dict[str, dict[tuple[str, int], tuple[Check, ...]]] = {
    "binary": library.BINARY_CHECKS,
    "erlang": {**processes.CHECKS, **values.CHECKS},
    "lists": library.LISTS,
    "maps": library.MAPS,
}
_EXPLAIN: dict[str, dict[tuple[str, int], Explainer]] = {
    "atomics": values.SHARED,
    "binary": library.BINARY,
    "counters": values.SHARED,
    "erlang": {**processes.EXPLAIN, **values.EXPLAIN},
    "ets": tables.EXPLAIN,
    "lists": {("seq", 3): library.seq},
    "maps": {("get", 2): library.get},
    "persistent_term": values.PERSISTENT,
    "unicode": library.UNICODE,
}


def explain(reason: Term, stack: Term) -> dict[int, str]:
    """By the number of an argument, what is wrong with it, if the first entry of the stack has an `error_info`."""
    if type(stack) is not list or not stack or type(stack[0]) is not tuple or len(stack[0]) != 4:
        return {}
    module, function, args, info = stack[0]
    if type(args) is not list or type(info) is not list or reason == "system_limit":
        return {}
    known = next((each[1] for each in info if type(each) is tuple and len(each) == 2 and each[0] == ERROR_INFO), None)
    if not isinstance(known, dict):
        return {}
    cause = known.get("cause")
    found = _found(module, function, args, None if cause == "none" else cause)
    return {number: words for number, words in enumerate(found, 1) if words}


def _found(module: Term, function: str, args: list[Any], cause: Term) -> list[str]:
    of = (function, len(args))
    checks = _CHECKS.get(module, {}).get(of)
    if checks is not None:
        return [check(each) for check, each in zip(checks, args, strict=False)]
    explainer = _EXPLAIN.get(module, {}).get(of)
    if explainer is not None:
        return explainer(args, cause)
    if module == "math":
        return library.math(function, args)
    return tables.only_table(args, cause) if module == "ets" and args else []


def lines(reason: Term, stack: Term) -> list[str]:
    """The explanation as it is printed: `*** argument 1: not an atom`."""
    return [f"*** argument {number}: {words}" for number, words in explain(reason, stack).items()]


__all__ = ["explain", "lines"]
