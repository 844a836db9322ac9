"""Workers to supervise, a callback module, and a way to run a director in a fresh simulation."""

from __future__ import annotations

import director
import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_server

ID = "bar_id"


@erlsim.module(name="dt_bar")
class Bar:
    """A worker; `trap` makes it trap exits, `last` is what its `terminate` does."""

    async def start_link(options=()):
        return await gen_server.start_link(Bar, dict(options), [])

    async def start_extra(extra):
        return (*await Bar.start_link(), extra)

    def start_ignore():
        return "ignore"

    def start_return(value):
        return value

    def start_raise(failure):
        raise failure

    async def start_untrapping():
        erlang.process_flag("trap_exit", False)
        return await Bar.start_link()

    async def start_failing(fails):
        """Takes a list of bools, one for each call: whether this start fails."""
        if fails and fails.pop(0):
            return ("error", "no_luck")
        return await Bar.start_link()

    def init(options):
        if "stop" in options:
            return ("stop", options["stop"])
        erlang.process_flag("trap_exit", options.get("trap", False))
        return ("ok", options)

    def handle_call(request, from_, options):
        return ("reply", request, options)

    def handle_cast(reason, options):
        erlang.exit(reason)

    async def terminate(reason, options):
        match options.get("last"):
            case ("sleep", ms):
                await timer.sleep(ms)
            case ("exit", why):
                erlang.exit(why)


@erlsim.module(name="dt_foo")
class Foo:
    """A callback module whose `init` returns its argument, or calls it."""

    def init(argument):
        return argument() if callable(argument) else argument


def spec(id_=ID, function="start_link", args=(), **values):
    """A childspec for `Bar`."""
    return {"id": id_, "start": ("dt_bar", function, list(args)), **values}


def run(main, *specs, default=None, options=(), **simulation):
    """Run `await main(pid)` with a director of these children; its value. Reports stay in `main.reports`."""

    async def shell():
        erlang.process_flag("trap_exit", True)
        argument = ("ok", list(specs)) if default is None else ("ok", list(specs), default)
        ok, pid = await director.start_link(("local", "foo_sup"), "dt_foo", argument, list(options))
        assert ok == "ok"
        return await main(pid)

    return run_plain(shell, **simulation)


def run_plain(main, **simulation):
    sim = erlsim.Simulation(**{"trace": False, **simulation})
    return sim.run(main)


async def pid_of(pid, id_=ID):
    ok, child = await director.get_pid(pid, id_)
    assert ok == "ok"
    return child


async def crash(pid, reason="oops", id_=ID):
    """End a child's process for `reason` and let the director see it; the process that it was."""
    child = await pid_of(pid, id_)
    if reason == "killed":
        erlang.exit(child, "kill")
    else:
        gen_server.cast(child, reason)
    await timer.sleep(1)
    return child


async def state_of(pid, id_=ID):
    """`"up"`, `"restarting"`, `"undefined"` or `"gone"`."""
    for each, child, _, _ in await director.which_children(pid):
        if each == id_:
            return child if isinstance(child, str) else "up"
    return "gone"


async def ended(pid):
    """Wait until a director has ended; why."""
    return (await erlang.receive(("EXIT", pid, ...)))[2]
