"""The text of a crash report, cut at a depth: what proc_lib:format/3 of OTP 25 printed."""

from __future__ import annotations

import pytest

from erlsim import Error, terms
from erlsim.otp import proc_lib

BADMATCH = """{error,{badmatch,[1,2,3,{a,b,[c,d,e,f]},5,6,7,8,9]},
    [{m,f,[[1,2,3,4],{a,{b,{c,{d}}}}],[]},{m,g,2,[{file,"m.erl"},{line,4}]},{proc_lib,init_p,3,[]}]}"""
CLAUSE = "{error,function_clause,[{m,f,[[1,2,3,4,5,6,7,8],{a,{b,{c,{d}}}}],[]}]}"
REPORT = """[[{initial_call,{m,f,['Argument__1']}},{pid,1},{registered_name,[]},{error_info,%s},
    {ancestors,[a,b,c,d,e,f,g,h]},{messages,[{x,[1,2,3,4,5,6]},y]},{dictionary,[{k,{a,{b,{c,{d}}}}}]}],
    [{neighbour,[{pid,2},{links,[1,2,3,4,5,6,7,8]}]}]]"""


def lines(info, *options):
    """The lines that depend on the depth."""
    text = proc_lib.format(terms.parse(REPORT % info), *options)
    return [line.strip() for line in text.splitlines() if "..." in line or "called as" in line]


def test_without_a_depth_nothing_is_cut():
    assert lines(BADMATCH) == ["called as m:f([1,2,3,4],{a,{b,{c,{d}}}})"]
    assert lines(BADMATCH, "unicode", "unlimited") == lines(BADMATCH, "latin1")


@pytest.mark.parametrize(
    ("depth", "value", "call", "rest"),
    [
        (2, "[1|...]", "m:f([...]|...)", ("[a|...]", "[{...}|...]", "[{...}]", "[1|...]")),
        (4, "[1,2,3|...]", "m:f([1,2|...],{a,...})", ("[a,b,c|...]", "[{x,[...]},y]", "[{k,{...}}]", "[1,2,3|...]")),
    ],
)
@pytest.mark.parametrize("encoding", ["latin1", "unicode", "utf8"])
def test_a_depth_cuts_the_reason_the_calls_and_every_other_line(depth, value, call, rest, encoding):
    ancestors, messages, dictionary, links = rest
    assert lines(BADMATCH, encoding, depth) == [
        f"exception error: no match of right hand side value {value}",
        f"called as {call}",
        f"ancestors: {ancestors}",
        f"messages: {messages}",
        f"dictionary: {dictionary}",
        f"links: {links}",
    ]


def test_a_depth_cuts_the_call_that_no_clause_matches():
    text = proc_lib.format(terms.parse(REPORT % CLAUSE), "latin1", 4)
    assert "no function clause matching m:f([1,2|...],{a,...})" in text


def test_latin1_escapes_what_it_cannot_show():
    own = [("dictionary", [("k", "\u20ac")])]
    assert r"{k,'\x{20AC}'}" in proc_lib.format([own, []], "latin1")
    assert "{k,'\u20ac'}" in proc_lib.format([own, []], "unicode")


def test_the_loggers_depth_counts():
    report = {"label": ("proc_lib", "crash"), "report": terms.parse(REPORT % BADMATCH)}
    assert "ancestors: [a|...]" in proc_lib.report_cb(report, {"depth": 2, "single_line": False})
    assert "ancestors: [a|...]" in proc_lib.report_cb(report, {"depth": 2, "single_line": True})


@pytest.mark.parametrize(
    ("report", "text"),
    [
        ("[1,2]", "  crasher:\n    1\n  neighbours:\n    \n2"),
        ("[[],[]]", "  crasher:\n\n  neighbours:\n"),
        ("[[x,{a,1}],[]]", "  crasher:\n\n  neighbours:\n"),
        ("[[{a,1},x,{b,2}],[[{pid,1}]]]", "  crasher:\n    a: 1\n  neighbours:\n    neighbour:\n      pid: 1"),
        (
            "[[{error_info,{exit,oops,[]}}],[]]",
            "  crasher:\n\n    exception exit: oops\n\n  neighbours:\n",
        ),
        ("[[],[x,{neighbour,y}]]", "  crasher:\n\n  neighbours:\n    neighbour:\n      x\n    neighbour:\n      y"),
    ],
)
def test_lines_end_at_the_first_that_is_no_pair_and_what_is_no_list_is_one_line(report, text):
    assert proc_lib.format(terms.parse(report)) == text


def test_a_depth_cuts_what_is_no_list_of_lines():
    text = proc_lib.format(terms.parse("[{a,b,c},{d,e,f}]"), "latin1", 2)
    assert text == "  crasher:\n    {a,...}\n  neighbours:\n    \n{d,...}"


@pytest.mark.parametrize("depth", ["foo", -0.5, ["link"]])
def test_a_depth_that_is_no_integer_is_badarg(depth):
    with pytest.raises(Error) as failure:
        proc_lib.format(terms.parse("[1,2]"), "latin1", depth)
    assert failure.value.reason == "badarg"


def test_an_exception_of_another_shape_matches_no_clause():
    with pytest.raises(Error) as failure:
        proc_lib.format(terms.parse("[[{a,1},{error_info,1},{b,2}],[]]"))
    assert failure.value.reason == ("case_clause", ([("a", 1)], 1, [("b", 2)]))
