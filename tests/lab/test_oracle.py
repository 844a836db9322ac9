"""The blast radius of eleven trees beside what a real Erlang/OTP 25 answered; `make oracle` asks it again."""

from __future__ import annotations

import pytest

from tests.lab.oracle import RECORDED, differences, ours
from tests.lab.trees import ANSWERS, TREES


@pytest.fixture(scope="module")
def answers():
    return RECORDED.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def mine():
    return ours()


def test_every_strike_at_every_tree_does_what_it_does_on_a_real_erlang(answers, mine):
    assert len(answers.splitlines()) > 150
    assert list(differences(answers, mine)) == []


def test_an_answer_that_differs_is_told(answers, mine):
    line = "{one_for_all,a,kill,{[a,c,b],[a,b,c],recovered}}."
    assert line in answers
    (told,) = differences(answers.replace(line, line.replace("[a,b,c]", "[b,a,c]")), mine)
    assert told.startswith("one_for_all, ('a', 'kill'): Erlang (['a', 'c', 'b'], ['b', 'a', 'c'], [], 'recovered')")


def test_each_tree_is_both_worked_out_and_asked(answers):
    assert set(TREES) == set(ANSWERS)
    assert all(f"{{{name}," in answers for name in TREES)
