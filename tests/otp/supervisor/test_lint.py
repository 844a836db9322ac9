"""What is unwise in a supervisor's flags and specs is told, and nothing of a sound tree."""

from __future__ import annotations

import textwrap

import pytest
from click.testing import CliRunner

from erlsim import cli, erlang
from erlsim.otp import supervisor

SOUND = {"intensity": 3, "period": 10}


def start_link():
    return ("ok", erlang.spawn_link(lambda: erlang.receive()))


class Worker:
    start_link = start_link


def child(id_="a", **more):
    return {"id": id_, "start": (Worker, "start_link", []), **more}


def codes(flags, specs, later=False):
    return [(id_, finding.code) for id_, finding in supervisor.lint(flags, specs, later)]


@pytest.mark.parametrize(
    ("flags", "specs"),
    [
        (SOUND, [child("a"), child("b", restart="temporary")]),
        ({**SOUND, "strategy": "one_for_all"}, [child("a"), child("b", restart="transient")]),
        (SOUND, [child(type="supervisor"), child("b", type="supervisor", shutdown="infinity")]),
        ({"intensity": 0}, [child(restart="temporary")]),
        ({**SOUND, "strategy": "simple_one_for_one"}, [{"id": "a", "start": ("nobody", "start", [])}]),
        ({**SOUND, "auto_shutdown": "any_significant"}, [child(restart="transient", significant=True)]),
        (("one_for_one", 10, 1), [child()]),
    ],
)
async def test_a_sound_supervisor_has_no_findings(sim, flags, specs):
    assert supervisor.lint(flags, specs) == []


@pytest.mark.parametrize(
    ("flags", "specs", "expected"),
    [
        ({"intensity": 0}, [child()], ("undefined", "never_restarts")),
        ({"intensity": 1000, "period": 1}, [child()], ("undefined", "never_gives_up")),
        ({**SOUND, "strategy": "one_for_all"}, [child(restart="temporary")], ("a", "temporary_among_all")),
        ({**SOUND, "strategy": "rest_for_one"}, [child(restart="temporary")], ("a", "temporary_among_all")),
        (SOUND, [child(type="supervisor", shutdown=5000)], ("a", "finite_shutdown")),
        (SOUND, [child(type="supervisor", shutdown="brutal_kill")], ("a", "finite_shutdown")),
        (SOUND, [child(start=(Worker, "strat_link", []))], ("a", "not_exported")),
        (SOUND, [child(start=(Worker, "start_link", [1]))], ("a", "not_exported")),
        ({**SOUND, "auto_shutdown": "all_significant"}, [child()], ("undefined", "nobody_significant")),
        (SOUND, [child(restart="transient", significant=True)], ("undefined", "invalid")),
        ({"intensity": -1}, [], ("undefined", "invalid")),
        (SOUND, "specs", ("undefined", "invalid")),
    ],
)
async def test_what_is_unwise_is_found_and_nothing_else(sim, flags, specs, expected):
    assert codes(flags, specs) == [expected]


async def test_a_finding_says_what_will_happen(sim):
    [(_, finding)] = supervisor.lint({"intensity": 1000, "period": 5}, [child()])
    assert str(finding) == (
        "never_gives_up: 1000 restarts in 5 s: a process that crashes every 5 ms is restarted for ever."
    )


async def test_of_a_child_that_comes_later_nothing_is_said_about_the_whole(sim):
    assert codes({"intensity": 0}, [child(type="supervisor", shutdown=1)], later=True) == [("a", "finite_shutdown")]


class Top:
    def init(arg):
        return ("ok", arg)


async def test_supervisors_are_looked_at_while_they_start_and_when_they_get_children(sim):
    with supervisor.linting() as found:
        _, top = await supervisor.start_link(("local", "top"), Top, ({"intensity": 0}, [child()]))
        await supervisor.start_child(top, child("b", type="supervisor", shutdown=1))
        await supervisor.start_link(Top, (SOUND, [child()]))
    assert [(name, id_, finding.code) for name, id_, finding in found] == [
        ("top", "undefined", "never_restarts"),
        ("top", "b", "finite_shutdown"),
    ]
    await supervisor.start_link(Top, ({"intensity": 0}, [child()]))
    assert len(found) == 2


def test_the_command_names_the_supervisor_and_the_child(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lint_this_tree.py").write_text(
        textwrap.dedent(
            """
            import erlsim
            from erlsim.otp import supervisor

            @erlsim.module(name="linted_tree")
            class Tree:
                def init(arg):
                    sub = {"id": "sub", "start": ("linted_tree", "sub", []), "type": "supervisor", "shutdown": 100}
                    return ("ok", ({}, [sub]))

                async def sub():
                    return await supervisor.start_link(("local", "below"), Below, [])

            class Below:
                def init(arg):
                    return ("ok", ({"strategy": "one_for_one"}, []))

            async def main():
                await supervisor.start_link(("local", "above"), Tree, [])
            """
        )
    )
    done = CliRunner().invoke(cli.main, ["lint", "lint_this_tree.py"])
    assert done.exit_code == 1
    assert done.output.startswith("lint_this_tree.py: supervisor above, child sub: finite_shutdown: A supervisor with ")
    assert done.output.count("\n") == 1


@pytest.mark.parametrize(("intensity", "period", "found"), [(100, 1, []), (101, 1, ["never_gives_up"]), (200, 2, [])])
async def test_an_intensity_is_too_high_where_a_crash_every_10_ms_does_not_exceed_it(sim, intensity, period, found):
    flags = {"intensity": intensity, "period": period}
    assert [code for _, code in codes(flags, [child()])] == found
    assert codes(flags, [child(restart="temporary")]) == []


async def test_of_template_children_it_is_not_asked_whether_they_are_significant(sim):
    flags = {**SOUND, "strategy": "simple_one_for_one", "auto_shutdown": "any_significant"}
    assert codes(flags, [child()]) == []
    for strategy in ("one_for_one", "one_for_all", "rest_for_one"):
        assert codes({**flags, "strategy": strategy}, [child()]) == [("undefined", "nobody_significant")]


async def test_all_children_that_are_restarted_are_named_where_nothing_ever_is(sim):
    specs = [child("a"), child("b", restart="temporary"), child("c", restart="transient")]
    [(_, finding)] = supervisor.lint({"intensity": 0}, specs)
    assert finding.sentence == (
        "With intensity 0 nothing is ever restarted: the first crash of a, c ends the supervisor."
    )


async def test_a_supervisor_is_named_as_it_is_registered(sim):
    with supervisor.linting() as found:
        for name in (("global", "g"), ("via", "global", "v"), ("local", "l")):
            await supervisor.start_link(name, Top, ({"intensity": 0}, [child()]))
        _, pid = await supervisor.start_link(Top, ({"intensity": 0}, [child()]))
    assert [name for name, _, _ in found] == [("global", "g"), ("via", "global", "v"), "l", pid]


async def test_a_finding_about_one_supervisor_is_told_once_and_inner_looks_end_alone(sim):
    with supervisor.linting() as outer:
        with supervisor.linting() as inner:
            _, top = await supervisor.start_link(("local", "top"), Top, (SOUND, []))
            for _ in range(2):
                await supervisor.start_child(top, child("b", type="supervisor", shutdown=1))
        await supervisor.start_child(top, child("c", type="supervisor", shutdown=1))
    assert ([id_ for _, id_, _ in inner], [id_ for _, id_, _ in outer]) == (["b"], ["b", "c"])
