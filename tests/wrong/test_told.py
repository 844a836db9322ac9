"""Where the explanation of a failure is told: in notes of Python's exceptions, in crash reports, in stacks."""

from __future__ import annotations

import traceback

import pytest

import erlsim
from erlsim import code, erlang, ets, terms, timer
from erlsim.otp import proc_lib

NO_TABLE = "*** argument 1: the table identifier does not refer to an existing ETS table"
MEND = "a table goes by its name only with the option \"named_table\"; else take what ets.new('no_table', []) gave"


def worker():
    ets.insert("no_table", (1, 2))


def test_the_exception_of_a_failed_bif_has_the_explanation_as_its_note(sim):
    with pytest.raises(erlsim.Error) as failure:
        ets.lookup("no_table", "key")
    assert failure.value.__notes__ == [NO_TABLE, MEND]
    assert traceback.format_exception_only(failure.value)[1:] == [NO_TABLE + "\n", MEND + "\n"]


def test_notes_that_are_added_stand_behind_the_explanation(sim):
    with pytest.raises(erlsim.Error) as failure:
        erlang.register("name", 1)
    failure.value.add_note("more")
    failure.value.add_note("still more")
    assert failure.value.__notes__ == ["*** argument 2: not a pid or port", "more", "still more"]


def test_an_exception_that_nobody_has_raised_or_that_needs_no_explanation_has_no_notes(sim):
    assert not hasattr(erlsim.Error("badarg"), "__notes__")
    with pytest.raises(erlsim.Error) as failure:
        erlang.error("badarg")
    assert not hasattr(failure.value, "__notes__")


def test_the_first_entry_of_the_stack_has_the_arguments_and_what_leads_to_the_explanation(sim):
    with pytest.raises(erlsim.Error) as failure:
        ets.insert("no_table", (1, 2))
    first, second, *_ = failure.value.stack
    info = {"cause": "id", "module": "erl_stdlib_errors"}
    assert first == ("ets", "insert", ["no_table", (1, 2)], [("error_info", info)])
    assert second[1] == "test_the_first_entry_of_the_stack_has_the_arguments_and_what_leads_to_the_explanation"


def test_functions_of_ets_that_are_erlang_there_show_the_bif_that_they_call(sim):
    with pytest.raises(erlsim.Error) as failure:
        ets.match_delete("no_table", "_")
    assert [entry[:3] for entry in failure.value.stack[:3]] == [
        ("ets", "internal_select_delete", ["no_table", [("_", [], [True])]]),
        ("ets", "select_delete", 2),
        ("ets", "match_delete", 2),
    ]
    assert failure.value.__notes__ == [NO_TABLE, MEND]


class Shop:
    """A module that explains its failures."""

    def buy(what):
        erlang.error("badarg", [what], [("error_info", {"module": "shop"})])

    def format_error(reason, stack):
        _, _, args, _ = stack[0]
        return {1: terms.chars(f"{args[0]} is out of stock"), "general": b"come again"}


def test_a_module_of_the_program_explains_its_own_failures(sim):
    code.load("shop", Shop)
    with pytest.raises(erlsim.Error) as failure:
        Shop.buy("milk")
    assert failure.value.stack[0][2:] == (
        ["milk"],
        [*failure.value.stack[0][3][:2], ("error_info", {"module": "shop"})],
    )
    assert failure.value.__notes__ == ["*** argument 1: milk is out of stock", "*** come again"]


def test_an_explanation_that_fails_is_none(sim):
    with pytest.raises(erlsim.Error) as failure:
        erlang.error("badarg", ["milk"], [("error_info", {"module": "no_such_module"})])
    assert not hasattr(failure.value, "__notes__")


def test_a_default_that_was_not_given_is_no_argument_and_what_was_given_is_one(sim):
    with pytest.raises(erlsim.Error) as failure:
        erlang.demonitor("ref")
    assert failure.value.stack[0][:3] == ("erlang", "demonitor", ["ref"])
    with pytest.raises(erlsim.Error) as failure:
        erlang.register("name", None)
    assert failure.value.stack[0][2] == ["name", None]


def test_a_crash_report_tells_it_below_the_call(sim):
    # As erl 25.2.3 prints it.
    async def main():
        proc_lib.spawn(worker)
        await timer.sleep(1)

    with sim.expect_crash(match="bad argument|badarg"):
        sim.run(main)
    text = sim.reports.texts()[0]
    assert (
        "    exception error: bad argument\n"
        "      in function  ets:insert/2\n"
        "         called as ets:insert(no_table,{1,2})\n"
        f"         {NO_TABLE}\n"
        "      in call from " in text
    )


def test_who_is_linked_to_the_one_that_failed_is_told_it_too(sim):
    async def main():
        erlang.spawn_link(worker)
        await timer.sleep(1)

    with pytest.raises(erlsim.Exit) as failure, sim.expect_crash(match="bad argument|badarg"):
        sim.run(main)
    assert failure.value.__notes__ == [NO_TABLE, MEND]
