"""Nodes: which one something is of, which others there are, and whether one goes down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from erlsim import _kernel
from erlsim._bifs.common import badarg, here
from erlsim._bifs.operations import MONITOR_NODE, NODES, START_NODE, STOP_NODE
from erlsim._kernel import NONODE, World, post_message, stop_node, thread
from erlsim.errors import Error
from erlsim.terms import Pid, Ref, Term, exact_eq
from erlsim.terms.ids import pid_on

KINDS = ("visible", "hidden", "connected", "this", "known")


def node(*of: Term) -> str:
    """The name of the caller's node, `"nonode@nohost"` while it has none; `node(pid | ref)` is where that belongs.

    `badarg` for what is neither. Mirrors `erlang:node/0,1`.
    """
    if of and (len(of) > 1 or type(of[0]) not in (Pid, Ref)):
        badarg()
    world = thread.world
    if type(world) is not World:
        return NONODE
    if not of:
        return world.node_of(world.current.pid).name
    if type(of[0]) is Pid:
        return world.node_of(of[0]).name
    # DIVERGES(otp): a reference is of the node of who made it only as long as it is a monitor or an alias; any other is
    # of the first node.
    owner = getattr(of[0].home, "owner", None)
    return world.node.name if owner is None else world.node_of(owner.pid).name


def nodes(kind: str | Sequence[str] = "visible", asked: Term = None) -> list[Term]:
    """The other nodes, in the order in which they were started; `[]` if there is one only.

    `kind`, or each of a list of them: `"visible"` and `"connected"` (all others), `"hidden"` (none), `"this"`,
    `"known"` (all, and this one). With `asked`, a map of `connection_id` and `node_type` to whether that is wanted,
    each comes with a map of them. `badarg` for another kind. Mirrors `erlang:nodes/0,1,2`.
    """
    wanted: Sequence[Term] = kind if type(kind) is list else [kind]
    if any(type(each) is not str or each not in KINDS for each in wanted) or not (asked is None or type(asked) is dict):
        badarg()
    world = here()
    if world.slow:
        world.visible(NODES)
    me = world.node_of(world.current.pid)
    found = [me.name] if "this" in wanted or "known" in wanted else []
    if world.nodes is not None and not {"visible", "connected", "known"}.isdisjoint(wanted):
        found += [each.name for each in world.nodes if each.is_up and each is not me]
    return found if asked is None else [(each, _about(world, each, asked)) for each in found]


def _about(world: World, name: str, asked: dict[Term, Term]) -> dict[Term, Term]:
    is_this = name == world.node_of(world.current.pid).name
    found = world.node_named(name)
    assert found is not None
    about = {
        "connection_id": "undefined" if is_this else found.number,
        "node_type": "this" if is_this else "visible",
    }
    if any(each not in about or type(value) is not bool for each, value in asked.items()):
        badarg()
    return {each: about[each] for each, value in asked.items() if value}


def is_alive() -> bool:
    """Whether the node has a name, so that there can be others. Mirrors `erlang:is_alive/0`."""
    return here().node.name != NONODE


def setnode(name: str, creation: int = 1) -> bool:
    """Call the first node `name`: `True`. `net_kernel.start` is what programs use. Mirrors `erlang:setnode/2`.

    `"nonode@nohost"` takes the name away, and the other nodes go down: nothing is connected with them any more.
    """
    world = here()
    if type(name) is not str or "@" not in name or type(creation) is not int or world.node_named(name) is not None:
        badarg()
    for other in (world.nodes or [])[1:] if name == NONODE else ():
        if world.slow:
            world.visible(STOP_NODE, other.name)
        if other.is_up:
            stop_node(world, other)
    if world.slow:
        world.visible(START_NODE, name)
    world.node.name = name
    return True


def start_node(name: str) -> bool:
    """Start another node: whether it is up, which it is not if one of that name is up already. It runs nothing yet.

    Not one of Erlang's BIFs, where a node is a program of the operating system: `peer` is what programs use. `badarg`
    for what is no `"name@host"`, and while the caller's node has no name.
    """
    world = here()
    if type(name) is not str or "@" not in name or not is_alive():
        badarg()
    if world.slow:
        world.visible(START_NODE, name)
    if world.node_named(name) is not None:
        return False
    _kernel.start_node(world, name)
    return True


def start_sleeper(where: str, name: str, fun: Callable[[], Any], is_system: bool = True) -> Pid:
    """A process on the node `where`, which goes by `name` and runs `fun` when its first message comes.

    One that `is_system` runs without giving way to others, which suits who runs nothing of a program. Not one of
    Erlang's BIFs. `badarg` if there is no such node, or the name is taken there.
    """
    world = here()
    found = world.node_named(where)
    if found is None or name in found.registry:
        badarg()
    process = _kernel.start_sleeper(world, found, name, fun, is_system)
    world.note("system", process.pid, name)
    return process.pid


def monitor_node(name: str, flag: bool, options: Sequence[Term] = ()) -> bool:
    """With `True` ask, with `False` take back, to get `("nodedown", name)` when that node goes down: `True`.

    Of a node that is not there that comes at once; who asks twice gets it twice. `notalive` while the caller's node has
    no name, and `badarg` for arguments of another kind. Mirrors `erlang:monitor_node/2,3`.
    """
    world = here()
    if type(name) is not str or type(flag) is not bool:
        badarg()
    if name == node():
        return True
    if not is_alive():
        raise Error.known("notalive")
    if world.slow:
        world.visible(MONITOR_NODE, name)
    me = world.current
    if flag and world.node_named(name) is None:
        post_message(me, ("nodedown", name))
    elif flag:
        world.node_watchers.append((me, name))
    elif (me, name) in world.node_watchers:
        world.node_watchers.remove((me, name))
    return True


def monitor_nodes(flag: bool) -> str:
    """With `True` ask, with `False` take back, to get `("nodeup", name)` and `("nodedown", name)` of all nodes: `"ok"`.

    `net_kernel.monitor_nodes` is what programs use.
    """
    world = here()
    if type(flag) is not bool:
        badarg()
    if world.slow:
        world.visible(MONITOR_NODE, "")
    me = world.current
    others = [each for each in world.node_watchers if each != (me, None)]
    world.node_watchers = [*world.node_watchers, (me, None)] if flag else others
    return "ok"


def disconnect_node(name: str) -> str | bool:
    """Break the connection with a node: `True`, `False` if there is none, `"ignored"` while the caller's has no name.

    Mirrors `erlang:disconnect_node/1`.
    """
    # DIVERGES(otp): the other node goes down, as one does that `peer` has started and that has lost who started it; so
    # all others lose it, too. The first node does not go down: nobody can disconnect it.
    if type(name) is not str:
        badarg()
    if not is_alive():
        return "ignored"
    world = here()
    if world.slow:
        world.visible(STOP_NODE, name)
    found = world.node_named(name)
    if found is None or found is world.node_of(world.current.pid) or not found.number:
        return False
    stop_node(world, found)
    return True


def halt(status: Term = 0, options: Term = None) -> Any:
    """End the node at once, with the processes there; the first node is the Python program, which ends by `SystemExit`.

    `status`, a number or last words, is that of the program; of another node nobody sees it. `badarg` for another
    status. Mirrors `erlang:halt/0,1,2`.
    """
    world = here()
    is_text = type(status) is list and all(type(each) is int and 0 <= each < 0x110000 for each in status)
    if not (is_text or status == "abort" or (type(status) is int and status >= 0)):
        badarg()
    number = world.current.pid.node
    if number and world.nodes is not None:
        if world.slow:
            world.visible(STOP_NODE, world.nodes[number].name)
        stop_node(world, world.nodes[number])
    raise SystemExit(134 if status == "abort" else "".join(map(chr, status)) if is_text else status)


def pid_of(where: str | int, number: int) -> Pid | None:
    """The pid that counts as `number` on a node, by that one's name or number; `None` if there has been no such node.

    Not one of Erlang's BIFs: for those that make pids out of texts and bytes.
    """
    world = here()
    for node_ in reversed(world.nodes or [world.node]):
        if exact_eq(where, node_.number) or (type(where) is str and where == node_.name):
            pid = pid_on(node_.number, number)
            process = world.table.get(pid.number)
            return pid if process is None else process.pid
    return None
