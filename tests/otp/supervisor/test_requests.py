"""What a supervisor answers: the functions of its interface and their error terms."""

import pytest

import erlsim
from erlsim import Error, Exit, erlang, terms
from erlsim.otp import gen_server, proc_lib, supervisor, sys
from erlsim.simulation import current
from erlsim.terms import Improper
from tests.otp.supervisor.kit import crash, heard, in_restart_loop, kid, pid_of, shown, start

# What processes die of is what these tests are about.
pytestmark = [pytest.mark.usefixtures("trapping_exits"), pytest.mark.erlsim(crashes=True)]

NOPE = {"id": "z", "start": ("kit_kid", "give", [("error", "nope")])}


def worker(*start):
    return {"id": "z", "start": start}


@pytest.mark.rule(125)
async def test_a_failing_start_leaks_the_child_record():
    sup = await start([])
    record = ("child", "undefined", "z", NOPE["start"], "permanent", False, 5000, "worker", ["kit_kid"])
    assert await supervisor.start_child(sup, NOPE) == ("error", ("nope", record))
    assert await shown(sup) == []


@pytest.mark.rule(125)
async def test_under_simple_one_for_one_a_failing_start_gives_the_bare_reason():
    sup = await start([{**NOPE, "start": ("kit_kid", "give", [])}], "simple_one_for_one")
    assert await supervisor.start_child(sup, [("error", "nope")]) == ("error", "nope")
    assert await supervisor.start_child(sup, ["nope"]) == ("error", "nope")
    assert await supervisor.which_children(sup) == []


CRASHES = [
    (("nomod", "nofun", []), "undef"),
    (("kit_kid", "give", []), "undef"),
    (("kit_kid", "start", [1]), "undef"),
]


@pytest.mark.rule(126)
@pytest.mark.parametrize(("mfa", "reason"), CRASHES)
async def test_a_start_function_that_is_not_there_gives_exit_undef(mfa, reason):
    sup = await start([])
    _, (what, _record) = await supervisor.start_child(sup, worker(*mfa))
    assert what[0] == "EXIT" and what[1][0] == reason and what[1][1][0][:3] == mfa


@pytest.mark.rule(126)
@pytest.mark.parametrize(
    ("function", "term", "reason"),
    [
        ("give", 3, 3),
        ("give", ("ok", "undefined"), ("ok", "undefined")),
        ("throws", "x", "x"),
        ("throws", ("error", "x"), "x"),
        ("exits", "x", ("EXIT", "x")),
    ],
)
async def test_what_a_start_function_throws_or_gives_instead_is_the_reason(function, term, reason):
    sup = await start([])
    _, (what, _record) = await supervisor.start_child(sup, worker("kit_kid", function, [term]))
    assert what == reason


@pytest.mark.rule(126)
async def test_a_start_function_may_throw_ignore():
    sup = await start([])
    assert await supervisor.start_child(sup, worker("kit_kid", "throws", ["ignore"])) == ("ok", "undefined")


@pytest.mark.rule(127)
async def test_an_id_that_is_taken_is_refused():
    sup = await start([kid("a")])
    pid = await pid_of(sup, "a")
    assert await supervisor.start_child(sup, kid("a")) == ("error", ("already_started", pid))
    await supervisor.terminate_child(sup, "a")
    assert await supervisor.start_child(sup, kid("a")) == ("error", "already_present")


@pytest.mark.rule(128)
async def test_restart_delete_and_terminate_answer_by_the_state_of_the_child():
    sup = await start([kid("a")])
    assert await supervisor.restart_child(sup, "a") == ("error", "running")
    assert await supervisor.delete_child(sup, "a") == ("error", "running")
    assert await supervisor.terminate_child(sup, "a") == "ok"
    assert await supervisor.terminate_child(sup, "a") == "ok"
    assert (await supervisor.restart_child(sup, "a"))[0] == "ok"
    assert await supervisor.terminate_child(sup, "a") == "ok"
    assert await supervisor.delete_child(sup, "a") == "ok"
    for function in (supervisor.restart_child, supervisor.delete_child, supervisor.terminate_child):
        assert await function(sup, "a") == ("error", "not_found")


async def test_a_restart_child_that_fails_reports_nothing_and_leaves_the_child_stopped():
    sup = await start([{"id": "a", "start": ("kit_kid", "start_failing", [erlang.self(), "a", "k", [2]])}])
    await supervisor.terminate_child(sup, "a")
    assert await supervisor.restart_child(sup, "a") == ("error", ("flaky", 2))
    assert await shown(sup) == [("a", "undefined")]


async def test_the_extra_value_of_a_start_function_is_handed_on():
    sup = await start([])
    spec = {"id": "a", "start": ("kit_kid", "start_extra", [erlang.self(), "a"])}
    kind, first, extra = await supervisor.start_child(sup, spec)
    assert (kind, extra) == ("ok", "info")
    await supervisor.terminate_child(sup, "a")
    kind, second, extra = await supervisor.restart_child(sup, "a")
    assert (kind, extra) == ("ok", "info") and second != first


@pytest.mark.rule(131)
async def test_simple_one_for_one_stops_all_children_at_once():
    template = {"id": "t", "start": ("kit_kid", "start", [erlang.self()]), "shutdown": 1000}
    sup = await start([template], "simple_one_for_one")
    for number in range(3):
        await supervisor.start_child(sup, [number, {"sleep_at_stop": 60}])
    await heard()
    before = erlang.monotonic_time()
    erlang.exit(sup, "shutdown")
    await erlang.receive(("EXIT", sup, "shutdown"))
    assert erlang.monotonic_time() - before == 60


@pytest.mark.rule(131)
async def test_simple_one_for_one_has_one_timer_for_all_children():
    template = {"id": "t", "start": ("kit_kid", "start", [erlang.self()]), "shutdown": 100}
    sup = await start([template], "simple_one_for_one")
    for pause in (50, 500, 700):
        await supervisor.start_child(sup, [pause, {"sleep_at_stop": pause}])
    before = erlang.monotonic_time()
    erlang.exit(sup, "shutdown")
    await erlang.receive(("EXIT", sup, "shutdown"))
    assert erlang.monotonic_time() - before == 100


@pytest.mark.rule(132)
async def test_children_of_simple_one_for_one_are_named_by_pid_alone():
    sup = await start([{"id": "t", "start": ("kit_kid", "start", [erlang.self()])}], "simple_one_for_one")
    _, pid = await supervisor.start_child(sup, ["a"])
    refused = ("error", "simple_one_for_one")
    assert await supervisor.terminate_child(sup, "t") == refused
    assert await supervisor.restart_child(sup, "t") == refused
    assert await supervisor.restart_child(sup, pid) == refused
    assert await supervisor.delete_child(sup, pid) == refused
    assert await supervisor.terminate_child(sup, pid) == "ok"
    assert await supervisor.terminate_child(sup, pid) == "ok"
    assert await supervisor.terminate_child(sup, erlang.self()) == ("error", "not_found")
    assert await supervisor.which_children(sup) == []


async def test_get_childspec_of_simple_one_for_one_takes_the_id_or_a_pid():
    sup = await start([{"id": "t", "start": ("kit_kid", "start", [erlang.self()])}], "simple_one_for_one")
    _, pid = await supervisor.start_child(sup, ["a"])
    spec = await supervisor.get_childspec(sup, "t")
    assert spec[0] == "ok" and await supervisor.get_childspec(sup, pid) == spec
    await supervisor.terminate_child(sup, pid)
    assert await supervisor.get_childspec(sup, pid) == spec
    for stranger in (erlang.self(), "x"):
        assert await supervisor.get_childspec(sup, stranger) == ("error", "not_found")


@pytest.mark.rule(133)
async def test_a_dynamic_restart_reuses_the_arguments_of_start_child():
    sup = await start([{"id": "t", "start": ("kit_kid", "start", [erlang.self()])}], "simple_one_for_one")
    _, pid = await supervisor.start_child(sup, ["k7"])
    assert await heard() == [("started", "k7")]
    erlang.exit(pid, "kill")
    assert await heard() == [("started", "k7")]


@pytest.mark.rule(133)
async def test_a_temporary_child_that_was_added_forgets_its_arguments():
    sup = await start([kid("a", "temporary")])
    await supervisor.start_child(sup, kid("b", "temporary"))
    assert (await supervisor.get_childspec(sup, "a"))[1]["start"][2] != "undefined"
    assert (await supervisor.get_childspec(sup, "b"))[1]["start"][2] == "undefined"


async def test_a_dynamic_child_in_its_restart_loop_counts_as_inactive():
    template = {"id": "t", "start": ("kit_kid", "start_failing", [erlang.self()])}
    sup = await start([template], "simple_one_for_one", intensity=1_000_000)
    _, pid = await supervisor.start_child(sup, ["a", "k", range(2, 1_000_000)])
    await in_restart_loop(sup, "undefined")
    assert await supervisor.which_children(sup) == [("undefined", "restarting", "worker", ["kit_kid"])]
    assert await supervisor.count_children(sup) == [("specs", 1), ("active", 0), ("supervisors", 0), ("workers", 1)]
    assert await supervisor.terminate_child(sup, pid) == "ok"
    assert await supervisor.which_children(sup) == []
    # OTP 25 forgets to take the stopped retry out of its count.
    assert await supervisor.count_children(sup) == [("specs", 1), ("active", -1), ("supervisors", 0), ("workers", 0)]


async def test_a_dynamic_restart_that_is_ignored_ends_in_a_crash_at_the_end_as_on_otp_25():
    template = {"id": "t", "start": ("kit_kid", "start_ignored_at", [erlang.self()])}
    sup = await start([template], "simple_one_for_one")
    _, pid = await supervisor.start_child(sup, ["a", "n", 2])
    erlang.exit(pid, "kill")
    await heard()
    assert await supervisor.which_children(sup) == [("undefined", "undefined", "worker", ["kit_kid"])]
    erlang.exit(sup, "shutdown")
    _, _, (reason, _stack) = await erlang.receive(("EXIT", sup, ...))
    assert reason == "function_clause"


@pytest.mark.rule(139)
async def test_an_unknown_request_crashes_the_supervisor():
    for request in ("bogus", ("bogus", 1), ["start_child", kid("a")], ("which_children",)):
        sup = await start([kid("a")])
        with pytest.raises(Exit) as failure:
            await gen_server.call(sup, request)
        assert failure.value.reason[0][0] == "function_clause"
        assert [m[2][0] for m in await heard() if m[0] == "EXIT"] == ["function_clause"]


@pytest.mark.rule(139)
async def test_an_unknown_cast_crashes_the_supervisor_and_an_unknown_message_does_not():
    sup = await start([kid("a")])
    for message in ("hello", ("EXIT", "x"), ["EXIT", "a", "b"]):
        erlang.send(sup, message)
    assert await heard() == []
    assert (await shown(sup))[0][0] == "a"
    gen_server.cast(sup, "bogus")
    assert [m[2][0] for m in await heard() if m[0] == "EXIT"] == ["function_clause"]


async def test_get_callback_module_gives_the_module_as_it_was_named():
    assert await supervisor.get_callback_module(await start([])) == "kit_sup"


async def test_a_call_of_no_supervisor_exits_with_noproc():
    with pytest.raises(Exit) as failure:
        await supervisor.which_children("nobody")
    assert failure.value.reason == ("noproc", ("gen_server", "call", ["nobody", "which_children", "infinity"]))


async def test_a_forged_exit_that_names_an_id_is_taken_for_the_childs():
    sup = await start([kid("a")])
    erlang.send(sup, ("EXIT", "a", "boom"))
    assert await heard() == [("started", "a")]


async def test_two_ids_with_one_pid_restart_the_smaller_id():
    sup = await start([kid("b")])
    pid = await pid_of(sup, "b")
    await supervisor.start_child(sup, {"id": "a", "start": ("kit_kid", "give", [("ok", pid)]), "restart": "temporary"})
    await crash(sup, "b")
    assert await shown(sup) == [("b", pid)]


STRANGE = [
    *(("aa", erlang), ("zz", erlang), ("ok",), ("error",), ("aa", 1), ("zz", 1), ("error", 1, 2), ("ok", erlang, 1, 2)),
    *(
        ("aa", erlang, 1),
        ("zz", erlang, 1),
        ["ok", erlang],
        ["ok", erlang, 1],
        ["error", 1],
        "ignored",
        "ignor",
        ("ok", "x", 1),
    ),
]


@pytest.mark.rule(126)
@pytest.mark.parametrize("strange", STRANGE)
async def test_what_is_no_answer_of_a_start_function_is_the_reason_as_it_is(strange):
    pid = erlang.self()  # in the place of the module
    answer = strange if type(strange) is str else type(strange)(pid if each is erlang else each for each in strange)
    sup = await start([])
    _, (what, _record) = await supervisor.start_child(sup, worker("kit_kid", "give", [answer]))
    assert what == answer
    assert await shown(sup) == []


@pytest.mark.rule(126)
async def test_start_arguments_that_are_no_proper_list_cannot_be_applied():
    sup = await start([])
    mfa = ("kit_kid", "give", Improper(("a",), "b"))
    _, ((kind, (reason, stack)), record) = await supervisor.start_child(sup, worker(*mfa))
    assert (kind, reason, record[3]) == ("EXIT", "badarg", mfa)
    assert stack[0][:3] == ("erlang", "apply", [*mfa])


async def test_a_template_whose_arguments_are_no_proper_list_ends_its_supervisor_at_the_first_child():
    sup = await start([worker("kit_kid", "give", Improper(("a",), "b"))], "simple_one_for_one")
    with pytest.raises(Exit) as failure:
        await supervisor.start_child(sup, [1])
    assert failure.value.reason[0][0] == "badarg"
    assert (await erlang.receive(("EXIT", sup, ...)))[2][0] == "badarg"


@pytest.mark.parametrize("answer", ["ignore", ("error", "x"), ("error", "pid")])
async def test_what_starts_no_dynamic_child_leaves_none(answer):
    answer = ("error", erlang.self()) if answer == ("error", "pid") else answer
    sup = await start([worker("kit_kid", "give", [])], "simple_one_for_one")
    assert await supervisor.start_child(sup, [answer]) == (("ok", "undefined") if answer == "ignore" else answer)
    assert await supervisor.which_children(sup) == []
    assert await supervisor.count_children(sup) == [("specs", 1), ("active", 0), ("supervisors", 0), ("workers", 0)]


@pytest.mark.parametrize(("type_", "supervisors", "workers"), [("supervisor", 2, 0), ("worker", 0, 2)])
async def test_dynamic_children_are_counted_as_their_template_has_it(type_, supervisors, workers):
    template = {"id": "t", "start": ("kit_kid", "start", [erlang.self()]), "type": type_}
    sup = await start([template], "simple_one_for_one")
    for number in range(2):
        await supervisor.start_child(sup, [number])
    counted = [("specs", 1), ("active", 2), ("supervisors", supervisors), ("workers", workers)]
    assert await supervisor.count_children(sup) == counted


async def test_children_are_counted_by_kind_and_by_whether_they_live():
    specs = [kid("a"), kid("b", type="supervisor"), kid("c"), kid("d", type="supervisor")]
    sup = await start([*specs, kid("e", type="supervisor")])
    for id_ in ("c", "d"):
        await supervisor.terminate_child(sup, id_)
    counted = [("specs", 5), ("active", 3), ("supervisors", 3), ("workers", 2)]
    assert await supervisor.count_children(sup) == counted


async def test_a_dynamic_child_that_is_restarted_at_the_second_try_is_active_again():
    template = {"id": "t", "start": ("kit_kid", "start_failing", [erlang.self()])}
    sup = await start([template], "simple_one_for_one", intensity=9)
    _, pid = await supervisor.start_child(sup, ["a", "k", [2, 3]])
    erlang.exit(pid, "kill")
    assert await heard() == [("started", "a"), ("failing", "a"), ("failing", "a"), ("started", "a")]
    assert await supervisor.count_children(sup) == [("specs", 1), ("active", 1), ("supervisors", 0), ("workers", 1)]
    assert (await sys.get_state(sup))[8] == 0


@pytest.mark.parametrize(
    ("shutdown", "reason"), [("brutal_kill", "killed"), ("infinity", "shutdown"), (5000, "shutdown")]
)
async def test_dynamic_children_are_told_to_end_as_their_template_has_it(shutdown, reason):
    template = {"id": "t", "start": ("kit_kid", "start", [erlang.self()]), "shutdown": shutdown}
    sup = await start([template], "simple_one_for_one")
    pids = [(await supervisor.start_child(sup, [number]))[1] for number in range(3)]
    await heard()
    refs = [erlang.monitor("process", pid) for pid in pids]
    erlang.exit(sup, "shutdown")
    downs = [message[4] for message in await heard() if message[0] == "DOWN" and message[1] in refs]
    assert downs == [reason] * 3
    assert current().env.armed() == []


@pytest.mark.rule(139)
@pytest.mark.parametrize(
    "message",
    [
        *(["try_again_restart", "a"], ("try_again_restart",), ("try_again_restart", "a", 1)),
        *(("a_retry", "a"), ("z_retry", "a"), "try_again_restart"),
    ],
)
async def test_a_cast_is_a_retry_or_the_end_of_the_supervisor(message):
    sup = await start([kid("a")])
    gen_server.cast(sup, message)
    _, _, (reason, stack) = await erlang.receive(("EXIT", sup, ...), after=100)
    assert (reason, stack[0][2][0]) == ("function_clause", message)


async def test_a_message_like_an_exit_is_none_if_its_size_or_its_first_word_is_another():
    sup = await start([kid("a")])
    for message in (
        ("EXIT", "a"),
        ("EXIT", "a", "boom", 1),
        ("AXIT", "a", "boom"),
        ("TEXIT", "a", "boom"),
        ["EXIT", "a", 1],
    ):
        erlang.send(sup, message)
    assert await heard() == []
    assert len([each for each in current().reports if each.level == "error"]) == 5


MISCELLANIES = [
    ("x", "badarg"),
    (Improper(([1, 2],), 3), "badarg"),
    ([], ("badmatch", [])),
    (["a"], ("badmatch", ["a"])),
    ([1, 2, 3], ("badmatch", [1, 2, 3])),
    ([("supervisor", "x")], ("badmatch", [("supervisor", "x")])),
    ([1, 2, ("data", [("State", "st")])], ("badrecord", "st")),
    ([1, 2, ("data", [("State", "st")]), 4], ("badrecord", "st")),
]


@pytest.mark.parametrize(("misc", "reason"), MISCELLANIES)
async def test_what_tells_no_callback_module_is_told_as_otp_fails_on_it(misc, reason):
    pid = await odd(misc)
    with pytest.raises(Error) as failure:
        await supervisor.get_callback_module(pid)
    assert failure.value.reason == reason


async def test_a_process_that_names_a_callback_module_in_its_status_has_one():
    pid = await odd([1, ("supervisor", [(terms.chars("Callback"), "m2")])])
    assert await supervisor.get_callback_module(pid) == "m2"


async def odd(misc):
    """A special process whose status ends with `misc`."""

    @erlsim.module(name="kit_odd")
    class Odd:
        async def loop(parent):
            proc_lib.init_ack(("ok", erlang.self()))
            _, from_, request = await erlang.receive(("system", ..., ...))
            await sys.handle_system_msg(request, from_, parent, Odd, [], misc)

        async def system_continue(parent, debug, state):
            await erlang.receive()

    return (await proc_lib.start_link(Odd, "loop", [erlang.self()]))[1]


async def test_a_child_that_has_unlinked_itself_is_terminated_at_once():
    sup = await start([kid("a")])
    erlang.send(await pid_of(sup, "a"), ("unlink", sup))
    await heard()
    before = erlang.monotonic_time()
    assert await supervisor.terminate_child(sup, "a") == "ok"
    assert erlang.monotonic_time() == before


@pytest.mark.rule(139)
@pytest.mark.parametrize(
    "request_", ["bogus", ("bogus", 1), ("start_child",), ("get_childspec", 1, 2), ["start_child", []]]
)
async def test_an_unknown_request_crashes_a_supervisor_of_children_that_are_all_alike_too(request_):
    sup = await start([worker("kit_kid", "ignore", [])], "simple_one_for_one")
    with pytest.raises(Exit) as failure:
        await gen_server.call(sup, request_)
    assert failure.value.reason[0][0] == "function_clause"


@pytest.mark.parametrize("strategy", ["one_for_one", "simple_one_for_one"])
@pytest.mark.parametrize(("otp", "known"), [(27, False), (28, True)])
def test_a_supervisor_is_asked_for_one_child_since_otp_28(strategy, otp, known):
    async def main():
        erlang.process_flag("trap_exit", True)
        found = []
        for asked in ("z", erlang.self()):
            sup = await start([worker("kit_kid", "ignore", [])], strategy)
            try:
                found.append((await gen_server.call(sup, ("which_child", asked)))[0])
            except Exit as failure:
                found.append(failure.reason[0][0])
        return found

    answers = ["ok", "error"] if strategy == "one_for_one" else ["error", "error"]
    assert erlsim.run(main, otp=otp) == (answers if known else ["function_clause"] * 2)


async def test_of_two_ids_with_one_pid_the_other_is_restarted_when_its_exit_comes_again():
    sup = await start([kid("b")])
    pid = await pid_of(sup, "b")
    await supervisor.start_child(sup, {"id": "a", "start": ("kit_kid", "give", [("ok", pid)]), "restart": "temporary"})
    await crash(sup, "b")
    erlang.send(sup, ("EXIT", pid, "boom"))
    assert await heard() == [("started", "b")]
