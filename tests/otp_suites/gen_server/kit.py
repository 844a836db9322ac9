"""The callback modules and shortcuts that the cases of gen_server_SUITE share."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import code, erlang, timer
from erlsim.errors import ErlangException
from erlsim.otp import gen_server, proc_lib
from erlsim.otp.gen_server import format_log
from erlsim.simulation import storage
from erlsim.terms import chars
from tests.otp_suites.kit import suite

case = suite("gen_server_SUITE")
NAME = "my_test_name"


def tell(pid, what):
    """Send `(self(), what)`: how the servers below tell a test what they have done."""
    erlang.send(pid, (erlang.self(), what))


@erlsim.module(name="gen_server_suite")
class Server:
    """A server whose every callback does what it is told, with every value that it may return."""

    async def init(arg):
        match arg:
            case "ignore":
                return "ignore"
            case "stop":
                return ("stop", "stopped")
            case "hibernate":
                return ("ok", [], "hibernate")
            case "sleep":
                await timer.sleep(1000)
            case ("continue", pid):
                erlang.send(erlang.self(), ("after_continue", pid))
                return ("ok", [], ("continue", ("message", pid)))
            case ("state", state):
                return ("ok", state)
        return ("ok", [])

    async def handle_call(request, from_, state):
        match request:
            case "started_p":
                return ("reply", "ok", state)
            case ("delayed_answer", ms):
                return ("noreply", ("reply_to", from_, state), ms)
            case ("call_within", ms):
                return ("reply", "ok", "call_within", ms)
            case "next_call":
                return ("reply", "ok", []) if state == "call_within" else ("reply", False, state)
            case "badreturn":
                return "badreturn"
            case "hibernate":
                return ("reply", True, [], "hibernate")
            case ("hibernate_noreply", pid):
                erlang.send(pid, "go")
                return ("noreply", from_, "hibernate")
            case "stop":
                return ("stop", "stopped", "ok", state)
            case "crash":
                erlang.exit("crashed")
            case "exit_shutdown":
                erlang.exit("shutdown")
            case "stop_shutdown":
                return ("stop", "shutdown", state)
            case "shutdown_reason":
                erlang.exit(("shutdown", "reason"))
            case "stop_shutdown_reason":
                return ("stop", ("shutdown", "stop_reason"), state)
            case ("continue_reply", pid):
                erlang.send(erlang.self(), ("after_continue", pid))
                return ("reply", "ok", state, ("continue", ("message", pid)))
            case ("continue_noreply", pid):
                erlang.send(erlang.self(), ("after_continue", pid))
                return ("noreply", state, ("continue", ("message", pid, from_)))

    def handle_cast(message, state):
        match message:
            case (pid, "handle_cast"):
                tell(pid, "handled_cast")
                return ("noreply", state)
            case (pid, "delayed_cast", ms):
                return ("noreply", ("delayed_cast", pid), ms)
            case "hibernate_now":
                return ("noreply", [], "hibernate")
            case "hibernate_later":
                erlang.send_after(1000, erlang.self(), "hibernate_now")
                return ("noreply", [])
            case ("continue_noreply", pid):
                erlang.send(erlang.self(), ("after_continue", pid))
                return ("noreply", state, ("continue", ("message", pid)))
            case (pid, "stop"):
                return ("stop", (pid, "stopped"), state)

    async def handle_info(message, state):
        match message, state:
            case "timeout", ("reply_to", from_, before):
                gen_server.reply(from_, "delayed")
                return ("noreply", before)
            case ("timeout", "hibernate_me") | ("hibernate_now", _):
                return ("noreply", [], "hibernate")
            case "hibernate_later", _:
                return ("noreply", "hibernate_me", 1000)
            case "timeout", "call_within":
                return ("noreply", [])
            case "timeout", ("delayed_cast", pid):
                tell(pid, "delayed")
                return ("noreply", [])
            case "timeout", ("delayed_info", pid):
                tell(pid, "delayed_info")
                return ("noreply", [])
            case ("call_undef_fun", module, function), _:
                await code.call(module, function, [])
            case (pid, "handle_info"), _:
                tell(pid, "handled_info")
                return ("noreply", [])
            case (pid, "delayed_info", ms), _:
                return ("noreply", ("delayed_info", pid), ms)
            case "continue", from_:
                gen_server.reply(from_, True)
                return ("noreply", [])
            case (pid, "stop"), _:
                return ("stop", (pid, "stopped_info"), state)
            case _:
                return Server.go_on(message, state)

    def go_on(message, state):
        """What belongs to `continue` in `handle_info`."""
        match message:
            case ("after_continue", pid):
                tell(pid, "after_continue")
                tell(pid, "ack")
            case ("continue_noreply", pid):
                erlang.send(erlang.self(), ("after_continue", pid))
                return ("noreply", state, ("continue", ("message", pid)))
            case ("continue_continue", pid):
                return ("noreply", state, ("continue", ("continue", pid)))
            case "continue_stop":
                return ("noreply", state, ("continue", "stop"))
        return ("noreply", state)

    def handle_continue(term, state):
        match term:
            case ("continue", pid):
                tell(pid, "before_continue")
                erlang.send(erlang.self(), ("after_continue", pid))
                return ("noreply", state, ("continue", ("message", pid)))
            case "stop":
                return ("stop", "normal", state)
            case ("message", pid):
                tell(pid, "continue")
            case ("message", pid, from_):
                tell(pid, "continue")
                gen_server.reply(from_, "ok")
        return ("noreply", state)

    async def terminate(reason, state):
        match reason, state:
            case (pid, "stopped" | "stopped_info" as what), _:
                tell(pid, what)
            case _, "crash_terminate":
                erlang.exit(("crash", "terminate"))
            case _, ("undef_in_terminate", (module, function)):
                await code.call(module, function, [])

    def format_status(option, data):
        if callable(data[1]):
            return data[1](data)
        return ("formatted", data[1]) if option == "terminate" else "format_status_called"


@erlsim.module(name="format_status_server")
class FormatStatusServer(Server):
    """The same server with the newer callback `format_status/1`."""

    def format_status(status):
        state = status.get("state")
        if callable(state):
            return state(status)
        if "reason" in status:
            return {**status, "state": ("formatted", state)}
        return {**status, "state": "format_status_called"}


@erlsim.module(name="oc_server")
class OcServer:
    """A server of which nothing but `init` is written."""

    def init(arg):
        return ("ok", "mystate", ("continue", arg)) if arg == "continue" else ("ok", "mystate")


@erlsim.module(name="oc_init_server")
class OcInitServer:
    """A server without any callback."""


@erlsim.module(name="dummy_via")
class DummyVia:
    """Names for `via`, as long as the process `dummy_via` is there."""

    def reset():
        old = erlang.whereis("dummy_via")
        if old != "undefined":
            erlang.unregister("dummy_via")
        pid = erlang.spawn_link(timer.sleep, ["infinity"])
        erlang.register("dummy_via", pid)
        storage("dummy_via", dict).clear()
        return pid

    def names():
        if erlang.whereis("dummy_via") == "undefined":
            erlang.error("badarg")
        return storage("dummy_via", dict)

    def register_name(name, pid):
        if DummyVia.whereis_name(name) != "undefined":
            return "no"
        DummyVia.names()[name] = pid
        return "yes"

    def unregister_name(name):
        DummyVia.names().pop(name, None)
        return "ok"

    def whereis_name(name):
        pid = DummyVia.names().get(name, "undefined")
        return pid if pid == "undefined" or erlang.is_process_alive(pid) else "undefined"

    def send(name, message):
        return erlang.send(DummyVia.whereis_name(name), message)


# -- shortcuts -------------------------------------------------------------------------------------


async def start(arg=(), *options, name=None, how=gen_server.start, module="gen_server_suite"):
    """The pid of a server that has been started."""
    argument = [] if arg == () else arg
    named = () if name is None else (name,)
    kind, pid = await how(*named, module, argument, list(options))
    assert kind == "ok", pid
    return pid


async def start_link(arg=(), *options, name=None, module="gen_server_suite"):
    return await start(arg, *options, name=name, how=gen_server.start_link, module=module)


async def exit_of(call):
    """The reason of the exit that awaiting `call` raises."""
    with pytest.raises(ErlangException) as failure:
        await call
    assert failure.value.kind == "exit"
    return failure.value.reason


async def dies_of(pid, reason):
    """The process, which is linked to the test, ends with `reason`."""
    assert (await erlang.receive(("EXIT", pid, ...), after=5000))[2] == reason


async def down_reason(ref):
    return (await erlang.receive(("DOWN", ref, ...), ("DOWN", ref, "process", ..., ...), after=5000))[4]


def events():
    """What has been logged since the last look: `(level, label, report)`."""
    reports = storage("simulation", dict).reports
    found = [(report.level, report.label, report.report) for report in reports]
    reports.clear()
    return found


def ended(pid):
    """The reports of a server that did not end as it should: what its text shows, and the crash report."""
    (level, label, report), (_, crash, crash_report) = events()
    assert (level, label, crash) == ("error", ("gen_server", "terminate"), ("proc_lib", "crash"))
    layout, args = format_log(report)
    assert layout[:17] == chars("** Generic server") and args[0] == pid
    return args[1:], dict(crash_report["report"][0])


def named_first(stack, module, function, args):
    """Whether the first frame of a stack names a call: `args` is an arity or how many arguments there are."""
    found = stack[0]
    arity = len(found[2]) if type(found[2]) is list else found[2]
    return (found[0], found[1], arity) == (module, function, args)


async def hibernates(pid):
    """A hibernating process, after a moment."""
    await timer.sleep(1)
    return erlang.process_info(pid, "current_function") == ("current_function", ("erlang", "hibernate", 3))


async def enter(name, options, state, kind="local", registers=True, timeout=("infinity",)):
    """Body of a process that makes itself a server under a name, or only says that it has the name."""
    erlang.process_flag("trap_exit", True)
    full = ("via", "dummy_via", name) if kind == "via" else (kind, name)
    if registers and kind == "local":
        erlang.register(name, erlang.self())
    elif registers:
        await code.call("global" if kind == "global" else "dummy_via", "register_name", [name, erlang.self()])
    proc_lib.init_ack(("ok", erlang.self()))
    await gen_server.enter_loop("gen_server_suite", options, state, full, *timeout)


async def nameless(*timeout):
    """Body of a process that makes itself a server without a name."""
    erlang.process_flag("trap_exit", True)
    proc_lib.init_ack(("ok", erlang.self()))
    await gen_server.enter_loop("gen_server_suite", [], (), *timeout)
