"""Messages on their way: what Concuerror finds when it delivers them late, a search with `transit=True` finds too."""

from __future__ import annotations

import pytest

from erlsim import erlang
from erlsim.testing import exhaust
from tests.search.differences import DIFFERENCES
from tests.search.programs import PROGRAMS
from tests.search.recorded import load
from tests.search.test_programs import printed

RECORDED = load()
# Those that have outcomes only because messages are late, and some of the others.
LATE = [name for name, each in RECORDED.items() if each.late and not PROGRAMS[name].late]
SMALL = [name for name, each in RECORDED.items() if 1 < (each.delayed or 100) <= 14 and not PROGRAMS[name].late]
TRIED = sorted({*LATE, *SMALL[::4]} - DIFFERENCES.keys())
# These lack one outcome there, too, which OTP does not have.
INFO = ["demonitor_info", "info_tells_what_came"]


def test_there_are_such_programs():
    assert len(LATE) >= 7 and len(TRIED) >= 25


@pytest.mark.parametrize("name", TRIED)
def test_late_messages_have_the_outcomes_that_concuerror_finds(name):
    found = exhaust(PROGRAMS[name].run, stop=False, check=20, progress=False, transit=True)
    theirs = printed(RECORDED[name].outcomes | RECORDED[name].late)
    assert found.complete and theirs == set(found.outcomes), str(found)


@pytest.mark.parametrize("name", INFO)
def test_a_monitor_that_is_not_found_has_sent_its_down_in_transit_too(name):
    found = exhaust(PROGRAMS[name].run, stop=False, check=20, progress=False, transit=True)
    lacking = printed(RECORDED[name].outcomes | RECORDED[name].late) - set(found.outcomes)
    assert found.complete and len(lacking) == DIFFERENCES[name].lacking == 1, str(found)
    assert all("after | demonitor(#Ref,[info]) = false" in each for each in lacking)


@pytest.mark.parametrize("name", ["simple_registry", "monitors_of_each_other"])
def test_questions_and_monitors_come_behind_what_was_sent_before(name):
    found = exhaust(PROGRAMS[name].run, stop=False, check=20, progress=False, transit=True)
    theirs = printed(RECORDED[name].outcomes | RECORDED[name].late)
    assert found.complete and theirs == set(found.outcomes), str(found)


async def relayed():
    """What was sent first comes second if it is on its way for longer than the way round."""
    me = erlang.self()

    async def relay():
        erlang.send(me, await erlang.receive())

    other = erlang.spawn(relay)

    def sender():
        erlang.send(me, "straight")
        erlang.send(other, "round")

    erlang.spawn(sender)
    return [await erlang.receive(), await erlang.receive()]


def test_a_message_is_overtaken_on_another_way_only_in_transit():
    assert set(exhaust(relayed).outcomes) == {"[straight,round]"}
    found = exhaust(relayed, transit=True)
    assert found.complete and set(found.outcomes) == {"[straight,round]", "[round,straight]"}


def test_messages_of_one_pair_keep_their_order_in_transit():
    async def test():
        me = erlang.self()
        erlang.spawn(lambda: [erlang.send(me, number) for number in range(3)])
        return [await erlang.receive() for _ in range(3)]

    found = exhaust(test, transit=True)
    assert (found.complete, set(found.outcomes)) == (True, {"[0,1,2]"})


def test_an_answer_to_a_question_comes_behind_what_was_sent_before_it():
    async def test():
        child = erlang.spawn(erlang.receive)
        erlang.exit(child, "kill")
        return erlang.is_process_alive(child)

    found = exhaust(test, transit=True)
    assert (found.complete, set(found.outcomes)) == (True, {"false"})
