"""Calls of functions on other nodes: how long they wait, what their stacks show, what is reported."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import ErlangException, erlang, timer
from erlsim.otp import erpc, net_kernel, peer, rpc


def far(run):
    """What `run(node)` comes to, beside a node that is a little older than the world."""

    async def main():
        net_kernel.start(["mine", "shortnames"])
        await timer.sleep(7)
        _, _, node = await peer.start({"name": "other"})
        return await run(node)

    return erlsim.run(main, reports=False)


async def lasting(awaitable):
    """So many ms, and what it comes to."""
    start = erlang.monotonic_time("millisecond")
    try:
        found = await awaitable
    except ErlangException as failure:
        found = failure.reason
    return erlang.monotonic_time("millisecond") - start, found


TIMEOUT = ("error", ("erpc", "timeout"))


@pytest.mark.parametrize("after", [0, 1, 10, 30])
def test_calls_on_several_nodes_are_given_up_together(after):
    async def run(node):
        return await lasting(erpc.multicall([node, node, node], "timer", "sleep", [1000], after))

    assert far(run) == (after, [TIMEOUT] * 3)


def test_calls_on_several_nodes_that_end_in_time_take_as_long_as_the_longest():
    async def run(node):
        return await lasting(erpc.multicall([node, node], "timer", "sleep", [10], 11))

    assert far(run) == (10, [("ok", "ok")] * 2)


@pytest.mark.parametrize("call", [erpc.call, rpc.call])
def test_a_call_is_given_up_after_its_time(call):
    async def run(node):
        return await lasting(call(node, "timer", "sleep", [1000], 25))

    given_up = ("badrpc", "timeout") if call is rpc.call else ("erpc", "timeout")
    assert far(run) == (25, given_up)


def test_who_does_not_say_how_long_waits_for_no_response_at_all():
    async def run(node):
        request = erpc.send_request(node, "timer", "sleep", [1])
        return await lasting(erpc.wait_response(request)), await lasting(erpc.receive_response(request))

    assert far(run) == ((0, "no_response"), (1, "ok"))


def test_a_message_of_another_request_is_no_response():
    async def run(node):
        request, other = (erpc.send_request(node, "erlang", "node", []) for _ in range(2))
        message = await erlang.receive(("DOWN", other.tail, ..., ..., ...))
        refused = [("spawn_reply", ref, "error", "no") for ref in (other.tail, request.tail)]
        with pytest.raises(erlsim.Error) as failure:
            erpc.check_response(refused[1], request)
        return [erpc.check_response(each, request) for each in (message, refused[0], "x")], failure.value.reason

    assert far(run) == (["no_response"] * 3, ("erpc", "no"))


def test_of_a_stack_only_what_is_above_the_call_is_told():
    async def run(node):
        told = []
        for where in (node, erlang.node()):
            for after in ("infinity", 50):
                try:
                    await erpc.call(where, "lists", "seq", [1, "x"], after)
                except ErlangException as failure:
                    told.append([frame[:2] for frame in failure.reason[2]])
        return told

    assert far(run) == [[("lists", "seq")]] * 4


def reports_of(*call):
    async def main():
        net_kernel.start(["mine", "shortnames"])
        erpc.cast(erlang.node(), *call)
        await timer.sleep(1)

    sim = erlsim.Simulation()
    sim.run(main)
    return [event["msg"][1] for event in sim.reports.events]


def test_an_error_of_a_cast_is_reported_with_its_own_stack_and_an_exit_is_not():
    ((*_, reason),) = reports_of("erlang", "error", ["boom"])
    kind, (why, stack) = reason[0]
    assert (kind, why, [frame[:2] for frame in stack]) == ("exception", "boom", [("erlang", "error")])
    assert reports_of("erlang", "exit", ["boom"]) == []


def test_a_node_starts_within_its_time_or_the_start_is_given_up():
    async def run(node):
        return await lasting(peer.start({"name": "other", "wait_boot": 123})), erlang.nodes() == [node]

    assert far(run) == ((123, "timeout"), True)


def test_a_start_is_given_up_after_fifteen_seconds():
    async def run(node):
        return await lasting(peer.start({"name": "other"}))

    assert far(run) == (15_000, "timeout")


def test_a_start_ends_with_who_controls_the_node():
    async def run(node):
        async def kill():
            before = erlang.processes()
            await timer.sleep(5)
            (controller,) = [pid for pid in erlang.processes() if pid not in before]
            erlang.exit(controller, "kill")

        erlang.spawn(kill)
        await timer.sleep(1)
        return await lasting(peer.start({"name": "other"}))

    assert far(run) == (4, "killed")
