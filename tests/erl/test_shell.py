"""Erlang's shell: what erl 25 prints of the same lines (asked of it), and what is the simulation's."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from erlsim.cli import main
from erlsim.erl.shell import Session

MODULE = """\
-module(m).
-export([twice/1, crash/1]).
twice(X) -> 2 * X.
crash(X) -> X + a.
"""


@pytest.fixture
def session(tmp_path):
    (tmp_path / "m.erl").write_text(MODULE)
    return Session(folder=tmp_path)


def said(session, *lines):
    """The prompt and the output of each line."""
    found = []
    for line in lines:
        prompt = session.prompt
        found.append(prompt + "\n".join(session.enter(line)))
    return found


def test_values_and_bindings_are_printed_kept_and_forgotten(session):
    assert said(
        session,
        "1 + 1.",
        'X = {a, "text", <<"bin">>}.',
        "X.",
        "X = 3.",
        "Y.",
        "f(X).",
        "X = 3, Y = X * 2.",
        "b().",
        "[A * 2 || A <- lists:seq(1, 5)].",
        "f().",
        "b().",
    ) == [
        "1> 2",
        '2> {a,"text",<<"bin">>}',
        '3> {a,"text",<<"bin">>}',
        "4> ** exception error: no match of right hand side value 3",
        "5> * 1:1: variable 'Y' is unbound",
        "6> ok",
        "7> 6",
        "8> X = 3\nY = 6\nok",
        "9> [2,4,6,8,10]",
        "10> ok",
        "11> ok",
    ]


def test_modules_are_compiled_called_and_their_failures_told_with_line_and_arguments(session):
    assert said(session, "c(m).", "m:twice(21).", "m:crash(1).", "m:nope().", "foo(1).", "c(missing).") == [
        "1> {ok,m}",
        "2> 42",
        "3> ** exception error: an error occurred when evaluating an arithmetic expression\n"
        "     in operator  +/2\n        called as 1 + a\n     in call from m:crash/1 (m.erl, line 4)",
        "4> ** exception error: undefined function m:nope/0",
        "5> ** exception error: undefined shell command foo/1",
        "6> missing.erl: no such file or directory\nerror",
    ]


@pytest.mark.parametrize(
    ("line", "operator", "call"),
    [
        ("1/0.", "'/'/2", "1 / 0"),
        ("1 div 0.", "div/2", "1 div 0"),
        ("1 + a.", "+/2", "1 + a"),
        ("a - 1.", "-/2", "a - 1"),
        ("+a.", "+/1", "+ a"),
        ("[N * 2 || N <- [b]].", "*/2", "b * 2"),
    ],
)
def test_arithmetic_that_is_typed_in_stands_in_the_stack_whatever_it_is_applied_to(session, line, operator, call):
    assert session.enter(line) == [
        "** exception error: an error occurred when evaluating an arithmetic expression",
        f"     in operator  {operator}",
        f"        called as {call}",
    ]


def test_exits_throws_and_errors_are_told_and_bindings_stay(session):
    assert said(session, "X = 3.", "exit(oops).", "X.", "throw(ball).", "error(why).", "atom_to_list(1).") == [
        "1> 3",
        "2> ** exception exit: oops",
        "3> 3",
        "4> ** exception throw: ball",
        "5> ** exception error: why",
        "6> ** exception error: bad argument\n     in function  atom_to_list/1\n        called as atom_to_list(1)\n"
        "        *** argument 1: not an atom",
    ]


def test_messages_go_to_the_shell_and_a_link_may_end_it(session):
    assert said(
        session,
        "self() ! hello.",
        "self() ! {a, 1}.",
        "flush().",
        "flush().",
        "receive z -> 1 after 10 -> timeout end.",
        "link(spawn(fun() -> exit(gone) end)), timer:sleep(10).",
        "F = fun(N) -> N * N end, lists:map(F, [1, 2, 3]).",
    ) == [
        "1> hello",
        "2> {a,1}",
        "3> Shell got hello\nShell got {a,1}\nok",
        "4> ok",
        "5> timeout",
        "6> ** exception exit: gone",
        "7> [1,4,9]",
    ]


def test_an_expression_may_take_several_lines_and_a_wrong_one_keeps_the_number(session):
    assert said(
        session, "case 3 of", "  3 -> yes;", "  _ -> no", "end.", "1 +.", '"a', 'b".', "{ok, P} = {error, 1}."
    ) == [
        "1> ",
        " .. ",
        " .. ",
        " .. yes",
        "2> * 1:4: syntax error before: '.'",
        "2> ",
        ' .. "a\\nb"',
        "3> ** exception error: no match of right hand side value {error,1}",
    ]


def test_what_was_typed_is_repeated_and_told(session):
    assert said(session, "X = 1.", "X + 1.", "v(2).", "e(2).", "v(99).", "rd(r, {a, b = 2}).", "#r{a = X}.", "h().")[
        2:
    ] == [
        "3> 2",
        "4> 2",
        "5> * 1: command not found",
        "5> r",
        "6> {r,1,2}",
        "7> 1: X = 1\n-> 1\n2: X + 1\n-> 2\n3: v(2)\n-> 2\n4: X + 1\n-> 2\n5: rd(r, {a, b = 2})\n-> r\n"
        "6: #r{a = X}\n-> {r,1,2}\nok",
    ]


def test_time_jumps_and_a_wait_without_end_says_so(session):
    assert said(session, "timer:sleep(3600000).", "now_ms().") == ["1> ok", "2> 3600000"]
    (told,) = said(session, "receive never -> ok end.")
    assert told.startswith("3> ** nothing can happen any more at 3600000 ms")
    assert said(session, "1.") == ["4> 1"]


def test_the_command_reads_what_is_piped_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.erl").write_text(MODULE)
    told = CliRunner().invoke(main, ["erl", "m.erl"], input="m:twice(4).\nq().\n1.\n")
    assert told.exit_code == 0
    assert told.output.splitlines()[1:] == ["{ok,m}", "2> 8", "3> "]
    assert CliRunner().invoke(main, ["erl"], input="1.\n").output.splitlines()[1:] == ["1> 1", "2> "]
