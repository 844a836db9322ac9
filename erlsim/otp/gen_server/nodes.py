"""Calls and casts to a name on many nodes. Mirrors `gen_server:multi_call` and `abcast`."""

from __future__ import annotations

from erlsim import erlang
from erlsim.erlang import TIMEOUT
from erlsim.errors import Error, Exit
from erlsim.otp import gen
from erlsim.otp.shared import is_atom, is_timeout
from erlsim.terms import ABSENT, Ref, Term, exact_eq

Replies = tuple[list[tuple[str, Term]], list[str]]


def abcast(nodes: Term, name: Term, request: Term = ABSENT) -> str:
    """`abcast([nodes,] name, request)`: cast to `name` on every node; `"abcast"`."""
    if request is ABSENT:
        nodes, name, request = [erlang.node(), *erlang.nodes()], nodes, name
    _check(nodes, name, "abcast")
    for node in nodes:
        if not is_atom(node):
            raise Error("function_clause", [("gen_server", "do_abcast", [nodes, name, request], [])])
        erlang.send((name, node), ("$gen_cast", request))
    return "abcast"


async def multi_call(nodes: Term, name: Term, request: Term = ABSENT, timeout: Term = "infinity") -> Replies:
    """`multi_call([nodes,] name, request[, timeout])`: `([(node, reply)], [bad_node])`.

    With a `timeout` in ms a process in between collects the replies, so that none comes late.
    """
    if request is ABSENT:
        nodes, name, request = [erlang.node(), *erlang.nodes()], nodes, name
    _check(nodes, name, "multi_call")
    if not is_timeout(timeout):
        raise Error("function_clause", [("gen_server", "multi_call", [nodes, name, request, timeout], [])])
    if timeout != "infinity":
        return await _in_between(nodes, name, request, timeout)
    if nodes == [erlang.node()]:
        try:
            return [(nodes[0], (await gen.call(name, "$gen_call", request, "infinity"))[1])], []
        except Exit:
            return [], nodes
    return await _ask_all(nodes, name, request, None)


def _check(nodes: Term, name: Term, function: str) -> None:
    if type(nodes) is not list or not is_atom(name):
        raise Error("function_clause", [("gen_server", function, [nodes, name], [])])


async def _in_between(nodes: list[str], name: str, request: Term, timeout: int) -> Replies:
    caller = erlang.self()
    tag = erlang.make_ref()

    async def collect() -> None:
        # Trapping exits, and started by a message, so that the caller's monitor is there before it ends.
        erlang.process_flag("trap_exit", True)
        ref = erlang.monitor("process", caller)
        message = await erlang.receive((caller, tag), ("DOWN", ref, ..., ..., ...))
        if message[0] == "DOWN":
            erlang.exit("normal")
        timer = erlang.start_timer(timeout, erlang.self(), "ok")
        erlang.exit((erlang.self(), tag, await _ask_all(nodes, name, request, timer)))

    collector = erlang.spawn(collect)
    ref = erlang.monitor("process", collector)
    erlang.send(collector, (caller, tag))
    reason = (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]
    if type(reason) is tuple and len(reason) == 3 and exact_eq(reason[:2], (collector, tag)):
        found: Replies = reason[2]
        return found
    raise Exit(reason)


async def _ask_all(nodes: list[str], name: str, request: Term, timer: Ref | None) -> Replies:
    """Ask every node, the last one being waited for first; both lists come out in the order of `nodes`."""
    tag = erlang.make_ref()
    asked = []
    for node in nodes:
        if is_atom(node):
            asked.append((node, _watch(node, name)))
            erlang.send((name, node), ("$gen_call", (erlang.self(), (tag, node)), request))
    replies: list[tuple[str, Term]] = []
    bad: list[str] = []
    late = False
    for node, ref in reversed(asked):
        patterns = [("DOWN", ref, ..., ..., ...), ((tag, node), ...)]
        if timer is not None and not late:
            patterns.append(("timeout", timer, ...))
        message = await erlang.receive(*patterns, after=0 if late else "infinity")
        late = late or (message is not TIMEOUT and message[0] == "timeout")
        if message is not TIMEOUT and len(message) == 2:
            replies.insert(0, (node, message[1]))
        else:
            bad.insert(0, node)
        erlang.demonitor(ref, ["flush"])
    if timer is not None:
        erlang.cancel_timer(timer)
    return replies, bad


def _watch(node: str, name: str) -> Ref:
    if node == erlang.node() or erlang.is_alive():
        return erlang.monitor("process", (name, node))
    ref = erlang.make_ref()
    erlang.send(erlang.self(), ("DOWN", ref, "process", (name, node), "noconnection"))
    return ref
