"""What a user sees of a blast radius: the command line, the page, the pictures."""

from __future__ import annotations

import json
import re
import textwrap
import xml.etree.ElementTree as etree

import pytest
from click.testing import CliRunner

from erlsim import cli
from erlsim.lab.blast import blast_radius
from tests.lab.kit import made
from tests.lab.trees import TREES

TREE = """
    import erlsim
    from erlsim import timer
    from erlsim.otp import gen_server, supervisor

    @erlsim.module(name="cli_worker")
    class Worker:
        def init(arg):
            return ("ok", arg)
        def handle_call(request, from_, state):
            return ("reply", request, state)

    @erlsim.module(name="cli_top")
    class Top:
        def init(intensity):
            start = ("gen_server", "start_link", [("local", "server"), "cli_worker", [], []])
            return ("ok", ({"intensity": intensity}, [{"id": "server", "start": start}]))

    async def tree():
        return await supervisor.start_link(("local", "top"), "cli_top", 1)

    async def brittle():
        return await supervisor.start_link(("local", "top"), "cli_top", 0)

    async def load():
        await gen_server.call("server", "hello")
"""


@pytest.fixture
def blast(tmp_path):
    file = tmp_path / "lab_script.py"
    file.write_text(textwrap.dedent(TREE))

    def run(*options):
        return CliRunner().invoke(cli.main, ["blast", str(file), *options])

    return run


def test_the_command_prints_the_table_and_what_was_not_tried(blast):
    shown = blast()
    assert shown.exit_code == 0, shown.output
    assert re.search(r"server +kill, crash, shutdown +at rest +nobody else +server", shown.output)
    assert "Not tried: no load" in shown.output


def test_the_command_ends_with_status_1_if_a_child_takes_all_down(blast):
    shown = blast("--tree", "brittle", "--reason", "kill")
    assert shown.exit_code == 1
    assert "top gave up" in shown.output


def test_the_command_takes_a_load_and_prints_json(blast):
    shown = blast("--load", "load", "--who", "server", "--reason", "kill", "--at", "messages", "--json")
    (found,) = json.loads(shown.stdout)["blasts"]
    assert found["moment"] == ["message", 1]
    assert [(each["caller"], each["what"]) for each in found["saw"]] == [("load", "killed")]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--tree", "teer"], "has no function 'teer'; did you mean 'tree'?"),
        (["--who", "sever"], "did you mean 'server'?"),
        (["--at", "10"], "there is no load"),
        (["--html", "/nowhere/at/all.html"], "no folder '/nowhere/at'"),
    ],
)
def test_a_wrong_question_is_a_usage_error_that_shows_it(blast, options, words):
    shown = blast(*options)
    assert shown.exit_code == 2
    assert words in shown.output


def test_a_command_that_fails_leaves_no_empty_page_behind(blast, tmp_path):
    shown = blast("--tree", "teer", "--html", str(tmp_path / "blast.html"))
    assert shown.exit_code == 2
    shown = blast("--who", "sever", "--html", str(tmp_path / "blast.html"))
    assert shown.exit_code == 2 and not (tmp_path / "blast.html").exists()


def test_the_command_reads_erlang(tmp_path):
    (tmp_path / "lab_erl.erl").write_text(
        textwrap.dedent("""
        -module(lab_erl).
        -behaviour(supervisor).
        -export([tree/0, init/1, start/0]).
        tree() -> supervisor:start_link({local, top}, ?MODULE, []).
        start() -> {ok, proc_lib:spawn_link(fun() -> receive stop -> ok end end)}.
        init([]) -> {ok, {#{strategy => one_for_all}, [#{id => Id, start => {?MODULE, start, []}} || Id <- [a, b]]}}.
        """)
    )
    shown = CliRunner().invoke(cli.main, ["blast", str(tmp_path / "lab_erl.erl"), "--tree", "lab_erl:tree"])
    assert shown.exit_code == 0, shown.output
    assert re.search(r"a +kill, crash, shutdown +at rest +b +a, b", shown.output)


def test_the_picture_is_svg_in_which_each_process_has_the_colour_of_what_became_of_it():
    drawn = blast_radius(made(TREES["rest_for_one"]), reasons=["kill"]).svg("b")
    words = [each.text for each in etree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]
    assert {"a", "b", "c", "struck by kill, back after 0 ms", "fell 1st, back after 0 ms"} <= set(words)
    assert drawn.count('class="panel line-box restarting-line"') == 2
    assert drawn.count('class="panel line-box up-line"') == 2
    assert "prefers-color-scheme:dark" in drawn
