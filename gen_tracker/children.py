"""Finding children, opening them, adding them, listing them: the interface of a tracker.

`find` and `list` only touch ETS, and so does `find_or_open` when the child is there. Everything else asks the
tracker, which `server` implements.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim import erlang, ets
from erlsim.errors import Error
from erlsim.otp import gen_server, proc_lib, supervisor
from erlsim.terms import ABSENT, Pid, Term
from gen_tracker import tables
from gen_tracker.attributes import info, is_plain, keys_are_plain, only
from gen_tracker.tables import NAME, PID, PROXY, Terms, attributes_by_name, position, running

OPEN_TIMEOUT = 60_000
"""How many ms a caller of `find_or_open` waits."""
_DEFAULTS: tuple[Any, ...] = (200, "worker", [])
PID_POSITION = position(PID)

# ---- looking up: ETS alone ---------------------------------------------------------------------------


def find(zone: Term, name: Term) -> Term:
    """`("ok", pid)` of a child, or `"undefined"`; `badarg` when there is no such tracker. `gen_tracker:find/2`."""
    try:
        pid = ets.lookup_element(zone, name, PID_POSITION)
    except Error:
        # Reading one field is cheaper than reading a row, but does not tell whether row or table is missing.
        ets.member(zone, name)
        return "undefined"
    return ("ok", pid) if type(pid) is Pid else "undefined"


def list(zone: Term, keys: Term = ABSENT) -> Terms:
    """`[(name, [("pid", pid), (key, value), ...]), ...]` of all living children. `gen_tracker:list/1,2`.

    With a list of keys only their attributes are shown. As in `info`, a tuple among names and keys is then
    `badarg`.
    """
    shown = _shown(zone, keys)
    return [(name, [("pid", pid), *shown(name)]) for pid, name in running(zone, NAME)]


def _shown(zone: Term, keys: Term) -> Callable[[Term], Terms]:
    if keys is ABSENT:
        return attributes_by_name(zone)
    if not keys_are_plain(keys):
        return lambda name: info(zone, name, keys)
    of = attributes_by_name(zone) if keys else lambda name: []
    return lambda name: only(of(name), keys) if is_plain(name) else info(zone, name, keys)


# ---- asking the tracker --------------------------------------------------------------------------------


async def find_or_open(zone: Term, spec: Term) -> Term:
    """The child's `("ok", pid)`: the one that is there, or one that is started now. `gen_tracker:find_or_open/2`.

    `spec` is `(name, (module, function, args), restart_type)` or
    `(name, (module, function, args), restart_type, shutdown, child_type, modules)`, with shutdown 200 ms, type
    worker and no modules in the shorter form; it is looked at when there is no child. The start function runs in
    the child's proxy. Whoever asks for a name that is being started, or whose child has just died, waits, and gets what
    the others get. `("error", fault)` for a spec that `supervisor.check_childspecs` refuses;
    `("error", reason)` when the start function returns that or fails; any other value of it as it is;
    `("error", "gen_tracker_not_started")`. Exits with `timeout` after 60 s.
    """
    spec = _full(spec)
    try:
        found = find(zone, spec[0])
    except Error:
        return ("error", "gen_tracker_not_started")
    if found != "undefined":
        return found
    checked = supervisor.check_childspecs([spec])
    if checked != "ok":
        return checked
    return await gen_server.call(zone, ("find_or_open", spec), OPEN_TIMEOUT)


def _full(spec: Term) -> Term:
    if type(spec) is tuple and len(spec) == 3:
        return (*spec, *_DEFAULTS)
    if type(spec) is not tuple or len(spec) != 6:
        raise Error("function_clause")
    return spec


async def add_existing_child(zone: Term, spec: Term) -> Term:
    """Track a process that runs already: `("ok", pid)`. `gen_tracker:add_existing_child/2`.

    `spec` is `(name, pid, "worker", modules)`. The child is not linked to the tracker; it is temporary, has 200 ms to
    shut down, and no `after_terminate`. `("error", ("already_started", pid))` when the name has a child,
    `("error", state)` when it has one that is not running; a process that is dead is forgotten at once.
    """
    if type(spec) is not tuple or len(spec) != 4 or type(spec[1]) is not Pid or spec[2] != "worker":
        raise Error("function_clause")
    return await gen_server.call(zone, ("add_existing_child", spec))


def which_children(zone: Term) -> Terms:
    """`[(name, pid_or_state, child_type, modules), ...]`, in no particular order. `gen_tracker:which_children/1`.

    The state of a child that does not run is `"launching"`, `"terminating"` or, with the restart option,
    `"restarting"`. Reads the table, so that it answers while the tracker is busy.
    """
    return tables.children(zone)


async def wait(zone: Term) -> Term:
    """`"ok"` when the tracker has handled what was sent to it before. `gen_tracker:wait/1`.

    DIVERGES(gen_tracker): no child that was dead by then is found any more either; in the original that depends on
    which process has run.

    What `after_terminate` does is not waited for.
    """
    answer = await gen_server.call(zone, "wait")
    if type(zone) is str:
        for proxy in _unaware_proxies(zone):
            await _catch_up(proxy)
    return answer


def _unaware_proxies(zone: Term) -> Terms:
    """The proxies that have not handled the DOWN of their child yet."""
    try:
        watched = running(zone, PROXY)
    except Error:
        return []
    return [proxy for pid, proxy in watched if not erlang.is_process_alive(pid)]


async def _catch_up(proxy: Pid) -> None:
    # Its DOWN was sent before this request, so it is handled before it; asking whether the proxy is alive
    # makes both arrive.
    request = gen_server.send_request(proxy, "wait")
    erlang.is_process_alive(proxy)
    await gen_server.receive_response(request, "infinity")


async def init_ack(value: Term) -> Term:
    """`proc_lib.init_ack` for children: `"ok"` when the tracker knows of the child. `gen_tracker:init_ack/1`.

    To be called by a child that its start function starts by `proc_lib.start_link`.
    """
    launcher = erlang.get("$ancestors")[0]
    proc_lib.init_ack(value)
    return await gen_server.call(launcher, "wait")
