"""What OTP 25 adds to a failure: `*** argument 1: not an atom`.

A function that explains its failures leaves `{error_info, #{module => M}}` in the first entry of the stack, beside its
arguments; whoever prints the exception asks `M:format_error/2`. Mirrors `erl_erts_errors` and `erl_stdlib_errors`, word
for word, as recorded.
"""

from __future__ import annotations

from typing import Any

from erlsim.errors import ERROR_INFO, pass_on
from erlsim.explanations import devices, library, processes, tables, values
from erlsim.explanations.checks import Check
from erlsim.explanations.processes import Explainer
from erlsim.terms import Term, format

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
    return {number: words for number, words in extended(reason, stack).items() if type(number) is int}


def extended(reason: Term, stack: Term) -> dict[Any, str]:
    """The same, and under `general` what is wrong with no argument of all, and under `reason` what is told in its
    place. Mirrors `erl_error:get_extended_error`."""
    if type(stack) is not list or not stack or type(stack[0]) is not tuple or len(stack[0]) != 4:
        return {}
    module, function, args, info = stack[0]
    pairs = [each for each in info if type(each) is tuple and len(each) == 2] if type(info) is list else []
    known = dict(pairs).get(ERROR_INFO)
    if not isinstance(known, dict):
        return {}
    explainer = known.get("module", module)
    if explainer not in OURS:
        return _asked(explainer, known.get("function", "format_error"), [reason, stack])
    if type(args) is not list or reason == "system_limit":
        return {}
    cause = known.get("cause")
    found = _found(module, function, args, None if cause == "none" else cause)
    told: dict[Any, str] = {number: words for number, words in enumerate(found, 1) if words}
    if module == "io" and (words := devices.general(function, args, cause)):
        told["general"] = words
    return told


OURS = ("erl_erts_errors", "erl_stdlib_errors")


def _asked(module: Term, function: Term, args: list[Term]) -> dict[Any, str]:
    """What a module of the program's own says; nothing if it fails."""
    from erlsim import code

    try:
        found = code.function(module, function, len(args))(*args)
        return {key: format("~ts", [words]) for key, words in found.items()}
    except Exception as exc:
        pass_on(exc)
        return {}


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
    if module == "io":
        return devices.arguments(function, args, cause)
    return tables.only_table(args, cause) if module == "ets" and args else []


def lines(reason: Term, stack: Term) -> list[str]:
    """The explanation as it is printed: `*** argument 1: not an atom`."""
    told = extended(reason, stack)
    found = []
    for number in sorted(key for key in told if type(key) is int):
        head = f"*** argument {number}: "
        first, *more = told[number].splitlines() or [""]
        found += [head + first, *(" " * len(head) + line for line in more)]
    return found + [f"*** {told[key]}" for key in ("general",) if key in told]


__all__ = ["explain", "extended", "lines"]
