"""Requests that are not waited for, and collections of them. Mirrors `gen:send_request` and its kin.

A request is the reference of a monitor with an alias; a collection of them is a map of request ids to labels, whose
timeouts are milliseconds, `"infinity"` or `("abs", monotonic_ms)`.
"""

from __future__ import annotations

from collections.abc import Callable

from erlsim import erlang
from erlsim.erlang import TIMEOUT
from erlsim.errors import Error, Exit
from erlsim.otp.gen.calling import ALIAS
from erlsim.otp.gen.names import find_now
from erlsim.otp.shared import MAX_TIMEOUT
from erlsim.terms import ABSENT, Improper, Ref, Term, cons, matchable
from erlsim.terms.atoms import DemonitorOption, MonitorOption

__in_stacks__ = False

DEMONITOR_ALIAS: list[MonitorOption] = [("alias", "demonitor")]
FLUSH: list[DemonitorOption] = ["flush"]
Collection = dict[Ref, Term]


def send_request(process: Term, label: Term, request: Term, mark: Term = ABSENT, collection: Term = ABSENT) -> Term:
    """Send `(label, from, request)`: the request id, or `collection` with the request in it under `mark`."""
    if mark is ABSENT:
        return _send_request(process, label, request)
    if not isinstance(collection, dict):
        raise Error("function_clause", [("gen", "send_request", [process, label, request, mark, collection], [])])
    return {**collection, _send_request(process, label, request): mark}


def _send_request(process: Term, label: Term, request: Term) -> Ref:
    """The request id. A missing process answers with a made-up `DOWN`."""
    try:
        pid = find_now(process)
    except Exit as failure:
        ref = erlang.make_ref()
        erlang.send(erlang.self(), ("DOWN", ref, "process", process, failure.reason))
        return ref
    ref = erlang.monitor("process", pid, DEMONITOR_ALIAS)
    erlang.send(pid, (label, (erlang.self(), Improper(ALIAS, ref)), request))
    return ref


async def wait_response(request: Term, timeout: Term, delete: Term = None) -> Term:
    """Wait for one response; a timeout leaves the request as it is.

    For a request id: `("reply", reply)`, `("error", (reason, server))` or `"timeout"`; for a collection that with
    its label and what is left of it, or `"no_request"` when it is empty.
    """
    if delete is None:
        return await _wait_one(request, _milliseconds(timeout))
    _check_collection(request, delete)
    after = _milliseconds(timeout)
    if not request:
        return "no_request"
    message = await erlang.receive(_answers(request), after=after)
    return "timeout" if message is TIMEOUT else _result(message, request, delete)


async def receive_response(request: Term, timeout: Term, delete: Term = None) -> Term:
    """As `wait_response`, but a timeout abandons the request, or all of the collection."""
    answer = await wait_response(request, timeout, delete)
    if not (isinstance(answer, str) and answer == "timeout"):
        return answer
    if delete is None:
        erlang.demonitor(request, FLUSH)
        # The reply may have come before the alias was gone.
        message = await erlang.receive((Improper(ALIAS, request), ...), after=0)
        return "timeout" if message is TIMEOUT else ("reply", message[1])
    for ref in request:
        erlang.demonitor(ref, FLUSH)
    while await erlang.receive(_answers(request), after=0) is not TIMEOUT:
        pass
    return "timeout"


def check_response(message: Term, request: Term, delete: Term = None) -> Term:
    """Whether `message` is a response: as `wait_response`, or `"no_reply"`."""
    if delete is None:
        if type(request) is not Ref:
            raise Error("badarg")
        return _one_result(message, request) if _answered(message) == request else "no_reply"
    _check_collection(request, delete)
    if not request:
        return "no_request"
    return _result(message, request, delete) if _answered(message) in request else "no_reply"


def reqids_new() -> Collection:
    """An empty collection."""
    return {}


def reqids_size(collection: Term) -> int:
    """How many requests a collection has."""
    _check_map(collection)
    return len(collection)


def reqids_add(request: Ref, label: Term, collection: Term) -> Collection:
    """The collection with one more request; `badarg` if it is there already."""
    if type(request) is not Ref or not isinstance(collection, dict) or request in collection:
        raise Error("badarg")
    return {**collection, request: label}


def reqids_to_list(collection: Term) -> list[tuple[Ref, Term]]:
    """`(request id, label)` of all requests."""
    _check_map(collection)
    return list(collection.items())


async def _wait_one(request: Ref, after: Term) -> Term:
    message = await erlang.receive((cons(ALIAS, request), ...), ("DOWN", request, ..., ..., ...), after=after)
    return "timeout" if message is TIMEOUT else _one_result(message, request)


def _answered(message: Term) -> Ref | None:
    """The request that `message` is a response to, if it looks like one."""
    match matchable(message):
        case (Improper(items=("alias",), tail=Ref() as ref), _):
            return ref
        case ("DOWN", Ref() as ref, _, _, _):
            return ref
    return None


def _answers(collection: Collection) -> Callable[[Term], bool]:
    return lambda message: _answered(message) in collection


def _one_result(message: Term, request: Ref) -> Term:
    if message[0] == "DOWN":
        return ("error", (message[4], message[3]))
    erlang.demonitor(request, FLUSH)
    return ("reply", message[1])


def _result(message: Term, collection: Collection, delete: bool) -> Term:
    ref = _answered(message)
    assert ref is not None
    result = _one_result(message, ref)
    left = {other: label for other, label in collection.items() if other != ref} if delete else collection
    return (result, collection[ref], left)


def _milliseconds(timeout: Term) -> Term:
    match matchable(timeout):
        case "infinity":
            return timeout
        case int() | float() if type(timeout) is not bool and 0 <= timeout <= MAX_TIMEOUT:
            # A float is past the guard, and refused by the receive: as there.
            return timeout
        case ("abs", int(when)):
            left: int = max(0, when - erlang.monotonic_time("millisecond"))
            if left <= MAX_TIMEOUT:
                return left
    raise Error("badarg")


def _check_map(collection: Term) -> None:
    if not isinstance(collection, dict):
        raise Error("badarg")


def _check_collection(collection: Term, delete: Term) -> None:
    if not isinstance(collection, dict) or type(delete) is not bool:
        raise Error("function_clause")
