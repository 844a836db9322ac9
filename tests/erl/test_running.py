"""Compiled Erlang comes to what it comes to on the BEAM, failures and their stacks included (`record.py`)."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erl, terms
from tests.erl.record import HELPERS, MODULES, RESULTS, RUNNING

RECORDED = [terms.parse(line.removesuffix(".")) for line in RESULTS.read_text(encoding="utf-8").splitlines()]


async def everything(module):
    """What each function comes to here."""
    for source in (*HELPERS, module):
        erl.load(RUNNING / f"{source}.erl")
    return await erlsim.code.call("runner", "all", [module])


def compared(module, result):
    """A result without what may differ: the frames of OTP's own modules, which are others here."""
    match result:
        case ("result", (kind, reason, stack)):
            own = [
                each for place, each in enumerate(stack) if each[0] == module or (place == 0 and each[0] == "erlang")
            ]
            return kind, reason, own
    return result


@pytest.mark.parametrize("module", MODULES)
def test_what_functions_come_to_is_what_they_come_to_on_the_BEAM(module):
    theirs = {name: compared(module, result) for of, name, result in RECORDED if of == module}
    results = erlsim.run(everything, module, reports=False, trace=False)
    ours = {name: compared(module, result) for name, result in results}
    assert sorted(ours) == sorted(theirs)
    different = [name for name in theirs if not is_same(ours[name], theirs[name])]
    told = [terms.format("~s:~n  OTP  ~0p~n  here ~0p", [name, theirs[name], ours[name]]) for name in different[:10]]
    assert not different, f"{len(different)} functions differ\n" + "\n".join(told)


def is_same(one, other):
    return terms.format("~0p", [one]) == terms.format("~0p", [other]) and terms.exact_eq(one, other)
