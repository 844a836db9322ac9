"""What happened: found, ordered, counted, timed and paired, in any sequence of events."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import ErlsimError, erlang
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


def test_a_kind_of_event_that_there_is_not_is_refused_with_those_that_there_are():
    with pytest.raises(ErlsimError, match=r"no event is of kind 'exti'; there are spawn, .*; did you mean 'exit'\?"):
        seen("exti")


def test_more_data_than_a_kind_of_event_has_is_refused(trace):
    with pytest.raises(ErlsimError, match=r"events of kind 'exit' have reason, by; 3 values cannot match"):
        seen("exit", ..., "normal", ..., "late")
    with pytest.raises(ErlsimError, match=r"events of kind 'shell' have no data; 1 values"):
        seen("shell", ..., "normal")


@pytest.mark.parametrize(
    ("function", "wanted"),
    [
        (happened, [seen("send", "ehco")]),
        (never_happened, [seen("exit", "ehco")]),
        (never_happened, [seen("send", ..., "ehco")]),
        (never_happened, [seen("exit", ..., ..., "ehco")]),
        (happened_in_order, [REQUEST, seen("send", "ehco")]),
        (happened_times, [seen("exit", "ehco"), 0]),
        (answered, [REQUEST, seen("send", "ehco")]),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_name_that_nobody_has_borne_matches_nothing_and_is_told_with_those_that_there_were(trace, function, wanted):
    text = complaint(function, trace, *wanted)
    assert text.endswith(": nobody was called 'ehco'; there were 'user', 'echo'; did you mean 'echo'?")


def test_names_are_looked_for_only_where_pids_stand(trace):
    never_happened(trace, seen("register", ..., "ehco"))
    never_happened(trace, seen("send", "echo", ..., "ehco"))
    never_happened(trace, seen("start_timer", ..., "ehco"))
    never_happened(trace, seen("exit", "ehco"), if_any=True)


EACH = [
    (happened, [seen("send")]),
    (happened_in_order, [seen("send")]),
    (happened_before, [seen("send"), seen("receive")]),
    (happened_after, [seen("send"), seen("receive")]),
    (happened_times, [seen("send"), 0]),
    (never_happened, [seen("send")]),
    (happened_within, [seen("send"), seen("receive"), 5]),
    (answered, [seen("send"), seen("receive")]),
]


@pytest.mark.parametrize(("function", "wanted"), EACH, ids=lambda each: getattr(each, "__name__", ""))
def test_nothing_holds_of_no_event_at_all(function, wanted):
    assert "there is not one event to look at" in complaint(function, [], *wanted)
    silent = erlsim.Simulation(trace=False)
    silent.run(erlang.self)
    assert "Simulation(trace=True)" in complaint(function, silent.trace, *wanted)


def test_nothing_is_asserted_where_nothing_is_asked_for(trace):
    for function in (happened, happened_in_order):
        with pytest.raises(ErlsimError, match="say what should have happened"):
            function(trace)
    with pytest.raises(ErlsimError, match="-1 times"):
        happened_times(trace, seen("send"), -1)


def test_what_holds_of_every_cause_fails_if_there_is_none_unless_this_is_meant(trace):
    nothing = seen("send", ..., "echo", (..., ..., 7))
    assert "did not happen" in complaint(happened_within, trace, nothing, REPLY, 5)
    assert "did not happen" in complaint(answered, trace, nothing, REPLY)
    assert happened_within(trace, nothing, REPLY, 5, if_any=True) == []
    assert answered(trace, nothing, REPLY, if_any=True) == []
    assert answered([], nothing, REPLY, if_any=True) == []
    assert "did not follow" in complaint(lambda: answered(trace, REPLY, REQUEST, if_any=True))


def test_what_never_happened_among_others_needs_one_of_those(trace):
    never_happened(trace, seen("send", ..., "echo", (..., ..., 7)), among=REQUEST)
    assert complaint(lambda: never_happened(trace, seen("exit", ..., "killed"), among=seen("exit"))).startswith(
        "seen('exit', ...) did not happen\n"
    )
    never_happened(trace, seen("exit", ..., "killed"), among=seen("exit"), if_any=True)
    assert "happened 2 times, not 0" in complaint(lambda: never_happened(trace, REQUEST, among=seen("send")))
