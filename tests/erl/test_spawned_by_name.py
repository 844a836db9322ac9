"""Functions of OTP's modules that only the library for Erlang code has, where others call them by name."""

from __future__ import annotations

import pytest

from erlsim import code, erl, erlang, timer
from erlsim.erl.library import dynamic
from erlsim.errors import Error
from erlsim.otp import proc_lib

SPAWNS = """
-module(spawns).
-export([main/0]).
main() ->
    process_flag(trap_exit, true),
    Me = self(),
    Send = fun(X) -> Me ! X end,
    Pids = [spawn_link(lists, foreach, [Send, [a, b]]), spawn_link(string, uppercase, ["x"]),
            proc_lib:spawn_link(maps, foreach, [fun(K, _) -> Me ! K end, #{k => v}])],
    Ends = [receive {'EXIT', Pid, Reason} -> Reason end || Pid <- Pids],
    timer:apply_after(10, lists, foreach, [Send, [late]]),
    receive late -> ok end,
    {Ends, flush()}.
flush() -> receive M -> [M | flush()] after 0 -> [] end.
"""


def test_erlang_code_spawns_functions_of_the_library_at_once_later_and_linked(sim):
    assert sim.run(erl.load_text(SPAWNS, "spawns.erl").main) == (["normal"] * 3, ["a", "b", "k"])


async def test_python_code_spawns_them_with_their_names_as_what_was_called(sim):
    me = erlang.self()
    pid = erlang.spawn("lists", "foreach", [lambda item: erlang.send(me, item), ["a"]])
    assert erlang.process_info(pid, "initial_call") == ("initial_call", ("lists", "foreach", 2))
    assert await erlang.receive("a") == "a"
    await timer.sleep(0)
    proc_lib.spawn("maps", "foreach", [lambda name, _: erlang.send(me, name), {"k": "v"}])
    assert await erlang.receive("k") == "k"


def test_they_give_python_lists(sim):
    assert code.function("lists", "reverse", 1)([1, 2]) == [2, 1]
    assert code.function_exported("lists", "reverse", 1)
    assert not code.function_exported("lists", "reverse", 9)


@pytest.mark.parametrize(("module", "name"), [("maps", "nothing"), ("nothing", "get")])
def test_what_the_library_lacks_is_undefined_as_before(sim, module, name):
    with pytest.raises(Error) as failure:
        code.function(module, name, 2, ["a", {}])
    assert failure.value.stack[0] == (module, name, ["a", {}], [])


def test_a_module_of_the_programs_own_is_not_filled_up_from_the_library(sim):
    class Own:
        @staticmethod
        def own() -> str:
            return "own"

    code.load("maps", Own)
    with pytest.raises(Error):
        code.function("maps", "get", 2)


def test_every_module_of_the_library_is_found():
    assert frozenset(dynamic._TABLES) == code._OF_LIBRARY
