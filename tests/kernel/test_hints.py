"""Slips that are Python's get Erlang's error, and a note that says what to write instead."""

from __future__ import annotations

import gc
import warnings

import pytest

import erlsim
from erlsim import erlang, ets, terms
from erlsim.otp import gen_server, gen_statem
from erlsim.trace.crashes import UnexpectedCrash


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
        "*** argument 1: not a fun",
        "give the function, not its call: worker, or worker and a list of its arguments, not worker(...)",
    ]


async def test_an_option_of_a_table_that_stands_alone_is_badarg_with_a_hint(sim):
    with pytest.raises(erlsim.Error, match="badarg") as wrong:
        ets.new("t", "named_table")
    assert notes(wrong) == ["*** argument 2: not a list", "the options are a list: ['named_table']"]


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


@erlsim.module
class Wrong:
    """A server each of whose callbacks returns what it may not."""

    def init(arg):
        return arg

    def handle_call(request, from_, state):
        match request:
            case "list":
                return ["reply", "ok", state]

    def handle_cast(request, state):
        return ("noreply",)

    def handle_info(message, state):
        return "noreply"

    def handle_continue(term, state):
        return {"state": state}


@erlsim.module
class WrongMachine:
    def callback_mode():
        return "state_functions"

    def init(arg):
        return ("ok", "idle", 0)

    def idle(kind, content, data):
        return "keep"


def line_of(function):
    return f"test_hints.py:{function.__code__.co_firstlineno}"


VALUES = '("noreply", state[, next]) and ("stop", reason, state)'
VALUES_OF_CALL = '("reply", reply, state[, next]), ("stop", reason, reply, state), ' + VALUES
RETURNED = {
    "list": f"wrong:handle_call/3 ({line_of(Wrong.handle_call)}) returned [reply,ok,0], and a list is no tuple; its "
    f"values are {VALUES_OF_CALL}",
    "cast": f"wrong:handle_cast/2 ({line_of(Wrong.handle_cast)}) returned {{noreply}}; its values are {VALUES}",
    "info": f"wrong:handle_info/2 ({line_of(Wrong.handle_info)}) returned noreply; its values are {VALUES}",
    "continue": f"wrong:handle_continue/2 ({line_of(Wrong.handle_continue)}) returned #{{state => 0}}; its values are "
    f"{VALUES}",
}


async def ended(what):
    """Start a server, let one of its callbacks return the wrong thing, and die of it."""
    first = ("ok", 0, ("continue", "go on")) if what == "continue" else ("ok", 0)
    pid = erlsim.match(("ok", ...), await gen_server.start_link(Wrong, first, []))
    if what == "cast":
        gen_server.cast(pid, "hello")
    elif what == "info":
        erlang.send(pid, ("continue", "go on"))
    elif what != "continue":
        await gen_server.call(pid, what)
    await erlang.receive("never", after=1)


@pytest.mark.parametrize("what", RETURNED)
def test_a_wrong_value_of_a_callback_says_which_callback_it_was_and_what_it_may_return(what):
    with pytest.raises(erlsim.Exit, match="bad_return_value") as failed:
        erlsim.run(ended, what)
    assert notes(failed) == [RETURNED[what]]


def test_so_does_a_start_that_fails_of_it():
    async def main():
        erlsim.match(("ok", ...), await gen_server.start(Wrong, 7, []))

    with pytest.raises(erlsim.Error, match="badmatch") as failed:
        erlsim.run(main)
    values = '("ok", state[, next]), ("stop", reason) and "ignore"'
    assert notes(failed) == [f"wrong:init/1 ({line_of(Wrong.init)}) returned 7; its values are {values}"]


def test_a_state_function_that_returns_the_wrong_thing_is_named():
    async def main():
        pid = erlsim.match(("ok", ...), await gen_statem.start(WrongMachine, 0, []))
        await gen_statem.call(pid, "hello")

    with pytest.raises(erlsim.Exit, match="bad_return_from_state_function") as failed:
        erlsim.run(main)
    (note,) = notes(failed)
    assert note.startswith(
        f'wrong_machine:idle/3 ({line_of(WrongMachine.idle)}) returned keep; its values are ("next_state",'
    )


def test_a_callback_without_a_matching_case_is_named_with_its_file_and_line_and_what_it_was_called_with():
    with pytest.raises(erlsim.Exit, match="function_clause") as failed:
        erlsim.run(ended, ("put", 1))
    (reason, stack), _ = failed.value.reason
    place = [("file", terms.chars("test_hints.py")), ("line", Wrong.handle_call.__code__.co_firstlineno)]
    assert reason == "function_clause" and stack[0][:2] == ("wrong", "handle_call") and stack[0][3] == place
    (note,) = notes(failed)
    assert note.startswith(f"no case of wrong:handle_call/3 ({line_of(Wrong.handle_call)}) matches ({{put,1}}, ")
    assert note.endswith(", 0), or it returned nothing")


def test_a_hint_stands_once_below_the_reports_of_a_crash_and_changes_none_of_them():
    sim = erlsim.Simulation()
    crashes = sim.crashes
    with pytest.raises(erlsim.Exit):
        sim.run(ended, "info")
    with pytest.raises(UnexpectedCrash) as verdict:
        crashes.judge()
    assert str(verdict.value).count(RETURNED["info"]) == 1
    assert not any(RETURNED["info"] in text for text in sim.reports.texts())


def test_what_is_told_in_one_simulation_is_not_known_in_another():
    with pytest.raises(erlsim.Exit) as failed:
        erlsim.run(ended, "info")
    reason = failed.value.reason

    async def main():
        raise erlsim.Exit(reason)

    with pytest.raises(erlsim.Exit) as other:
        erlsim.run(main)
    assert notes(other) == []
