"""How a supervisor starts and stops its children, and itself."""

import pytest

from erlsim import erlang, terms, timer
from erlsim.otp import supervisor
from tests.otp.supervisor.kit import Kid, crash, heard, ids, kid, pid_of, shown, start, stop

# What processes die of is what these tests are about.
pytestmark = [pytest.mark.usefixtures("trapping_exits"), pytest.mark.erlsim(crashes=True)]


@pytest.mark.rule(112)
async def test_children_start_in_list_order_and_stop_in_reverse():
    specs = [kid("a"), kid("b"), kid("c")]
    _, sup = await supervisor.start_link("kit_sup", ("ok", ({}, specs)))
    assert await heard() == [("started", "a"), ("started", "b"), ("started", "c")]
    assert await stop(sup) == [
        *[("stopping", "c", "shutdown"), ("stopping", "b", "shutdown"), ("stopping", "a", "shutdown")],
        ("EXIT", sup, "shutdown"),
    ]


@pytest.mark.rule(112)
async def test_a_child_is_told_to_stop_only_when_the_one_before_it_is_down():
    sup = await start([kid("a"), kid("b", options={"sleep_at_stop": 100})])
    erlang.exit(sup, "shutdown")
    assert await heard(50) == [("stopping", "b", "shutdown")]
    assert await heard(100) == [("stopping", "a", "shutdown"), ("EXIT", sup, "shutdown")]


@pytest.mark.rule(113)
async def test_which_children_is_newest_first_and_a_restart_keeps_the_place():
    sup = await start([kid("a"), kid("b")])
    await supervisor.start_child(sup, kid("c"))
    assert await ids(sup) == ["c", "b", "a"]
    await crash(sup, "b")
    assert await ids(sup) == ["c", "b", "a"]
    await supervisor.terminate_child(sup, "b")
    assert (await shown(sup))[1] == ("b", "undefined")


@pytest.mark.rule(113)
@pytest.mark.parametrize("restart", ["permanent", "temporary"])
async def test_simple_one_for_one_lists_its_children_in_start_order(restart):
    template = {"id": "t", "start": ("kit_kid", "start", [erlang.self()]), "restart": restart}
    sup = await start([template], "simple_one_for_one")
    pids = [(await supervisor.start_child(sup, [number]))[1] for number in range(40)]
    assert [child[1] for child in await supervisor.which_children(sup)] == pids


@pytest.mark.rule(118)
async def test_flags_and_specs_have_otps_defaults():
    sup = await start([{"id": "w", "start": ("kit_kid", "start", [erlang.self(), "w"])}])
    assert await supervisor.get_childspec(sup, "w") == (
        "ok",
        {
            "id": "w",
            "start": ("kit_kid", "start", [erlang.self(), "w"]),
            "restart": "permanent",
            "significant": False,
            "shutdown": 5000,
            "type": "worker",
            "modules": ["kit_kid"],
        },
    )
    await supervisor.start_child(sup, {"id": "s", "start": ("kit_kid", "ignore", []), "type": "supervisor"})
    _, spec = await supervisor.get_childspec(sup, "s")
    assert spec["shutdown"] == "infinity"
    assert await supervisor.get_childspec(sup, "x") == ("error", "not_found")
    _, other = await supervisor.start_link("kit_sup", ("ok", ({}, [kid("a"), kid("b")])))
    await heard()
    assert await crash(other, "a") == [("started", "a")]
    assert ("EXIT", other, "shutdown") in await crash(other, "a")


@pytest.mark.rule(123)
async def test_a_failing_child_stops_those_before_it_in_reverse_and_the_start_fails():
    failing = {"id": "c", "start": ("kit_kid", "give", [("error", "nogo")])}
    answer = await supervisor.start_link("kit_sup", ("ok", ({}, [kid("a"), kid("b"), failing, kid("d")])))
    reason = ("shutdown", ("failed_to_start_child", "c", "nogo"))
    assert answer == ("error", reason)
    said = await heard()
    assert said[:-1] == [
        *[("started", "a"), ("started", "b")],
        *[("stopping", "b", "shutdown"), ("stopping", "a", "shutdown")],
    ]
    assert said[-1][0] == "EXIT" and said[-1][2] == reason


@pytest.mark.rule(123)
async def test_the_starter_that_does_not_trap_exits_dies_of_the_failed_start():
    failing = {"id": "a", "start": ("kit_kid", "give", [("error", "nogo")])}

    async def starter():
        await supervisor.start_link("kit_sup", ("ok", ({}, [failing])))

    pid, ref = erlang.spawn_monitor(starter)
    reason = ("shutdown", ("failed_to_start_child", "a", "nogo"))
    assert await heard() == [("DOWN", ref, "process", pid, reason)]


BAD_INITS = [
    ("ignore", "ignore"),
    ("foo", ("error", ("bad_return", ("kit_sup", "init", "foo")))),
    (("ok", [{}, []]), ("error", ("bad_return", ("kit_sup", "init", ("ok", [{}, []]))))),
    (("ok", ("foo", [])), ("error", ("supervisor_data", ("invalid_type", "foo")))),
    (("ok", ({"strategy": "x"}, [])), ("error", ("supervisor_data", ("invalid_strategy", "x")))),
    (("ok", ({"intensity": -1}, [])), ("error", ("supervisor_data", ("invalid_intensity", -1)))),
    (("ok", ({"intensity": True}, [])), ("error", ("supervisor_data", ("invalid_intensity", True)))),
    (("ok", ({"period": 0}, [])), ("error", ("supervisor_data", ("invalid_period", 0)))),
    (("ok", (("one_for_one", 1, 1.0), [])), ("error", ("supervisor_data", ("invalid_period", 1.0)))),
    (("ok", (("one_for_one", 1), [])), ("error", ("supervisor_data", ("invalid_type", ("one_for_one", 1))))),
    (("ok", ((1, 2, 3, 4), [])), ("error", ("supervisor_data", ("invalid_type", (1, 2, 3, 4))))),
    (("ok", ((), [])), ("error", ("supervisor_data", ("invalid_type", ())))),
    (["ok", ({}, [])], ("error", ("bad_return", ("kit_sup", "init", ["ok", ({}, [])])))),
    (("error", ({}, [])), ("error", ("bad_return", ("kit_sup", "init", ("error", ({}, [])))))),
    (("ok", ({"auto_shutdown": "x"}, [])), ("error", ("supervisor_data", ("invalid_auto_shutdown", "x")))),
    (("ok", ({}, ["foo"])), ("error", ("start_spec", ("invalid_child_spec", "foo")))),
    (("ok", ({}, [{"id": "a"}])), ("error", ("start_spec", "missing_start"))),
    (("ok", ({"strategy": "simple_one_for_one"}, [])), ("error", ("bad_start_spec", []))),
    (("ok", ({"strategy": "simple_one_for_one"}, "x")), ("error", ("bad_start_spec", "x"))),
    (("ok", ({"strategy": "simple_one_for_one"}, [1, 2])), ("error", ("bad_start_spec", [1, 2]))),
    (("ok", ({"strategy": "simple_one_for_one"}, (1,))), ("error", ("bad_start_spec", (1,)))),
    (("ok", ({"strategy": "simple_one_for_one"}, ["x"])), ("error", ("start_spec", ("invalid_child_spec", "x")))),
]


@pytest.mark.rule(124)
@pytest.mark.parametrize(("answer", "expected"), BAD_INITS)
async def test_a_bad_answer_of_init_gives_otps_error_term(answer, expected):
    assert await supervisor.start_link("kit_sup", answer) == expected


@pytest.mark.rule(124)
async def test_two_specs_with_one_id_are_refused():
    answer = await supervisor.start_link("kit_sup", ("ok", ({}, [kid("a"), kid("a")])))
    assert answer == ("error", ("start_spec", ("duplicate_child_name", "a")))


@pytest.mark.rule(124)
async def test_specs_that_are_no_list_end_the_start_with_function_clause():
    kind, (reason, stack) = await supervisor.start_link("kit_sup", ("ok", ({}, "x")))
    assert (kind, reason) == ("error", "function_clause") and isinstance(stack, list)


async def test_ids_that_python_takes_for_equal_are_different_children():
    sup = await start([kid(1), kid(1.0), kid(True), kid("true_"), kid([1])])
    assert await ids(sup) == [[1], "true_", True, 1.0, 1]
    await supervisor.terminate_child(sup, 1.0)
    stopped = [id for id, pid in await shown(sup) if pid == "undefined"]
    assert len(stopped) == 1 and terms.exact_eq(stopped[0], 1.0)


async def test_a_taken_name_gives_already_started():
    init = ("ok", ({}, []))
    _, sup = await supervisor.start_link(("local", "s"), "kit_sup", init)
    assert await supervisor.start_link(("local", "s"), "kit_sup", init) == ("error", ("already_started", sup))


@pytest.mark.rule(129)
async def test_a_child_that_is_ignored_keeps_its_spec_unless_it_is_temporary():
    sup = await start([{"id": "t0", "start": ("kit_kid", "ignore", []), "restart": "temporary"}])
    for id, restart in (("p", "permanent"), ("t", "temporary")):
        spec = {"id": id, "start": ("kit_kid", "ignore", []), "restart": restart}
        assert await supervisor.start_child(sup, spec) == ("ok", "undefined")
    assert await shown(sup) == [("p", "undefined")]
    assert await supervisor.count_children(sup) == [("specs", 1), ("active", 0), ("supervisors", 0), ("workers", 1)]


@pytest.mark.rule(130)
async def test_a_child_that_does_not_stop_in_time_is_killed():
    sup = await start([kid("a", shutdown=50, options={"sleep_at_stop": 1000})])
    pid = await pid_of(sup, "a")
    ref = erlang.monitor("process", pid)
    erlang.exit(sup, "shutdown")
    assert await heard(49) == [("stopping", "a", "shutdown")]
    assert await heard(2) == [("DOWN", ref, "process", pid, "killed"), ("EXIT", sup, "shutdown")]


@pytest.mark.rule(130, 63)
async def test_a_child_that_needs_exactly_its_shutdown_time_is_killed():
    sup = await start([kid("a", shutdown=50, options={"sleep_at_stop": 50})])
    pid = await pid_of(sup, "a")
    ref = erlang.monitor("process", pid)
    erlang.exit(sup, "shutdown")
    assert ("DOWN", ref, "process", pid, "killed") in await heard(60)


@pytest.mark.rule(130)
async def test_brutal_kill_lets_a_child_say_nothing():
    sup = await start([kid("a"), kid("b", shutdown="brutal_kill")])
    pid = await pid_of(sup, "b")
    ref = erlang.monitor("process", pid)
    assert await stop(sup) == [
        ("DOWN", ref, "process", pid, "killed"),
        ("stopping", "a", "shutdown"),
        ("EXIT", sup, "shutdown"),
    ]


@pytest.mark.rule(130)
async def test_a_child_that_does_not_trap_exits_dies_at_once_of_shutdown():
    sup = await start([kid("a", options={"trap": False})])
    pid = await pid_of(sup, "a")
    ref = erlang.monitor("process", pid)
    assert await stop(sup) == [("DOWN", ref, "process", pid, "shutdown"), ("EXIT", sup, "shutdown")]


@pytest.mark.rule(137)
@pytest.mark.parametrize("reason", ["normal", "boom", ("shutdown", 1)])
async def test_the_parents_exit_stops_the_supervisor_with_its_reason(reason):
    sup = await start([kid("a")])
    assert await stop(sup, reason) == [("stopping", "a", "shutdown"), ("EXIT", sup, reason)]


@pytest.mark.rule(137)
async def test_the_exit_of_a_stranger_is_ignored():
    sup = await start([kid("a")])
    erlang.spawn(lambda: erlang.exit(sup, "shutdown"))
    assert await heard() == []
    assert await ids(sup) == ["a"]


@pytest.mark.rule(138)
async def test_a_killed_supervisor_takes_its_children_along_without_order():
    sup = await start([kid("a"), kid("b", options={"trap": False})])
    pid = await pid_of(sup, "b")
    ref = erlang.monitor("process", pid)
    said = await stop(sup, "kill")
    assert sorted(said, key=repr) == sorted(
        [("EXIT", sup, "killed"), ("stopping", "a", "killed"), ("DOWN", ref, "process", pid, "killed")], key=repr
    )


@pytest.mark.rule(140)
async def test_a_child_that_unlinked_itself_and_died_stays_listed():
    sup = await start([kid("a")])
    pid = await pid_of(sup, "a")
    erlang.send(pid, ("unlink", sup))
    await crash(sup, "a", "normal")
    assert await shown(sup) == [("a", pid)]
    assert await supervisor.count_children(sup) == [("specs", 1), ("active", 0), ("supervisors", 0), ("workers", 1)]
    assert await supervisor.terminate_child(sup, "a") == "ok"
    assert await shown(sup) == [("a", "undefined")]


@pytest.mark.rule(141)
async def test_a_supervisor_answers_nobody_while_a_child_starts():
    sup = await start([])
    erlang.spawn(supervisor.start_child, [sup, kid("slow", options={"sleep_at_start": 100})])
    await timer.sleep(10)
    before = erlang.monotonic_time()
    assert await ids(sup) == ["slow"]
    assert erlang.monotonic_time() - before == 90


async def test_start_functions_may_be_plain_and_the_modules_python_objects():
    spec = {"id": "a", "start": (Kid, "start", [erlang.self(), "a"])}
    _, sup = await supervisor.start_link(
        __import__("tests.otp.supervisor.kit", fromlist=["Sup"]).Sup, ("ok", ({}, [spec]))
    )
    assert await supervisor.which_children(sup) == [("a", await pid_of(sup, "a"), "worker", [Kid])]
