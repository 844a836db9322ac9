"""Workers, callback modules and shortcuts for the tests of supervisors.

Children tell the test what happens to them: `("started", id)`, `("failing", id)`, `("stopping", id, reason)`.
"""

from __future__ import annotations

import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_server, supervisor


@erlsim.module(name="kit_sup")
class Sup:
    """A callback module whose init returns its argument."""

    def init(arg):
        return arg


@erlsim.module(name="kit_kid")
class Kid:
    """A worker. Options: trap (True), sleep_at_stop, exit_at_stop, sleep_at_start."""

    async def start(to, id, options=None):
        return await gen_server.start_link("kit_kid", (to, id, options or {}), [])

    async def start_extra(to, id):
        _, pid = await Kid.start(to, id)
        return ("ok", pid, "info")

    async def start_failing(to, id, key, failing):
        """Fails at the calls whose ordinals are in `failing`; counts in the supervisor's dictionary."""
        number = erlang.get(key)
        number = 1 if number == "undefined" else number + 1
        erlang.put(key, number)
        if number in failing:
            erlang.send(to, ("failing", id))
            return ("error", ("flaky", number))
        return await Kid.start(to, id)

    async def start_ignored_at(to, id, key, number):
        erlang.put(key, 1 if erlang.get(key) == "undefined" else erlang.get(key) + 1)
        return "ignore" if erlang.get(key) == number else await Kid.start(to, id)

    def ignore():
        return "ignore"

    def give(term):
        return term

    def throws(term):
        erlang.throw(term)

    def exits(term):
        erlang.exit(term)

    async def init(arg):
        to, id, options = arg
        erlang.process_flag("trap_exit", options.get("trap", True))
        if "sleep_at_start" in options:
            await timer.sleep(options["sleep_at_start"])
        erlang.send(to, ("started", id))
        return ("ok", arg)

    def handle_call(request, from_, state):
        return ("reply", request, state)

    def handle_cast(message, state):
        return ("stop", message, state)

    def handle_info(message, state):
        match message:
            case ("exit", reason):
                return ("stop", reason, state)
            case ("unlink", pid):
                erlang.unlink(pid)
        return ("noreply", state)

    async def terminate(reason, state):
        to, id, options = state
        if reason in ("shutdown", "killed"):
            erlang.send(to, ("stopping", id, reason))
        if "sleep_at_stop" in options:
            await timer.sleep(options["sleep_at_stop"])
        if "exit_at_stop" in options:
            erlang.exit(options["exit_at_stop"])


def kid(id, restart="permanent", shutdown=1000, options=None, **more):
    """The spec of a `Kid` that reports to the caller."""
    start = ("kit_kid", "start", [erlang.self(), id, options or {}])
    return {"id": id, "start": start, "restart": restart, "shutdown": shutdown, **more}


def flaky(id, failing, restart="permanent"):
    """The spec of a child whose start fails at the calls numbered in `failing`."""
    return {"id": id, "start": ("kit_kid", "start_failing", [erlang.self(), id, id, failing]), "restart": restart}


async def start(specs, strategy="one_for_one", intensity=1, period=5, **flags):
    """A supervisor of `specs`; what its children said while they started is thrown away."""
    flags = {"strategy": strategy, "intensity": intensity, "period": period, **flags}
    result = await supervisor.start_link("kit_sup", ("ok", (flags, specs)))
    await heard()
    return result[1] if result[0] == "ok" else result


async def heard(ms=6):
    """Let `ms` milliseconds pass; every message that the caller has then, in order."""
    await timer.sleep(ms)
    messages = []
    while (message := await erlang.receive(after=0)) is not erlsim.TIMEOUT:
        messages.append(message)
    return messages


async def pid_of(sup, id):
    """The pid (or what stands for it) of the child `id`."""
    return next(child[1] for child in await supervisor.which_children(sup) if child[0] == id)


async def in_restart_loop(sup, id):
    """Kill the child `id`, whose restarts fail for good, and wait until the supervisor tries again and again."""
    erlang.exit(await pid_of(sup, id), "kill")
    while await pid_of(sup, id) != "restarting":
        pass


async def crash(sup, id, reason="boom"):
    """Let the child `id` stop with `reason`; what the caller then hears."""
    erlang.send(await pid_of(sup, id), ("exit", reason))
    return await heard()


async def ids(sup):
    return [child[0] for child in await supervisor.which_children(sup)]


async def shown(sup):
    """`which_children` without what never changes: `[(id, pid or what stands for it)]`."""
    return [child[:2] for child in await supervisor.which_children(sup)]


async def stop(sup, reason="shutdown"):
    """End `sup` by its parent's exit signal; what the caller then hears."""
    erlang.exit(sup, reason)
    return await heard()
