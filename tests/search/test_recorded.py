"""What is recorded of Concuerror, and that no schedule of erlsim's shows what Concuerror does not."""

from __future__ import annotations

import pytest

from erlsim import terms
from erlsim.testing import Fifo, RandomWalk, run_once
from tests.search import concuerror
from tests.search.differences import DIFFERENCES
from tests.search.programs import PROGRAMS
from tests.search.recorded import load

RECORDED = load()
SEEDS = 20

REPORT = """\
################################################################################
Interleaving #1
--------------------------------------------------------------------------------
Event trace:
   1: <P>: true = erlang:register(boss, <P/boss>)
    in shop.erl line {9,5}
   2: <P/boss>: {<P.1>,#Ref<0.1.2.3>} = erlang:spawn_monitor(erlang, apply, [#Fun<shop.0.1>,[]])
    in shop.erl line {10,5}
   3: <P.1>: [{x,1},{x,2}] = ets:lookup(goods, {x, 1})
    in shop.erl line {4,5}
   4: <P.1>: Exception badarg is raised by: nobody ! hello
    in shop.erl line {5,5}
   5: <P.1>: exits abnormally ({badarg,[{shop,sell,1,[{file,[115]},{line,5}]}]})
   6: <P/boss>: receives message ({'DOWN',#Ref<0.1.2.3>,process,<P.1>,{badarg,[]}})
    in shop.erl line {11,5}
   7: <P/boss>: receive timeout expires after 0 ms
    in other.erl line {12,5}
   8: <P/boss>: 12 = erlang:cancel_timer(#Ref<0.1.2.4>)
    in shop.erl line {13,5}
################################################################################
Exploration completed!
################################################################################
  Summary: 1 errors, 1/1 interleavings explored
"""


def test_a_report_is_read_as_the_histories_of_its_processes():
    boss = "P: ? {'DOWN',#Ref,process,<P.1>,{badarg,[]}} | after | cancel_timer(#Ref) = ms | blocked"
    child = "P.1: lookup(goods,{x,1}) = [{x,1},{x,2}] | ! badarg send | exit badarg"
    assert concuerror.read(REPORT) == concuerror.Report(1, frozenset([f"{boss}; {child}"]))
    assert concuerror.read(REPORT, only="shop.erl").outcomes == {f"{boss.replace(' | after', '')}; {child}"}


def test_an_exploration_that_did_not_end_is_refused():
    with pytest.raises(ValueError, match="did not end"):
        concuerror.read(REPORT.replace("1/1", "1/2"))


def test_every_program_is_recorded():
    assert list(RECORDED) == list(PROGRAMS)


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_no_schedule_shows_what_concuerror_does_not(program):
    recorded, difference = RECORDED[program.name], DIFFERENCES.get(program.name)
    for chooser in (Fifo(), *map(RandomWalk, range(SEEDS))):
        run = run_once(program.run, chooser)
        outcome = terms.parse(run.outcome)
        if not (difference and difference.beyond):
            assert outcome in recorded.outcomes | recorded.late, run.schedule
