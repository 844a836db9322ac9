"""The tracker itself: a `gen_server` that decides who starts a child, and ends children.

Only the tracker starts proxies, one at a time for a name: whoever else asks for the name meanwhile becomes a
waiter of the same launch and gets the same answer. A name whose child is dead but not yet cleared up is launched
when its proxy is gone. Looking a child up never comes here. How children are ended lives in `stopping`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from erlsim import erlang, ets, supervision
from erlsim.otp import gen_server, proc_lib
from erlsim.terms import Pid, Ref, Term, key, matchable
from gen_tracker import attributes, stopping, tables
from gen_tracker.options import Options, read
from gen_tracker.proxy import spawn_launcher, start_watcher

__erlang_module__ = "gen_tracker"

ADDED_SHUTDOWN = 200
"""How many ms a child that was added has to shut down."""
SETTER_TIMEOUT = 5_000
"""How many ms a tracker waits for the setter of its predecessor to be gone."""


@dataclass
class Launch:
    """A start that callers wait for. `proxy` will say when the child has started; the newest of `waiters` is first."""

    name: Term
    spec: Term
    proxy: Pid
    monitor: Ref
    waiters: list[Term] = field(default_factory=list)

    def answer(self, reply: Term) -> None:
        """Reply to all who wait."""
        for waiter in self.waiters:
            gen_server.reply(waiter, reply)


@dataclass
class Tracker:
    """The server's state."""

    zone: Term
    options: Options
    launches: dict[Term, Launch] = field(default_factory=dict)

    def __term__(self) -> Term:
        """What a process sees that is sent this state."""
        shown = [("launch", each.name, each.spec, each.proxy) for each in self.launches.values()]
        return ("tracker", self.zone, shown)


async def start_link(zone: Term, options: Term = None) -> Term:
    """Start a tracker, linked to the caller and registered as `zone` (an atom): `("ok", pid)`.

    It owns two public named tables, `zone` and `zone_attrs`. Options, a map: `restart`, whether children are
    restarted (`False`), see `restarting`; `tidy`, whether the attributes of a child surely go with it (`False`), see
    `attributes`. `("error", ("already_started", pid))` when the name is taken, and
    `("error", ("bad_options", options))`. Mirrors `gen_tracker:start_link/1`; the options are an addition.
    """
    args = [zone] if options is None else [zone, options]
    return await gen_server.start_link(
        ("local", zone), sys.modules[__name__], args, [("spawn_opt", [("fullsweep_after", 1)])]
    )


async def init(args: list[Term]) -> Term:
    """Make the tables and the setter."""
    zone, given = args[0], args[1] if len(args) == 2 else {}
    options = read(given)
    if options is None:
        return ("stop", ("bad_options", given))
    erlang.process_flag("trap_exit", True)
    tables.create(zone)
    supervision.publish(lambda: tables.published(zone), "gen_tracker", ordered=False)
    await _wait_for_old_setter(zone)
    match matchable(await proc_lib.start_link(attributes, "init_setter", [zone])):
        case ("ok", _):
            return ("ok", Tracker(zone, options))
        case ("error", reason):
            # DIVERGES(gen_tracker): the original goes on, without anybody to write attributes.
            return ("stop", ("setter", reason))


async def _wait_for_old_setter(zone: Term) -> None:
    """The setter of a tracker of this name that was killed may live an instant longer: wait for its end."""
    old = erlang.whereis(attributes.attr_process(zone))
    if type(old) is Pid:
        ref = erlang.monitor("process", old)
        await erlang.receive(("DOWN", ref, ..., ..., ...), after=SETTER_TIMEOUT)
        erlang.demonitor(ref, ["flush"])


# ---- calls -----------------------------------------------------------------------------------------


async def handle_call(request: Term, client: Term, tracker: Tracker) -> Term:
    """What a tracker is asked: by its own interface, by `supervisor`'s, and by its proxies."""
    match matchable(request):
        case "wait":
            return ("reply", "ok", tracker)
        case "which_children":
            return ("reply", tables.children(tracker.zone), tracker)
        case ("find_or_open", (_, (_, _, _) as mfa, _, _, _, _) as spec) if type(spec) is type(mfa) is tuple:
            return _find_or_open(spec, client, tracker)
        case ("add_existing_child", (name, pid, "worker", modules) as spec) if type(spec) is tuple:
            return ("reply", await _add_existing(tracker, name, pid, modules), tracker)
        case ("delete_child" | "terminate_child", name):
            return ("reply", await _delete_child(tracker, name), tracker)
        case "shutdown":
            await stopping.stop_all(tracker.zone, tracker.options)
            return ("stop", "shutdown", "ok", tracker)
        case "stop":
            return ("stop", "normal", "ok", tracker)
        case ("launch_ready", proxy, name, reply):
            gen_server.reply(client, "ok")
            return _launch_ready(proxy, name, reply, tracker)
    return ("stop", ("unknown_call", request), tracker)


def handle_cast(request: Term, tracker: Tracker) -> Term:
    """Nobody casts to a tracker."""
    return ("stop", ("unknown_cast", request), tracker)


async def handle_info(message: Term, tracker: Tracker) -> Term:
    """Messages of proxies and about them."""
    match matchable(message):
        case ("launch_ready", proxy, name, reply):
            return _launch_ready(proxy, name, reply, tracker)
        case (("launcher_down", name, action) as tag, _, "process", _, reason) if type(tag) is tuple:
            return await _launcher_down(name, action, reason, tracker)
        case ("EXIT", pid, reason) if not _is_normal_end(reason):
            await _replace_proxy(tracker, pid)
    return ("noreply", tracker)


async def terminate(reason: Term, tracker: Tracker) -> str:
    """End all children, and the setter, which a normal exit of the tracker would not end."""
    await stopping.stop_at_exit(tracker.zone, tracker.options)
    setter = erlang.whereis(attributes.attr_process(tracker.zone))
    if _is_normal_end(reason) and type(setter) is Pid:
        erlang.exit(setter, "shutdown")
    return "ok"


def code_change(_old: Term, tracker: Tracker, _extra: Term) -> Term:
    """Nothing changes."""
    return ("ok", tracker)


# ---- what these messages do ----------------------------------------------------------------------------------


def _find_or_open(spec: Term, client: Term, tracker: Tracker) -> Term:
    name = spec[0]
    row = tables.find_row(tracker.zone, name)
    if row is not None and type(row[tables.PID]) is Pid:
        return ("reply", ("ok", row[tables.PID]), tracker)
    launch = tracker.launches.get(key(name))
    if launch is not None:
        launch.waiters.insert(0, client)
    elif row is None:
        _launch(tracker, spec, [client])
    else:
        _wait_for_proxy(tracker, spec, row[tables.PROXY], "restart", [client])
    return ("noreply", tracker)


def _launch(tracker: Tracker, spec: Term, waiters: list[Term]) -> None:
    _wait_for_proxy(tracker, spec, spawn_launcher(tracker.zone, spec, tracker.options), "error", waiters)


def _wait_for_proxy(tracker: Tracker, spec: Term, proxy: Pid, action: str, waiters: list[Term]) -> None:
    """Keep `waiters` until `proxy` says that the child has started; `action` is what to do if it dies before that."""
    name = spec[0]
    monitor = erlang.monitor("process", proxy, [("tag", ("launcher_down", name, action))])
    tracker.launches[key(name)] = Launch(name, spec, proxy, monitor, waiters)


def _launch_ready(proxy: Pid, name: Term, reply: Term, tracker: Tracker) -> Term:
    launch = tracker.launches.get(key(name))
    # A proxy that restarts its child says so whether anybody waits or not.
    if launch is not None and launch.proxy == proxy:
        del tracker.launches[key(name)]
        erlang.demonitor(launch.monitor, ["flush"])
        launch.answer(reply)
    return ("noreply", tracker)


async def _launcher_down(name: Term, action: str, reason: Term, tracker: Tracker) -> Term:
    launch = tracker.launches.pop(key(name))
    if action == "restart":
        # The proxy of the dead child has run after_terminate and is gone: the name is free.
        _launch(tracker, launch.spec, launch.waiters)
    else:
        await attributes.forget(tracker.zone, name, tracker.options)
        launch.answer(("error", reason))
    return ("noreply", tracker)


async def _add_existing(tracker: Tracker, name: Term, pid: Pid, modules: Term) -> Term:
    # DIVERGES(gen_tracker): a child that is starting or ending is an error; in the original it loses its name, or the
    # tracker crashes.
    row = tables.find_row(tracker.zone, name)
    if row is not None:
        state = row[tables.PID]
        return ("error", ("already_started", state) if type(state) is Pid else state)
    if key(name) in tracker.launches:
        return ("error", tables.LAUNCHING)
    spec = (name, "undefined", "temporary", ADDED_SHUTDOWN, "worker", modules)
    # For the row alone: the proxy, which acts on the child's end, has a monitor of its own.
    ref = erlang.monitor("process", pid)
    await start_watcher(tracker.zone, tables.row(spec, pid, pid, ref), tracker.options)
    return ("ok", pid)


async def _delete_child(tracker: Tracker, name: Term) -> Term:
    row = tables.find_row(tracker.zone, name)
    if row is None:
        return ("error", "no_child")
    await stopping.stop_one(tracker.zone, row, tracker.options)
    return "ok"


def _is_normal_end(reason: Term) -> bool:
    return type(reason) is str and reason in ("normal", "shutdown")


async def _replace_proxy(tracker: Tracker, proxy: Pid) -> None:
    """A proxy was killed: give its child another one, or forget a child that was being started.

    DIVERGES(gen_tracker): in the original the row stays for ever, and names a child that may be long dead.
    """
    for row in ets.tab2list(tracker.zone):
        if row[tables.PROXY] == proxy:
            if type(row[tables.PID]) is Pid:
                await start_watcher(tracker.zone, row, tracker.options)
            else:
                await attributes.forget(tracker.zone, row[tables.NAME], tracker.options)
