"""Slips that are Python's get Erlang's error, and a note that says what to write instead."""

from __future__ import annotations

import gc
import warnings

import pytest

import erlsim
from erlsim import erlang, ets, terms
from erlsim.otp import gen_server


async def worker(number):
    await erlang.receive(("stop", number))


@erlsim.module
class Methodical:
    def init(self, arg):
        return ("ok", arg)


@erlsim.module
class Short:
    def init():
        return ("ok", 0)


def notes(excinfo):
    return getattr(excinfo.value, "__notes__", [])


@pytest.mark.parametrize("spawn", [erlang.spawn, erlang.spawn_link, erlang.spawn_monitor])
async def test_a_function_that_is_called_where_it_should_be_given_is_badarg_with_a_hint(sim, spawn):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(erlsim.Error, match="badarg") as wrong:
            spawn(worker(1))
        gc.collect()
    assert notes(wrong) == [
        "give the function, not its call: worker, or worker and a list of its arguments, not worker(...)"
    ]


async def test_an_option_of_a_table_that_stands_alone_is_badarg_with_a_hint(sim):
    with pytest.raises(erlsim.Error, match="badarg") as wrong:
        ets.new("t", "named_table")
    assert notes(wrong) == ["the options are a list: ['named_table']"]


async def test_a_match_gives_what_the_pattern_leaves_open(sim):
    assert erlsim.match(("ok", ...), ("ok", 5)) == 5
    assert erlsim.match((..., "b", [int, ...]), ("a", "b", [1, 2])) == ("a", 1, 2)
    assert erlsim.match(("ok", terms.Pid), ("ok", erlang.self())) == erlang.self()
    assert erlsim.match({"a": ...}, {"a": 1, "b": 2}) == 1
    assert erlsim.match("ok", "ok") == "ok"


@pytest.mark.parametrize(
    ("pattern", "term"), [(("ok", ...), ("error", "no")), (1, 1.0), (("ok", ...), ["ok", 1]), ("ok", True)]
)
async def test_a_match_that_fails_is_badmatch_with_the_term(sim, pattern, term):
    with pytest.raises(erlsim.Error) as wrong:
        erlsim.match(pattern, term)
    assert wrong.value.reason == ("badmatch", term)


@pytest.mark.parametrize(
    ("module", "hint"),
    [
        (Methodical, "Methodical.init takes self: a module has functions, no methods; write def init without it"),
        (Short, "Short.init takes 0 arguments and was called with 1"),
    ],
)
@pytest.mark.erlsim(crashes=True)
async def test_a_callback_with_the_wrong_arguments_is_undef_and_the_match_says_why(sim, module, hint):
    erlang.process_flag("trap_exit", True)
    answer = await gen_server.start_link(module, 1, [])
    assert (answer[0], answer[1][0]) == ("error", "undef")
    with pytest.raises(erlsim.Error) as wrong:
        erlsim.match(("ok", ...), answer)
    assert notes(wrong) == [hint]


async def test_a_callback_that_is_well_gets_no_hint(sim):
    with pytest.raises(erlsim.Error) as wrong:
        erlsim.match(("ok", ...), ("error", ("undef", [("lists", "nope", [1], [])])))
    assert notes(wrong) == []


def test_an_await_of_a_plain_function_says_that_it_is_too_much():
    async def main():
        await erlang.send(erlang.self(), "hello")

    with pytest.raises(TypeError) as wrong:
        erlsim.run(main)
    assert notes(wrong) == [
        "only what may wait is awaited (receive, call, start_link, sleep ...): leave out this await"
    ]


def test_another_type_error_gets_no_hint():
    async def main():
        return 1 + "one"

    with pytest.raises(TypeError) as wrong:
        erlsim.run(main)
    assert notes(wrong) == []
