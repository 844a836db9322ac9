"""What happened: found, ordered, counted, timed and paired, in any sequence of events."""

from __future__ import annotations

import pytest

from erlsim import erlang
from erlsim.terms import Ref
from erlsim.testing import (
    answered,
    happened,
    happened_after,
    happened_before,
    happened_in_order,
    happened_times,
    happened_within,
    never_happened,
    seen,
    var,
)
from erlsim.trace import Event


async def echo():
    while True:
        sender, ref, request = await erlang.receive()
        await erlang.receive(after=request)
        erlang.send(sender, (ref, "done"))


@pytest.fixture
def trace(sim):
    """Two requests to a process called echo, the first of which takes 5 ms, the second 20."""

    async def main():
        erlang.register("echo", erlang.spawn(echo))
        for ms in (5, 20):
            ref = erlang.make_ref()
            erlang.send("echo", (erlang.self(), ref, ms))
            await erlang.receive((ref, "done"))

    sim.run(main)
    return sim.trace


def complaint(function, *args):
    with pytest.raises(AssertionError) as failure:
        function(*args)
    return str(failure.value)


REQUEST = seen("send", ..., "echo", (..., var("ref"), ...))
REPLY = seen("send", "echo", ..., (var("ref"), "done"))


def test_what_happened_is_found_by_kind_pid_name_and_data(trace):
    (event,) = happened(trace, seen("send", ..., "echo", (..., Ref, lambda ms: ms > 10)))
    assert event.data[1][2] == 20
    happened(trace, seen("register", ..., "echo"), seen(..., "echo"))


def test_what_did_not_happen_is_shown_with_the_nearest_events(trace):
    text = complaint(happened, trace, seen("send", ..., "echo", (..., ..., 7)))
    assert text.startswith("seen('send', ..., 'echo', (..., ..., 7)) did not happen\nnearest of ")
    assert "send <0.85.0> {<0.83.0>,#Ref<0.0.0.1>,5}" in text


def test_events_come_in_order_and_variables_hold_from_one_to_the_next(trace):
    happened_in_order(trace, REQUEST, REPLY, seen("send", ..., "echo", (..., ..., 20)))
    text = complaint(happened_in_order, trace, REPLY, REQUEST)
    assert "did not happen after\n  #" in text


def test_before_and_after_compare_the_first_of_each(trace):
    happened_before(trace, REQUEST, REPLY)
    happened_after(trace, REPLY, REQUEST)
    assert "did not happen before" in complaint(happened_before, trace, REPLY, REQUEST)
    assert "did not happen before" in complaint(happened_after, trace, REQUEST, REPLY)
    assert "did not happen\n" in complaint(happened_before, trace, REPLY, seen("exit"))


def test_never_and_times_count(trace):
    never_happened(trace, seen("exit"))
    assert len(happened_times(trace, REQUEST, 2)) == 2
    assert "happened 2 times, not 3\n  #" in complaint(happened_times, trace, REQUEST, 3)
    assert "happened 2 times, not 0" in complaint(never_happened, trace, REPLY)


def test_within_bounds_the_time_from_each_cause_to_its_effect(trace):
    assert len(happened_within(trace, REQUEST, REPLY, 20)) == 2
    text = complaint(happened_within, trace, REQUEST, REPLY, 10)
    assert "with ref = #Ref<0.0.0.2> did not follow within 10 ms" in text
    assert "it came later:" in text


def test_each_request_has_a_reply_of_its_own(trace):
    assert [reply.time - request.time for request, reply in answered(trace, REQUEST, REPLY)] == [5, 20]
    events = [event for event in trace if not (event.kind == "send" and event.time == 25)]
    assert "did not follow" in complaint(answered, events, REQUEST, REPLY)


def test_one_reply_does_not_serve_two_requests(trace):
    first = next(iter(trace))
    pid = first.pid
    events = [
        Event(0, "send", pid, (pid, "ask")),
        Event(1, "send", pid, (pid, "ask")),
        Event(2, "send", pid, (pid, "yes")),
    ]
    ask, yes = seen("send", ..., ..., "ask"), seen("send", ..., ..., "yes")
    assert len(happened_within(events, ask, yes, 5)) == 2
    complaint(answered, events, ask, yes)


def test_terms_that_only_look_alike_do_not_match(trace):
    pid = next(iter(trace)).pid
    events = [Event(0, "receive", pid, (1,)), Event(0, "receive", pid, (True,)), Event(0, "receive", pid, ({"a": 1},))]
    happened_times(events, seen("receive", pid, 1), 1)
    happened_times(events, seen("receive", pid, int), 1)
    happened_times(events, seen("receive", pid, 1.0), 0)
    happened(events, seen("receive", pid, {"a": var("x")}))
