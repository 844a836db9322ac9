"""What a visitor sees, and what is left of a gate."""

import pytest
from house import ended, opened, visit, visits
from turnstile import Breaker, Clearing, Gate, Pool

import gen_tracker
from erlsim import erlang, ets, timer


async def test_a_good_ticket_is_welcome_and_counted_a_bad_one_is_refused(sim):
    await opened()
    assert await Gate.admit("north", "gold") == "welcome"
    assert await Gate.admit("north", "tin") == "refused"
    assert await Gate.admit("south", "silver") == "welcome"
    assert (Gate.visitors("north"), Gate.visitors("south")) == (1, 1)


async def test_three_connections_serve_three_visitors_at_a_time(sim):
    await opened()
    begun = erlang.monotonic_time()
    for number in range(7):
        visit(number, "gold")
    answers = await visits(7)
    assert [answer for _, answer, _ in answers] == ["welcome"] * 7
    assert [when - begun for _, _, when in answers] == [20, 20, 20, 40, 40, 40, 60]


async def test_the_ledger_keeps_the_visitors_of_a_gate_that_is_gone(sim):
    await opened()
    for _ in range(3):
        await Gate.admit("north", "gold")
    _, gate = gen_tracker.find("gates", "north")
    erlang.exit(gate, "kill")
    await timer.sleep(1)
    assert ets.lookup("ledger", "north") == [("north", 3)]
    assert gen_tracker.find("gates", "north") == "undefined"
    assert await Gate.admit("north", "gold") == "welcome"
    assert Gate.visitors("north") == 1


async def test_the_ledger_outlives_everything_but_the_tree(sim):
    await opened()
    await Gate.admit("north", "gold")
    ended("breaker")
    await timer.sleep(1)
    assert ets.lookup("ledger", "north") == [("north", 1)]


@pytest.mark.erlsim(crashes="no_answer")
async def test_an_outage_is_felt_by_three_visitors_and_then_costs_no_time(sim):
    await opened()
    await Clearing.set_health("down")
    for _ in range(3):
        before = erlang.monotonic_time()
        assert await Gate.admit("north", "gold") == ("error", "no_answer")
        assert erlang.monotonic_time() - before == 100
    before = erlang.monotonic_time()
    assert await Gate.admit("north", "gold") == ("error", "out_of_order")
    assert erlang.monotonic_time() == before
    assert Gate.visitors("north") == 0


@pytest.mark.erlsim(crashes="bad_answer")
async def test_a_crash_under_way_is_an_error_to_the_visitor_and_no_connection_is_lost(sim):
    await opened()
    await Clearing.set_health("broken")
    assert await Gate.admit("north", "gold") == ("error", "lost")
    await timer.sleep(1)
    assert await Pool.count() == (3, 0, 0)
    await Clearing.set_health("up")
    assert await Gate.admit("north", "gold") == "welcome"
    assert await Breaker.state() == "closed"
