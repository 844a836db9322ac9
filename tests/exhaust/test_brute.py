"""Searches of harder random programs have the outcomes of every interleaving; `make fuzz AREA=search` tries more."""

from __future__ import annotations

from erlsim.testing import exhaust
from tests.exhaust.brute import compared
from tests.exhaust.programs import interleavings, running

FEW, MOST = 40, 100


def test_a_search_has_the_outcomes_of_every_interleaving_of_harder_programs() -> None:
    found = [compared(seed, MOST) for seed in range(FEW)]
    assert not [wrong for wrong in found if wrong]
    assert sum(wrong is not None for wrong in found) >= FEW / 2


def test_a_process_that_ends_in_a_step_of_another_could_have_gone_on_before() -> None:
    # Who asks for a process that he has killed waits for its end.
    test = running([[("kill", 1), ("info", 1, "links")], [("alive", 0)]])
    runs = interleavings(test, MOST)
    assert runs is not None
    found = exhaust(test, stop=False, progress=False)
    assert found.complete and set(found.outcomes) == {run.outcome for run in runs}
