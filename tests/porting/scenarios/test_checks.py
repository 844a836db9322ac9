"""A scenario on a prototype and on its port, compared step by step."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

import director
import erlsim
from erlsim import erlang, timer
from erlsim.errors import ErlsimError
from erlsim.otp import gen_server
from erlsim.porting import scenarios
from erlsim.porting.scenarios import Scenario, check_port, run_on_erlang, run_on_python

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "port"

COUNTER = """\
-module(counter).
-export([start/1, next/1, wait/1, fail/1, me/0, modules/0, init/1, handle_call/3, handle_cast/2]).
start(N) -> gen_server:start(?MODULE, N, []).
next(Pid) -> gen_server:call(Pid, next).
wait(Ms) -> timer:sleep(Ms), done.
fail(exit) -> exit({why, self()});
fail(error) -> error(bad);
fail(throw) -> throw(thrown).
me() -> self().
modules() -> [?MODULE, other].
init(N) -> {ok, N}.
handle_call(next, _From, N) -> {reply, N, N + 1}.
handle_cast(_, N) -> {noreply, N}.
"""


class Counter:
    """The prototype of `COUNTER`, under another name."""

    async def start(n):
        return await gen_server.start(Counter, n, [])

    async def next(pid):
        return await gen_server.call(pid, "next")

    async def wait(ms):
        await timer.sleep(ms)
        return "done"

    def fail(how):
        match how:
            case "exit":
                erlang.exit(("why", erlang.self()))
            case "error":
                erlang.error("bad")
            case "throw":
                erlang.throw("thrown")

    def me():
        return erlang.self()

    def modules():
        return ["prototype", "other"]

    def init(n):
        return ("ok", n)

    def handle_call(_request, _from, n):
        return ("reply", n, n + 1)

    def handle_cast(_message, n):
        return ("noreply", n)


erlsim.module(name="prototype")(Counter)


def scenario():
    s = Scenario("counting", python={"counter": Counter})
    pid = s.start("counter", "start", 5)
    s.call("counter", "next", pid, expect=5)
    s.call("counter", "wait", 40)
    for how in ("exit", "error", "throw"):
        s.call("counter", "fail", how)
    s.call("counter", "modules")
    s.call("counter", "me")
    client = s.client("counter", "next", pid)
    s.receive((client, ("ok", 6)))
    return s


@pytest.fixture
def port(tmp_path):
    def write(old="", new=""):
        assert old in COUNTER
        (tmp_path / "counter.erl").write_text(COUNTER.replace(old, new))
        return tmp_path

    return write


def test_a_port_that_does_the_same_is_equal_in_every_step(port):
    report = check_port(scenario(), port=port())
    assert report.equal
    assert report.counts == {"erlsim": (10, 10)}
    assert str(report) == "counting: 10 of 10 steps equal on erlsim"


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("{reply, N, N + 1}", "{reply, N + 1, N + 1}", "step 2, 5 = counter:next(P1)"),
        ("timer:sleep(Ms)", "timer:sleep(2 * Ms)", "step 3, counter:wait(40)"),
        ("exit({why, self()})", "exit({why, spawn(fun() -> ok end)})", "step 8, counter:me()"),
        ("exit({why", "error({why", "step 4, counter:fail(exit)"),
        ("throw(thrown)", "thrown", "step 6, counter:fail(throw)"),
        ("[?MODULE, other]", "[other, ?MODULE]", "step 7, counter:modules()"),
        ("{reply, N, N + 1}", "{reply, N, N}", "step 10, {C1, {ok, 6}} = message(100)"),
    ],
)
def test_a_port_that_differs_is_told_of_by_its_first_step(port, old, new, step):
    report = check_port(scenario(), port=port(old, new))
    assert not report.equal
    assert [each.name for each in report.differences] == [step]


def test_a_difference_shows_what_each_side_answered(port):
    report = check_port(scenario(), port=port("{reply, N, N + 1}", "{reply, N + 1, N + 1}"))
    assert str(report) == (
        "counting: 1 of 10 steps equal on erlsim\n"
        "counting: step 2, 5 = counter:next(P1)\n"
        "  they answer differently:\n"
        "    python  5\n"
        "    erlsim  6"
    )
    assert report.to_json()["differences"][0]["erlsim"] == "6"


def test_a_difference_in_time_shows_both_times(port):
    (difference,) = check_port(scenario(), port=port("timer:sleep(Ms)", "timer:sleep(2 * Ms)")).differences
    assert (difference.what, difference.left.text, difference.right.text) == ("it takes another time", "40 ms", "80 ms")


def test_a_prototype_that_is_not_as_expected_is_told_of_and_nothing_is_compared(port):
    s = scenario()
    s.call("counter", "me", expect="nobody")
    report = check_port(s, port=port())
    assert not report.equal
    assert report.counts == {}
    (difference,) = report.differences
    assert difference.left.text == "nobody"


@pytest.mark.parametrize(("pattern", "is_met"), [("timeout", True), (..., False), ("a message", False)])
def test_no_message_is_as_expected_only_if_none_is_expected(pattern, is_met):
    s = Scenario("x", python={"counter": Counter})
    s.receive(pattern, within=10)
    run = run_on_python(s)
    assert (run.ok, run.seen[0].ms) == (is_met, 10)


def test_a_name_without_a_value_ends_the_run_there():
    s = Scenario("x", python={"counter": Counter})
    s.call("counter", "me", expect=("ok", s.var("Nobody")))
    s.call("counter", "next", s.var("Nobody"))
    run = run_on_python(s)
    assert run.failure == "Unbound: Nobody has no value: no step before it was matched with a pattern that has it"
    assert not run.ok


def test_a_module_that_cannot_be_found_is_named(tmp_path):
    with pytest.raises(ErlsimError, match="counter is to be in no_such_module, which cannot be imported"):
        run_on_python(Scenario("x", python={"counter": "no_such_module"}))
    with pytest.raises(ErlsimError, match=r"no file 'nothing\.py'"):
        run_on_python(Scenario("x", python={"counter": "nothing.py"}, folder=tmp_path))
    with pytest.raises(ErlsimError, match=r"has no 'Poool'.*counter"):
        run_on_python(Scenario("x", python={"counter": "erlsim.otp.supervisor:Poool"}))
    with pytest.raises(ErlsimError, match="no port in"):
        run_on_erlang(Scenario("x"), tmp_path / "nothing")


def test_an_application_is_started_by_its_specification(tmp_path):
    (tmp_path / "pool_app.py").write_text(
        "import pool_sup\n"
        "async def start(_type, size):\n    return await pool_sup.start_link(size)\n"
        "def stop(_state):\n    return 'ok'\n"
    )
    (tmp_path / "src").mkdir()
    for source in (EXAMPLE / "erlang" / "src").glob("*.erl"):
        (tmp_path / "src" / source.name).write_text(source.read_text())
    (tmp_path / "src" / "pool_app.erl").write_text(
        "-module(pool_app).\n-export([start/2, stop/1]).\n"
        "start(_Type, Size) -> pool_sup:start_link(Size).\nstop(_State) -> ok.\n"
    )
    (s,) = scenarios.read(
        "-python(#{pool_app => 'pool_app.py', pool_sup => 'pool_sup.py', conn_sup => 'conn_sup.py', "
        "pool => 'pool.py', conn => 'conn.py'}).\n"
        "-application({application, the_pool, [{mod, {pool_app, 2}}, {applications, [kernel, stdlib]}]}).\n"
        '-scenario("an application").\n'
        "{ok, [the_pool]} = application:ensure_all_started(the_pool).\n"
        "{2, 0, 0} = pool:status().\n"
        "ok = application:stop(the_pool).\n"
        "undefined = whereis(pool).\n",
        folder=EXAMPLE,
    )
    report = check_port(s, port=tmp_path / "src", prototype=tmp_path)
    assert report.equal, str(report)
    assert report.runs["python"].ok


def test_prototypes_of_two_folders_may_have_modules_of_one_name(tmp_path):
    found = []
    for answer in ("one", "two"):
        folder = tmp_path / answer
        folder.mkdir()
        (folder / "namesake.py").write_text(f"def f():\n    return {answer!r}\n")
        s = Scenario("x", folder=folder)
        s.call("namesake", "f", expect=answer)
        found.append(run_on_python(s).ok)
    assert found == [True, True]


def test_in_real_time_a_step_may_be_late_but_not_by_much():
    run = SimpleNamespace(is_real=False, scale=1.0)
    beam = SimpleNamespace(is_real=True, scale=2.0)
    same_time = scenarios.checks.same_time
    assert same_time(100, run, 200, beam)
    assert same_time(100, run, 390, beam)
    assert not same_time(100, run, 410, beam)
    assert not same_time(100, run, 180, beam)
    assert not same_time(100, run, 101, run)


@pytest.mark.parametrize("scenario", scenarios.load(EXAMPLE / "pool.scenario"), ids=lambda each: each.name)
def test_the_example_s_port_is_equal(scenario):
    report = check_port(scenario, port=EXAMPLE / "erlang" / "src")
    assert report.equal, str(report)
    assert report.runs["erlsim"].ok


def test_the_children_of_a_director_are_shown_in_the_order_of_their_ids():
    class Children:
        async def start_link():
            return await director.start_link(("local", "children"), Children, [])

        def init(_args):
            return ("ok", [{"id": each, "start": (Counter, "start", [0])} for each in ("two", "one", "three")])

    scenario = Scenario("order", python={"children": Children})
    scenario.start("children", name="Sup")
    scenario.tree(scenario.var("Sup"))
    (_, shown) = run_on_python(scenario).seen
    assert [row["t"][0]["a"] for row in shown.tree["tree"]] == ["one", "three", "two"]
