"""The names that generated code uses. They begin with small letters: those of Erlang's variables do not."""

from __future__ import annotations

from types import CoroutineType, FunctionType
from typing import Any

from erlsim import TIMEOUT, NoSimulation, erlang
from erlsim.erl import library
from erlsim.erl.running import bits, calls, cells, failures, maps, operators
from erlsim.erl.running.cells import Cell, listed, outward
from erlsim.erl.running.driving import Driven, Far
from erlsim.erl.running.failures import Failed
from erlsim.errors import pass_on
from erlsim.terms import Bits, Pid, Ref, Term
from erlsim.timer import nothing

__in_stacks__ = False


def record(value: Any, name: Any, size: int) -> Any:
    """A value that has to be a record."""
    if type(value) is tuple and len(value) == size and value[0] == name:
        return value
    raise failures.badrecord(value)


def record_with(value: Any, name: Any, size: int, changes: tuple[tuple[int, Term], ...]) -> Any:
    """`Record#name{...}`."""
    fields = list(record(value, name, size))
    for place, field in changes:
        fields[place] = field
    return tuple(fields)


def generated(value: Any) -> list[Term]:
    """What a generator goes through."""
    found = listed(value)
    if found is None:
        raise Failed(("bad_generator", outward(value)))
    return found


def bits_generated(value: Any) -> Any:
    """What a generator of bits reads."""
    found = bits.reader(value)
    if found is None:
        raise Failed(("bad_generator", outward(value)))
    return found


def maker() -> Term:
    """Who makes a fun."""
    try:
        return erlang.self()
    except NoSimulation:
        return "undefined"


def filtered(value: Any) -> bool:
    """The value of a filter."""
    if type(value) is not bool:
        raise failures.bad_filter(value)
    return value


def bits_times(size: Any, unit: int) -> Any:
    """A size in units, in bits; what is no size has none."""
    return size * unit if type(size) is int else None


def timeout_of(value: Term) -> Term:
    """The time behind `after`."""
    if value != "infinity" and (type(value) is not int or not 0 <= value <= 0xFFFFFFFF):
        raise Failed("timeout_value")
    return value


def wanted(value: Term) -> Any:
    """A bound variable in the pattern of a `receive`."""
    if callable(value):
        return lambda message: operators.exact_eq(message, value)
    return outward(value)


def need_fun(value: Any) -> None:
    """What is called has to be a fun."""
    if not calls.is_fun(value):
        raise Failed(("badfun", outward(value)))


def keep(exc: Exception) -> Exception:
    """An exception that goes on when the code behind `after` has run. To be called by the frame that caught it."""
    pass_on(exc)
    pass_on(exc)
    failures.full_stack(exc)
    return exc


_OPERATORS = """add add_literal sub sub_literal mul
    div_float div_bif div_int rem band bor bxor bsl bsr bnot neg pos pos_bif not_ and_ or_ xor_ boolean
    exact_eq exact_ne eq ne lt gt le ge append subtract send""".split()
_FAILURES = "case_clause try_clause else_clause if_clause badmatch badrecord function_clause caught catch_value".split()

NAMES: dict[str, Any] = {
    # Python looks here first, and finds these sooner than among its own.
    **{each.__name__: each for each in (type, len, bool, bytes, float, int, list, str, tuple)},
    "far": Far,
    "driven": Driven,
    **{name: getattr(operators, name) for name in _OPERATORS},
    **{name: getattr(failures, name) for name in _FAILURES},
    "cell": Cell,
    "cells": cells.cells,
    "opened": cells.opened,
    "first": cells.first,
    "is_list": cells.is_list,
    "tail": calls.Tail,
    "finish": calls.finish,
    "maker": maker,
    "plain": calls.plain,
    "external": library.External,
    "apply_fun": calls.apply_fun,
    "apply_mfa": library.apply_mfa,
    "receive": calls.receive,
    "coroutine": CoroutineType,
    "TIMEOUT": TIMEOUT,
    # What a `receive` without clauses takes.
    "never": nothing,
    "timeout_of": timeout_of,
    "wanted": wanted,
    "record": record,
    "record_with": record_with,
    "generated": generated,
    "filtered": filtered,
    "keep": keep,
    "is_map": maps.is_map,
    "map_make": maps.make,
    "map_put": maps.put,
    "map_find": maps.find,
    "absent": maps.ABSENT,
    "bits_reader": bits.reader,
    "bits_generated": bits_generated,
    "bits_build": bits.build,
    "bits_integer": bits.integer,
    "bits_float": bits.float_,
    "bits_binary": bits.binary,
    "bits_text": bits.text,
    "bits_joined": bits.joined,
    "bits_times": bits_times,
    "numbers": frozenset({int, float}),
    "atoms": frozenset({str, bool}),
    "bitstrings": frozenset({bytes, Bits}),
    "fun_type": FunctionType,
    "need_fun": need_fun,
    "pid_type": Pid,
    "ref_type": Ref,
}
