"""In each program the search finds what Concuerror finds, in no more runs; where not, `differences` says why."""

from __future__ import annotations

import pytest

from erlsim import terms
from erlsim.testing import exhaust
from tests.search.differences import DIFFERENCES, Difference
from tests.search.programs import PROGRAMS
from tests.search.recorded import load

RECORDED = load()
SAME = Difference("")
SEARCHED = {name: program for name, program in PROGRAMS.items() if not program.late}


def reached(found):
    """The outcomes as the programs wrote them: an `Exhaustion` has them as printed terms."""
    return {terms.parse(text) for text in found.outcomes}


@pytest.mark.parametrize("program", SEARCHED.values(), ids=SEARCHED)
def test_the_outcomes_are_concuerrors_and_the_runs_are_no_more(program):
    recorded, known = RECORDED[program.name], DIFFERENCES.get(program.name, SAME)
    found = exhaust(program.run, stop=False, progress=False)
    assert found.complete is known.complete and not found.failures, str(found)
    lacking, beyond = recorded.outcomes - reached(found), reached(found) - recorded.outcomes
    assert (len(lacking), len(beyond)) == (known.lacking, known.beyond), "\n".join(
        [*sorted(lacking), "", *sorted(beyond)]
    )
    assert found.runs <= max(recorded.interleavings, known.runs)


def test_few_programs_take_more_runs():
    assert DIFFERENCES.keys() <= PROGRAMS.keys()
    more = [name for name, known in DIFFERENCES.items() if known.runs > RECORDED[name].interleavings]
    assert len(more) * 10 <= len(PROGRAMS)
