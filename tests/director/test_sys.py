"""What `sys` may ask of a director: state, suspending, tracing; new code is in `test_code_change`."""

import pytest

import director
from erlsim import TIMEOUT, Error, erlang, terms, timer
from erlsim.otp import supervisor, sys
from erlsim.terms import Ref
from tests.director.support import crash, ended, pid_of, run, spec, state_of


def test_the_state_is_shown_as_a_record():
    async def main(pid):
        return await sys.get_state(pid)

    record = run(main, default={"count": 3})
    assert record[:4] == ("director_state_record", "foo_sup", "dt_foo", ("ok", [], {"count": 3}))
    assert record[5] == {"count": 3}


def test_the_default_childspec_in_the_state_may_be_replaced():
    async def main(pid):
        await sys.replace_state(pid, lambda record: (*record[:5], {"count": 9}))
        return await director.get_default_childspec(pid)

    assert run(main) == ("ok", {"count": 9})


def test_a_state_that_cannot_be_is_refused_and_the_old_one_stays():
    async def main(pid):
        with pytest.raises(Error) as failure:
            await sys.replace_state(pid, lambda record: "nonsense")
        assert failure.value.reason[0] == "callback_failed"
        return await sys.get_state(pid), await director.get_default_childspec(pid)

    record, default = run(main, default={"count": 9})
    assert (record[0], default) == ("director_state_record", ("ok", {"count": 9}))


def test_a_suspended_director_restarts_nobody_until_it_is_resumed():
    async def main(pid):
        child = await pid_of(pid)
        await sys.suspend(pid)
        erlang.exit(child, "kill")
        await timer.sleep(10)
        others = erlang.process_info(pid, "links")
        await sys.resume(pid)
        return len(others[1]), await state_of(pid)

    assert run(main, spec(plan=["restart"])) == (1, "up")


def test_a_director_can_be_told_to_end():
    async def main(pid):
        await sys.terminate(pid, "enough")
        return await ended(pid)

    assert run(main, spec()) == "enough"


def test_the_status_names_the_callback_module():
    async def main(pid):
        _, _, module, _ = await sys.get_status(pid)
        return module, await supervisor.get_callback_module(pid)

    assert run(main) == (("module", "director"), "dt_foo")


def test_events_can_be_kept_and_counted():
    async def main(pid):
        await sys.log(pid, True)
        await sys.statistics(pid, True)
        await director.count_children(pid)
        await crash(pid)
        (_, events), (_, counts) = await sys.log(pid, "get"), await sys.statistics(pid, "get")
        return [event[0] for event in events], dict(counts)["messages_in"], dict(counts)["messages_out"]

    kinds, received, sent = run(main, spec(plan=["restart"]))
    assert kinds == ["in", "out", "in", "out", "in"]  # count_children, get_pid, the exit
    assert (received, sent) == (3, 2)


async def events(pid, act):
    """The events that an installed fun gets while `act` goes on."""
    me, found = erlang.self(), []
    await sys.install(pid, (lambda state, event, name: erlang.send(me, ("event", event)) and state, "on"))
    await act()
    await timer.sleep(1)
    while (message := await erlang.receive(("event", ...), after=0)) is not TIMEOUT:
        found.append(message[1])
    return found


def test_calls_and_answers_are_events_and_an_unexpected_message_is_none():
    async def main(pid):
        async def act():
            await director.get_pids(pid)
            erlang.send(pid, "hello")

        (_, (what, (caller, _), request)), out = await events(pid, act)
        assert caller == erlang.self()
        return what, request, out == ("out", erlang.self(), [])

    assert run(main) == ("call", "get_pids", True)


def test_exits_and_timers_are_events_and_a_timer_is_no_message_in():
    async def main(pid):
        child = await pid_of(pid)

        async def act():
            await sys.statistics(pid, True)
            erlang.exit(child, "kill")
            await timer.sleep(20)

        exited, (timeout, ref, id_) = await events(pid, act)
        (_, counts) = await sys.statistics(pid, "get")
        return exited == ("in", ("exit", child, "killed")), timeout, type(ref), id_, dict(counts)["messages_in"]

    assert run(main, spec(plan=[("restart", 10)])) == (True, "timeout", Ref, "bar_id", 1)


def test_the_status_ends_with_the_state_and_the_callback_module():
    async def main(pid):
        _, _, _, (_, state, parent, debug, misc) = await sys.get_status(pid)
        assert (state, parent, debug) == ("running", erlang.self(), [])
        return misc, await sys.get_state(pid)

    misc, state = run(main)
    assert misc == [state, ("supervisor", [(terms.chars("Callback"), "dt_foo")])]


def test_a_fun_of_another_arity_is_told_to_who_replaces_the_state():
    def two(one, other):
        return one

    async def main(pid):
        with pytest.raises(Error) as failure:
            await sys.replace_state(pid, two)
        return failure.value.reason

    context, where, (kind, (reason, (fun, args))) = run(main)
    assert (context, where) == ("callback_failed", ("director", "system_replace_state"))
    assert (kind, reason, fun is two, len(args)) == ("error", "badarity", True, 1)
