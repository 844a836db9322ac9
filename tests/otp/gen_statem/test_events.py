"""Events of a state machine: their types, their order, postponing, inserting, replying."""

import pytest

from erlsim import erlang, timer
from erlsim.otp import gen_statem, sys
from tests.otp.gen_statem.kit_statem import gives, goes, keeps, machine, start
from tests.otp.kit import dead, heard, outcome

pytestmark = pytest.mark.usefixtures("trapping_exits")

BOTH = pytest.mark.parametrize("mode", ["state_functions", "handle_event_function"])


@BOTH
async def test_calls_casts_and_messages_are_events_of_their_types(mode):
    pid = await start(machine(mode))
    gen_statem.cast(pid, "one")
    erlang.send(pid, "two")
    gen_statem.send_request(pid, "three")
    assert await heard() == [("a", "cast", "one"), ("a", "info", "two"), ("a", "call", "three")]


@BOTH
async def test_a_change_of_state_takes_effect_with_the_next_event(mode):
    pid = await start(machine(mode))
    gen_statem.cast(pid, goes("b"))
    gen_statem.cast(pid, "x")
    assert await heard() == [("b", "cast", "x")]
    assert await sys.get_state(pid) == ("b", 0)


async def test_the_state_is_any_term_with_one_function_for_all():
    pid = await start()
    gen_statem.cast(pid, goes(("deep", [1])))
    assert await sys.get_state(pid) == (("deep", [1]), 0)


async def test_a_postponed_event_comes_again_after_a_change_of_state_only():
    def handle(kind, content, state, data):
        if callable(content):
            return content(state, data)
        return ("keep_state_and_data", "postpone") if state == "a" else "keep_state_and_data"

    pid = await start(machine(handle=handle))
    for event in ("one", "two", goes("a"), goes("b"), "three"):
        gen_statem.cast(pid, event)
    expected = [("a", "one"), ("a", "two"), ("b", "one"), ("b", "two"), ("b", "three")]
    assert [(state, content) for state, _, content in await heard()] == expected


async def test_inserted_events_come_before_all_others_in_their_order():
    pid = await start()
    gen_statem.cast(pid, keeps(("next_event", "internal", 1), ("next_event", "cast", 2), ("next_event", "timeout", 3)))
    gen_statem.cast(pid, 4)
    assert await heard() == [("a", "internal", 1), ("a", "cast", 2), ("a", "timeout", 3), ("a", "cast", 4)]


async def test_inserted_events_come_before_postponed_ones():
    pid = await start(
        machine(
            handle=lambda kind, content, state, data: (
                content(state, data)
                if callable(content)
                else ("keep_state_and_data", ["postpone"] if state == "a" else [])
            )
        )
    )
    gen_statem.cast(pid, "old")
    gen_statem.cast(pid, goes("b", ("next_event", "internal", "new")))
    assert await heard() == [("a", "cast", "old"), ("b", "internal", "new"), ("b", "cast", "old")]


async def test_a_reply_comes_from_an_action_or_from_anybody():
    def handle(kind, content, state, data):
        match kind, content:
            case ("call", from_), "now":
                return ("keep_state_and_data", ("reply", from_, "here"))
            case ("call", from_), "other":
                erlang.spawn(lambda: gen_statem.reply(from_, "there"))
            case ("call", from_), "list":
                gen_statem.reply([("reply", from_, "listed")])
        return "keep_state_and_data"

    pid = await start(machine(handle=handle))
    assert await gen_statem.call(pid, "now") == "here"
    assert await gen_statem.call(pid, "other", 100) == "there"
    assert await gen_statem.call(pid, "list", ("clean_timeout", 100)) == "listed"


async def test_a_call_waits_for_ever_unless_it_is_told_not_to():
    pid = await start()
    asked = [(), (10,), (("dirty_timeout", 10),), (("clean_timeout", 10),)]
    expected = ("exit", ("timeout", ("gen_statem", "call", [pid, "x", 10])))
    assert await outcome(gen_statem.call(pid, "x", 10)) == expected
    for timeout in asked[2:]:
        assert (await outcome(gen_statem.call(pid, "x", *timeout)))[1][1][2][2] == timeout[0]
    assert (await outcome(gen_statem.call(pid, "x", ("slow", 1)))) == ("error", "badarg")
    gone = await dead()
    expected = ("exit", ("noproc", ("gen_statem", "call", [gone, "x", "infinity"])))
    assert await outcome(gen_statem.call(gone, "x")) == expected


async def test_a_call_of_a_name_with_a_timeout_goes_through_another_process():
    clients = []

    def handle(kind, content, state, data):
        clients.append(kind[1][0])
        return ("keep_state_and_data", ("reply", kind[1], "yes"))

    await gen_statem.start(("local", "named"), machine(handle=handle), 0, [])
    assert await gen_statem.call("named", "x") == "yes"
    assert await gen_statem.call("named", "x", 100) == "yes"
    assert clients[0] == erlang.self() and clients[1] != erlang.self()


async def test_a_cast_never_fails_but_for_what_is_no_server():
    assert gen_statem.cast("nobody", 1) == gen_statem.cast(("global", "nobody"), 1) == "ok"
    for bad in (7, (1, 2), ("a", "b", "c")):
        with pytest.raises(Exception) as raised:
            gen_statem.cast(bad, 1)
        assert raised.value.reason == "function_clause"


async def test_what_a_callback_throws_is_what_it_returns():
    pid = await start()
    gen_statem.cast(pid, lambda state, data: erlang.throw(("next_state", "b", "thrown")))
    assert await sys.get_state(pid) == ("b", "thrown")


async def test_callbacks_may_wait():
    async def handle(kind, content, state, data):
        await timer.sleep(30)
        return ("keep_state", data + 1, [("reply", kind[1], data)])

    pid = await start(machine(handle=handle))
    assert [await gen_statem.call(pid, "x"), await gen_statem.call(pid, "x")] == [0, 1]


async def test_another_module_takes_over_and_gives_back():
    other = machine(
        handle=lambda kind, content, state, data: content(state, data) if callable(content) else ("keep_state", "other")
    )
    pid = await start()
    gen_statem.cast(pid, keeps(("push_callback_module", other)))
    gen_statem.cast(pid, "x")
    assert await sys.get_state(pid) == ("a", "other")
    gen_statem.cast(pid, keeps("pop_callback_module"))
    gen_statem.cast(pid, gives(("keep_state", "own")))
    gen_statem.cast(pid, "x")
    assert await sys.get_state(pid) == ("a", "own")


async def test_hibernating_changes_nothing_that_can_be_seen():
    pid = await start(options=[("hibernate_after", 5)])
    gen_statem.cast(pid, keeps("hibernate"))
    await timer.sleep(50)
    assert await sys.get_state(pid) == ("a", 0)
    gen_statem.cast(pid, "x")
    assert await heard() == [("a", "cast", "x")]
