"""The workers and shortcuts that the cases of supervisor_SUITE share, as the suite's own helper modules behave."""

from __future__ import annotations

import functools

import pytest

import erlsim
from erlsim import TIMEOUT, Exit, erlang, ets, timer
from erlsim.otp import gen_server, supervisor, sys


def case(name, suite="supervisor_SUITE", **options):
    """Mark and run a case of the suite: an async function, as the shell of a fresh simulation."""

    def decorate(test):
        @functools.wraps(test)
        def run(**kwargs):
            async def main():
                erlang.process_flag("trap_exit", True)
                await test(**kwargs)

            erlsim.run(main)

        assert test.__name__ == "test_" + name
        return pytest.mark.otp_case(suite, name, **options)(run)

    return decorate


# -- workers ---------------------------------------------------------------------------------------


@erlsim.module(name="supervisor_suite")
class Suite:
    """The callback module: init returns its argument, or fails."""

    def init(answer):
        if answer == "fail":
            erlang.error("fail")
        return answer

    def handle_info(message, state):
        _, reason = message
        erlang.error(reason) if reason != "normal" else None
        return ("stop", "normal", state)


class Worker:
    def handle_call(request, from_, state):
        return ("reply", request, state)

    def handle_info(message, state):
        return ("noreply", state)


@erlsim.module(name="supervisor_1")
class Supervisor1(Worker):
    """Stops when told; its start function can ignore or fail once, or give something else."""

    async def start_child(how="normal"):
        match how:
            case "normal":
                return await gen_server.start_link("supervisor_1", "normal", [])
            case "ignore" if erlang.put("child_ignored", True) != True:  # noqa: E712
                return "ignore"
            case "error" if erlang.put("start_child_error", "set") == "set":
                return await gen_server.start_link("supervisor_1", "error", [])
            case "ignore" | "error":
                return await Supervisor1.start_child()
            case ("return", term):
                return term
        _, pid = await Supervisor1.start_child()
        return ("ok", pid, how)

    def init(arg):
        if arg == "normal":
            erlang.process_flag("trap_exit", True)
            return ("ok", ())
        return None

    async def handle_info(message, state):
        match message:
            case "die":
                return ("stop", "died", state)
            case "stop":
                return ("stop", "normal", state)
            case ("EXIT", _, "shutdown" | ("shutdown", _) as reason):
                return ("stop", reason, state)
            case ("sleep", time):
                await timer.sleep(time)
                return await Supervisor1.handle_info(message, state)
        return ("noreply", state)


@erlsim.module(name="supervisor_2")
class Supervisor2(Worker):
    """Takes a given time to stop."""

    async def start_child(time):
        return await gen_server.start_link("supervisor_2", time, [])

    def init(time):
        erlang.process_flag("trap_exit", True)
        return ("ok", time)

    async def terminate(reason, time):
        await timer.sleep(time)


@erlsim.module(name="supervisor_3")
class Supervisor3(Worker):
    """Asks the test what its init shall return."""

    async def start_child(name, caller):
        return await gen_server.start_link("supervisor_3", (name, caller), [])

    async def init(arg):
        name, caller = arg
        erlang.send(caller, (name, erlang.self()))
        result, _ = await erlang.receive((..., caller))
        return result


@erlsim.module(name="supervisor_4")
class Supervisor4(Worker):
    """Ends with the reason that it was started with, whoever stops it."""

    async def start_child(reason="shutdown"):
        return await gen_server.start_link("supervisor_4", reason, [])

    def init(reason):
        erlang.process_flag("trap_exit", True)
        return ("ok", reason)

    def handle_info(message, reason):
        return ("stop", reason, reason) if message == "stop" else ("noreply", reason)

    def terminate(_, reason):
        erlang.exit(reason)


@erlsim.module(name="supervisor_deadlock")
class SupervisorDeadlock(Worker):
    """Fails to start, two seconds late, as long as the table says so."""

    async def start_child():
        return await gen_server.start_link(("local", "supervisor_deadlock"), "supervisor_deadlock", ["child"], [])

    async def start_child_noreg():
        return await gen_server.start_link("supervisor_deadlock", ["child"], [])

    def restart_child(pid="supervisor_deadlock"):
        return gen_server.cast(pid, "restart")

    def fail_start(answer):
        if ets.whereis("supervisor_deadlock") == "undefined":
            ets.new("supervisor_deadlock", ["set", "named_table", "public"])
        ets.insert("supervisor_deadlock", ("fail_start", answer))

    async def init(_):
        if ets.lookup("supervisor_deadlock", "fail_start") == [("fail_start", False)]:
            return ("ok", [])
        await timer.sleep(2000)
        return ("stop", "error")

    def handle_cast(message, state):
        return ("stop", "error", state)


@erlsim.module(name="naughty_child")
class NaughtyChild(Worker):
    """Unlinks itself from its supervisor."""

    async def start_link(sup):
        return await gen_server.start_link(("local", "naughty_foo"), "naughty_child", sup, [])

    def init(sup):
        erlang.unlink(sup)
        return ("ok", ())


# -- shortcuts -------------------------------------------------------------------------------------

ONE, ALL, REST, SIMPLE = "one_for_one", "one_for_all", "rest_for_one", "simple_one_for_one"


def child(id="child", args=(), restart="permanent", shutdown=1000, type="worker", worker="supervisor_1"):
    """A child specification in the old form."""
    return (id, (worker, "start_child", list(args)), restart, shutdown, type, [])


def new(id, restart="permanent", **more):
    """A child specification in the new form."""
    return {"id": id, "start": ("supervisor_1", "start_child", []), "restart": restart, **more}


def init(flags, *children):
    return ("ok", (flags, list(children)))


async def start_link(answer):
    return await supervisor.start_link(("local", "sup_test"), "supervisor_suite", answer)


async def start(flags, *children):
    """The pid of a supervisor `sup_test`."""
    kind, pid = await start_link(init(flags, *children))
    assert kind == "ok", pid
    return pid


async def add(spec, sup="sup_test"):
    """The pid of a child that is started of `spec`."""
    result = await supervisor.start_child(sup, spec)
    assert result[0] == "ok", result
    return result[1]


async def which(sup="sup_test"):
    return await supervisor.which_children(sup)


async def pids(sup="sup_test"):
    return [pid for _, pid, _, _ in await which(sup)]


async def counts(sup="sup_test"):
    """`[specs, active, supervisors, workers]`."""
    found = dict(await supervisor.count_children(sup))
    return [found[name] for name in ("specs", "active", "supervisors", "workers")]


async def terminate(pid, reason, sup=None, id=None):
    """End `pid` in one of the suite's ways and wait until it is dead of what that way means."""
    if reason == "supervisor":
        assert await supervisor.terminate_child(sup, id) == "ok"
        return
    expected = {"kill": "killed", "abnormal": "died"}.get(reason, reason) if isinstance(reason, str) else reason
    ref = erlang.monitor("process", pid)
    if reason == "normal":
        erlang.send(pid, "stop")
    elif reason == "abnormal":
        erlang.send(pid, "die")
    else:
        erlang.exit(pid, reason)
    assert (await erlang.receive(("DOWN", ref, "process", pid, ...)))[4] == expected


async def exits(*pids):
    """Wait until each of `pids`, all of them linked to the test, has died."""
    for pid in pids:
        await erlang.receive(("EXIT", pid, ...))


async def stays(*pids, ms=1000):
    """None of `pids` dies within a while."""
    for pid in pids:
        assert await erlang.receive(("EXIT", pid, ...), after=ms) is TIMEOUT


async def exit_reason(pid):
    return (await erlang.receive(("EXIT", pid, ...)))[2]


async def exit_of(call):
    """The reason of the exit that awaiting `call` raises."""
    with pytest.raises(Exit) as failure:
        await call
    return failure.value.reason


async def fake_upgrade(pid, answer):
    """As the suite does it: let `init` be called with an argument that makes it return `answer`, as new code would."""
    assert await sys.suspend(pid) == "ok"
    await sys.replace_state(pid, lambda state: (*state[:-1], answer))
    result = await sys.change_code(pid, "gen_server", "dummy_vsn", [])
    assert await sys.resume(pid) == "ok"
    return result
