"""Nodes that a program starts beside its own, each with a process here that controls it. Mirrors `peer`.

`start(options)` and `start_link(options)` give `("ok", pid, node)`: the process `pid`, and the node of the name in
`options`, which goes down when `pid` ends; `stop(pid)` is the way to end both. The node here must have a name
(`net_kernel.start`), or it is `error:not_alive`. Options, a map: `name`, `host`, `peer_down` (`"stop"`, `"continue"`,
`"crash"`: what becomes of `pid` when the node goes down), `shutdown`, `wait_boot`; others are taken and change nothing.
"""

from __future__ import annotations

from typing import Final

from erlsim import erlang
from erlsim.erlang import TIMEOUT
from erlsim.errors import ErlangException, ErlsimError, Error, Exit
from erlsim.otp import gen_server
from erlsim.otp.distribution import erpc, net_kernel, services
from erlsim.otp.shared import is_atom
from erlsim.terms import ABSENT, Pid, Term, chars, exact_eq, matchable

WAIT_BOOT: Final = 15_000
HALT: Final = 5000
LEAST: Final = 1000
MOST: Final = 4294967295
CALL: Final = 5000
State = dict[str, Term]


def random_name(prefix: Term = "peer") -> list[Term]:
    """A name that no node has yet, as text."""
    words = prefix if is_atom(prefix) else "".join(map(chr, prefix))
    return chars(f"{words}-{erlang.unique_integer(['positive'])}-1")


async def start(options: Term) -> Term:
    """Start a node: `("ok", pid, node)`, or `("ok", pid)` with an option that says not to wait for it.

    Exits `timeout` after `wait_boot` ms (15,000), as it does if a node of that name is up already.
    """
    return await _start(options, gen_server.start)


async def start_link(options: Term = ABSENT) -> Term:
    """As `start`, with `pid` linked to the caller; without `options` under a random name."""
    return await _start({"name": random_name()} if options is ABSENT else options, gen_server.start_link)


async def stop(pid: Term) -> Term:
    """End the process that controls a node, and so that node: `"ok"`."""
    return await gen_server.stop(pid)


async def get_state(pid: Term) -> Term:
    """`"booting"`, `"running"` or `("down", reason)`."""
    return await gen_server.call(pid, "get_state")


async def call(pid: Term, module: Term, function: Term, args: Term, timeout: Term = CALL) -> Term:
    """`error:noconnection`: for a node that is connected, as all are here, `erpc.call` is what there is to use."""
    reason = (await gen_server.call(pid, ("call", module, function, args), timeout))[1]
    raise Error(reason)


def cast(pid: Term, module: Term, function: Term, args: Term) -> str:
    """Nothing, for the same reason: `"ok"`."""
    return gen_server.cast(pid, ("cast", module, function, args))


def send(pid: Term, to: Term, message: Term) -> str:
    """Nothing, for the same reason: `"ok"`."""
    return gen_server.cast(pid, ("send", to, message))


async def _start(options: Term, starting: Term) -> Term:
    _check(options)
    wait = options.get("wait_boot", WAIT_BOOT)
    waits = wait == "infinity" or type(wait) is int
    notify: Term = (erlang.self(), erlang.make_ref()) if waits else wait
    answer = await starting("peer", [notify, options], [])
    if answer[0] != "ok":
        return answer
    pid = answer[1]
    if not waits:
        return ("ok", pid, _name(options)) if "host" in options else ("ok", pid)
    ref = erlang.monitor("process", pid)
    message = await erlang.receive((notify[1], ...), ("DOWN", ref, ..., ..., ...), after=wait)
    if message is TIMEOUT:
        await gen_server.stop(pid)
        erlang.demonitor(ref, ["flush"])
        raise Exit("timeout")
    match matchable(message):
        case (_, (_, node, _)):
            erlang.demonitor(ref, ["flush"])
            return ("ok", pid, node)
        case (*_, reason):
            raise Exit(reason)


def _check(options: Term) -> None:
    """Refuse what cannot be started, with OTP's terms."""
    if not isinstance(options, dict):
        raise Error(("badmap", options), [("maps", "get", 3, [])])
    if "connection" in options:
        # DIVERGES(otp): a node that is not connected with the others, but with its controller alone, is not simulated.
        raise ErlsimError(f"peer: connection {options['connection']!r} is not simulated: all nodes are connected")
    if "name" not in options or not erlang.is_alive():
        raise Error("not_alive")
    if "shutdown" in options and not _is_shutdown(options["shutdown"]):
        raise Error(("shutdown", options["shutdown"]))


def _is_shutdown(how: Term) -> bool:
    match matchable(how):
        case "close" | "halt":
            return True
        case ("halt", after) | (after, str()):
            return _is_long(after)
    return _is_long(how)


def _is_long(after: Term) -> bool:
    return after == "infinity" or (type(after) is int and LEAST <= after <= MOST)


def _name(options: Term) -> str:
    name, host = options["name"], options.get("host", ABSENT)
    words = name if is_atom(name) else "".join(map(chr, name))
    where = erlang.node().rpartition("@")[2] if host is ABSENT else "".join(map(chr, host))
    return net_kernel.full_name(words, where)


# ---- the process that controls a node


def init(arg: Term) -> Term:
    """Start the node; that it is up comes as a message from there."""
    notify, options = arg
    erlang.process_flag("trap_exit", True)
    node = _name(options)
    # A second one of that name never says that it is up.
    if erlang.start_node(node):
        services.start(node)
        services.start_relay(node, erlang.group_leader())
        me = erlang.self()
        erlang.spawn(node, lambda: _controlled(me))
    return ("ok", {"options": options, "notify": notify, "node": "undefined", "peer_state": "booting"})


async def _controlled(controller: Pid) -> None:
    """What runs on the node: it goes down when who controls it ends."""
    ref = erlang.monitor("process", controller)
    erlang.send(controller, ("started", erlang.node()))
    await erlang.receive(("DOWN", ref, ..., ..., ...))
    erlang.halt()


def handle_call(request: Term, from_: Term, state: State) -> Term:
    """`get_state`, `get_node`, `group_leader`; a call of a function finds no connection of its own."""
    match matchable(request):
        case "get_state":
            return ("reply", state["peer_state"], state)
        case "get_node":
            return ("reply", state["node"], state)
        case "group_leader":
            return ("reply", erlang.group_leader(), state)
    return ("reply", ("error", "noconnection"), state)


def handle_cast(request: Term, state: State) -> Term:
    """There is no connection to send it by."""
    return ("noreply", state)


def handle_info(message: Term, state: State) -> Term:
    """The node is up, or down."""
    match matchable(message):
        case ("started", node):
            erlang.monitor_node(node, True)
            if state["notify"] is not False:
                to, tag = state["notify"]
                erlang.send(to, (tag, ("started", node, erlang.self())))
            return ("noreply", {**state, "node": node, "peer_state": "running"})
        case ("nodedown", _):
            down = {**state, "peer_state": ("down", message)}
            match state["options"].get("peer_down", "stop"):
                case "crash":
                    return ("stop", message, down)
                case "continue":
                    return ("noreply", down)
            return ("stop", "normal", down)
    return ("noreply", state)


async def terminate(reason: Term, state: State) -> str:
    """Take the node down, as the option `shutdown` says."""
    node = state["node"]
    match matchable(state["options"].get("shutdown", ("halt", HALT))):
        case "close":
            erlang.disconnect_node(node)
        case "halt":
            await _halt(node, HALT)
        case ("halt", after):
            await _halt(node, after)
        case after:
            erpc.cast(node, "init", "stop", [])
            await _wait_until_down(node, after[0] if type(after) is tuple else after)
    return "ok"


async def _halt(node: str, after: Term) -> None:
    try:
        await erpc.call(node, "erlang", "halt", [], after)
    except ErlangException as failure:
        if not exact_eq(failure.reason, ("erpc", "noconnection")):
            erlang.disconnect_node(node)


async def _wait_until_down(node: str, after: Term) -> None:
    erlang.monitor_node(node, True)
    if await erlang.receive(("nodedown", node), after=after) is TIMEOUT:
        erlang.disconnect_node(node)
