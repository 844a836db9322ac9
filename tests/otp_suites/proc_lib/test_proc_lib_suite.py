"""proc_lib_SUITE."""

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.errors import ErlangException, Error
from erlsim.otp import proc_lib, sys
from tests.otp_suites.kit import expect, no_message, pause
from tests.otp_suites.proc_lib import kit
from tests.otp_suites.proc_lib.kit import ME, case, crash_reports

# -- crash reports ---------------------------------------------------------------------------------


async def crashed(pid, call, reason="die"):
    """The one report of a process that has died: its neighbours."""
    await pause(10)
    [(own, neighbours)] = crash_reports()
    kind, why, stack = own["error_info"]
    assert (own["pid"], kind, why) == (pid, "exit", reason) and isinstance(stack, list)
    assert own.get("initial_call") == call
    assert own["ancestors"] == ([erlang.self()] if call else [])
    return neighbours


async def killed_by_a_message(*function):
    pid = proc_lib.spawn(*function)
    await pause(100)
    erlang.send(pid, "die")
    return pid


@case()
async def test_crash():
    me = erlang.self()
    erlang.process_flag("trap_exit", True)
    for reason in ("shutdown", ("shutdown", ("a", "b", "c"))):
        pid = proc_lib.spawn_link("erlang", "apply", [lambda: erlang.exit(reason), []])
        await expect(("EXIT", pid, reason))
    erlang.process_flag("trap_exit", False)
    assert crash_reports() == []
    assert await crashed(await killed_by_a_message(ME, "until_told", []), (ME, "until_told", [])) == []
    of_fun = await killed_by_a_message(kit.until_told)
    assert await crashed(of_fun, (ME, "until_told", [])) == []
    pid = proc_lib.spawn(ME, "with_neighbour", [])
    await timer.sleep(100)
    assert proc_lib.initial_call(pid) == (ME, "with_neighbour", [])
    assert proc_lib.translate_initial_call(pid) == (ME, "with_neighbour", 0)
    erlang.send(pid, "die")
    [neighbour] = await crashed(pid, (ME, "with_neighbour", []))
    assert (neighbour["initial_call"], neighbour["ancestors"]) == ((ME, "until_told", []), [pid, me])
    pid = proc_lib.spawn("erlang", "apply", [kit.tampered, []])
    assert await crashed(pid, None, "abnormal") == []
    assert await crashed(await killed_by_a_message(ME, "начало", []), (ME, "начало", [])) == []


ENDS = {
    "error": (lambda: erlang.error(("badmatch", 2)), lambda reason: reason[0] == ("badmatch", 2)),
    "exit": (lambda: erlang.exit("bye"), lambda reason: reason == "bye"),
    "throw": (lambda: erlang.throw("ball"), lambda reason: reason[0] == ("nocatch", "ball")),
}


@pytest.mark.parametrize("end", ENDS)
@case(partial="what the frames of a stack hold")
async def test_stacktrace(end):
    erlang.process_flag("trap_exit", True)
    body, is_expected = ENDS[end]
    pid = proc_lib.spawn_link(body)
    message = await erlang.receive(("EXIT", pid, ...), after=500)
    assert is_expected(message[2])


# -- starting --------------------------------------------------------------------------------------


async def is_synchronous(function, *options):
    """The start function returns when the new process has said that it is there: what it returned."""
    erlang.spawn_link(kit, "starts", [erlang.self(), function, *options])
    await no_sync_start()
    pid, _ = await erlang.receive((..., "init"))
    erlang.send(pid, "go_on")
    answer = await erlang.receive(("sync_started", ...), after=1000)
    assert answer is not erlsim.TIMEOUT
    return pid, answer[1]


async def no_sync_start():
    assert await erlang.receive(("sync_started", ...), after=1000) is erlsim.TIMEOUT


@case()
async def test_sync_start_nolink():
    pid, answer = await is_synchronous("start")
    assert answer == pid


@case()
async def test_sync_start_link():
    pid, answer = await is_synchronous("start_link")
    assert answer == pid


@case()
async def test_sync_start_monitor():
    pid, (answer, ref) = await is_synchronous("start_monitor")
    assert answer == pid and isinstance(ref, erlsim.terms.Ref)


@case()
async def test_sync_start_monitor_link():
    pid, (answer, ref) = await is_synchronous("start_monitor", "link")
    assert answer == pid and isinstance(ref, erlsim.terms.Ref)


async def in_vain(function, *options):
    """Start a process that never says that it is there: the answer and how long it took."""
    erlang.process_flag("trap_exit", True)
    started = erlang.monotonic_time("millisecond")
    answer = await getattr(proc_lib, function)(ME, "never_acknowledges", [erlang.self()], 1000, list(options))
    assert erlang.monotonic_time("millisecond") - started == 1000
    pid, _ = await erlang.receive((..., "init"))
    assert not erlang.is_process_alive(pid)
    return pid, answer


@pytest.mark.parametrize("options", [[], ["link"]], ids=["nolink", "link"])
@case()
async def test_sync_start_timeout(options):
    _, answer = await in_vain("start", *options)
    assert answer == ("error", "timeout")
    await no_message(100)


@case()
async def test_sync_start_link_timeout():
    _, answer = await in_vain("start_link")
    assert answer == ("error", "timeout")
    await no_message(100)


@pytest.mark.parametrize("options", [[], ["link"]], ids=["nolink", "link"])
@case()
async def test_sync_start_monitor_link_timeout(options):
    pid, (answer, ref) = await in_vain("start_monitor", *options)
    assert answer == ("error", "timeout")
    await expect(("DOWN", ref, "process", pid, "killed"))
    await no_message(100)


@pytest.mark.parametrize("function", ["start", "start_link", "start_monitor"])
@case()
async def test_otp_6345(function):
    args = [ME, "acknowledges_and_waits", [erlang.self()], 1000, ["link", "monitor"]]
    with pytest.raises(Error) as failure:
        await getattr(proc_lib, function)(*args)
    assert failure.value.reason == "badarg"
    # On OTP 25 the stack begins with the function that was called.
    assert failure.value.stack[0][:3] == ("proc_lib", function, args)


@case()
async def test_init_dont_hang():
    erlang.process_flag("trap_exit", True)
    call = (ME, "crashes", [erlang.self()])
    answers = [
        await proc_lib.start_link(*call),
        await proc_lib.start(*call, 1000),
        await proc_lib.start(*call, 1000, []),
        (await proc_lib.start_monitor(*call, 1000))[0],
    ]
    assert all(kind == "error" and reason[0] == "bad_init" for kind, reason in answers)
    assert all(answer == answers[0] for answer in answers)


# -- stopping --------------------------------------------------------------------------------------


async def obeys(parent):
    """Handles one system message."""
    _, from_, request = await erlang.receive(("system", ..., ...))
    await sys.handle_system_msg(request, from_, parent, kit, [], [])


async def dies_at_once():
    await erlang.receive(("system", ..., ...))
    erlang.exit("die")


async def hangs():
    await erlang.receive(("system", ..., ...))
    await timer.sleep(5000)


def obedient():
    me = erlang.self()
    return proc_lib.spawn(lambda: obeys(me))


async def fails_to_stop(*args):
    with pytest.raises(ErlangException) as failure:
        await proc_lib.stop(*args)
    assert failure.value.kind == "exit"
    return failure.value.reason


@case(partial="names on other nodes that are up")
async def test_stop():
    pid = obedient()
    assert await proc_lib.stop(pid) == "ok"
    assert not erlang.is_process_alive(pid)
    assert await fails_to_stop(pid) == "noproc"
    assert (await fails_to_stop(proc_lib.spawn(dies_at_once)))[0] == "die"
    assert await fails_to_stop(proc_lib.spawn(hangs), "normal", 1000) == "timeout"
    pid = obedient()
    assert await proc_lib.stop(pid, "other_reason", "infinity") == "ok"
    assert not erlang.is_process_alive(pid)
    pid = obedient()
    assert (await fails_to_stop(pid, "crash", "infinity"))[0] == ("badmatch", 2)
    assert not erlang.is_process_alive(pid)
    for name in ("to_stop", ("to_stop", erlang.node())):
        erlang.register("to_stop", obedient())
        assert await proc_lib.stop(name) == "ok"
        assert erlang.whereis("to_stop") == "undefined"
        assert await fails_to_stop(name) == "noproc"
    # A node that is not distributed cannot monitor anything elsewhere.
    with pytest.raises(Error) as failure:
        await proc_lib.stop(("to_stop", "other@node"))
    assert failure.value.reason == "badarg"
