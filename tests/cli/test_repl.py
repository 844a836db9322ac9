"""`erlsim repl`: a session that is piped in."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from click.testing import CliRunner

from erlsim.cli import main


def played(text, *arguments):
    """What a session shows behind each prompt, and what goes to standard error."""
    run = subprocess.run(
        [sys.executable, "-m", "erlsim", "repl", *arguments],
        input=textwrap.dedent(text),
        capture_output=True,
        text=True,
        check=True,
    )
    _banner, shown = run.stdout.split("\n", 1)
    return shown.replace("... ", "").split(">>> "), run.stderr


COUNTER = """\
@erlsim.module
class Counter:
    def init(n): return ("ok", n)
    def handle_call(request, from_, n): return ("reply", n, n + 1)

"""


def test_await_works_and_a_value_is_shown_and_kept():
    shown, errors = played(
        COUNTER
        + """\
        ok, pid = await gen_server.start_link(("local", "counter"), Counter, 5, [])
        await gen_server.call("counter", "next")
        _ + 1
        gen_server.call("counter", "next")
        """.replace("        ", "")
    )
    assert [each.strip() for each in shown[3:]] == [
        "5",
        "6",
        "call may wait: nothing has happened yet. Write: await call(...)",
        "",
    ]
    assert errors == ""


def test_the_commands_show_processes_tree_messages_events_and_time():
    shown, _ = played("""\
        pid = erlang.spawn(lambda: timer.sleep("infinity"))
        events()
        i()
        tree()
        erlang.send(erlang.self(), ("a", b"b"))
        flush()
        advance(1500)
        now()
        reset()
        now()
        """)
    _, _, events, processes, tree, _, flushed, _, now, _, anew, _ = [each.strip() for each in shown]
    assert "spawn <0.85.0>" in events
    assert processes.startswith("Pid ") and "<0.85.0>" in processes
    assert "<0.83.0>" in tree
    assert flushed == 'Shell got {a,<<"b">>}'
    assert (now, anew) == ("1500", "0")


def test_failures_are_told_without_our_frames_and_with_their_mends_and_the_session_goes_on():
    shown, errors = played("""\
        ets.lookup("table", 1)
        await gen_server.call("nobody", "get")
        1 +
        2 * 3
        """)
    assert shown[-2].strip() == "6"
    assert "*** argument 1: the table identifier does not refer to an existing ETS table" in errors
    assert "nobody is registered as 'nobody'" in errors
    assert "SyntaxError" in errors
    assert "erlsim/" not in errors


def test_crashes_are_reported_unless_they_should_not_be():
    session = """\
        pid = erlang.spawn(lambda: 1 / 0)
        advance(1)
        """
    assert "=ERROR REPORT====" in "".join(played(session)[0])
    assert "REPORT" not in "".join(played(session, "--no-reports")[0])


def test_a_file_is_run_first_and_its_names_are_there(tmp_path):
    (tmp_path / "names.py").write_text("import erlsim\nanswer = 42\npid = erlsim.erlang.self()\n")
    shown, errors = played("answer\npid\n", str(tmp_path / "names.py"))
    assert [each.strip() for each in shown[1:3]] == ["42", "<0.83.0>"]
    assert errors == ""


@pytest.mark.parametrize("word", ["await", "i()", "--no-reports"])
def test_its_help_says_what_it_is(word):
    assert word in CliRunner().invoke(main, ["repl", "--help"]).output
