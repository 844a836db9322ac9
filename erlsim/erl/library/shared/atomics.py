"""The module `atomics`."""

from __future__ import annotations

from erlsim.erl.library import proplists
from erlsim.erl.library.shared.cells_of import SIGNED, UNSIGNED, Integers, integers_of, make, place_in
from erlsim.erl.running.cells import listed
from erlsim.erl.running.failures import Failed, bif_failed
from erlsim.terms import Ref, Term

__in_stacks__ = False


_OPTIONS = (("signed", True), ("signed", False))


def _badarg(function: str, *args: Term) -> Failed:
    return bif_failed("badarg", "atomics", function, list(args))


def _integers(function: str, value: Term, *args: Term) -> Integers:
    """The integers that `args` begin with; `value` is one that they can take."""
    found = place_in(args[0], args[1], "atomics", function, list(args))
    if type(value) is not int or not SIGNED[0] <= value <= UNSIGNED[1]:
        raise _badarg(function, *args)
    return found


def new(count: Term, options: Term) -> Ref:
    """`new/2`."""
    given = listed(options)
    if given is None or any(each not in _OPTIONS for each in given):
        failure = _badarg("new", count, options)
        failure.cause = "badopt"
        raise failure
    if type(count) is not int or count < 1:
        raise _badarg("new", count, options)
    return make(count, SIGNED if proplists.get_value("signed", given, True) else UNSIGNED)


def put(ref: Term, place: Term, value: Term) -> str:
    """`put/3`."""
    _exchanged("put", ref, place, value)
    return "ok"


def exchange(ref: Term, place: Term, value: Term) -> int:
    """`exchange/3`: the integer before."""
    return _exchanged("exchange", ref, place, value)


def _exchanged(function: str, ref: Term, place: Term, value: Term) -> int:
    found = place_in(ref, place, "atomics", function, [ref, place, value])
    if type(value) is not int or not found.least <= value <= found.greatest:
        raise _badarg(function, ref, place, value)
    before: int = found.values[place - 1]
    found.values[place - 1] = value
    return before


def get(ref: Term, place: Term) -> int:
    """`get/2`."""
    found = place_in(ref, place, "atomics", "get", [ref, place]).values
    value: int = found[place - 1]
    return value


def add(ref: Term, place: Term, step: Term) -> str:
    """`add/3`."""
    _added("add", step, ref, place, step)
    return "ok"


def sub(ref: Term, place: Term, step: Term) -> str:
    """`sub/3`."""
    _added("sub", _negative(step), ref, place, step)
    return "ok"


def add_get(ref: Term, place: Term, step: Term) -> int:
    """`add_get/3`."""
    return _added("add_get", step, ref, place, step)


def sub_get(ref: Term, place: Term, step: Term) -> int:
    """`sub_get/3`."""
    return _added("sub_get", _negative(step), ref, place, step)


def _negative(step: Term) -> Term:
    return -step if type(step) is int else step


def _added(function: str, step: Term, *args: Term) -> int:
    found = _integers(function, args[2], *args)
    value = found.values[args[1] - 1] = found.wrapped(found.values[args[1] - 1] + step)
    return value


def compare_exchange(ref: Term, place: Term, expected: Term, desired: Term) -> Term:
    """`compare_exchange/4`: ok, or the integer that is there instead."""
    found = _integers("compare_exchange", desired, ref, place, expected, desired)
    if found.values[place - 1] != expected:
        return found.values[place - 1]
    found.values[place - 1] = desired
    return "ok"


def info(ref: Term) -> Term:
    """`info/1`."""
    found = integers_of(ref)
    if found is None:
        raise _badarg("info", ref)
    size = len(found.values)
    return {"max": found.greatest, "memory": 40 + 8 * size, "min": found.least, "size": size}
