"""Strict mode from the command line and in pytest."""

from __future__ import annotations

import linecache
import sys
import textwrap

import pytest
from click.testing import CliRunner

import erlsim
from erlsim import cli

SCRIPT = """\
from erlsim import erlang


def main():
    erlang.put("a", None)
    return 5
"""

TESTS = """
    import pytest
    from erlsim import erlang, timer

    def puts(value):
        erlang.put("a", value)

    async def test_async(sim):
        erlang.spawn(puts, [None])

    def test_plain(sim):
        puts({1})

    async def test_portable(sim):
        puts(5)

    @pytest.mark.erlsim(strict=True)
    async def test_marked():
        puts(None)

    @pytest.mark.erlsim(strict=False)
    async def test_exempt():
        puts(None)

    @pytest.mark.erlsim(strict=True)
    async def test_fails():
        puts(None)
        raise erlang.exit("by itself")

    @pytest.mark.erlsim(strict=["set_term"])
    async def test_one_rule():
        puts(None)
"""


def test_erlsim_run_prints_the_value_then_the_findings_and_ends_with_status_1(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "strict_script.py").write_text(SCRIPT, encoding="utf-8")
    plain = CliRunner().invoke(cli.main, ["run", "strict_script.py"])
    assert (plain.exit_code, plain.stdout, plain.stderr) == (0, "5\n", "")
    done = CliRunner().invoke(cli.main, ["run", "--strict", "strict_script.py"])
    assert (done.exit_code, done.stdout) == (1, "5\n")
    assert done.stderr.startswith("strict_script.py:5:5: none_term: In the process dictionary: None is no term. ")


def test_a_cell_of_a_notebook_is_seen(monkeypatch):
    lines = SCRIPT.splitlines(keepends=True)
    monkeypatch.setitem(linecache.cache, "cell 1", (len(SCRIPT), None, lines, "cell 1"))
    names = {"__name__": "__main__"}
    exec(compile(SCRIPT, "cell 1", "exec"), names)
    with pytest.raises(erlsim.NotPortable, match="cell 1:5:5: none_term: In the process dictionary"):
        erlsim.run(names["main"], strict=True)


def outcomes(pytester, *options):
    pytester.makepyfile(test_it=textwrap.dedent(TESTS))
    result = pytester.runpytest_subprocess("-p", "no:asyncio", "-p", "no:anyio", *options)
    failed = [line.split("::")[1].split()[0] for line in result.outlines if line.startswith("FAILED")]
    return failed, result


@pytest.mark.parametrize(
    ("options", "failed"),
    [
        ((), ["test_marked", "test_fails"]),
        (("--erlsim-strict",), ["test_async", "test_plain", "test_marked", "test_fails"]),
        (("-o", "erlsim_strict=true"), ["test_async", "test_plain", "test_marked", "test_fails"]),
    ],
    ids=["the marker alone", "an option", "the ini file"],
)
def test_a_test_fails_in_which_something_is_seen_if(pytester, options, failed):
    found, result = outcomes(pytester, *options)
    assert found == failed
    result.stdout.fnmatch_lines(["E *NotPortable: what does not port to Erlang was seen in this run:"])
    result.stdout.fnmatch_lines(["E *test_it.py:5:5: none_term: In the process dictionary: None is no term. *"])
    # Where a test has failed of something else, it is told beside that.
    result.stdout.fnmatch_lines(
        ["strict mode has found:", "  *test_it.py:5:5: none_term: In the process dictionary: *"]
    )
