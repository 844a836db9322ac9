"""Erlang modules in Python's hands: loading, calling, failing, waiting."""

from __future__ import annotations

import inspect
import traceback

import pytest

import erlsim
from erlsim import erl, erlang
from erlsim.erl.running.cells import Cell

LISTS = """
-module(lists_like).
-export([map/2, len/1, rev/1, each/1, sum/1, ping/1, pong/1, id/1, tail/1]).
map(F, [H | T]) -> [F(H) | map(F, T)];
map(_, []) -> [].
len([]) -> 0;
len([_ | T]) -> 1 + len(T).
rev(L) -> rev(L, []).
rev([H | T], A) -> rev(T, [H | A]);
rev([], A) -> A.
sum(L) -> lists:sum(L).
each(L) -> [X + 1 || X <- L].
ping(0) -> done;
ping(N) -> pong(N - 1).
pong(0) -> done;
pong(N) -> ping(N - 1).
id(X) -> X.
tail(T) -> [head | T].
"""
MANY = 100_000


@pytest.fixture(scope="module")
def lists_like():
    return erl.load_text(LISTS, "lists_like.erl")


def test_a_recursion_may_be_a_hundred_thousand_deep(lists_like):
    items = list(range(MANY))
    assert lists_like.len(items) == MANY
    assert lists_like.map(lambda item: item + 1, items) == list(range(1, MANY + 1))


def test_functions_that_call_each_other_at_their_ends_do_not_deepen_the_stack(lists_like):
    assert lists_like.ping(10 * MANY) == "done"


def test_a_list_is_built_in_front_of_another_without_copying_it(lists_like):
    tail = list(range(MANY))
    found = lists_like.__compiled__["tail", 1](tail)
    assert type(found) is Cell
    assert found.tail is tail
    assert lists_like.tail([1, 2]) == ["head", 1, 2]


def test_python_gets_python_lists(lists_like):
    found = lists_like.rev([1, [2], ("x",)])
    assert found == [("x",), [2], 1]
    assert type(found) is list
    assert type(lists_like.each([1])) is list


def test_a_function_that_applies_a_fun_waits_only_if_the_fun_does(lists_like):
    async def waits(item):
        await erlsim.timer.sleep(1000)
        return -item

    async def main():
        return await lists_like.map(waits, [1, 2, 3]), erlang.monotonic_time()

    assert lists_like.__colours__["map", 2] == {0}
    assert lists_like.map(lambda item: -item, [1, 2, 3]) == [-1, -2, -3]
    assert erlsim.run(main) == ([-1, -2, -3], 3000)


def test_what_waits_is_a_coroutine_function_and_nothing_else_is():
    module = erl.load_text(
        "-module(colours).\n-export([a/0, b/0, c/1, d/1]).\n"
        "a() -> 1.\nb() -> receive X -> X end.\nc(F) -> {b(), F}.\nd(M) -> M:f(), ok.\n"
    )
    names = ["a", "b", "c", "d"]
    assert [inspect.iscoroutinefunction(getattr(module, name)) for name in names] == [False, True, True, True]


def test_what_is_wrong_with_a_source_is_told_as_erlc_tells(tmp_path):
    path = tmp_path / "wrong.erl"
    path.write_text("-module(wrong).\nf( -> ok.\ng() -> ?NO.\n")
    with pytest.raises(erl.SourceError) as told:
        erl.load(path)
    assert told.value.lines == [f"{path}:2:4: syntax error before: '->'", f"{path}:3:9: undefined macro 'NO'"]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("-module(m).\nf() -> X.\n", "m.erl:2:8: variable 'X' is unbound"),
        ("-module(m).\nf() -> #r{}.\n", "m.erl:2:8: record r undefined"),
        ("-module(m).\n-record(r, {a}).\nf(X) -> X#r.b.\n", "m.erl:3:13: field b undefined in record r"),
        ("f() -> ok.\n", "m.erl:1:1: undefined module"),
    ],
)
def test_a_source_that_can_be_read_and_not_compiled_is_refused(source, line):
    with pytest.raises(erl.SourceError) as told:
        erl.load_text(source, "m.erl")
    assert told.value.lines == [line]


def test_a_traceback_shows_the_lines_of_the_source(tmp_path):
    path = tmp_path / "traced.erl"
    path.write_text("-module(traced).\n-export([f/1]).\nf(X) ->\n    Y = g(X),\n    Y.\ng(X) ->\n    {hd(X)}.\n")
    with pytest.raises(erlsim.Error) as failed:
        erl.load(path).f([])
    lines = traceback.format_exception(failed.value)
    assert any(f'File "{path}", line 7, in g\n    {{hd(X)}}' in line for line in lines)


def test_an_unknown_function_is_undef_and_says_that_it_is_not_simulated():
    module = erl.load_text("-module(m).\n-export([f/0]).\nf() -> {crypto:hash(sha, <<>>)}.\n", "m.erl")

    async def main():
        with pytest.raises(erlsim.Error) as failed:
            await module.f()
        return failed.value

    exc = erlsim.run(main)
    assert (exc.reason, exc.stack[0]) == ("undef", ("crypto", "hash", ["sha", b""], []))
    assert exc.__notes__ == ["crypto:hash/2 is not simulated, and no module that is loaded has it"]


def test_a_loop_that_waits_runs_for_long_without_deepening():
    module = erl.load_text(
        "-module(loops).\n-export([start/1, loop/2, other/2]).\n"
        "start(N) -> P = spawn(fun() -> loop(0, N) end), M = monitor(process, P), feed(P, N),\n"
        "    receive {'DOWN', M, _, _, R} -> R end.\n"
        "feed(_, 0) -> ok;\nfeed(P, N) -> P ! N, feed(P, N - 1).\n"
        "loop(S, 0) -> exit({sum, S});\nloop(S, N) -> receive X -> ?MODULE:other(S + X, N - 1) end.\n"
        "other(S, N) -> loop(S, N).\n"
    )
    assert erlsim.run(lambda: module.start(20_000)) == ("sum", 200_010_000)


def test_a_module_may_be_loaded_anew_while_it_runs():
    first = "-module(versions).\n-export([loop/0, version/0]).\nversion() -> 1.\n"
    loop = "loop() -> receive {ask, From} -> From ! {self(), version()}, ?MODULE:loop() end.\n"

    async def main():
        erl.load_text(first + loop)
        pid = erlang.spawn("versions", "loop", [])
        found = []
        for _ in range(3):
            erlang.send(pid, ("ask", erlang.self()))
            found.append((await erlang.receive((pid, ...)))[1])
            erl.load_text(first.replace("1.", "2.") + loop)
        return found

    # What waits in the old version answers in the old version once more.
    assert erlsim.run(main) == [1, 1, 2]


def test_a_fun_keeps_what_it_has_seen_when_the_function_around_goes_on():
    module = erl.load_text(
        "-module(keeps).\n-export([f/2]).\n"
        "f(0, Fs) -> [F() || F <- Fs];\nf(N, Fs) -> f(N - 1, [fun() -> N end | Fs]).\n"
    )
    assert erlsim.run(lambda: module.f(3, [])) == [1, 2, 3]


def test_a_recursion_that_waits_may_be_a_hundred_thousand_deep():
    module = erl.load_text(
        "-module(deep).\n-export([collect/1, from_fun/1, fails/1, caught/1]).\n"
        "collect(0) -> [];\ncollect(N) -> self() ! N, receive X -> [X | collect(N - 1)] end.\n"
        "from_fun(N) -> Me = self(), spawn(fun() -> Me ! length(collect(N)) end), receive L -> L end.\n"
        "fails(0) -> receive X -> X after 0 -> error(bottom) end;\n"
        "fails(N) -> [other(N)].\n"
        "other(N) -> {fails(N - 1)}.\n"
        "caught(N) -> try fails(N) catch error:R:S -> {R, [{F, A, line(L)} || {_, F, A, L} <- S]} end.\n"
        "line(L) -> proplists:get_value(line, L).\n"
    )
    assert erlsim.run(lambda: module.collect(MANY)) == list(range(MANY, 0, -1))
    assert erlsim.run(lambda: module.from_fun(MANY)) == MANY
    reason, stack = erlsim.run(lambda: module.caught(MANY))
    assert (reason, stack[:5]) == (
        "bottom",
        [("fails", 1, 6), ("other", 1, 8), ("fails", 1, 7), ("other", 1, 8), ("fails", 1, 7)],
    )


@pytest.mark.parametrize(
    ("fun", "told"),
    [
        ("fun(A, B) -> A end", "4:21: ets:fun2ms requires fun with single variable or tuple parameter"),
        (
            "fun({A}) -> lists:reverse(A) end",
            "4:30: fun containing the remote function call 'lists:reverse/1' (called in body) cannot be translated into"
            " match_spec",
        ),
        (
            "fun({A}) when foo(A) -> A end",
            "4:32: fun containing the local function call 'foo/1' (called in guard) cannot be translated into"
            " match_spec",
        ),
        ("F", "4:7: Parameter of ets/dbg:fun2ms/1 is not a literal fun"),
        (
            "fun({A}) -> case A of 1 -> 2 end end",
            "4:30: the language element case (in body) cannot be translated into match_spec",
        ),
        (
            "fun({A, {B = C}}) -> B end",
            "4:27: in fun head, only matching (=) on toplevel can be translated into match_spec",
        ),
    ],
)
def test_a_fun_that_is_no_match_specification_is_refused_in_the_words_of_ms_transform(fun, told):
    source = (
        '-module(x).\n-include_lib("stdlib/include/ms_transform.hrl").\n-export([f/1]).\n'
        f"f(F) -> ets:fun2ms({fun}).\n".replace("f(F) -> ", "f(F)->")
    )
    with pytest.raises(erl.SourceError) as refused:
        erl.load_text(source, "x.erl")
    assert refused.value.lines == [f"x.erl:{told}"]
