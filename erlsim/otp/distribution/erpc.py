"""Calls of functions on other nodes, told apart by how they fail. Mirrors `erpc`.

`call(node, module, function, args)` and `call(node, fun)` return what the function returns there, in a process of its
own, or raise what it raises: a throw as it is, an exit as `exit:("exception", reason)`, an error as
`error:("exception", reason, stack)`, and `exit:("signal", reason)` if its process was ended by somebody else.
`error:("erpc", reason)` is the call's own failure: `noconnection`, `timeout`, `badarg`.
"""

from __future__ import annotations

from typing import Final

from erlsim import code, erlang
from erlsim.erlang import TIMEOUT
from erlsim.errors import ErlangException, Error, Exit, Throw, caught, pass_on
from erlsim.otp.shared import is_atom, is_timeout
from erlsim.terms import ABSENT, Improper, Ref, Term, exact_eq, matchable

RUN_IN = ("erpc", "execute_call")
MOST: Final = 4294967295
"""The longest time in ms to wait for an answer."""
OPTIONS: list[Term] = [("reply", "error_only"), "monitor"]


async def call(node: Term, first: Term, second: Term = ABSENT, third: Term = ABSENT, timeout: Term = ABSENT) -> Term:
    """`call(node, fun[, timeout])` or `call(node, module, function, args[, timeout])`; `timeout` in ms, or for ever.

    On the caller's own node, with no timeout, the caller's own process runs it.
    """
    module, function, args, after = _parted(first, second, third, timeout)
    if after == "infinity" and node == erlang.node():
        return await _call_here(module, function, args)
    mark, request = _request(node, module, function, args)
    return await _outcome(await erlang.receive(*_answers(request), after=after), mark, request)


def cast(node: Term, first: Term, function: Term = ABSENT, args: Term = ABSENT) -> str:
    """`cast(node, fun)` or `cast(node, module, function, args)`: have it run there, whatever it comes to; `"ok"`."""
    if function is ABSENT:
        # What is no fun fails there, and nobody hears of it here.
        first, function, args = "erlang", "apply", [first, []]
    module, function, args, _ = _parted(first, function, args, "infinity")
    if not is_atom(node):
        raise Error(("erpc", "badarg"))
    erlang.spawn_request(node, "erpc", "execute_cast", [module, function, args], [("reply", "no")])
    return "ok"


async def multicall(
    nodes: Term, first: Term, second: Term = ABSENT, third: Term = ABSENT, timeout: Term = ABSENT
) -> list[Term]:
    """As `call` on each of a list of nodes at once: `("ok", value)` or `(class, reason)` for each, in their order."""
    module, function, args, after = _parted(first, second, third, timeout)
    if type(nodes) is not list:
        raise Error(("erpc", "badarg"))
    requests = [_request(node, module, function, args) for node in nodes]
    until = after if after == "infinity" else erlang.monotonic_time("millisecond") + after
    found: list[Term] = []
    for mark, request in requests:
        left = until if until == "infinity" else max(0, until - erlang.monotonic_time("millisecond"))
        try:
            found.append(("ok", await receive_response(Improper((mark,), request), left)))
        except ErlangException as failure:
            found.append((failure.kind, failure.reason))
    return found


def multicast(nodes: Term, first: Term, function: Term = ABSENT, args: Term = ABSENT) -> str:
    """As `cast` on each of a list of nodes: `"ok"`."""
    if type(nodes) is not list:
        raise Error(("erpc", "badarg"))
    for node in nodes:
        cast(node, first, function, args)
    return "ok"


def send_request(node: Term, first: Term, function: Term = ABSENT, args: Term = ABSENT) -> Term:
    """`send_request(node, fun)` or `(node, module, function, args)`: a request id, to be waited for."""
    module, function, args, _ = _parted(first, function, args, "infinity")
    mark, request = _request(node, module, function, args)
    return Improper((mark,), request)


async def receive_response(request: Term, timeout: Term = "infinity") -> Term:
    """What the call of `request` comes to, as `call` does; after `timeout` ms it is given up."""
    mark, ref = _of(request)
    message = await erlang.receive(*_answers(ref), after=_checked(timeout))
    return await _outcome(message, mark, ref)


async def wait_response(request: Term, timeout: Term = 0) -> Term:
    """`("response", value)`, or what `call` raises, or `"no_response"` if there is none after `timeout` ms."""
    mark, ref = _of(request)
    message = await erlang.receive(*_answers(ref), after=_checked(timeout))
    return "no_response" if message is TIMEOUT else ("response", await _outcome(message, mark, ref))


def check_response(message: Term, request: Term) -> Term:
    """Whether `message` is the response to `request`: as `wait_response`."""
    mark, ref = _of(request)
    match matchable(message):
        case ("spawn_reply", Ref() as which, "error", reason) if which == ref:
            raise Error(("erpc", reason))
        case ("DOWN", Ref() as which, "process", _, reason) if which == ref:
            return ("response", result(reason, mark))
    return "no_response"


# ---- on the other node


async def execute_call(mark: Term, module: Term, function: Term, args: list[Term]) -> None:
    """What runs there: the process ends with what the function comes to, marked."""
    try:
        outcome: Term = (mark, "return", await code.call(module, function, args))
    except Exception as failure:
        pass_on(failure)
        kind, reason, stack = caught(failure)
        match kind:
            case "error":
                outcome = (mark, kind, reason, trimmed(stack, module, function, args))
            case _:
                outcome = (mark, kind, reason)
    erlang.exit(outcome)


async def execute_cast(module: Term, function: Term, args: list[Term]) -> None:
    """The same for a cast: an error is reported, with what belongs to the function of its stack."""
    try:
        await code.call(module, function, args)
    except Exception as failure:
        pass_on(failure)
        kind, reason, stack = caught(failure)
        match kind:
            case "error":
                raise Error(("exception", (reason, trimmed(stack, module, function, args)))) from None
        raise


def result(reason: Term, mark: Term) -> Term:
    """The value of a call whose process has ended for `reason`; raises what it has raised."""
    if type(reason) is tuple and len(reason) in (3, 4) and exact_eq(reason[0], mark):
        match matchable(reason[1:]):
            case ("return", value):
                return value
            case ("throw", value):
                raise Throw(value)
            case ("exit", why):
                raise Exit(("exception", why))
            case ("error", why, stack):
                raise Error(("exception", why, stack))
    if reason == "noconnection":
        raise Error(("erpc", "noconnection"))
    raise Exit(("signal", reason))


def trimmed(stack: list[Term], module: Term, function: Term, args: list[Term]) -> list[Term]:
    """The part of a stack that is above what runs a call."""
    above: list[Term] = []
    for entry in stack:
        if type(entry) is tuple and entry[:2] in (RUN_IN, ("erpc", "execute_cast"), ("erpc", "_call_here")):
            return above or [(code.name(module), function, args, [])]
        above.append(entry)
    return above


# ---- inside


async def _call_here(module: Term, function: Term, args: list[Term]) -> Term:
    try:
        return await code.call(module, function, args)
    except Throw:
        raise
    except Exit as failure:
        raise Exit(("exception", failure.reason)) from None
    except Exception as failure:
        pass_on(failure)
        _, reason, stack = caught(failure)
        raise Error(("exception", reason, trimmed(stack, module, function, args))) from None


def _request(node: Term, module: Term, function: Term, args: list[Term]) -> tuple[Ref, Ref]:
    if not is_atom(node):
        raise Error(("erpc", "badarg"))
    mark = erlang.make_ref()
    return mark, erlang.spawn_request(node, *RUN_IN, [mark, module, function, args], OPTIONS)


def _answers(request: Ref) -> tuple[Term, ...]:
    return ("spawn_reply", request, "error", ...), ("DOWN", request, "process", ..., ...)


async def _outcome(message: Term, mark: Ref, request: Ref) -> Term:
    if message is TIMEOUT:
        if erlang.demonitor(request, ["info"]):
            raise Error(("erpc", "timeout"))
        # It has just come.
        message = await erlang.receive(*_answers(request), after=0)
    if message[0] == "spawn_reply":
        raise Error(("erpc", message[3]))
    return result(message[4], mark)


def _of(request: Term) -> tuple[Ref, Ref]:
    match request:
        case Improper(items=(mark,), tail=Ref() as ref):
            return mark, ref
    raise Error(("erpc", "badarg"))


def _parted(first: Term, second: Term, third: Term, timeout: Term) -> tuple[Term, Term, list[Term], Term]:
    """Module, function, arguments and timeout, of a fun too."""
    if third is ABSENT:
        if not callable(first) or not code.takes(first, 0):
            raise Error(("erpc", "badarg"))
        return "erlang", "apply", [first, []], "infinity" if second is ABSENT else _checked(second)
    if not code.is_module(first) or not is_atom(second) or type(third) is not list:
        raise Error(("erpc", "badarg"))
    return first, second, third, "infinity" if timeout is ABSENT else _checked(timeout)


def _checked(timeout: Term) -> Term:
    if not is_timeout(timeout) or (timeout != "infinity" and timeout > MOST):
        raise Error(("erpc", "badarg"))
    return timeout
