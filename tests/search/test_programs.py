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
MOST_INCOMPLETE = 1


def printed(outcomes):
    """Outcomes as an `Exhaustion` has them."""
    return {terms.format("~0tp", [outcome]) for outcome in outcomes}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_the_outcomes_are_concuerrors_and_the_runs_are_no_more(program):
    recorded, known = RECORDED[program.name], DIFFERENCES.get(program.name, SAME)
    clock = "late" if program.late else "barrier"
    found = exhaust(program.run, stop=False, check=20, progress=False, clock=clock)
    theirs, ours = printed(recorded.outcomes), set(found.outcomes)
    shown = "\n".join([str(found), "lacking", *sorted(theirs - ours), "beyond", *sorted(ours - theirs)])
    assert not found.failures, shown
    if known.complete:
        assert found.complete, shown
        assert (len(theirs - ours), len(ours - theirs)) == (known.lacking, known.beyond), shown
    else:
        assert len(theirs - ours) <= known.lacking and len(ours - theirs) <= known.beyond, shown
    # When the clock may be late its steps are events, too, and Concuerror has none.
    assert program.late or found.runs <= max(recorded.interleavings, known.runs), shown


def test_few_programs_take_more_runs_and_few_are_not_complete():
    assert DIFFERENCES.keys() <= PROGRAMS.keys()
    more = [name for name, known in DIFFERENCES.items() if known.runs > RECORDED[name].interleavings]
    assert len(more) * 10 <= len(PROGRAMS)
    assert sum(not known.complete for known in DIFFERENCES.values()) <= MOST_INCOMPLETE
