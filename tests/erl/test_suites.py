"""EUnit's tests and Common Test's suites: each case in a simulation of its own."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

import erlsim
from erlsim.cli import main
from erlsim.erl import SourceError, load_text
from erlsim.erl.testing import Failed, Passed, Project, Skipped
from erlsim.erl.testing.projects import NoTests

COUNTER = """\
-module(counter).
-behaviour(gen_server).
-export([start_link/1, next/1, stop/1]).
-export([init/1, handle_call/3, handle_cast/2]).
-ifdef(TEST).
-include_lib("eunit/include/eunit.hrl").
-endif.
start_link(N) -> gen_server:start_link(?MODULE, N, []).
next(P) -> gen_server:call(P, next).
stop(P) -> gen_server:stop(P).
init(N) -> {ok, N}.
handle_call(next, _, N) -> {reply, N, N + 1}.
handle_cast(_, N) -> {noreply, N}.
-ifdef(TEST).
inside_test() -> ?assertEqual(2, 1 + 1).
-endif.
"""
TESTS = """\
-module(counter_tests).
-include_lib("eunit/include/eunit.hrl").
first_test() -> {ok, P} = counter:start_link(3), ?assertEqual(3, counter:next(P)).
wrong_test() -> ?assertEqual(4, counter:next(element(2, counter:start_link(3)))).
fix_test_() ->
    {setup, fun() -> {ok, P} = counter:start_link(1), P end, fun counter:stop/1,
     fun(P) -> [?_assertEqual(1, counter:next(P)), ?_assertEqual(2, counter:next(P)),
               {"third", ?_assertEqual(1, counter:next(P))}] end}.
each_test_() ->
    {foreach, fun() -> 7 end,
     [fun(X) -> ?_assertEqual(7, X) end, fun(_) -> {with, 3, [fun(Y) -> ?assertEqual(3, Y) end]} end]}.
pairs_test_() ->
    {foreachx, fun(X) -> X * 2 end, fun(_, _) -> ok end, [{2, fun(X, Y) -> ?_assertEqual({2, 4}, {X, Y}) end}]}.
slow_test_() -> {timeout, 1, fun() -> timer:sleep(2000) end}.
late_test_() -> {timeout, 60, fun() -> timer:sleep(20000) end}.
default_test() -> timer:sleep(5001).
killed_test() -> exit(self(), kill), receive after 1 -> ok end.
broken_test_() -> {setup, fun() -> error(no_setup) end, fun() -> ok end}.
"""
SUITE = """\
-module(counter_SUITE).
-include_lib("common_test/include/ct.hrl").
-compile(export_all).
suite() -> [{timetrap, {minutes, 1}}].
all() -> [plain, {group, g}, skipped, refused, failing, trapped, long, {group, lonely}].
groups() -> [{g, [sequence], [in_group, after_it, {group, h}]}, {h, [], [deep]}, {lonely, [], [never]}].
init_per_suite(C) -> [{a, 1}, {starter, self()} | C].
end_per_suite(_) -> ok.
init_per_group(lonely, _) -> {skip, "not here"};
init_per_group(G, C) -> [{G, yes} | C].
end_per_group(_, _) -> ok.
init_per_testcase(skipped, _) -> {skip, "no"};
init_per_testcase(refused, _) -> {fail, bad_weather};
init_per_testcase(_, C) -> [{me, self()} | C].
end_per_testcase(_, _) -> ok.
plain(C) ->
    1 = ?config(a, C), undefined = ?config(nothing, C), true = self() =:= ?config(me, C),
    false = is_process_alive(?config(starter, C)), {comment, "fine"}.
in_group(C) ->
    spawn(fun() -> ets:new(seen, [named_table, public]), ets:insert(seen, {key, seen}), receive stop -> ok end end),
    yes = ?config(g, C), [{name, g}, sequence] = ?config(tc_group_properties, C).
after_it(_) -> seen = ets:lookup_element(seen, key, 2).
deep(C) -> yes = ?config(h, C), yes = ?config(g, C).
skipped(_) -> ok.
refused(_) -> ok.
failing(_) -> ct:fail({not_good, 1}).
trapped() -> [{timetrap, {seconds, 1}}].
trapped(_) -> receive never -> ok end.
long(_) -> ct:sleep({seconds, 59}).
never(_) -> ok.
"""
RACE = """\
-module(race_tests).
-include_lib("eunit/include/eunit.hrl").
order_test() ->
    Me = self(),
    [spawn(fun() -> Me ! N end) || N <- [1, 2]],
    ?assertEqual(1, receive N -> N end).
"""


@pytest.fixture
def project(tmp_path):
    for name, text in {"src/counter": COUNTER, "test/counter_tests": TESTS, "test/counter_SUITE": SUITE}.items():
        path = tmp_path / f"{name}.erl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def outcomes(project):
    """What each test comes to, by its name."""
    found = {}
    for case in Project([project]).all_cases():
        sim = erlsim.Simulation()
        sim.reports.print = False
        assert case.name not in found
        found[case.name] = case.run(sim)
    return found


def failures(outcomes):
    return {name: (each.where, each.kind, each.reason) for name, each in outcomes.items() if type(each) is Failed}


def test_every_test_of_EUnit_is_found_with_its_line_or_title_and_comes_to_what_it_says(outcomes):
    mine = {name: each for name, each in outcomes.items() if "SUITE" not in name}
    assert [name for name, each in mine.items() if each == Passed()] == [
        "counter:inside_test",
        "counter_tests:first_test",
        "counter_tests:fix_test_:7",
        "counter_tests:fix_test_:7 #2",
        "counter_tests:each_test_:11",
        "counter_tests:each_test_",
        "counter_tests:pairs_test_:13",
        "counter_tests:late_test_",
    ]
    failed = failures(mine)
    assert failed["counter_tests:slow_test_"] == ("test", "timeout", (1000, "ms"))
    assert failed["counter_tests:default_test"] == ("test", "timeout", (5000, "ms"))
    assert failed["counter_tests:killed_test"] == ("test", "exit", "killed")
    assert failed["counter_tests:fix_test_ (third)"][2][0] == "assertEqual"
    assert failed["counter_tests:broken_test_"] == ("setup", "error", "no_setup")
    assert sorted(name.partition(":")[2] for name in failed) == [
        "broken_test_",
        "default_test",
        "fix_test_ (third)",
        "killed_test",
        "slow_test_",
        "wrong_test",
    ]


def test_each_case_of_a_suite_gets_what_suite_and_groups_give_and_ends_as_it_says(outcomes):
    mine = {name.partition(":")[2]: each for name, each in outcomes.items() if "SUITE" in name}
    chars = erlsim.terms.chars
    assert mine["plain"] == Passed("fine")
    assert [name for name, each in mine.items() if type(each) is Passed] == [
        "plain",
        "g.in_group",
        "g.after_it",
        "g.h.deep",
        "long",
    ]
    assert {name: each.reason for name, each in mine.items() if type(each) is Skipped} == {
        "skipped": chars("no"),
        "lonely.never": chars("not here"),
    }
    assert failures(mine) == {
        "refused": ("test", "failed", "bad_weather"),
        "failing": ("test", "exit", ("test_case_failed", ("not_good", 1))),
        "trapped": ("test", "timeout", (1000, "ms")),
    }


def test_what_is_no_test_is_told_when_the_tests_are_listed(tmp_path):
    (tmp_path / "sad_tests.erl").write_text(
        '-module(sad_tests).\n-include_lib("eunit/include/eunit.hrl").\na_test_() -> [{what, is, this}].\n'
    )
    with pytest.raises(NoTests, match=r"the tests of sad_tests cannot be listed: no test: {what,is,this}"):
        list(Project([tmp_path]).all_cases())


def test_a_place_without_sources_or_with_a_wrong_one_is_refused(tmp_path):
    with pytest.raises(NoTests, match="no Erlang sources"):
        Project([tmp_path])
    with pytest.raises(NoTests, match="no folder or file"):
        Project([tmp_path / "nothing"])
    (tmp_path / "bad_tests.erl").write_text("-module(bad_tests).\nf( -> ok.\n")
    with pytest.raises(SourceError, match="syntax error before"):
        Project([tmp_path])


def test_the_command_prints_what_failed_and_ends_with_1(project):
    told = CliRunner().invoke(main, ["test", str(project), "-v"])
    assert told.exit_code == 1
    assert "counter_tests:slow_test_ failed\n  timeout:{1000,ms}" in told.output
    assert 'counter_SUITE:skipped skipped: "no"' in told.output
    assert "counter:inside_test passed" in told.output
    assert told.output.endswith("13 passed, 9 failed, 2 skipped of 24\n")


def test_the_command_runs_some_names_some_and_refuses_what_is_not_there(project):
    run = CliRunner().invoke(main, ["test", str(project), "-k", "first", "--schedules", "10"])
    assert (run.exit_code, run.output) == (0, "counter_tests: 1 passed\n1 passed of 1, each under 10 schedules\n")
    named = CliRunner().invoke(main, ["test", str(project), "-k", "deep", "--list"])
    assert named.output == "counter_SUITE:g.h.deep\n"
    nothing = CliRunner().invoke(main, ["test", str(project), "-k", "nothing of the kind"])
    assert nothing.exit_code == 2
    assert "no test has 'nothing of the kind' in its name" in nothing.output


def test_a_race_that_no_test_shows_once_is_found_under_schedules_and_run_again_by_its_seed(tmp_path):
    (tmp_path / "race_tests.erl").write_text(RACE)
    assert CliRunner().invoke(main, ["test", str(tmp_path)]).exit_code == 0
    told = CliRunner().invoke(main, ["test", str(tmp_path), "--schedules", "30"])
    assert told.exit_code == 1
    seed = told.output.partition("--seed ")[2].split()[0]
    assert CliRunner().invoke(main, ["test", str(tmp_path), "--seed", seed]).exit_code == 1


def test_a_case_runs_on_a_node_with_a_name_and_may_start_others(tmp_path):
    (tmp_path / "far_SUITE.erl").write_text(
        """\
-module(far_SUITE).
-include_lib("common_test/include/ct.hrl").
-compile(export_all).
all() -> [peers, stopped, end_fails, end_says].
end_per_testcase(end_fails, _) -> exit(noproc);
end_per_testcase(end_says, _) -> {fail, because};
end_per_testcase(_, _) -> ok.
peers(_) ->
    ct@localhost = node(),
    {ok, Peer, Node} = ?CT_PEER(),
    "far_SUITE-peers-" ++ _ = atom_to_list(Node),
    [1, 2, 3] = rpc:call(Node, lists, seq, [1, 3]),
    {[a, a], []} = rpc:multicall(erlang, hd, [[a]], 1000),
    ok = peer:stop(Peer),
    {badrpc, nodedown} = rpc:call(Node, erlang, node, []).
stopped(_) -> {ok, _, Node} = ?CT_PEER(#{name => x}), x@localhost = Node.
end_fails(_) -> ok.
end_says(_) -> ok.
"""
    )
    outcomes = {case.name.partition(":")[2]: case.run(erlsim.Simulation()) for case in Project([tmp_path]).all_cases()}
    assert outcomes.pop("end_says") == Failed("test", "failed", "because")
    assert all(type(each) is Passed for each in outcomes.values()), outcomes


def test_a_case_in_which_nothing_can_happen_any_more_or_time_stands_still_has_failed_and_the_others_run(tmp_path):
    (tmp_path / "stuck_SUITE.erl").write_text(
        "-module(stuck_SUITE).\n-compile(export_all).\nall() -> [spins, waits, fine].\n"
        "suite() -> [{timetrap, infinity}].\nfine(_) -> ok.\nwaits(_) -> receive never -> ok end.\n"
        "spins(C) -> self() ! on, receive on -> spins(C) end.\n"
    )
    found = {}
    for case in Project([tmp_path]).all_cases():
        sim = erlsim.Simulation(max_steps_per_instant=1000)
        sim.reports.print = False
        found[case.test] = case.run(sim)
    assert [getattr(each, "kind", "") for each in found.values()] == ["livelock", "deadlock", ""]
    assert "1000 steps without a pause" in found["spins"].lines()[0]


def test_pytest_collects_the_tests_as_items(project, pytester):
    pytester.makeini("[pytest]\n")
    ran = pytester.runpytest_inprocess(str(project / "test"), "-p", "no:cacheprovider", "-p", "no:asyncio", "-rA")
    ran.assert_outcomes(passed=12, failed=9, skipped=2)
    ran.stdout.fnmatch_lines(
        ["timeout:{1000,ms}", "*counter_tests:'-wrong_test/0-fun-0-'/0 (counter_tests.erl:4)", "*::g.h.deep"]
    )


def test_pytest_runs_each_test_under_schedules_and_says_which_failed(tmp_path, pytester):
    (tmp_path / "race_tests.erl").write_text(RACE)
    ran = pytester.runpytest_inprocess(
        str(tmp_path), "-p", "no:cacheprovider", "-p", "no:asyncio", "--erlsim-schedules", "30"
    )
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["schedule * of 30: --erlsim-seed *"])


def test_eunit_test_runs_a_module_and_the_tests_beside_it_in_the_simulation_that_asks(capsys):
    async def whole():
        load_text(COUNTER.replace("-ifdef(TEST).", "-ifndef(NEVER)."), "counter.erl")
        load_text(
            '-module(counter_tests).\n-include_lib("eunit/include/eunit.hrl").\n'
            "a_test() -> ok.\nb_test() -> error(wrong).\n",
            "counter_tests.erl",
        )
        return await erlsim.code.call("counter", "test", []), await erlsim.code.call("eunit", "test", ["counter_tests"])

    assert erlsim.run(whole) == ("error", "error")
    told = capsys.readouterr().out
    assert "counter_tests: b_test...*failed*\nerror:wrong\n  at counter_tests:b_test/0 (counter_tests.erl:4)" in told
    assert told.endswith("  Failed: 1.  Skipped: 0.  Passed: 1.\n")
