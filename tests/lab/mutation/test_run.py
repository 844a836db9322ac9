"""A small project, its tests, and what a mutation run says of them; from beginning to end, in processes of its own."""

from __future__ import annotations

import json
import textwrap

import pytest
from click.testing import CliRunner

from erlsim.cli import main
from erlsim.lab.mutation import FailingTests, Plan, data, page, run, text

SHOP = """
    import erlsim
    from erlsim.otp import gen_server, supervisor


    @erlsim.module
    class Shop:
        async def start_link():
            return await supervisor.start_link(("local", "shop"), "shop", [])

        def init(args):
            flags = {"strategy": "one_for_one", "intensity": 1, "period": 0 + 5}
            till = {"id": "till", "start": ("till", "start_link", []), "restart": "permanent", "shutdown": 100}
            return ("ok", (flags, [till]))


    @erlsim.module
    class Till:
        async def start_link():
            return await gen_server.start_link(("local", "till"), "till", [], [])

        def init(args):
            return ("ok", 0)

        def handle_call(request, from_, state):
            return ("stop", "normal", "bye", state)


    def never_called(pid):
        return erlsim.erlang.link(pid)
"""
TESTS = """
    from shop import Shop

    import erlsim
    from erlsim import erlang, timer

    async def test_a_till_that_is_killed_comes_back(sim):
        erlang.process_flag("trap_exit", True)
        erlsim.match(("ok", ...), await Shop.start_link())
        before = erlang.whereis("till")
        erlang.exit(before, "kill")
        await timer.sleep(1)
        assert erlang.whereis("till") not in (before, "undefined")
"""
OWN = """
    [[mutant]]
    file = "shop.py"
    old = '("local", "till")'
    new = '("local", "tull")'
    why = "nobody finds it"
"""

# What is tried of it, and how hard a difference is searched for: this takes real time.
KINDS = ("intensity", "period", "restart", "link", "plan", "own")
TRIES = 30


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "shop.py").write_text(textwrap.dedent(SHOP))
    (folder / "test_shop.py").write_text(textwrap.dedent(TESTS))
    (folder / "pytest.ini").write_text("[pytest]\npythonpath = .\naddopts = -p no:asyncio -p no:anyio\n")
    (folder / "mutants.toml").write_text(textwrap.dedent(OWN))
    return folder


def plan_of(folder, **options):
    return Plan(
        folder,
        (folder,),
        kinds=options.pop("kinds", KINDS),
        own=folder / "mutants.toml",
        jobs=1,
        tries=TRIES,
        **options,
    )


@pytest.fixture(scope="module")
def report(project):
    before = {each.name for each in project.iterdir()}
    report = run(plan_of(project))
    assert {each.name for each in project.iterdir()} - before <= {".erlsim_cache", "__pycache__"}
    return report


@pytest.fixture(scope="module")
def states(report):
    return {each.mutant.what: each.state for each in report.outcomes}


def test_what_the_tests_notice_is_found_and_by_which_test(report, states):
    assert states['"till" permanent -> temporary'] == "found"
    assert states['("local", "till")'] == "found"
    assert {each.by for each in report.outcomes if each.is_found} == {
        "test_shop.py::test_a_till_that_is_killed_comes_back"
    }


def test_what_no_test_runs_is_told_apart_from_what_a_test_lets_pass(states):
    assert states["no erlsim.erlang.link(pid)"] == "not_run"
    assert states["1 -> 2"] == states['"till" permanent -> transient'] == "survived"


def verdict(report, what):
    return next(report.verdict(each.mutant) for each in report.outcomes if each.mutant.what == what)


def test_one_death_more_tells_intensities_apart(report):
    found = verdict(report, "1 -> 2")
    assert found.result == "scenario"
    # The test has killed the till once itself.
    assert sum(each.get("times", 1) for each in found.actions) <= 2
    assert any("shop ends: shutdown" in each for each in found.original)
    assert not any("shop ends: shutdown" in each for each in found.mutant)


def test_a_normal_end_tells_restart_types_apart_in_one_action(report):
    found = verdict(report, '"till" permanent -> transient')
    [action] = found.actions
    assert action["who"] == ["name", "till"]
    assert action["reason"] in ("normal", "shutdown")
    assert (found.original, found.mutant) == (["shop ends: shutdown"], [])


def test_the_score_counts_what_could_be_found(report):
    assert report.score == pytest.approx(report.found / (len(report.outcomes) - len(report.equivalent)))
    assert 0 < report.found < len(report.outcomes)


def test_text_data_and_page_tell_the_survivors_with_their_diffs_and_what_was_not_tried(report):
    lines = "\n".join(text(report))
    assert '    -        till = {"id": "till"' in lines
    assert "The test that runs it passes." in lines
    assert "not tried: nothing in 1 files is of the kind plan" in lines
    assert "shop.py:12 period: 0 + 5 is computed" in lines
    told = json.loads(json.dumps(data(report)))
    assert told["found"] + told["survived"] + told["equivalent"] == told["mutants"] == len(report.outcomes)
    assert "&quot;till&quot; permanent -&gt; transient" in page(report)


def test_the_page_fits_a_narrow_window_and_a_dark_one(report, browser, tmp_path):
    (tmp_path / "mutants.html").write_text(page(report))
    shown = browser.new_page(viewport={"width": 400, "height": 800}, color_scheme="dark")
    shown.goto((tmp_path / "mutants.html").as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") == 400
    assert shown.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert "Not tried: nothing in 1 files" in shown.inner_text(".note")


def test_a_second_run_knows_all_of_the_first_and_ends_with_1_for_its_survivors(project, report, monkeypatch, tmp_path):
    out = tmp_path / "out.html"
    kinds = [word for kind in KINDS for word in ("--only", kind)]
    result = invoke(project, monkeypatch, "--json", "--jobs", "1", "--tries", str(TRIES), "--html", str(out), *kinds)
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert all(each["cached"] for each in told["outcomes"] if each["state"] != "not_run")
    before = data(report)["outcomes"]
    assert [{**each, "cached": False} for each in told["outcomes"]] == before
    assert out.read_text().startswith("<!DOCTYPE html>")


def test_a_new_test_has_only_the_survivors_tried_again_also_where_there_is_no_fork(project, report):
    new = project / "test_more.py"
    new.write_text("def test_nothing():\n    pass\n")
    try:
        again = run(plan_of(project, kinds=("restart", "own"), forks=False))
    finally:
        new.unlink()
    assert {each.mutant.what: each.cached for each in again.outcomes} == {
        '"till" permanent -> temporary': True,
        '"till" permanent -> transient': False,
        '("local", "till")': True,
    }


def test_tests_that_fail_by_themselves_are_refused(project):
    new = project / "test_wrong.py"
    new.write_text("def test_wrong():\n    assert 1 == 2\n")
    try:
        with pytest.raises(FailingTests, match=r"test_wrong.py::test_wrong fails without any mutant: assert 1 == 2"):
            run(plan_of(project, keeps=False, kinds=("own",)))
    finally:
        new.unlink()


def test_what_pytest_says_when_it_cannot_begin_is_told(project):
    wrong = project / "conftest.py"
    wrong.write_text("def pytest_configure(config):\n    raise LookupError('nobody is there')\n")
    try:
        with pytest.raises(FailingTests, match=r"(?s)status 3 before any test.*LookupError: nobody is there"):
            run(plan_of(project, keeps=False, kinds=("own",)))
    finally:
        wrong.unlink()


# ---- the command ------------------------------------------------------------------------


def invoke(folder, monkeypatch, *arguments):
    monkeypatch.chdir(folder)
    return CliRunner().invoke(main, ["mutate", *arguments])


def test_the_command_lists_mutants_and_tries_none(project, monkeypatch):
    result = invoke(project, monkeypatch, "--list", "--only", "strategy")
    assert result.exit_code == 0
    assert result.stdout.startswith("shop.py:12 strategy: one_for_one -> one_for_all\n")
    assert result.stdout.endswith("2 mutants in 1 files\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--only", "strateg"], "no kind 'strateg'; there are strategy"),
        (["nowhere"], "no file or folder 'nowhere'"),
        (["--own", "none.toml"], "no file 'none.toml'"),
        (["--html", "nowhere/out.html"], "no folder 'nowhere'"),
        (["--jobs", "0"], "0 is not in the range"),
    ],
)
def test_the_command_refuses_what_makes_no_sense_and_shows_it(project, monkeypatch, arguments, complaint):
    result = invoke(project, monkeypatch, *arguments)
    assert result.exit_code == 2
    assert complaint in result.stderr


# ---- pytest's option ----------------------------------------------------------------------


def test_pytest_puts_mutants_to_tests_that_pass_and_fails_if_one_survives(pytester):
    pytester.makeini("[pytest]\npythonpath = .")
    pytester.makepyfile(
        limp="from erlsim import erlang\n\ndef trap():\n    return erlang.process_flag('trap_exit', True)\n",
        test_limp="import limp\n\ndef test_it_answers(sim):\n    assert limp.trap() is False\n",
    )
    result = pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:anyio", "--erlsim-mutate", "limp.py", "-q")
    result.stdout.fnmatch_lines(
        [
            "*erlsim: mutants*",
            "survived: limp.py:4 trap_exit: exits are not trapped",
            "*The test that runs it passes.",
            "*No difference was searched for: none of the tests is an async test*",
            "score: 0 of 1 mutants found by 1 tests (0.0 %)",
        ]
    )
    assert result.ret == 1


def test_pytest_refuses_to_mutate_what_is_not_there(pytester):
    pytester.makepyfile("def test_nothing():\n    pass\n")
    result = pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:anyio", "--erlsim-mutate", "nowhere.py")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*--erlsim-mutate: no file or folder 'nowhere.py'*"])
