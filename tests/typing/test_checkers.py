"""The documented ways to write a program are accepted by mypy --strict and by pyright, and slips are found."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MYPY = ("-m", "mypy", "--cache-dir", str(ROOT / ".mypy_cache" / "users"))
# What mypy has learnt without a plugin it forgets with one.
MYPY_WITH_PLUGIN = (*MYPY[:-1], str(ROOT / ".mypy_cache" / "users-with-plugin"))
PYRIGHT = ("-m", "pyright", "--pythonpath", sys.executable)

STATIC = """
    import erlsim
    from erlsim import erlang, ets
    from erlsim.otp import gen_server, gen_statem, supervisor
    from erlsim.terms import Term


    @erlsim.module
    class Counter:
        @staticmethod
        async def start_link(start: int) -> Term:
            return await gen_server.start_link(("local", "counter"), Counter, start, [])

        @staticmethod
        def init(start: int) -> Term:
            return ("ok", start)

        @staticmethod
        def handle_call(request: Term, from_: Term, n: int) -> Term:
            match request:
                case "get":
                    return ("reply", n, n)
                case ("add", k) if isinstance(k, int):
                    return ("reply", "ok", n + k)


    @erlsim.module(name="top")
    class Top:
        @staticmethod
        def init(_arg: Term) -> Term:
            child = {"id": "counter", "start": ("counter", "start_link", [7])}
            return ("ok", (("one_for_one", 1, 5), [child]))


    async def main() -> int:
        erlang.process_flag("trap_exit", True)
        ok, top = await supervisor.start_link(("local", "top"), Top, [])
        ok, again = await supervisor.start_link(Top, [])
        ok, anonymous = await gen_server.start(Counter, 1, [("timeout", 100), ("debug", ["trace"])])
        ref = erlang.monitor("process", top, [("alias", "demonitor")])
        erlang.demonitor(ref, ["flush", "info"])
        table = ets.new("t", ["named_table", ("keypos", 1)])
        ets.insert(table, ("a", 1))
        length = erlang.process_info(top, "message_queue_len")
        pairs = erlang.process_info(top, ["links", "monitors"])
        await gen_server.call("counter", ("add", 2))
        return int(await gen_server.call("counter", "get"))


    value: int = erlsim.run(main)
"""

# The same without the decorators: mypy needs the plugin for it.
CLASSES = STATIC.replace("        @staticmethod\n", "")

SLIPS = """
    from erlsim import erlang, ets
    from erlsim.otp import gen_server
    from erlsim.terms import Pid


    async def main(pid: Pid) -> None:
        erlang.monitor("proces", pid)
        erlang.monitor("process", pid, [("alias", "demonitro")])
        erlang.process_flag("trap_exits", True)
        erlang.process_flag("trap_exit", "yes")
        erlang.process_info(pid, "mesages")
        ets.new("t", "named_table")
        ets.new("t", ["nmaed_table"])
        await gen_server.start_link("counter", "counter", 0, [])
        await gen_server.start_link(("local", "counter"), "counter")
"""
FIRST_SLIP, LAST_SLIP = 8, 16


@pytest.fixture
def checked(tmp_path):
    """Runs a checker on a program in a folder outside of the repository."""

    def run(checker, program, configuration=""):
        (tmp_path / "program.py").write_text(textwrap.dedent(program))
        (tmp_path / "pyproject.toml").write_text(textwrap.dedent(configuration))
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "MYPYPATH": str(ROOT)}
        command = [sys.executable, *checker, "program.py"]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    return run


def lines_found(text):
    """The lines of the program with an error."""
    return sorted({int(number) for number in re.findall(r"program\.py:(\d+):.*error", text)})


STRICT = """
    [tool.mypy]
    strict = true

    [tool.pyright]
    include = ["program.py"]
"""
WITH_PLUGIN = STRICT.replace("strict = true", 'strict = true\n    plugins = ["erlsim.mypy_plugin"]')


@pytest.mark.parametrize("checker", [MYPY, PYRIGHT], ids=["mypy", "pyright"])
def test_static_functions_pass_every_checker(checked, checker):
    done = checked(checker, STATIC, STRICT)
    assert (done.returncode, lines_found(done.stdout)) == (0, []), done.stdout


def test_plain_functions_in_a_class_pass_mypy_with_the_plugin_and_not_without(checked):
    done = checked(MYPY_WITH_PLUGIN, CLASSES, WITH_PLUGIN)
    assert (done.returncode, lines_found(done.stdout)) == (0, []), done.stdout
    assert checked(MYPY, CLASSES, STRICT).returncode == 1


def test_the_plugin_checks_the_calls_of_such_functions(checked):
    wrong = CLASSES + "    Counter.init('seven')\n"
    assert 'expected "int"' in checked(MYPY_WITH_PLUGIN, wrong, WITH_PLUGIN).stdout


@pytest.mark.parametrize("checker", [MYPY, PYRIGHT], ids=["mypy", "pyright"])
def test_a_kind_a_flag_or_an_option_that_there_is_not_is_found(checked, checker):
    done = checked(checker, SLIPS, STRICT)
    assert lines_found(done.stdout) == list(range(FIRST_SLIP, LAST_SLIP + 1)), done.stdout
