"""A list is no tuple: what looks like a message, an answer or an element but for that means nothing to a director."""

import pytest

import director
from erlsim import erlang, timer
from erlsim.otp import gen_server
from tests.director.support import crash, pid_of, run, run_plain, spec, state_of


def test_an_exit_message_that_is_a_list_is_no_end_of_a_child():
    async def main(pid):
        before = await pid_of(pid)
        erlang.send(pid, ["EXIT", before, "oops"])
        erlang.send(pid, ["EXIT", erlang.self(), "oops"])
        await timer.sleep(1)
        return erlang.is_process_alive(pid), before == await pid_of(pid)

    assert run(main, spec(plan=["stop"])) == (True, True)


def test_a_timer_message_that_is_a_list_starts_nobody():
    async def main(pid):
        await crash(pid)
        erlang.send(pid, ["timeout", "undefined", "bar_id"])
        await timer.sleep(1)
        return await state_of(pid)

    assert run(main, spec(plan=["wait"])) == "undefined"


@pytest.mark.parametrize(
    "message",
    [
        ["$gen_call", ("a", "b"), "get_pids"],
        *(("$gen_call", from_, "get_pids") for from_ in (["a", "b"], ("a",), ("a", "b", "c"), (), "ab")),
    ],
)
def test_a_call_that_is_a_list_or_is_not_from_a_pair_is_no_call(message):
    async def main(pid):
        erlang.send(pid, message)
        return await director.get_pids(pid)

    assert run(main) == []


def test_a_request_that_is_a_list_is_unknown():
    async def main(pid):
        return await gen_server.call(pid, ["get_pid", "bar_id"])

    assert run(main, spec()) == ("error", ("unknown_call", ["get_pid", "bar_id"]))


@pytest.mark.parametrize("answer", [["ok", []], ["stop", "r"], ["EXIT", "r"]])
def test_an_init_that_returns_a_list_has_returned_garbage(answer):
    async def main():
        erlang.process_flag("trap_exit", True)
        return await director.start_link("dt_foo", answer)

    error, (why, details) = run_plain(main)
    assert (error, why, details[-1]) == ("error", "bad_return", ("returne_value", answer))


@pytest.mark.parametrize("answer", [["error", "no"], ["restart", 5], ["EXIT", "r"]])
def test_a_start_function_that_returns_a_list_has_failed(answer):
    async def main(pid):
        return await director.start_child(pid, spec(function="start_return", args=[answer]))

    assert run(main) == ("error", ("bad_start_return_value", answer))


def test_a_plan_element_that_is_a_list_is_none():
    for element in (["stop", "r"], ["restart", 5]):
        bad = ("plan_element_type", [("plan_element", element)])
        why = ("childspec_value", [("key", "plan"), ("reason", bad)])
        assert director.check_childspec(spec(plan=[element])) == ("error", why)


def test_a_reason_that_is_a_list_is_no_shutdown():
    async def main(pid):
        await crash(pid, ["shutdown", "x"])
        return await state_of(pid)

    assert run(main, spec()) == "up"
