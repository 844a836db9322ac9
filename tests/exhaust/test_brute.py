"""Searches of harder random programs have the outcomes of every interleaving; `make fuzz AREA=search` tries more."""

from __future__ import annotations

from tests.exhaust.brute import compared

FEW, MOST = 40, 100


def test_a_search_has_the_outcomes_of_every_interleaving_of_harder_programs() -> None:
    found = [compared(seed, MOST) for seed in range(FEW)]
    assert not [wrong for wrong in found if wrong]
    assert sum(wrong is not None for wrong in found) >= FEW / 2
