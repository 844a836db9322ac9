"""The command line: what a user of `erlsim run` sees, above all when something is wrong."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from click.testing import CliRunner

import erlsim
from erlsim import cli

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
        "** exception exit: {noproc,{gen_server,call,[nobody,get]}}",
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
