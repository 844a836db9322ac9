"""Starting a server: names, what init may return, and what the starter hears."""

import pytest

from erlsim import erlang, timer
from erlsim.otp import gen_server
from tests.otp.kit import heard, is_stack, outcome, server, start

# What processes die of is what these tests are about.
pytestmark = [pytest.mark.usefixtures("trapping_exits"), pytest.mark.erlsim(crashes=True)]

NAMES = [("local", "srv"), ("global", "srv"), ("global", ("any", 1)), ("via", "global", "srv")]


def where(name):
    return erlang.whereis(name[1]) if name[0] == "local" else _global().whereis_name(name[-1])


def _global():
    from erlsim.otp import global_

    return global_


@pytest.mark.rule(83)
@pytest.mark.parametrize("name", NAMES)
async def test_a_name_that_is_taken_is_an_error_and_nothing_is_spawned(name):
    ok, pid = await gen_server.start_link(name, server(), 0, [])
    before = erlang.processes()
    assert await gen_server.start_link(name, server(), 0, []) == ("error", ("already_started", pid))
    assert erlang.processes() == before
    assert await heard() == []


@pytest.mark.rule(84)
@pytest.mark.parametrize("name", NAMES)
async def test_the_name_is_registered_before_init_runs(name):
    seen = []

    def init(arg):
        seen.append(where(name) == erlang.self())
        return ("ok", arg)

    await gen_server.start(name, server(init=init), 0, [])
    assert seen == [True]


@pytest.mark.rule(84)
@pytest.mark.parametrize("answer", [("stop", "why"), "ignore"])
@pytest.mark.parametrize("name", NAMES)
async def test_the_name_is_free_when_the_starter_hears_of_the_failure(name, answer):
    await gen_server.start(name, server(init=lambda arg: answer), 0, [])
    assert where(name) == "undefined"


@pytest.mark.rule(84)
async def test_the_name_is_free_when_the_starter_hears_of_a_crash():
    await gen_server.start(("local", "srv"), server(init=lambda arg: erlang.error("e")), 0, [])
    assert erlang.whereis("srv") == "undefined"


@pytest.mark.rule(85)
async def test_stop_from_init_is_an_error():
    assert await gen_server.start(server(init=lambda arg: ("stop", "r")), 0, []) == ("error", "r")


@pytest.mark.rule(85)
async def test_ignore_from_init_is_ignore_and_the_process_ends_normal():
    assert await gen_server.start_link(server(init=lambda arg: "ignore"), 0, []) == "ignore"
    ((tag, _, reason),) = await heard()
    assert (tag, reason) == ("EXIT", "normal")


@pytest.mark.rule(85)
async def test_an_error_in_init_is_an_error_with_its_stack():
    error, (reason, stack) = await gen_server.start(server(init=lambda arg: erlang.error("e")), 0, [])
    assert (error, reason) == ("error", "e")
    assert is_stack(stack)


@pytest.mark.rule(85)
async def test_an_exit_in_init_is_an_error_with_its_reason():
    assert await gen_server.start(server(init=lambda arg: erlang.exit("e")), 0, []) == ("error", "e")


@pytest.mark.rule(85)
@pytest.mark.parametrize(
    "value", ["nonsense", ("ok",), ("ok", 1, 2, 3), ("ok", 1, "soon"), ("ok", 1, -1), ("stop",), []]
)
async def test_anything_else_from_init_is_a_bad_return_value(value):
    answer = await gen_server.start(server(init=lambda arg: value), 0, [])
    assert answer == ("error", ("bad_return_value", value))


@pytest.mark.rule(86)
async def test_what_init_throws_is_what_it_returns():
    ok, pid = await gen_server.start(server(init=lambda arg: erlang.throw(("ok", "thrown"))), 0, [])
    assert await gen_server.call(pid, lambda state: ("reply", state, state)) == "thrown"
    answer = await gen_server.start(server(init=lambda arg: erlang.throw("v")), 0, [])
    assert answer == ("error", ("bad_return_value", "v"))


async def test_an_init_that_matches_nothing_is_a_function_clause():
    error, (reason, stack) = await gen_server.start(server(init=lambda arg: None), "arg", [])
    assert (error, reason) == ("error", "function_clause")
    assert stack[0][:3] == ("simple_namespace", "init", ["arg"])


async def test_a_module_without_init_is_undef_with_the_missing_name():
    error, (reason, stack) = await gen_server.start(server(init=None), 7, [])
    assert (error, reason) == ("error", "undef")
    assert stack[0] == ("simple_namespace", "init", [7], [])


async def test_a_module_that_does_not_exist_is_undef():
    error, (reason, stack) = await gen_server.start("no_such_module", 7, [])
    assert (error, reason) == ("error", "undef")
    assert stack[0] == ("no_such_module", "init", [7], [])


@pytest.mark.parametrize("module", [1, [], b"binary"])
async def test_what_is_no_module_at_all_is_badarg(module):
    error, (reason, stack) = await gen_server.start(module, "arg", [])
    assert (error, reason, stack[0][:3]) == ("error", "badarg", ("erlang", "apply", [module, "init", ["arg"]]))


async def test_init_may_be_async():
    async def init(arg):
        await timer.sleep(30)
        return ("ok", "slow")

    pid = await start(server(init=init))
    assert await gen_server.call(pid, lambda state: ("reply", state, state)) == "slow"


async def test_a_start_that_takes_too_long_is_an_error():
    async def init(arg):
        await timer.sleep(30)
        return ("ok", 0)

    assert await gen_server.start_link(server(init=init), 0, [("timeout", 20)]) == ("error", "timeout")
    assert await heard() == []


@pytest.mark.rule(105)
async def test_start_monitor_returns_pid_and_reference():
    ok, (pid, ref) = await gen_server.start_monitor(server(), 0, [])
    erlang.exit(pid, "bye")
    assert await heard() == [("DOWN", ref, "process", pid, "bye")]


@pytest.mark.rule(105)
async def test_a_failed_start_monitor_consumes_the_down_message():
    assert await gen_server.start_monitor(server(init=lambda arg: ("stop", "q")), 0, []) == ("error", "q")
    assert await heard() == []


@pytest.mark.parametrize("name", ["plain", ("local",), ("foo", "bar"), 5])
async def test_what_is_no_name_is_a_function_clause(name):
    assert await outcome(gen_server.start(name, server(), 0, [])) == ("error", "function_clause")


async def test_a_local_name_has_to_be_an_atom():
    assert await outcome(gen_server.start(("local", 5), server(), 0, [])) == ("error", "badarg")


async def test_a_via_module_of_ones_own_holds_names():
    held = {}

    class Book:
        def register_name(name, pid):
            return "no" if held.setdefault(name, pid) != pid else "yes"

        def unregister_name(name):
            held.pop(name, None)

        def whereis_name(name):
            return held.get(name, "undefined")

        def send(name, message):
            erlang.send(held[name], message)
            return held[name]

    name = ("via", Book, "n")
    ok, pid = await gen_server.start(name, server(), 0, [])
    assert held == {"n": pid}
    gen_server.cast(name, lambda state: ("noreply", "cast"))
    assert await gen_server.call(name, lambda state: ("reply", state, state)) == "cast"
    assert await gen_server.start(name, server(), 0, []) == ("error", ("already_started", pid))
    assert await gen_server.start(("via", Book, "m"), server(init=lambda arg: "ignore"), 0, []) == "ignore"
    assert list(held) == ["n"]


async def test_spawn_options_reach_the_process():
    pid = await start(options=[("spawn_opt", [("priority", "high")])])
    assert erlang.process_info(pid, "priority") == ("priority", "high")


async def test_options_that_are_no_list_are_badarg():
    assert await outcome(gen_server.start(server(), 0, "options")) == ("error", "badarg")
