"""The command line: what a user of `erlsim run` sees, above all when something is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

import erlsim
from erlsim import cli

ROOT = Path(__file__).parents[2]

COUNTER = """
    import erlsim
    from erlsim.otp import gen_server

    @erlsim.module(name="cli_counter")
    class Counter:
        def init(arg):
            return ("ok", arg)

        def handle_call(request, from_, state):
            return ("reply", state + request, state + request)

    async def main():
        _, pid = await gen_server.start_link(Counter, 0, [])
        await gen_server.call(pid, 3)
        return await gen_server.call(pid, 4)
"""


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Writes a script and gives what `erlsim run` makes of it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def run(text, *options, name="script_under_test.py"):
        (tmp_path / name).write_text(textwrap.dedent(text))
        sys.modules.pop(name.removesuffix(".py"), None)
        return CliRunner().invoke(cli.main, ["run", name, *options])

    return run


def test_a_script_runs_and_its_value_is_printed(script):
    done = script(COUNTER)
    assert (done.exit_code, done.output) == (0, "7\n")


def test_a_script_runs_on_the_release_that_is_asked_for(script):
    text = "from erlsim import erlang\ndef main():\n    return bytes(erlang.system_info('otp_release'))"
    assert [script(text, *options).output for options in ((), ("--otp", "27"))] == ["b'25'\n", "b'27'\n"]
    refused = script(text, "--otp", "24")
    assert (refused.exit_code, "'24' is not one of '25', '26', '27', '28'" in refused.output) == (2, True)


def test_what_a_script_prints_is_printed_and_no_value_is_none(script):
    assert script("def main():\n    print('hello')").output == "hello\n"


def test_a_seed_draws_the_schedule(script):
    assert script(COUNTER, "--seed", "5").output == "7\n"


def test_the_trace_says_what_happened_when(script):
    done = script("from erlsim import timer\nasync def main():\n    await timer.sleep(5000)\n    return 1", "--trace")
    assert done.output.startswith("1\n")
    done = script(COUNTER, "--trace")
    assert "spawn" in done.output
    assert "{'$gen_call'," in done.output


def test_an_error_has_erlangs_reason_and_the_scripts_lines(script):
    done = script(
        """
        from erlsim.otp import gen_server

        async def ask():
            return await gen_server.call("nobody", "get")

        async def main():
            await ask()
        """
    )
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "** exception exit: {noproc,{gen_server,call,[nobody,get]}} "
        "(nobody is registered as 'nobody': not started, not under that name, or dead)",
        '  in ask (script_under_test.py:5): return await gen_server.call("nobody", "get")',
        "  in main (script_under_test.py:8): await ask()",
    ]


def test_a_python_error_is_told_the_same_way(script):
    done = script("def main():\n    return {}['x']\n")
    assert done.exit_code == 1
    assert done.stderr == "** exception error: KeyError: 'x'\n  in main (script_under_test.py:2): return {}['x']\n"


def test_a_wait_for_what_cannot_come_is_a_deadlock_that_names_it(script):
    done = script("from erlsim import erlang\nasync def main():\n    await erlang.receive(('hello', ...))\n")
    assert done.exit_code == 1
    assert done.stderr.startswith("Deadlock: ")
    assert "waits for ('hello', ...)" in done.stderr


def test_a_function_that_was_not_awaited_is_named(script):
    done = script("from erlsim import timer\nasync def main():\n    timer.sleep(5)\n")
    assert done.exit_code == 0
    assert "'sleep' was never awaited" in done.stderr
    assert "script_under_test.py:3" in done.stderr


def test_a_crash_of_another_process_is_reported_unless_not_wanted(script):
    text = """
        from erlsim import erlang, timer

        def crash():
            erlang.error("boom")

        async def main():
            erlang.spawn(crash)
            await timer.sleep(1)
        """
    assert "=ERROR REPORT====" in script(text).stdout
    assert script(text, "--no-reports").stdout == ""


def test_a_syntax_error_shows_the_line(script):
    done = script("def main(:\n")
    assert done.exit_code == 1
    assert done.stderr == "syntax error: invalid syntax\n  (script_under_test.py:1): def main(:\n"


def test_a_script_without_main_is_told_so(script):
    done = script("x = 1")
    assert done.exit_code == 2
    assert "no function main" in done.output


def test_a_mistyped_file_or_command_is_put_right(script):
    script("x = 1", name="counter.py")
    assert "did you mean 'counter.py'?" in CliRunner().invoke(cli.main, ["run", "contuer.py"]).output
    assert "did you mean 'run'?" in CliRunner().invoke(cli.main, ["rnu"]).output
    assert "is a folder" in CliRunner().invoke(cli.main, ["run", "."]).output


def test_a_script_imports_its_neighbours(script, tmp_path):
    (tmp_path / "neighbour_of_script.py").write_text("VALUE = 42\n")
    assert script("import neighbour_of_script as n\ndef main():\n    return n.VALUE").output == "42\n"


def test_the_arguments_behind_two_dashes_are_the_scripts(script):
    done = script("import sys\ndef main():\n    return sys.argv[1:]", "--", "one", "--seed", "two")
    assert done.output == "['one', '--seed', 'two']\n"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package `shop_of_cli.parts` whose module `till` imports its neighbour."""
    parts = tmp_path / "shop_of_cli" / "parts"
    parts.mkdir(parents=True)
    (parts.parent / "__init__.py").write_text("")
    (parts / "__init__.py").write_text("")
    (parts / "prices.py").write_text("PRICE = 42\n")
    (parts / "till.py").write_text("from .prices import PRICE\n\ndef main():\n    return PRICE\n")
    (parts / "__main__.py").write_text("from .till import main as main\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    for name in [each for each in sys.modules if each.partition(".")[0] == "shop_of_cli"]:
        del sys.modules[name]


@pytest.mark.parametrize(
    "arguments", [["shop_of_cli/parts/till.py"], ["-m", "shop_of_cli.parts.till"], ["-m", "shop_of_cli.parts"]]
)
def test_a_module_of_a_package_runs_by_its_file_and_by_its_name_with_relative_imports(package, arguments):
    done = CliRunner().invoke(cli.main, ["run", *arguments])
    assert (done.exit_code, done.output) == (0, "42\n")


def test_a_module_that_is_not_there_is_named(package):
    done = CliRunner().invoke(cli.main, ["run", "-m", "shop_of_cli.tills"])
    assert done.exit_code == 2
    assert "no module 'shop_of_cli.tills' from here" in done.output


def test_the_trace_stands_between_what_the_script_prints(script):
    done = script(
        """
        from erlsim import timer

        async def main():
            print("before")
            await timer.sleep(7)
            print("after")
        """,
        "--trace",
    )
    text = "from erlsim import erlang\ndef main():\n    print('a')\n    erlang.send(erlang.self(), 1)\n    print('b')"
    assert done.output == "before\nafter\n"
    assert [line.split()[-1] for line in script(text, "--trace").output.splitlines()] == ["a", "1", "b"]


def test_a_function_that_calls_itself_too_often_is_told_in_few_lines(script):
    # Erlang source that another test has loaded lets Python's stack grow deeper.
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(2000)
    try:
        done = script("def main():\n    return main()\n")
    finally:
        sys.setrecursionlimit(before)
    lines = done.stderr.splitlines()
    assert lines[0].startswith("** exception error: RecursionError")
    assert len(lines) < 20
    assert any(line.startswith("  ... ") and line.endswith(" more calls") for line in lines)


def test_a_file_that_is_no_text_is_named(script):
    done = script("x = 1\0", name="binary_for_cli.py")
    assert done.exit_code == 1
    assert done.stderr.splitlines()[1] == "  (binary_for_cli.py)"


def test_a_page_that_cannot_be_written_is_refused_before_the_run(script, tmp_path):
    (tmp_path / "page.html").mkdir()
    done = script("def main():\n    print('ran')", "--html", "missing/page.html")
    assert (done.exit_code, "ran" in done.output) == (2, False)
    assert "no folder 'missing'" in done.output
    done = script("def main():\n    print('ran')", "--html", "page.html")
    assert (done.exit_code, "ran" in done.output) == (2, False)


@pytest.mark.parametrize("arguments", [["demo"], ["run", "talker.py"], ["run", "talker.py", "--trace"]])
def test_an_output_that_nobody_reads_any_more_ends_the_run_with_one_line(tmp_path, arguments):
    (tmp_path / "talker.py").write_text(
        "from erlsim import io\n\nasync def main():\n    while True:\n        await io.put_chars('line\\n' * 1000)\n"
    )
    command = [sys.executable, "-m", "erlsim", *arguments]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=_environment()
    )
    running.stdout.readline()
    running.stdout.close()
    said = running.stderr.read()
    running.stderr.close()
    assert running.wait() == 1
    assert said == "erlsim: the output was cut off: its reader has gone away\n"


def test_a_run_that_is_interrupted_says_where_everybody_was(script):
    done = script("""
    import signal
    from erlsim import erlang

    def spins():
        signal.raise_signal(signal.SIGINT)

    async def main():
        erlang.spawn(spins)
        await erlang.receive("a word")
    """)
    assert done.exit_code == 1
    assert "<0.83.0> the shell waits for 'a word' in main (script_under_test.py:10); mailbox: []" in done.stderr
    assert "<0.85.0> runs in spins (script_under_test.py:6); mailbox: []" in done.stderr


def test_no_colour_is_drawn_where_none_is_wanted(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in CliRunner().invoke(cli.main, ["demo"], color=True).output
    monkeypatch.delenv("NO_COLOR")
    assert "\x1b[" in CliRunner().invoke(cli.main, ["demo"], color=True).output


def _environment():
    """This checkout's erlsim wherever the command is run."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def test_help_and_version():
    assert "Commands:" in CliRunner().invoke(cli.main, ["--help"]).output
    assert CliRunner().invoke(cli.main, ["--version"]).output == f"erlsim, version {erlsim.__version__}\n"
    done = subprocess.run([sys.executable, "-m", "erlsim", "--version"], capture_output=True, text=True, check=False)
    assert done.stdout == f"erlsim, version {erlsim.__version__}\n"


LINTED = """
    import director
    import erlsim

    @erlsim.module(name="cli_linted")
    class Linted:
        def init(plan):
            return ("ok", [{"id": "a", "start": ("nobody", "start"), "plan": plan, "count": "infinity"}])

    async def main():
        await director.start(Linted, PLAN)
"""


@pytest.mark.parametrize(
    ("plan", "status", "said"),
    [
        ('["restart", "delete", "wait"]', 1, "lint_me.py: child a: unreachable (element 3): "),
        ('["restart"]', 1, "lint_me.py: child a: restart_spins"),
        ('[("restart", 50)]', 0, "no findings"),
    ],
)
def test_lint_names_the_child_and_the_element_and_ends_with_status_1(tmp_path, monkeypatch, plan, status, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    sys.modules.pop("lint_me", None)
    (tmp_path / "lint_me.py").write_text(textwrap.dedent(LINTED).replace("PLAN", plan))
    done = CliRunner().invoke(cli.main, ["lint", "lint_me.py"])
    assert done.exit_code == status, done.output
    assert said in done.output
