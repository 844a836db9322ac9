"""Who falls with whom, how long it takes to be back, and when it is given up."""

from house import ended, opened, visit
from turnstile import Gate, Pool

import director
import erlsim
from erlsim import erlang, timer
from erlsim.otp import supervisor


async def connection(number):
    pid = erlsim.match(("ok", ...), await director.get_pid("connections", ("connection", number)))
    return pid


async def test_a_connection_comes_back_at_once_then_after_100_then_after_1000_ms(sim):
    await opened()
    for pause in (0, 100, 1000, 0, 100, 1000):
        erlang.exit(await connection(2), "kill")
        if pause > 0:
            await timer.sleep(pause - 1)
            assert await director.get_pid("connections", ("connection", 2)) == ("error", "restarting")
        await timer.sleep(2)
        assert erlang.is_process_alive(await connection(2))
        assert await Pool.count() == (3, 0, 0)


async def test_the_seventh_crash_of_a_connection_is_one_too_many_and_the_supervisor_begins_again(sim):
    await opened()
    before = erlang.whereis("connections")
    gates = erlang.whereis("gates")
    for pause in (1, 101, 1001, 1, 101, 1001):
        erlang.exit(await connection(1), "kill")
        await timer.sleep(pause)
    assert erlang.whereis("connections") == before
    erlang.exit(await connection(1), "kill")
    await timer.sleep(1)
    assert erlang.whereis("connections") not in (before, "undefined")
    assert erlang.whereis("gates") not in (gates, "undefined")
    assert await Pool.count() == (3, 0, 0)
    assert await Gate.admit("north", "gold") == "welcome"


async def test_a_new_pool_knows_the_connections_and_the_breaker_stays(sim):
    await opened()
    breaker, connections = erlang.whereis("breaker"), erlang.whereis("connections")
    ended("pool")
    await timer.sleep(1)
    assert erlang.whereis("breaker") == breaker
    assert erlang.whereis("connections") not in (connections, "undefined")
    assert await Pool.count() == (3, 0, 0)


async def test_who_starts_before_the_gates_takes_them_along(sim):
    await opened()
    for name in ("breaker", "connections"):
        gates = erlang.whereis("gates")
        ended(name)
        await timer.sleep(1)
        assert erlang.whereis("gates") not in (gates, "undefined")


async def test_gates_fall_alone(sim):
    await opened()
    others = [erlang.whereis(name) for name in ("breaker", "pool", "connections")]
    ended("gates")
    await timer.sleep(1)
    assert [erlang.whereis(name) for name in ("breaker", "pool", "connections")] == others
    assert await Gate.admit("north", "gold") == "welcome"


async def test_three_failures_within_a_minute_are_too_many_and_two_are_not(sim):
    tree = await opened()
    ended("gates")
    await timer.sleep(30_000)
    ended("gates")
    await timer.sleep(31_000)
    ended("gates")
    await timer.sleep(1)
    assert erlang.is_process_alive(tree)
    ended("gates")
    await erlang.receive(("EXIT", tree, "shutdown"), after=100)
    assert not erlang.is_process_alive(tree)


async def test_the_children_are_listed_as_they_are_meant(sim):
    tree = await opened()
    listed = [(id_, kind) for id_, _, kind, _ in await supervisor.which_children(tree)]
    assert listed == [
        ("gates", "supervisor"), ("connections", "supervisor"), ("pool", "worker"), ("breaker", "worker"),
    ]  # fmt: skip


async def test_the_tree_ends_in_order_within_the_connections_time(sim):
    tree = await opened()
    await Gate.admit("north", "gold")
    before = sim.now
    erlang.exit(tree, "shutdown")
    assert await erlang.receive(("EXIT", tree, ...)) == ("EXIT", tree, "shutdown")
    assert sim.now == before
    assert [erlang.whereis(name) for name in ("breaker", "pool", "connections", "gates")] == ["undefined"] * 4


async def test_a_visitor_whose_gate_falls_is_gone_and_the_next_is_welcome(sim):
    await opened()
    visitor = visit("north", "gold")
    ref = erlang.monitor("process", visitor)
    await timer.sleep(5)
    ended("pool")
    _, _, _, _, reason = await erlang.receive(("DOWN", ref, ..., ..., ...), after=1000)
    assert reason[0] in ("killed", "shutdown")
    await timer.sleep(1)
    assert await Gate.admit("north", "gold") == "welcome"
