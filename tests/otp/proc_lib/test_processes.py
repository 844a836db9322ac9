"""What a process of proc_lib knows, how it ends, and how it is stopped."""

import pytest

from erlsim import Error, erlang, terms, timer
from erlsim.otp import gen_server, proc_lib, supervisor
from tests.otp.kit import dead, gives, heard, is_stack, outcome, server, start, telling

# What processes die of is what these tests are about.
pytestmark = [pytest.mark.usefixtures("trapping_exits"), pytest.mark.erlsim(crashes=True)]


async def hang():
    await erlang.receive(lambda _message: False)


async def reason_of(fun):
    """The reason that a process of proc_lib, running `fun`, ends with."""
    pid, ref = proc_lib.spawn_opt(fun, ["monitor"])
    return (await erlang.receive(("DOWN", ref, "process", pid, ...)))[4]


@pytest.mark.rule(81)
async def test_an_error_ends_a_process_with_reason_and_stack():
    reason, stack = await reason_of(lambda: erlang.error("boom"))
    assert reason == "boom"
    assert is_stack(stack)


@pytest.mark.rule(81)
async def test_a_throw_ends_a_process_with_nocatch_and_stack():
    reason, stack = await reason_of(lambda: erlang.throw("t"))
    assert reason == ("nocatch", "t")
    assert is_stack(stack)


@pytest.mark.rule(81)
async def test_an_exit_ends_a_process_with_its_reason():
    assert await reason_of(lambda: erlang.exit("r")) == "r"


async def test_a_process_that_returns_ends_normal():
    assert await reason_of(lambda: "value") == "normal"


@pytest.mark.rule(82)
async def test_the_ancestors_of_a_server_begin_with_the_pid_of_its_parent():
    pid = await start()
    assert dict(erlang.process_info(pid, "dictionary")[1])["$ancestors"] == [erlang.self()]


@pytest.mark.rule(82)
async def test_a_registered_parent_is_an_ancestor_by_its_name():
    erlang.register("mother", erlang.self())
    pid = await start()
    assert dict(erlang.process_info(pid, "dictionary")[1])["$ancestors"] == ["mother"]


@pytest.mark.rule(82)
async def test_ancestors_are_the_whole_line():
    lines = []

    async def child():
        proc_lib.spawn(lambda: lines.append(erlang.get("$ancestors")))

    pid = proc_lib.spawn(child)
    await timer.sleep(1)
    assert lines == [[pid, erlang.self()]]


@pytest.mark.rule(82)
async def test_the_initial_call_of_a_server_is_its_init():
    module = server()
    pid = await start(module)
    name = "simple_namespace"
    assert proc_lib.translate_initial_call(pid) == (name, "init", 1)
    assert proc_lib.initial_call(pid) == (name, "init", ["Argument__1"])


@pytest.mark.parametrize(
    ("start", "args", "first"),
    [
        (supervisor.start_link, [1, -1], "pid"),
        (gen_server.start_link, [7, "scn_worker", []], ("scn_worker", "init", ["Argument__1"])),
        (gen_server.start_link, [7, 8, []], ("gen", "init_it", [f"Argument__{n}" for n in range(1, 7)])),
    ],
)
async def test_a_crash_report_of_what_has_no_module_names_what_stands_where_one_could(sim, start, args, first):
    assert (await start(*args))[0] == "error"
    await timer.sleep(1)
    [report] = [each.report["report"] for each in sim.reports if each.label == ("proc_lib", "crash")]
    name, value = report[0][0]
    assert first == (value if name == "initial_call" else name)


async def test_a_stranger_has_no_initial_call():
    pid = erlang.spawn(hang)
    assert proc_lib.initial_call(pid) is False
    assert proc_lib.translate_initial_call(pid) == ("proc_lib", "init_p", 5)


async def test_a_fun_is_an_initial_call_with_its_arity():
    pid = proc_lib.spawn(hang)
    await timer.sleep(1)
    assert proc_lib.translate_initial_call(pid) == ("test_processes", "hang", 0)


async def test_a_hibernating_process_goes_on_when_a_message_comes():
    class Sleeper:
        async def begin(to):
            await proc_lib.hibernate(Sleeper, "go_on", [to])
            erlang.send(to, "never")

        async def go_on(to):
            erlang.send(to, ("woken by", await erlang.receive()))
            erlang.exit("done")

    pid = proc_lib.spawn_link(Sleeper, "begin", [erlang.self()])
    assert await heard() == []
    erlang.send(pid, "hello")
    assert await heard() == [("woken by", "hello"), ("EXIT", pid, "done")]


@pytest.mark.rule(104)
async def test_stop_returns_ok_when_the_process_ends_with_the_reason_asked_for():
    pid = await start(telling())
    assert await proc_lib.stop(pid, "why", 1000) == "ok"
    assert await heard() == [("terminate", "why")]


@pytest.mark.rule(104)
async def test_stop_exits_with_the_reason_of_a_process_that_ends_otherwise():
    pid = await start(server(terminate=lambda reason, state: erlang.exit("other")))
    assert await outcome(proc_lib.stop(pid)) == ("exit", "other")


@pytest.mark.rule(104)
async def test_stop_of_a_missing_process_exits_noproc_bare():
    assert await outcome(proc_lib.stop("nobody")) == ("exit", "noproc")
    assert await outcome(proc_lib.stop(await dead())) == ("exit", "noproc")


@pytest.mark.rule(104)
async def test_stop_exits_timeout_and_leaves_the_process_alone():
    pid = proc_lib.spawn(hang)
    assert await outcome(proc_lib.stop(pid, "normal", 20)) == ("exit", "timeout")
    assert erlang.is_process_alive(pid)
    assert await heard() == []


async def test_stop_of_oneself_exits():
    kind, reason = await outcome(proc_lib.stop(erlang.self(), "normal", 20))
    assert (kind, reason[0]) == ("exit", "calling_self")


async def test_a_special_process_loops_for_ever_through_handle_system_msg():
    """Python has no tail calls: a thousand system messages must not pile up a thousand frames."""
    from erlsim.otp import sys

    class Special:
        async def begin():
            await Special.loop(erlang.get("$ancestors")[0], [], 0)

        async def loop(parent, debug, count):
            _, from_, request = await erlang.receive(("system", ..., ...))
            await sys.handle_system_msg(request, from_, parent, Special, debug, count)

        async def system_continue(parent, debug, count):
            await Special.loop(parent, debug, count + 1)

    pid = proc_lib.spawn_link(Special, "begin", [])
    for _ in range(1500):
        await sys.get_state(pid)
    assert await sys.get_state(pid) == 1500


async def test_enter_loop_makes_a_process_a_server():
    module = telling(handle_call=lambda request, from_, state: ("reply", (request, state), state))

    class Custom:
        async def begin():
            proc_lib.init_ack(("ok", erlang.self()))
            await gen_server.enter_loop(module, [], "state")

    ok, pid = await proc_lib.start_link(Custom, "begin", [])
    assert await gen_server.call(pid, "q") == ("q", "state")
    assert await gen_server.stop(pid) == "ok"


@pytest.mark.parametrize("name", [("local", "nobody"), ("global", "nobody"), ("via", "global", "nobody")])
async def test_enter_loop_wants_a_name_that_the_process_has(name):
    class Custom:
        async def begin():
            await gen_server.enter_loop(server(), [], "state", name)

    reasons = {
        "local": "process_not_registered",
        "global": "process_not_registered_globally",
        "via": ("process_not_registered_via", "global"),
    }
    pid = proc_lib.spawn_link(Custom, "begin", [])
    assert await heard() == [("EXIT", pid, reasons[name[0]])]


async def test_enter_loop_wants_a_parent():
    async def orphan():
        await gen_server.enter_loop(server(), [], gives(0))

    pid = erlang.spawn_link(orphan)
    assert await heard() == [("EXIT", pid, "process_was_not_started_by_proc_lib")]


@pytest.mark.parametrize(
    "args",
    [
        ["x"],
        ["nonode@nohost", "x"],
        ["a", "b", "c"],
        [5, 5, "b", []],
        [5, "a", "b", "c"],
        ["undefined", 100, {}, ("local", "w")],
    ],
)
@pytest.mark.parametrize("function", ["spawn", "spawn_link", "spawn_opt"])
async def test_what_cannot_be_spawned_is_no_clause_of_proc_lib(function, args):
    given = [*args, []] if function == "spawn_opt" else args
    with pytest.raises(Error) as failure:
        getattr(proc_lib, function)(*given)
    assert failure.value.reason == "function_clause"


@pytest.mark.parametrize("what", [(hang,), ("m", "f", [])])
async def test_a_node_that_is_no_atom_is_badarg(what):
    for spawn in (lambda: proc_lib.spawn(5, *what), lambda: proc_lib.spawn_opt([2], *what, ["link"])):
        with pytest.raises(Error) as failure:
            spawn()
        assert failure.value.reason == "badarg"


async def test_a_process_is_spawned_on_a_node_by_a_fun_or_by_a_name():
    me = erlang.self()
    proc_lib.spawn("nonode@nohost", lambda: erlang.send(me, erlang.get("$ancestors")))
    proc_lib.spawn_link("nonode@nohost", "erlang", "send", [me, "called"])
    assert await erlang.receive([...]) == [me]
    assert await erlang.receive("called") == "called"


async def test_true_is_the_name_of_a_function_that_there_is_not():
    pid, ref = proc_lib.spawn_opt("undefined", True, [99], ["monitor"])
    assert (await erlang.receive(("DOWN", ref, "process", pid, ...)))[4][0] == "undef"


@pytest.mark.parametrize("function", ["start", "start_link", "start_monitor"])
async def test_a_start_looks_at_the_call_before_the_options_and_at_these_before_the_timeout(function):
    start = getattr(proc_lib, function)
    assert await outcome(start(5, "x", [], "x", ())) == ("error", "function_clause")
    assert await outcome(start("erlang", "x", 5, "x", ())) == ("error", "function_clause")
    for options in ((), {}, 5, terms.Improper(["a"], "b"), ["x"], ["monitor"]):
        assert await outcome(start("erlang", "x", [], "x", options)) == ("error", "badarg")
