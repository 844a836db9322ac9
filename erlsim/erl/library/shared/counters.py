"""The module `counters`."""

from __future__ import annotations

from erlsim.erl.library.shared.cells_of import SIGNED, Integers, integers_of, make, place_in
from erlsim.erl.running.cells import listed
from erlsim.erl.running.failures import Failed, bif_failed
from erlsim.terms import Term

__in_stacks__ = False

_KINDS = ("atomics", "write_concurrency")


def _badarg(function: str, *args: Term) -> Failed:
    return bif_failed("badarg", "counters", function, list(args))


def _ref(counters: Term) -> Term:
    is_one = type(counters) is tuple and len(counters) == 2 and counters[0] in _KINDS
    return counters[1] if is_one else "none"


def _counters(function: str, *args: Term) -> Integers:
    return place_in(_ref(args[0]), args[1], "counters", function, list(args))


def new(count: Term, options: Term) -> Term:
    """`new/2`."""
    given = listed(options)
    if given is None or any(each not in _KINDS for each in given):
        failure = _badarg("new", count, options)
        failure.cause = "badopt"
        raise failure
    if type(count) is not int or count < 1:
        raise _badarg("new", count, options)
    return (given[-1] if given else "atomics", make(count))


def get(counters: Term, place: Term) -> int:
    """`get/2`."""
    found = _counters("get", counters, place).values
    value: int = found[place - 1]
    return value


def add(counters: Term, place: Term, step: Term) -> str:
    """`add/3`."""
    return _changed("add", 1, counters, place, step)


def sub(counters: Term, place: Term, step: Term) -> str:
    """`sub/3`."""
    return _changed("sub", -1, counters, place, step)


def put(counters: Term, place: Term, value: Term) -> str:
    """`put/3`."""
    found = _counters("put", counters, place, value)
    if type(value) is not int or not SIGNED[0] <= value <= SIGNED[1]:
        raise _badarg("put", counters, place, value)
    found.values[place - 1] = value
    return "ok"


def _changed(function: str, sign: int, *args: Term) -> str:
    found = _counters(function, *args)
    if type(args[2]) is not int:
        raise _badarg(function, *args)
    found.values[args[1] - 1] = found.wrapped(found.values[args[1] - 1] + sign * args[2])
    return "ok"


def info(counters: Term) -> Term:
    """`info/1`."""
    found = integers_of(_ref(counters))
    if found is None:
        raise _badarg("info", counters)
    size = len(found.values)
    if counters[0] == "atomics":
        return {"max": found.greatest, "memory": 40 + 8 * size, "min": found.least, "size": size}
    return {"memory": 96 + 64 * -(-size // 8), "size": size}
