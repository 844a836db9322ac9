"""Compiled Erlang comes to what it comes to on the BEAM, failures and their stacks included (`record.py`)."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erl, terms
from tests.erl.record import MODULES, RESULTS, RUNNING

RECORDED = [terms.parse(line.removesuffix(".")) for line in RESULTS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def ours():
    """What each function comes to here."""

    async def everything(module):
        erl.load(RUNNING / "runner.erl")
        erl.load(RUNNING / f"{module}.erl")
        return await erlsim.code.call("runner", "all", [module])

    return {(module, name): found for module in MODULES for name, found in erlsim.run(everything, module)}


def compared(module, result):
    """A result without what may differ: the frames of OTP's own modules, which are others here."""
    match result:
        case ("result", (kind, reason, stack)):
            own = [
                each for place, each in enumerate(stack) if each[0] == module or (place == 0 and each[0] == "erlang")
            ]
            return kind, reason, own
    return result


@pytest.mark.parametrize(
    ("module", "name", "theirs"), RECORDED, ids=[f"{module}:{name}" for module, name, _ in RECORDED]
)
def test_a_function_comes_to_what_it_comes_to_on_the_BEAM(module, name, theirs, ours):
    found = compared(module, ours[module, name])
    assert terms.format("~0p", [found]) == terms.format("~0p", [compared(module, theirs)])
    assert terms.exact_eq(found, compared(module, theirs))


def test_every_function_was_recorded(ours):
    assert sorted(ours) == sorted((module, name) for module, name, _ in RECORDED)
