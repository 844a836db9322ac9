"""The module `eunit`: a module's tests, run one after another in the simulation that asks."""

from __future__ import annotations

import sys

import erlsim
from erlsim import code, io
from erlsim.erl.running.calls import compiled
from erlsim.erl.testing import eunit
from erlsim.erl.testing.outcomes import Failed
from erlsim.errors import Error
from erlsim.terms import Term

__in_stacks__ = False


async def test(tests: Term, options: Term = None) -> Term:
    """`test/1,2`: ok or error; of a module, or a list of modules, with those whose names go on in `_tests`."""
    failures = passed = 0
    for module in tests if type(tests) is list else [tests]:
        for name in (module, f"{module}_tests"):
            functions = _functions(name)
            for leaf in [] if functions is None else await eunit.leaves(functions):
                outcome = await eunit.run(functions or {}, leaf.way)
                if type(outcome) is Failed:
                    failures += 1
                    await io.put_chars("user", "\n".join([f"{name}: {leaf.shown}...*failed*", *outcome.lines(), ""]))
                else:
                    passed += 1
    await io.put_chars("user", _summary(passed, failures))
    return "error" if failures else "ok"


def _functions(module: Term) -> eunit.Functions | None:
    """The functions of a compiled module; `None` if there is none."""
    try:
        return compiled(code.resolve(module))
    except Error:
        return None


def _summary(passed: int, failures: int) -> str:
    if failures:
        return f"{'=' * 55}\n  Failed: {failures}.  Skipped: 0.  Passed: {passed}.\n"
    return {0: "  There were no tests to run.\n", 1: "  Test passed.\n"}.get(passed, f"  All {passed} tests passed.\n")


erlsim.module(name="eunit")(sys.modules[__name__])
