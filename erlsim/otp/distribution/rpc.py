"""Calls of functions on other nodes, where a failure is a value: `("badrpc", reason)`. Mirrors `rpc`.

`call` stands on `erpc`; `block_call` asks the process `rex` of the other node, which runs one such call after another.
"""

from __future__ import annotations

from erlsim import erlang
from erlsim.errors import ErlangException, Error, Exit
from erlsim.otp import gen_server
from erlsim.otp.distribution import erpc
from erlsim.otp.shared import is_atom, is_timeout
from erlsim.terms import ABSENT, Pid, Term, exact_eq, matchable

SERVER = "rex"


async def call(node: Term, module: Term, function: Term, args: Term, timeout: Term = "infinity") -> Term:
    """`module:function(args)` on a node: its value, or `("badrpc", reason)`.

    The reason is `nodedown`, `timeout` (after `timeout` ms), or why the function failed, `("EXIT", reason)`. What it
    throws counts as its value.
    """
    try:
        return _shown(await erpc.call(node, module, function, args, timeout))
    except ErlangException as failure:
        return told(failure)


async def block_call(node: Term, module: Term, function: Term, args: Term, timeout: Term = "infinity") -> Term:
    """As `call`, while that node runs no other call of this kind."""
    if not is_atom(node) or not is_atom(module) or type(args) is not list or not is_timeout(timeout):
        shown = [node, module, function, args, timeout]
        raise Error("function_clause", [("rpc", "block_call", shown, [])])
    request = ("block_call", module, function, args, erlang.group_leader())
    try:
        return await gen_server.call((SERVER, node), request, timeout)
    except Exit as failure:
        match matchable(failure.reason):
            case (("nodedown", _), _):
                return ("badrpc", "nodedown")
            case ("timeout", _):
                return ("badrpc", "timeout")
        return ("badrpc", ("EXIT", failure.reason))


def cast(node: Term, module: Term, function: Term, args: Term) -> bool:
    """Have `module:function(args)` run on a node, whatever it comes to: `True`."""
    try:
        erpc.cast(node, module, function, args)
    except Error as failure:
        raise _badarg(failure) from None
    return True


async def multicall(first: Term, *rest: Term) -> tuple[list[Term], list[Term]]:
    """`multicall([nodes,] module, function, args[, timeout])`: the values as `call` gives them, and the bad nodes.

    Without `nodes` on all there are, this one too.
    """
    nodes, what = (first, rest) if type(first) is list else (_everywhere(), (first, *rest))
    if len(what) not in (3, 4):
        raise Error("undef", [("rpc", "multicall", [first, *rest], [])])
    try:
        answers = await erpc.multicall(nodes, *what)
    except Error as failure:
        raise _badarg(failure) from None
    values: list[Term] = []
    bad: list[Term] = []
    for node, (kind, value) in zip(nodes, answers, strict=True):
        if kind == "ok":
            values.append(_shown(value))
        elif value in (("erpc", "timeout"), ("erpc", "noconnection")):
            bad.append(node)
        else:
            values.append(_told(kind, value))
    return values, bad


def abcast(nodes: Term, name: Term, message: Term = ABSENT) -> str:
    """`abcast([nodes,] name, message)`: send to who goes by `name` on each node; `"abcast"`."""
    if message is ABSENT:
        nodes, name, message = _everywhere(), nodes, name
    for node in nodes:
        erlang.send((name, node), message)
    return "abcast"


async def sbcast(nodes: Term, name: Term, message: Term = ABSENT) -> tuple[list[Term], list[Term]]:
    """`sbcast([nodes,] name, message)`: the nodes where somebody goes by `name`, who gets `message`, and the others."""
    if message is ABSENT:
        nodes, name, message = _everywhere(), nodes, name
    good: list[Term] = []
    bad: list[Term] = []
    for node in nodes:
        ref = erlang.monitor("process", (SERVER, node))
        erlang.send((SERVER, node), (erlang.self(), ("sbcast", name, message)))
        answer = await erlang.receive(("DOWN", ref, ..., ..., ...), (SERVER, node, ...))
        erlang.demonitor(ref, ["flush"])
        (good if exact_eq(answer, (SERVER, node, node)) else bad).append(node)
    return good, bad


def eval_everywhere(nodes: Term, module: Term, function: Term, args: Term = ABSENT) -> str:
    """`eval_everywhere([nodes,] module, function, args)`: `cast` on each node; `"abcast"`."""
    if args is ABSENT:
        nodes, module, function, args = _everywhere(), nodes, module, function
    for node in nodes:
        cast(node, module, function, args)
    return "abcast"


async def pinfo(pid: Pid, items: Term = ABSENT) -> Term:
    """`process_info` of a process on any node."""
    return await call(erlang.node(pid), "erlang", "process_info", [pid] if items is ABSENT else [pid, items])


def _everywhere() -> list[Term]:
    """All nodes there are, this one first."""
    return [erlang.node(), *erlang.nodes()]


def told(failure: ErlangException) -> Term:
    """What a failure of `erpc.call` is as a value of `call`; some are raised."""
    return _told(failure.kind, failure.reason, failure)


def _told(kind: str, reason: Term, failure: ErlangException | None = None) -> Term:
    match (kind, matchable(reason)):
        case ("throw", _):
            return _shown(reason)
        case ("exit", ("exception" | "signal", why)):
            return ("badrpc", ("EXIT", why))
        case ("error", ("exception", why, stack)):
            return ("badrpc", ("EXIT", (why, stack)))
        case ("error", ("erpc", "noconnection")):
            return ("badrpc", "nodedown")
        case ("error", ("erpc", "timeout")):
            return ("badrpc", "timeout")
        case ("error", ("erpc", "badarg")):
            raise Error("badarg")
    raise failure if failure is not None else Error(reason)


def _badarg(failure: Error) -> Error:
    return Error("badarg") if failure.reason == ("erpc", "badarg") else failure


def _shown(value: Term) -> Term:
    """A value that looks as a failure did in the old days counts as one."""
    is_exit = type(value) is tuple and len(value) == 2 and value[0] == "EXIT"
    return ("badrpc", value) if is_exit else value
