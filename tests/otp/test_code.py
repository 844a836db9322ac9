"""What an atom stands for: declared, loaded, passed, or erlsim's own, and nothing else."""

from __future__ import annotations

import sys
from functools import partial
from types import SimpleNamespace

import pytest

import erlsim
from erlsim import code, erlang
from erlsim.errors import ErlsimError, Error
from erlsim.otp import gen_server, supervisor


@erlsim.module(name="known_here")
class Known:
    """Is declared."""

    def init(arg):
        return ("ok", arg)

    def handle_call(request, from_, state):
        return ("reply", request, state)


def test_an_atom_does_not_import_what_python_would_find(capsys):
    sys.modules.pop("this", None)
    assert erlsim.run(lambda: code.function_exported("this", "x", 0)) is False
    for name in ("this", "json", "tests", "os"):
        with pytest.raises(Error) as undefined:
            code.resolve(name)
        assert undefined.value.reason == "undef"
    assert "this" not in sys.modules
    assert capsys.readouterr().out == ""


def test_the_error_of_an_unknown_atom_tells_in_one_line_how_to_make_it_known():
    with pytest.raises(Error) as undefined:
        erlsim.run(lambda: code.function("this", "x", 1))
    (note,) = undefined.value.__notes__
    assert "\n" not in note
    assert "@erlsim.module" in note
    assert "code.load('this', the_module)" in note
    assert undefined.value.stack[0][:3] == ("this", "x", 1)


def test_a_known_module_that_lacks_a_function_needs_no_such_hint():
    with pytest.raises(Error) as undefined:
        code.function("known_here", "nothing", 1)
    assert not hasattr(undefined.value, "__notes__")


def test_modules_of_erlsim_and_the_two_on_top_of_it_are_known():
    for name in ("erlang", "ets", "timer", "lists", "io", "code", *(each.rstrip("_") for each in erlsim.otp.__all__)):
        assert erlsim.run(partial(code.resolve, name)) is code.resolve(name)
    for name in ("director", "gen_tracker"):
        assert code.resolve(name).__name__ == name
        assert code.function_exported(name, "start_link", 2 if name == "director" else 1)
    assert code.function_exported("director", "lint_of_nothing", 1) is False


def test_a_module_that_is_passed_needs_no_name():
    async def main():
        _, pid = await gen_server.start_link(sys.modules[__name__], "s", [])
        return await gen_server.call(pid, "q")

    assert erlsim.run(main) == "module"


def init(arg):
    return ("ok", arg)


def handle_call(request, from_, state):
    return ("reply", "module", state)


def test_a_class_that_a_function_makes_inside_a_simulation_is_known_to_that_simulation():
    def make():
        @erlsim.module
        class MadeInside:
            def one():
                return 1

        return code.function("made_inside", "one", 0)()

    assert erlsim.run(make) == 1
    assert erlsim.run(lambda: code.function_exported("made_inside", "one", 0)) is False


def test_a_class_that_a_function_makes_outside_is_declared_until_it_is_made_again():
    def make(number):
        @erlsim.module
        class MadeOutside:
            def it():
                return number

        return MadeOutside

    async def ask():
        return await code.call("made_outside", "it", [])

    make(1)
    assert erlsim.run(ask) == 1
    make(2)
    assert erlsim.run(ask) == 2


def test_a_declaration_that_is_replaced_changes_no_simulation_that_has_loaded_it():
    def make(number):
        return erlsim.module(name="made_again")(type("MadeAgain", (), {"it": lambda: number}))

    make(1)
    early, late = erlsim.Simulation(), erlsim.Simulation()

    async def ask():
        return await code.call("made_again", "it", [])

    assert early.run(ask) == 1
    make(2)
    assert [early.run(ask), late.run(ask)] == [1, 2]
    with early:
        make(3)
    assert [early.run(ask), late.run(ask)] == [3, 2]


def test_an_atom_that_two_places_declare_is_refused_with_both_named():
    def place(name):
        return type(name, (), {"init": Known.init, "handle_call": Known.handle_call})

    one, other = place("OnePlace"), place("OtherPlace")
    erlsim.module(name="in_two_places")(one)
    erlsim.module(name="in_two_places")(other)

    async def passed():
        _, pid = await gen_server.start_link(one, "s", [])
        return await gen_server.call(pid, "q")

    def chosen():
        code.load("in_two_places", other)
        return code.resolve("in_two_places")

    with pytest.raises(ErlsimError, match=r"OnePlace and .*OtherPlace.*code\.load\('in_two_places'"):
        erlsim.run(lambda: code.resolve("in_two_places"))
    assert erlsim.run(passed) == "q"
    assert erlsim.run(chosen) is other


def test_loading_where_no_simulation_is_current_is_refused_and_says_how_to_declare():
    for refused in (lambda: code.load("x", Known), lambda: code.purge("x")):
        with pytest.raises(erlsim.NoSimulation) as outside:
            refused()
        assert "erlsim.module(name=...)" in outside.value.__notes__[0]


def test_a_wrapped_function_stands_for_it_where_it_is_called_by_name_and_in_one_simulation():
    def louder(function):
        return lambda request, from_, state: ("reply", (function(request, from_, state)[1], "!"), state)

    async def main(wrap):
        _, early = await gen_server.start_link("known_here", "s", [])
        await gen_server.call(early, "before")
        if wrap:
            code.wrap("known_here", "handle_call", louder)
            code.wrap(Known, "handle_call", louder)
        return await gen_server.call(early, "q"), Known.handle_call("q", None, "s")[1]

    assert erlsim.run(main, True) == ((("q", "!"), "!"), "q")
    assert erlsim.run(main, False) == ("q", "q")


def test_an_unknown_module_in_a_childspec_is_undef_in_the_reason():
    async def main():
        erlang.process_flag("trap_exit", True)
        spec = {"id": "c", "start": ("no_such_module", "start_link", [])}
        top = SimpleNamespace(init=lambda _: ("ok", ({}, [spec])))
        return await supervisor.start_link(top, [])

    error, (_, (_, _, (_, (undef, [frame, *_])))) = erlsim.run(main)
    assert (error, undef, frame[:3]) == ("error", "undef", ("no_such_module", "start_link", []))
