"""What processes end with, and what a failure is: rules 14 to 16."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang
from tests.kernel.kit import ending, is_stack, raised, table

# What processes die of is what these tests are about.
pytestmark = pytest.mark.erlsim(crashes=True)

REASONS = {
    "error": (lambda: erlang.error("foo"), "foo"),
    "throw": (lambda: erlang.throw("foo"), ("nocatch", "foo")),
    "undefined function": (lambda: erlang.apply("nomod", "nofun", [1]), "undef"),
}


@pytest.mark.rule(14)
@table(REASONS)
async def test_what_is_not_caught_ends_a_process_with_reason_and_stack(case):
    body, expected = case
    reason, stack = await ending(body)
    assert reason == expected
    assert is_stack(stack)


@pytest.mark.rule(14)
async def test_exit_ends_with_the_bare_reason_and_the_end_of_the_code_with_normal():
    assert await ending(lambda: erlang.exit("foo")) == "foo"
    assert await ending(lambda: None) == "normal"
    assert await ending(lambda: erlang.raise_("exit", "r", [])) == "r"
    assert await ending(lambda: erlang.raise_("error", "r", [])) == ("r", [])
    assert await ending(lambda: erlang.raise_("throw", "r", [])) == (("nocatch", "r"), [])


async def no_such_function() -> None:
    """Calls a function that is not there."""
    await erlang.apply("nomod", "nofun", [1])


@pytest.mark.rule(15)
async def test_undef_names_the_function_that_is_missing_and_its_arguments():
    assert await ending(no_such_function) == ("undef", [("nomod", "nofun", [1], [])])


@pytest.mark.rule(15)
@table({"a fun of another arity": lambda x: x, "no fun": 0})
async def test_calling_what_cannot_be_called_names_it(case):
    async def body() -> None:
        await erlang.apply(case, [])

    reason, stack = await ending(body)
    assert reason == (("badfun", 0) if case == 0 else ("badarity", (case, [])))
    assert is_stack(stack)


@pytest.mark.rule(15)
async def test_an_ordinary_exception_is_its_own_reason():
    def divide() -> None:
        1 // 0

    reason, stack = await ending(divide)
    assert isinstance(reason, ZeroDivisionError)
    assert is_stack(stack)
    assert stack[0][:3] == ("test_reasons", "divide", 0)


@pytest.mark.rule(16)
async def test_what_catch_makes_of_the_three_classes():
    assert raised(erlang.throw, "x") == ("throw", "x")
    assert raised(erlang.exit, "x") == ("exit", "x")
    with pytest.raises(erlsim.Error) as caught:
        erlang.error("x")
    assert (caught.value.kind, caught.value.reason) == ("error", "x")
    assert is_stack(caught.value.stack)


def _fails_with(arguments):
    def compute(_a, _b):
        return erlang.error("boom", arguments)

    return compute


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [([1, 2], [1, 2]), ([], []), ("none", 2), ("x", 2), (None, 2)],
)
async def test_error_shows_the_arguments_it_is_given_in_the_stack_in_place_of_the_arity(arguments, shown):
    with pytest.raises(erlsim.Error) as caught:
        _fails_with(arguments)(1, 2)
    assert caught.value.stack[0][1:3] == ("compute", shown)
