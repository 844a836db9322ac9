"""The stacks of who fails within a behaviour have the functions of OTP 25.2.3: `stacks.erl`, case by case."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import terms
from erlsim.erl import load
from tests.erl.stacks.record import STACKS


@pytest.fixture(scope="module")
def told():
    modules = {each.stem: load(each) for each in STACKS.sources}
    return [terms.format("~0tp.", [case]) for case in erlsim.run(modules["stacks"].cases, reports=False, trace=False)]


def test_each_behaviour_is_beneath_its_callbacks_as_on_otp(told):
    assert [pair for pair in zip(told, STACKS.lines(), strict=True) if pair[0] != pair[1]] == []
