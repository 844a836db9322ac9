"""The module `erlang`: the BIFs on terms. Those on processes are `erlsim.erlang`'s."""

from __future__ import annotations

import math
from typing import Any

from erlsim import code, erlang, terms
from erlsim.erl.library.conversions import CONVERSIONS
from erlsim.erl.running import bits, maps, operators
from erlsim.erl.running.calls import is_fun
from erlsim.erl.running.cells import Cell, listed, outward
from erlsim.erl.running.failures import Failed, bif_failed, raised_with
from erlsim.errors import Exit, Throw, info_of
from erlsim.terms import Bits, Term, hashing

__in_stacks__ = False

_NUMBERS = (int, float)


def _badarg(function: str, *args: Term) -> Failed:
    return bif_failed("badarg", "erlang", function, list(args))


# ---- failures


def error(reason: Term, args: Term = "none", options: Term = None) -> Any:
    """`error/1,2,3`."""
    exc = Failed(outward(reason))
    given = listed(args)
    exc.arguments = None if given is None else outward(given)
    exc.info = info_of(outward(options))
    raise exc


def exit_(*args: Term) -> Any:
    """`exit/1,2`."""
    if len(args) == 2:
        return erlang.exit(args[0], outward(args[1]))
    raise Exit(outward(args[0]))


def throw(term: Term) -> Any:
    """`throw/1`."""
    raise Throw(term)


def raise_(kind: Term, reason: Term, stack: Term) -> Any:
    """`raise/3`."""
    return raised_with(kind, reason, stack)


def nif_error(reason: Term, args: Term = None) -> Any:
    """`nif_error/1,2`."""
    raise Failed(outward(reason))


MORE: dict[tuple[str, int], Any] = {("exit", 1): exit_, ("exit", 2): exit_}


# ---- calls


def is_function(term: Term, arity: Term = None) -> bool:
    """`is_function/1,2`."""
    if arity is not None and (type(arity) is not int or arity < 0):
        raise _badarg("is_function", term, arity)
    return is_fun(term) and (arity is None or code.takes(term, arity))


_FUN_ITEMS = ("module", "name", "arity", "type", "env", "pid", "index", "new_index", "new_uniq", "uniq", "refc")


def fun_info(fun: Term, item: Term) -> Term:
    """`fun_info/2`."""
    if not is_fun(fun):
        raise _badarg("fun_info", fun, item)
    exported = getattr(fun, "__erlang_fun__", None)
    values = {
        "module": code.name(exported[0]) if exported else getattr(fun, "__module__", "undefined"),
        "name": exported[1] if exported else fun.__name__,
        "arity": exported[2] if exported else code.arities(fun)[1],
        "type": "external" if exported else "local",
        "env": [],
        "pid": getattr(fun, "__maker__", "undefined"),
    }
    if type(item) is not str or item not in _FUN_ITEMS:
        raise _badarg("fun_info", fun, item)
    return (item, values.get(item, "undefined"))


# ---- numbers


def abs_(value: Term) -> Any:
    """`abs/1`."""
    if type(value) not in _NUMBERS:
        raise _badarg("abs", value)
    return abs(value)


def float_(value: Term) -> float:
    """`float/1`."""
    if type(value) not in _NUMBERS:
        raise _badarg("float", value)
    try:
        return float(value)
    except OverflowError:
        raise _badarg("float", value) from None


def _rounded(name: str, function: Any) -> Any:
    def rounded(value: Term) -> int:
        if type(value) is int:
            return value
        if type(value) is not float:
            raise _badarg(name, value)
        return int(function(value))

    return rounded


MORE |= {
    ("trunc", 1): _rounded("trunc", math.trunc),
    ("ceil", 1): _rounded("ceil", math.ceil),
    ("floor", 1): _rounded("floor", math.floor),
    # Halves go away from zero.
    ("round", 1): _rounded("round", lambda value: math.copysign(math.floor(abs(value) + 0.5), value)),
}


def max_(left: Term, right: Term) -> Term:
    """`max/2`."""
    return left if terms.compare(left, right) >= 0 else right


def min_(left: Term, right: Term) -> Term:
    """`min/2`."""
    return left if terms.compare(left, right) <= 0 else right


# ---- lists and tuples


def hd(items: Term) -> Term:
    """`hd/1`."""
    if type(items) is Cell:
        return items.head
    if type(items) is list and items:
        return items[0]
    if type(items) is terms.Improper:
        return items.items[0]
    raise _badarg("hd", items)


def tl(items: Term) -> Term:
    """`tl/1`."""
    if type(items) is Cell:
        return items.tail
    if type(items) is list and items:
        return items[1:]
    if type(items) is terms.Improper:
        return terms.cons(items.items[1:], items.tail)
    raise _badarg("tl", items)


def length(items: Term) -> int:
    """`length/1`."""
    if type(items) is list:
        return len(items)
    count, rest = 0, items
    while type(rest) is Cell:
        count += 1
        rest = rest.tail
    if type(rest) is not list:
        raise _badarg("length", items)
    return count + len(rest)


def element(place: Term, row: Term) -> Term:
    """`element/2`."""
    if type(place) is int and type(row) is tuple and 1 <= place <= len(row):
        return row[place - 1]
    raise _badarg("element", place, row)


def setelement(place: Term, row: Term, value: Term) -> Term:
    """`setelement/3`."""
    if type(place) is int and type(row) is tuple and 1 <= place <= len(row):
        return (*row[: place - 1], value, *row[place:])
    raise _badarg("setelement", place, row, value)


def append_element(row: Term, value: Term) -> Term:
    """`append_element/2`."""
    if type(row) is not tuple:
        raise _badarg("append_element", row, value)
    return (*row, value)


def insert_element(place: Term, row: Term, value: Term) -> Term:
    """`insert_element/3`."""
    if type(place) is not int or type(row) is not tuple or not 1 <= place <= len(row) + 1:
        raise _badarg("insert_element", place, row, value)
    return (*row[: place - 1], value, *row[place - 1 :])


def delete_element(place: Term, row: Term) -> Term:
    """`delete_element/2`."""
    if type(place) is not int or type(row) is not tuple or not 1 <= place <= len(row):
        raise _badarg("delete_element", place, row)
    return (*row[: place - 1], *row[place:])


def make_tuple(size: Term, value: Term) -> Term:
    """`make_tuple/2`."""
    if type(size) is not int or size < 0:
        raise _badarg("make_tuple", size, value)
    return (value,) * size


def tuple_size(row: Term) -> int:
    """`tuple_size/1`."""
    if type(row) is not tuple:
        raise _badarg("tuple_size", row)
    return len(row)


def tuple_to_list(row: Term) -> list[Term]:
    """`tuple_to_list/1`."""
    if type(row) is not tuple:
        raise _badarg("tuple_to_list", row)
    return list(row)


def list_to_tuple(items: Term) -> Term:
    """`list_to_tuple/1`."""
    found = listed(items)
    if found is None:
        raise _badarg("list_to_tuple", items)
    return tuple(found)


def size(term: Term) -> int:
    """`size/1`."""
    if type(term) is tuple or type(term) is bytes:
        return len(term)
    if type(term) is Bits:
        return term.size // 8
    raise _badarg("size", term)


# ---- maps


def map_size(rows: Term) -> int:
    """`map_size/1`."""
    if not maps.is_map(rows):
        raise bif_failed(("badmap", outward(rows)), "erlang", "map_size", [rows])
    return len(rows)


def map_get(name: Term, rows: Term) -> Term:
    """`map_get/2`."""
    if not maps.is_map(rows):
        raise bif_failed(("badmap", outward(rows)), "erlang", "map_get", [name, rows])
    value = maps.find(name, rows)
    if value is maps.ABSENT:
        raise bif_failed(("badkey", outward(name)), "erlang", "map_get", [name, rows])
    return value


def is_map_key(name: Term, rows: Term) -> bool:
    """`is_map_key/2`."""
    if not maps.is_map(rows):
        raise bif_failed(("badmap", outward(rows)), "erlang", "is_map_key", [name, rows])
    return maps.find(name, rows) is not maps.ABSENT


# ---- binaries


def byte_size(term: Term) -> int:
    """`byte_size/1`."""
    if type(term) is bytes:
        return len(term)
    if type(term) is Bits:
        return len(term.data)
    raise _badarg("byte_size", term)


def bit_size(term: Term) -> int:
    """`bit_size/1`."""
    if type(term) is bytes:
        return 8 * len(term)
    if type(term) is Bits:
        return term.size
    raise _badarg("bit_size", term)


def binary_part(data: Term, *place: Term) -> bytes:
    """`binary_part/2,3`."""
    found = bits.part(data, *place)
    if found is None:
        raise _badarg("binary_part", data, *place)
    return found


MORE |= {("binary_part", 2): binary_part, ("binary_part", 3): binary_part}


def split_binary(data: Term, place: Term) -> Term:
    """`split_binary/2`."""
    if type(data) is not bytes or type(place) is not int or not 0 <= place <= len(data):
        raise _badarg("split_binary", data, place)
    return data[:place], data[place:]


def list_to_bitstring(items: Term) -> Term:
    """`list_to_bitstring/1`."""
    if type(items) in (int, bytes, Bits):
        raise _badarg("list_to_bitstring", items)
    found: list[Term] = []
    waiting = [items]
    while waiting:
        each = waiting.pop()
        parts = listed(each)
        if parts is not None:
            waiting.extend(reversed(parts))
        elif type(each) is int and 0 <= each <= 255:
            found.append(bytes([each]))
        elif type(each) in (bytes, Bits):
            found.append(each)
        else:
            raise _badarg("list_to_bitstring", items)
    return bits.joined(found)


# ---- operators by their names

MORE |= {
    (name, 2): function
    for name, function in {
        "+": operators.add,
        "-": operators.sub,
        "*": operators.mul,
        "/": operators.div_float,
        "div": operators.div_int,
        "rem": operators.rem,
        "band": operators.band,
        "bor": operators.bor,
        "bxor": operators.bxor,
        "bsl": operators.bsl,
        "bsr": operators.bsr,
        "and": operators.and_,
        "or": operators.or_,
        "xor": operators.xor_,
        "==": operators.eq,
        "/=": operators.ne,
        "=:=": operators.exact_eq,
        "=/=": operators.exact_ne,
        "<": operators.lt,
        ">": operators.gt,
        "=<": operators.le,
        ">=": operators.ge,
        "++": operators.append,
        "--": operators.subtract,
        "!": operators.send,
    }.items()
}
MORE |= {("not", 1): operators.not_, ("bnot", 1): operators.bnot, ("-", 1): operators.neg, ("+", 1): operators.pos}
MORE |= {
    (name, 1): function
    for name, function in {
        "is_atom": lambda term: type(term) in (str, bool),
        "is_boolean": lambda term: type(term) is bool,
        "is_integer": lambda term: type(term) is int,
        "is_float": lambda term: type(term) is float,
        "is_number": lambda term: type(term) in _NUMBERS,
        "is_list": lambda term: type(term) in (list, Cell, terms.Improper),
        "is_tuple": lambda term: type(term) is tuple,
        "is_map": maps.is_map,
        "is_binary": lambda term: type(term) is bytes,
        "is_bitstring": lambda term: type(term) in (bytes, Bits),
        "is_pid": lambda term: type(term) is terms.Pid,
        "is_reference": lambda term: type(term) is terms.Ref,
        "is_port": lambda term: False,
    }.items()
}
MORE |= CONVERSIONS

# Messages are copied by the kernel: lists in them become Python lists on the way.
MORE |= {("send", 2): erlang.send, ("self", 0): erlang.self, ("make_ref", 0): erlang.make_ref}


def is_record(term: Term, name: Term, size: Term = None) -> bool:
    """`is_record/2,3` of a term whose record is known at run time only."""
    if type(name) not in (str, bool) or not (size is None or type(size) is int):
        raise _badarg("is_record", term, name, *([] if size is None else [size]))
    return type(term) is tuple and len(term) > 0 and term[0] == name and (size is None or len(term) == size)


def put(name: Term, value: Term) -> Term:
    """`put/2`."""
    return erlang.put(outward(name), value)


def get_module_info(module: Term) -> Term:
    """What `Module:module_info/0` gives."""
    return [("module", module)]


def is_builtin(module: Term, function: Term, arity: Term) -> bool:
    """`is_builtin/3`."""
    if type(module) not in (str, bool) or type(function) not in (str, bool) or type(arity) is not int or arity < 0:
        raise _badarg("is_builtin", module, function, arity)
    return module == "erlang" and (function, arity) in MORE


def phash(term: Term, limit: Term) -> int:
    """`phash/2`."""
    if type(limit) is not int or not 0 < limit <= 1 << 32:
        raise bif_failed("badarg", "erlang", "phash", [term, limit])
    return 1 + hashing.phash(outward(term)) % limit


def phash2(term: Term, limit: Term = 1 << 27) -> int:
    """`phash2/1,2`."""
    if type(limit) is not int or not 0 < limit <= 1 << 32:
        raise bif_failed("badarg", "erlang", "phash2", [term, limit])
    return hashing.phash2(outward(term)) % limit
