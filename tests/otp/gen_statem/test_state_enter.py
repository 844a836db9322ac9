"""State enter calls."""

import pytest

from erlsim.otp import gen_statem, sys
from tests.otp.gen_statem.kit_statem import gives, goes, machine, start
from tests.otp.kit import Log, heard

pytestmark = pytest.mark.usefixtures("trapping_exits")

MODES = pytest.mark.parametrize("mode", [["handle_event_function", "state_enter"], ["state_enter", "state_functions"]])


@MODES
async def test_a_machine_enters_its_first_state_from_that_state(mode):
    await start(machine(mode))
    assert await heard() == [("a", "enter", "a")]


@MODES
async def test_a_state_is_entered_before_any_event_is_handled_in_it(mode):
    pid = await start(machine(mode))
    gen_statem.cast(pid, goes("b", ("next_event", "internal", "inserted")))
    assert await heard() == [("a", "enter", "a"), ("b", "enter", "a"), ("b", "internal", "inserted")]


@MODES
async def test_the_same_state_is_entered_again_by_repeating_it_only(mode):
    pid = await start(machine(mode))
    gen_statem.cast(pid, goes("a"))
    assert await heard() == [("a", "enter", "a")]
    gen_statem.cast(pid, gives("repeat_state_and_data"))
    gen_statem.cast(pid, gives(("repeat_state", 1)))
    assert await heard() == [("a", "enter", "a"), ("a", "enter", "a")]
    assert await sys.get_state(pid) == ("a", 1)


async def test_entering_may_change_the_data_and_start_timeouts():
    def handle(kind, content, state, data):
        return ("keep_state", "entered", ("state_timeout", 20, "over")) if kind == "enter" else "keep_state_and_data"

    pid = await start(machine(["handle_event_function", "state_enter"], handle))
    assert await sys.get_state(pid) == ("a", "entered")
    assert await heard(30) == [("a", "enter", "a"), ("a", "state_timeout", "over")]


@pytest.mark.parametrize(
    ("answer", "tag", "shown"),
    [
        (("next_state", "b", 1), "bad_state_enter_return_from_state_function", ("next_state", "b", 1)),
        (("keep_state", 1, "postpone"), "bad_state_enter_action_from_state_function", "postpone"),
        (("keep_state", 1, ("postpone", True)), "bad_action_from_state_function", ("postpone", True)),
        (
            ("keep_state", 1, ("next_event", "cast", 1)),
            "bad_state_enter_action_from_state_function",
            ("next_event", "cast", 1),
        ),
        (
            ("keep_state", 1, ("change_callback_module", "m")),
            "bad_state_enter_action_from_state_function",
            ("change_callback_module", "m"),
        ),
    ],
)
@pytest.mark.erlsim(crashes=True)
async def test_entering_may_not_leave_postpone_insert_or_change_modules(answer, tag, shown):
    log = Log()
    await start(machine(["handle_event_function", "state_enter"], lambda *_: answer))
    await heard()
    kind, reason, _ = log.reports()[0]["reason"]
    assert (kind, reason) == ("error", (tag, shown))
