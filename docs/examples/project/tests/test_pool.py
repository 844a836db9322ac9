"""The pool by itself: stand-ins for connections, clients that come, wait, give up and die."""

import pytest
from turnstile import Pool

import erlsim
from erlsim import erlang, terms, timer


async def pool(connections):
    """A pool with some stand-ins for connections."""
    erlang.process_flag("trap_exit", True)
    erlsim.match(("ok", ...), await Pool.start_link())
    made = [erlang.spawn(forever) for _ in range(connections)]
    for each in made:
        Pool.join(each)
    await timer.sleep(1)
    return made


async def forever():
    await erlang.receive(("stop",))


def client(hold="infinity", patience=5000):
    """A process that takes a connection, tells the test, and holds it for some ms before it gives it back."""
    me = erlang.self()

    async def body():
        answer = await Pool.take(patience)
        erlang.send(me, ("took", erlang.self(), answer))
        await erlang.receive(("give",), after=hold)
        if answer[0] == "ok":
            Pool.give_back(answer[1])

    return erlang.spawn(body)


async def took(who):
    return (await erlang.receive(("took", who, ...), after=10_000))[2]


async def test_a_connection_is_lent_to_one_client_at_a_time_in_the_order_of_asking(sim):
    [only] = await pool(1)
    first, second, third = client(hold=10), client(hold=10), client(hold=10)
    assert await took(first) == ("ok", only)
    assert await Pool.count() == (0, 1, 2)
    assert await took(second) == ("ok", only)
    assert sim.now == 11
    assert await took(third) == ("ok", only)
    assert sim.now == 21
    await timer.sleep(11)
    assert await Pool.count() == (1, 0, 0)


async def test_what_a_dead_client_held_comes_back(sim):
    [only] = await pool(1)
    holder = client()
    assert await took(holder) == ("ok", only)
    erlang.exit(holder, "kill")
    await timer.sleep(1)
    assert await Pool.count() == (1, 0, 0)


async def test_who_dies_while_he_waits_waits_no_more(sim):
    [only] = await pool(1)
    holder, waiter, next_one = client(), client(), client()
    assert await took(holder) == ("ok", only)
    erlang.exit(waiter, "kill")
    await timer.sleep(1)
    assert await Pool.count() == (0, 1, 1)
    erlang.send(holder, ("give",))
    assert await took(next_one) == ("ok", only)


async def test_who_gives_up_is_forgotten(sim):
    [only] = await pool(1)
    holder, impatient = client(hold=100), client(patience=50)
    assert await took(holder) == ("ok", only)
    assert await took(impatient) == ("error", "busy")
    assert await Pool.count() == (0, 1, 0)
    await timer.sleep(100)
    assert await Pool.count() == (1, 0, 0)


async def test_a_dead_connection_is_forgotten_whether_it_is_free_or_lent(sim):
    one, two = await pool(2)
    holder = client()
    assert await took(holder) == ("ok", one)
    erlang.exit(two, "kill")
    await timer.sleep(1)
    assert await Pool.count() == (0, 1, 0)
    erlang.exit(one, "kill")
    await timer.sleep(1)
    assert await Pool.count() == (0, 0, 0)


async def test_nobody_can_give_back_what_he_does_not_hold(sim):
    [only] = await pool(1)
    holder = client()
    assert await took(holder) == ("ok", only)
    Pool.give_back(only)
    assert await Pool.count() == (0, 1, 0)


async def test_the_monitors_of_loans_that_have_ended_are_gone(sim):
    made = await pool(2)
    for _ in range(5):
        connection = erlsim.match(("ok", ...), await Pool.take(100))
        Pool.give_back(connection)
    assert await Pool.count() == (2, 0, 0)
    _, monitors = erlang.process_info(erlang.whereis("pool"), "monitors")
    assert terms.sort([pid for _, pid in monitors]) == made


# Found under schedule 7 of 20: the timers of one instant fire in the other order, and the connection is lent to one
# who has just stopped waiting. The report of that failure printed this line.
@pytest.mark.erlsim(replay="7t2=1")
async def test_who_gives_up_in_the_instant_in_which_he_is_served_keeps_nothing(sim):
    [only] = await pool(1)
    holder = client()
    assert await took(holder) == ("ok", only)
    late = client(patience=5)
    await timer.sleep(1)
    erlang.send_after(4, holder, ("give",))
    assert await took(late) == ("error", "busy")
    await timer.sleep(1)
    assert await Pool.count() == (1, 0, 0)


@pytest.mark.erlsim(schedules=200)
async def test_whatever_the_schedule_no_connection_is_lent_twice_and_none_is_lost():
    made = await pool(2)
    lent = []
    me = erlang.self()

    async def borrower(patience):
        answer = await Pool.take(patience)
        if answer[0] == "ok":
            assert answer[1] not in lent
            lent.append(answer[1])
            await timer.sleep(3)
            lent.remove(answer[1])
            Pool.give_back(answer[1])
        erlang.send(me, ("done", answer))

    victim = client()
    for number in range(5):
        erlang.spawn(borrower, [2 + number])
    erlang.exit(victim, "kill")
    done = [(await erlang.receive(("done", ...), after=1000))[1] for _ in range(5)]
    assert all(each == ("error", "busy") or each[1] in made for each in done)
    await timer.sleep(100)
    assert await Pool.count() == (2, 0, 0)
