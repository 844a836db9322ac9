"""What OTP 26, 27 and 28 do where 25 does something else, as far as `Simulation(otp=...)` follows them.

Known from OTP's sources and release notes, not recorded: docs/explanation/otp-versions.md has the places.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from types import SimpleNamespace

import pytest

import erlsim
from erlsim import code, erl, erlang, ets, releases, terms, timer
from erlsim.errors import ErlsimError, Error
from erlsim.otp import gen_event, gen_server, gen_statem, proc_lib, supervisor
from tests.otp.kit import outcome, server

RELEASES = list(releases.EMULATORS)
BEFORE_26 = pytest.mark.parametrize("otp", [25])
SINCE_26 = pytest.mark.parametrize("otp", [26, 27, 28])
BEFORE_27 = pytest.mark.parametrize("otp", [25, 26])
SINCE_27 = pytest.mark.parametrize("otp", [27, 28])


def machine(answer):
    return SimpleNamespace(
        init=lambda arg: answer(arg) if callable(answer) else answer,
        callback_mode=lambda: "handle_event_function",
        handle_event=lambda kind, content, state, data: erlang.error(content),
    )


def refusing(answer):
    """Start a server whose init answers so, linked: what the start function says, and what then lies in the mailbox."""

    async def main():
        erlang.process_flag("trap_exit", True)
        said = await gen_server.start_link(server(init=lambda arg: answer), 0, [])
        await timer.sleep(10)
        return said, [message[0] for message in erlang.process_info(erlang.self(), "messages")[1]]

    return main


# ---- the release itself ----


def test_the_release_is_25_unless_another_is_given():
    assert erlsim.Simulation().otp == 25
    assert erlsim.run(lambda: terms.format("~s", [erlang.system_info("otp_release")])) == "25"


@pytest.mark.parametrize("otp", RELEASES)
def test_system_info_says_which_release_it_is(otp):
    def main():
        return [terms.format("~s", [erlang.system_info(item)]) for item in ("otp_release", "version", "system_version")]

    release, version, whole = erlsim.run(main, otp=otp)
    assert (release, version) == (str(otp), releases.EMULATORS[otp])
    assert whole == f"Erlang/OTP {otp} [erts-{version}] [erlsim]\n"


@pytest.mark.parametrize("otp", [24, 29, "27", 27.0, True, None])
def test_a_release_that_is_not_known_is_refused_with_those_that_are(otp):
    with pytest.raises(ErlsimError) as refused:
        erlsim.Simulation(otp=otp)
    assert str(refused.value) == f"otp is one of the releases 25, 26, 27, 28, not {otp!r}"


def test_two_simulations_of_different_releases_live_side_by_side():
    old, new = erlsim.Simulation(), erlsim.Simulation(otp=27)
    with old:
        with new:
            assert proc_lib.set_label("new") == "ok"
        with pytest.raises(Error, match="undef"):
            proc_lib.set_label("old")


# ---- functions that a release has added ----


@pytest.mark.parametrize(("added", "release"), releases.ADDED.items())
def test_a_function_is_undef_before_the_release_that_has_added_it(added, release):
    module, name, arity = added
    function = getattr(code.resolve(module), name)
    args = list(range(arity))

    async def call():
        value = function(*args)
        return await value if inspect.iscoroutine(value) else value

    async def main():
        exported = code.function_exported(module, name, arity)
        try:
            kind, reason = await outcome(call())
        except Exception:
            return exported, None
        return exported, reason if kind == "error" else None

    for otp in RELEASES:
        exported, reason = erlsim.run(main, otp=otp)
        assert exported is (otp >= release)
        assert (reason == "undef") is (otp < release)


@SINCE_26
def test_lookup_element_gives_its_default_for_a_key_without_a_row(otp):
    def main():
        table = ets.new("t", [])
        ets.insert(table, ("a", 1))
        with pytest.raises(Error, match="badarg"):
            ets.lookup_element(table, "b", 2)
        return [ets.lookup_element(table, key, 2, "none") for key in ("a", "b")]

    assert erlsim.run(main, otp=otp) == [1, "none"]


@SINCE_27
def test_the_functions_with_lookup_give_keys_with_their_rows(otp):
    def main():
        table = ets.new("t", ["ordered_set"])
        ets.insert(table, [(1, "a"), (2, "b"), (3, "c")])
        found = [ets.first_lookup(table), ets.next_lookup(table, 1), ets.prev_lookup(table, 3), ets.last_lookup(table)]
        return found, ets.next_lookup(table, 3), ets.first_lookup(ets.new("empty", []))

    rows, *ends = erlsim.run(main, otp=otp)
    assert rows == [(1, [(1, "a")]), (2, [(2, "b")]), (2, [(2, "b")]), (3, [(3, "c")])]
    assert ends == ["$end_of_table"] * 2


@SINCE_27
def test_update_element_makes_a_missing_row_of_its_default(otp):
    def main():
        table = ets.new("t", [])
        made = ets.update_element(table, "k", (2, "new"), ("any", "old", "kept"))
        again = ets.update_element(table, "k", (3, "changed"), ("any", "old", "kept"))
        return made, again, ets.lookup(table, "k")

    assert erlsim.run(main, otp=otp) == (True, True, [("k", "new", "changed")])


@SINCE_26
def test_process_info_gives_one_value_of_a_dictionary(otp):
    def main():
        erlang.put("a", 1)
        me = erlang.self()
        return [erlang.process_info(me, ("dictionary", "a")), *erlang.process_info(me, [("dictionary", "b"), "status"])]

    one, missing, status = erlsim.run(main, otp=otp)
    assert (one, missing) == ((("dictionary", "a"), 1), (("dictionary", "b"), "undefined"))
    assert status[0] == "status"


@BEFORE_26
def test_process_info_knows_no_single_value_of_a_dictionary(otp):
    with pytest.raises(Error, match="badarg"):
        erlsim.run(lambda: erlang.process_info(erlang.self(), ("dictionary", "a")), otp=otp)


# ---- starts that fail (26) ----


@BEFORE_26
def test_who_traps_exits_gets_the_exit_of_a_server_that_refused_to_start(otp):
    assert erlsim.run(refusing(("stop", "no")), otp=otp) == (("error", "no"), ["EXIT"])
    assert erlsim.run(refusing("ignore"), otp=otp) == ("ignore", ["EXIT"])


@SINCE_26
def test_a_failed_start_leaves_no_exit_in_the_mailbox(otp):
    assert erlsim.run(refusing(("stop", "no")), otp=otp) == (("error", "no"), [])
    assert erlsim.run(refusing("ignore"), otp=otp) == ("ignore", [])
    said, left = erlsim.run(refusing("what"), otp=otp)
    assert (said, left) == (("error", ("bad_return_value", "what")), [])


@BEFORE_26
def test_an_init_that_returns_an_error_has_returned_something_bad(otp):
    said, _ = erlsim.run(refusing(("error", "no")), otp=otp)
    assert said == ("error", ("bad_return_value", ("error", "no")))


@SINCE_26
def test_an_init_that_returns_an_error_ends_without_a_report(otp):
    sim = erlsim.Simulation(otp=otp)
    assert sim.run(refusing(("error", "no"))) == (("error", "no"), [])
    assert [report for report in sim.reports if report.level == "error"] == []


@SINCE_26
def test_a_state_machine_may_return_an_error_too(otp):
    sim = erlsim.Simulation(otp=otp)

    async def main():
        erlang.process_flag("trap_exit", True)
        return await gen_statem.start_link(machine(("error", "no")), 0, [])

    assert sim.run(main) == ("error", "no")
    assert [report for report in sim.reports if report.level == "error"] == []


@SINCE_26
@pytest.mark.parametrize("linkage", ["start", "start_link"])
def test_a_process_that_has_failed_to_start_is_dead_when_its_starter_goes_on(otp, linkage):
    async def main():
        erlang.process_flag("trap_exit", True)
        seen = []

        def init(arg):
            seen.append(erlang.self())
            return ("stop", "no")

        await getattr(gen_server, linkage)(("local", "name"), server(init=init), 0, [])
        return erlang.is_process_alive(seen[0]), erlang.whereis("name")

    assert erlsim.run(main, otp=otp) == (False, "undefined")


@SINCE_26
def test_init_fail_ends_the_process_and_answers_for_it(otp):
    async def failing(exception):
        proc_lib.init_fail(("error", "sorry"), exception)

    async def main():
        erlang.process_flag("trap_exit", True)
        module = SimpleNamespace(init=failing)
        said = [await proc_lib.start_link(module, "init", [("exit", "normal")])]
        said.append(await proc_lib.start_link(module, "init", [("error", "bad")]))
        value, ref = await proc_lib.start_monitor(module, "init", [("exit", "gone")])
        down = await erlang.receive(("DOWN", ref, ..., ..., ...), after=0)
        return [*said, value], down[4], await erlang.receive(after=0) is erlsim.TIMEOUT

    assert erlsim.run(main, otp=otp) == ([("error", "sorry")] * 3, "gone", True)


@pytest.mark.parametrize("otp", RELEASES)
def test_a_start_that_takes_too_long_is_killed_in_every_release(otp):
    async def main():
        erlang.process_flag("trap_exit", True)

        async def sleeping(arg):
            await timer.sleep(1000)
            return ("ok", arg)

        said = await gen_server.start_link(server(init=sleeping), 0, [("timeout", 10)])
        return said, await erlang.receive(after=0) is erlsim.TIMEOUT

    assert erlsim.run(main, otp=otp) == (("error", "timeout"), True)


@pytest.mark.parametrize("otp", RELEASES)
@pytest.mark.parametrize(("linkage", "heard"), [("start", []), ("start_link", ["EXIT"]), ("start_monitor", ["DOWN"])])
def test_only_who_has_asked_for_it_hears_of_the_end_of_what_has_started(otp, linkage, heard):
    async def main():
        erlang.process_flag("trap_exit", True)
        ok, started = await getattr(gen_server, linkage)(server(), 0, [])
        erlang.exit(started[0] if linkage == "start_monitor" else started, "kill")
        await timer.sleep(5)
        return [message[0] for message in erlang.process_info(erlang.self(), "messages")[1]]

    assert erlsim.run(main, otp=otp) == heard


@pytest.mark.parametrize("otp", RELEASES)
@pytest.mark.parametrize(
    ("linkage", "answer", "heard"),
    [
        ("start", ("error", "timeout"), []),
        ("start_link", ("error", "timeout"), []),
        ("start_monitor", ("error", "timeout"), [("DOWN", "killed")]),
    ],
)
def test_a_start_that_takes_too_long_leaves_nothing_but_the_end_that_is_watched(otp, linkage, answer, heard):
    async def main():
        erlang.process_flag("trap_exit", True)
        said = await getattr(proc_lib, linkage)(SimpleNamespace(init=lambda: timer.sleep(1000)), "init", [], 10)
        now = erlang.monotonic_time("millisecond")
        await timer.sleep(5)
        left = [(message[0], message[-1]) for message in erlang.process_info(erlang.self(), "messages")[1]]
        return (said[0] if linkage == "start_monitor" else said), now, left

    assert erlsim.run(main, otp=otp) == (answer, 10, heard)


@pytest.mark.parametrize("otp", RELEASES)
@pytest.mark.parametrize("linkage", ["start", "start_link", "start_monitor"])
def test_a_process_that_ends_before_it_has_started_is_an_error_with_its_reason(otp, linkage):
    async def main():
        erlang.process_flag("trap_exit", True)
        said = await getattr(proc_lib, linkage)(SimpleNamespace(init=lambda: erlang.exit("gone")), "init", [])
        await timer.sleep(5)
        left = [(message[0], message[-1]) for message in erlang.process_info(erlang.self(), "messages")[1]]
        return (said[0] if linkage == "start_monitor" else said), left

    left = {"start": [], "start_link": [], "start_monitor": [("DOWN", "gone")]}[linkage]
    assert erlsim.run(main, otp=otp) == (("error", "gone"), left)


@pytest.mark.parametrize("otp", RELEASES)
@pytest.mark.parametrize("raised", [erlang.exit, erlang.error])
def test_a_machine_whose_init_fails_tells_its_starter_why_and_gives_back_its_name(otp, raised):
    async def main():
        failing = machine(lambda arg: raised("no"))
        said = await gen_statem.start(("local", "name"), failing, 0, [])
        await timer.sleep(5)
        return said, erlang.whereis("name"), len(errors())

    def errors():
        return [report for report in sim.reports if report.level == "error"]

    sim = erlsim.Simulation(otp=otp)
    assert sim.run(main) == (("error", "no"), "undefined", 2)


@SINCE_26
@pytest.mark.parametrize("with_parent", [False, True])
@pytest.mark.parametrize(
    ("exception", "reason"),
    [
        (("error", "bad"), "bad"),
        (("exit", "gone"), "gone"),
        (("throw", "ball"), ("nocatch", "ball")),
        (("exit", "gone", []), "gone"),
        (("error", "bad", []), "bad"),
        (("other", "x", []), "badarg"),
        (("other", "x"), ("case_clause", ("other", "x"))),
        ("x", ("case_clause", "x")),
    ],
)
def test_init_fail_ends_the_process_by_the_exception_that_it_is_given(otp, with_parent, exception, reason):
    async def main():
        parent = erlang.self()

        def init():
            proc_lib.init_fail(*((parent,) if with_parent else ()), "answer", exception)

        said, ref = await proc_lib.start_monitor(SimpleNamespace(init=init), "init", [])
        why = (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]
        return said, why if isinstance(why, str) else why[0]

    assert erlsim.run(main, otp=otp) == ("answer", reason)


# ---- the order of maps (26) ----


@BEFORE_26
def test_maps_print_in_the_order_of_terms(otp):
    assert (
        erlsim.run(lambda: terms.format("~p ~w", [{"b": 1, "a": 2}] * 2), otp=otp)
        == "#{a => 2,b => 1} #{a => 2,b => 1}"
    )


@SINCE_26
def test_atoms_that_are_keys_print_in_the_order_in_which_they_were_first_met(otp):
    def main():
        return [
            terms.format("~p", [each]) for each in ({"b": 1, 2: 3, "a": 2}, {"a": 1, "b": 2}, {("b",): 1, ("a",): 2})
        ]

    # Only atoms have numbers: what is made of them is compared as before.
    assert erlsim.run(main, otp=otp) == ["#{2 => 3,b => 1,a => 2}", "#{b => 2,a => 1}", "#{{a} => 2,{b} => 1}"]


@SINCE_26
def test_the_modifier_k_prints_maps_in_the_order_of_terms(otp):
    def main():
        return terms.format("~p~n~kp~n~kw~n~tkp", [{"b": {"d": 1, "c": 2}, "a": 1}] * 4)

    numbered, sorted_ = "#{b => #{d => 1,c => 2},a => 1}", "#{a => 1,b => #{c => 2,d => 1}}"
    assert erlsim.run(main, otp=otp) == f"{numbered}\n{sorted_}\n{sorted_}\n{sorted_}"


@BEFORE_26
def test_there_is_no_modifier_k(otp):
    with pytest.raises(Error, match="badarg"):
        erlsim.run(lambda: terms.format("~kp", [{}]), otp=otp)


@pytest.mark.parametrize(("otp", "keys"), [(25, ["a", "b"]), (26, ["b", "a"]), (28, ["b", "a"])])
def test_erlang_code_lists_the_keys_of_a_map_in_the_order_in_which_they_print(otp, keys, tmp_path):
    source = tmp_path / "m.erl"
    source.write_text("-module(m).\n-export([f/0]).\nf() -> maps:keys(#{b => 1, a => 2}).\n", encoding="utf-8")

    def main():
        return erl.load(source).f()

    assert erlsim.run(main, otp=otp) == keys


@pytest.mark.parametrize("otp", RELEASES)
def test_maps_are_compared_in_the_order_of_terms_in_every_release(otp):
    def main():
        terms.format("~p", [{"b": 1, "a": 1}])
        return terms.compare({"a": 1}, {"b": 1})

    assert erlsim.run(main, otp=otp) == -1


# ---- labels (27) ----


@SINCE_27
def test_a_process_has_the_label_that_it_gave_itself(otp):
    async def main():
        before = proc_lib.get_label(erlang.self())
        proc_lib.set_label(("worker", 1))

        async def other():
            proc_lib.set_label("other")
            await erlang.receive()

        pid = erlang.spawn(other)
        await timer.sleep(1)
        found = [proc_lib.get_label(each) for each in (erlang.self(), pid)]
        erlang.exit(pid, "kill")
        await timer.sleep(1)
        return before, found, proc_lib.get_label(pid)

    assert erlsim.run(main, otp=otp) == ("undefined", [("worker", 1), "other"], "undefined")


async def crash(label):
    """A labelled server with a labelled process linked to it crashes: its two reports, and their texts."""

    def init(arg):
        erlang.put("mine", 1)
        if label is not None:
            proc_lib.set_label(label)
        return ("ok", arg)

    async def neighbour():
        if label is not None:
            proc_lib.set_label("neighbour")
        await erlang.receive()

    ok, pid = await gen_server.start(server(init=init), 0, [])
    await gen_server.call(pid, lambda state: ("reply", proc_lib.spawn_link(neighbour), state))
    gen_server.cast(pid, lambda state: ("stop", "oops", state))
    await timer.sleep(10)
    return errors()


def errors():
    """What was logged as an error: each report with its text."""
    reports = erlsim.simulation.current().reports
    return [(each.report, reports.text(each.event)) for each in reports if each.level == "error"]


@SINCE_27
def test_a_crash_report_has_the_label_behind_the_registered_name_and_not_in_the_dictionary(otp):
    (terminated, said), (crashed, text) = erlsim.run(crash, ("worker", 1), otp=otp)
    own, [(_, linked)] = crashed["report"]
    assert [name for name, _ in own][:5] == ["initial_call", "pid", "registered_name", "process_label", "error_info"]
    assert [name for name, _ in linked][:4] == ["pid", "registered_name", "process_label", "initial_call"]
    assert dict(own)["process_label"] == ("worker", 1)
    assert dict(own)["dictionary"] == [("mine", 1)]
    assert "    registered_name: []\n    process_label: {worker,1}\n    exception exit: oops\n" in text
    assert "      registered_name: []\n      process_label: neighbour\n" in text
    assert terminated["process_label"] == ("worker", 1)
    assert " terminating \n** Process label == {worker,1}\n** Last message in was " in said


@SINCE_27
def test_a_process_without_a_label_prints_as_it_always_did(otp):
    new, old = erlsim.run(crash, None, otp=otp), erlsim.run(crash, None)
    assert dict(new[1][0]["report"][0])["process_label"] == "undefined"
    assert [text for _, text in new] == [text for _, text in old]


@BEFORE_27
def test_reports_have_no_label(otp):
    (terminated, _), (crashed, _) = erlsim.run(crash, None, otp=otp)
    assert "process_label" not in terminated
    assert "process_label" not in dict(crashed["report"][0])


@SINCE_27
def test_the_reports_of_machines_and_event_handlers_have_labels_too(otp):
    def labelled(arg):
        proc_lib.set_label("it")
        return arg

    async def main():
        _, pid = await gen_statem.start(machine(labelled), ("ok", "s", "d"), [])
        gen_statem.cast(pid, "boom")
        _, manager = await gen_event.start()
        handler = SimpleNamespace(init=labelled, handle_event=lambda event, state: erlang.error(event))
        await gen_event.add_handler(manager, handler, ("ok", 1))
        gen_event.notify(manager, "boom")
        await timer.sleep(10)
        return [each for each in errors() if each[0]["label"][1] == "terminate"]

    (of_machine, machine_text), (of_handler, handler_text) = erlsim.run(main, otp=otp)
    assert " terminating\n** Process label = it\n** Last event = " in machine_text
    assert "\n** Process label == it\n** Last event was: boom\n" in handler_text
    line = {"single_line": True}
    assert " terminating. Label: it. Reason: " in gen_statem.format_log(of_machine, line)
    assert ". Label: it. Last event: boom. " in gen_event.format_log(of_handler, line)


# ---- supervisors ----


def sup(flags, *specs):
    return SimpleNamespace(init=lambda arg: ("ok", (flags, list(specs))))


def child(id="c", start=None, **more):
    async def worker():
        return await gen_server.start_link(server(), 0, [])

    return {"id": id, "start": (SimpleNamespace(start=start or worker), "start", []), **more}


@pytest.mark.parametrize(("otp", "sleeps"), [(25, False), (26, True), (27, True), (28, False)])
def test_a_supervisor_of_fixed_children_hibernates_as_soon_as_it_has_started(otp, sleeps):
    async def main():
        _, pid = await supervisor.start_link(sup({}, child()), 0)
        await timer.sleep(1)
        first = erlang.process_info(pid, "current_function")[1]
        known = len(await supervisor.which_children(pid))
        await timer.sleep(1)
        return first == ("erlang", "hibernate", 3), known, erlang.process_info(pid, "current_function")[1][1]

    hibernated, known, later = erlsim.run(main, otp=otp)
    # Whoever asks it wakes it for good.
    assert (hibernated, known, later) == (sleeps, 1, "loop")


@pytest.mark.parametrize("otp", RELEASES)
def test_a_child_whose_restart_is_ignored_is_forgotten_by_a_simple_supervisor_since_27(otp):
    async def main():
        erlang.process_flag("trap_exit", True)
        starts = []

        async def start():
            starts.append(1)
            return await gen_server.start_link(server(), 0, []) if len(starts) == 1 else "ignore"

        spec = child(start=start, restart="transient")
        _, pid = await supervisor.start_link(sup({"strategy": "simple_one_for_one"}, spec), 0)
        _, worker = await supervisor.start_child(pid, [])
        erlang.exit(worker, "kill")
        await timer.sleep(10)
        left = [each[1] for each in await supervisor.which_children(pid)]
        erlang.exit(pid, "shutdown")
        _, _, reason = await erlang.receive(("EXIT", pid, ...))
        return left, reason if isinstance(reason, str) else reason[0]

    expected = ([], "shutdown") if otp >= 27 else (["undefined"], "function_clause")
    assert erlsim.run(main, otp=otp) == expected


def test_which_child_tells_of_one_child_since_28():
    async def main():
        _, pid = await supervisor.start_link(sup({}, child("a"), child("b", type="supervisor")), 0)
        rows = {row[0]: row for row in await supervisor.which_children(pid)}
        await supervisor.terminate_child(pid, "b")
        found = await supervisor.which_child(pid, "a")
        assert found == ("ok", rows["a"])
        stopped = await supervisor.which_child(pid, "b")
        return stopped[1][:3], await supervisor.which_child(pid, "c")

    assert erlsim.run(main, otp=28) == (("b", "undefined", "supervisor"), ("error", "not_found"))


def test_which_child_of_a_simple_supervisor_takes_a_pid():
    async def main():
        _, pid = await supervisor.start_link(sup({"strategy": "simple_one_for_one"}, child()), 0)
        _, worker = await supervisor.start_child(pid, [])
        [row] = await supervisor.which_children(pid)
        assert await supervisor.which_child(pid, worker) == ("ok", row)
        return [await supervisor.which_child(pid, each) for each in (erlang.self(), "c")]

    assert erlsim.run(main, otp=28) == [("error", "not_found"), ("error", "simple_one_for_one")]


def test_the_page_on_releases_names_every_function_that_one_has_added():
    page = (Path(__file__).parents[2] / "docs/explanation/otp-versions.md").read_text(encoding="utf-8")
    assert [each for each in releases.ADDED if f"`{each[0]}:{each[1]}/{each[2]}`" not in page] == []
