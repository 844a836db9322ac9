"""BIFs from one kind of term to another: atoms, numbers, text, binaries."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from erlsim import terms
from erlsim.erl.running.cells import Cell, listed, outward
from erlsim.erl.running.failures import Failed, bif_failed
from erlsim.terms import Bits, Improper, Term

__in_stacks__ = False

_BOOLEANS: dict[str, Any] = {"true": True, "false": False}
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LATIN = ("latin1", "unicode", "utf8")


def _badarg(function: str, *args: Term) -> Failed:
    return bif_failed("badarg", "erlang", function, list(args))


def _text(items: Term, function: str, *args: Term) -> str:
    """The text of a list of code points."""
    found = listed(items)
    if found is not None and all(type(each) is int and 0 <= each <= 0x10FFFF for each in found):
        return "".join(map(chr, found))
    raise _badarg(function, *args)


def _atom(text: str, function: str, *args: Term) -> Term:
    if len(text) > 255:
        raise bif_failed("system_limit", "erlang", function, list(args))
    return _BOOLEANS.get(text, sys.intern(text))


def atom_text(atom: Term, function: str, *args: Term) -> str:
    """The characters of an atom."""
    if type(atom) is str:
        return atom
    if type(atom) is bool:
        return "true" if atom else "false"
    raise _badarg(function, *args)


def atom_to_list(atom: Term) -> list[int]:
    """`atom_to_list/1`."""
    return terms.chars(atom_text(atom, "atom_to_list", atom))


def list_to_atom(items: Term) -> Term:
    """`list_to_atom/1`."""
    return _atom(_text(items, "list_to_atom", items), "list_to_atom", items)


def atom_to_binary(atom: Term, encoding: Term = "utf8") -> bytes:
    """`atom_to_binary/1,2`."""
    text = atom_text(atom, "atom_to_binary", atom, encoding)
    _check_encoding(encoding, "atom_to_binary", atom, encoding)
    try:
        return text.encode("latin-1" if encoding == "latin1" else "utf-8")
    except UnicodeEncodeError:
        raise _badarg("atom_to_binary", atom, encoding) from None


def _check_encoding(encoding: Term, function: str, *args: Term) -> None:
    if type(encoding) is not str or encoding not in _LATIN:
        raise _badarg(function, *args)


def binary_to_existing_atom(data: Term, encoding: Term = "utf8") -> Term:
    """`binary_to_existing_atom/1,2`: every atom exists."""
    return binary_to_atom(data, encoding)


def list_to_existing_atom(items: Term) -> Term:
    """`list_to_existing_atom/1`: every atom exists."""
    return list_to_atom(items)


def binary_to_atom(data: Term, encoding: Term = "utf8") -> Term:
    """`binary_to_atom/1,2`."""
    _check_encoding(encoding, "binary_to_atom", data, encoding)
    try:
        text = data.decode("latin-1" if encoding == "latin1" else "utf-8") if type(data) is bytes else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise _badarg("binary_to_atom", data, encoding)
    return _atom(text, "binary_to_atom", data, encoding)


def _in_base(value: int, base: int) -> str:
    if base == 10:
        return str(value)
    text, rest = "", abs(value)
    while rest or not text:
        text, rest = _DIGITS[rest % base] + text, rest // base
    return "-" + text if value < 0 else text


def _check_integer(value: Term, base: Term, function: str) -> None:
    if type(value) is not int or type(base) is not int or not 2 <= base <= 36:
        raise _badarg(function, value) if base == 10 else _badarg(function, value, base)


def integer_to_list(value: Term, base: Term = 10) -> list[int]:
    """`integer_to_list/1,2`."""
    _check_integer(value, base, "integer_to_list")
    return terms.chars(_in_base(value, base))


def integer_to_binary(value: Term, base: Term = 10) -> bytes:
    """`integer_to_binary/1,2`."""
    _check_integer(value, base, "integer_to_binary")
    return _in_base(value, base).encode()


def _integer(text: str, base: Term) -> int | None:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if type(base) is not int or not 2 <= base <= 36 or not digits:
        return None
    if any(_DIGITS.find(each.upper()) not in range(base) for each in digits):
        return None
    value = int(digits, base)
    return -value if text[0] == "-" else value


def list_to_integer(items: Term, base: Term = 10) -> int:
    """`list_to_integer/1,2`."""
    found = _integer(_text(items, "list_to_integer", items), base)
    if found is None:
        raise _badarg("list_to_integer", items)
    return found


def binary_to_integer(data: Term, base: Term = 10) -> int:
    """`binary_to_integer/1,2`."""
    found = _integer(data.decode("latin-1"), base) if type(data) is bytes else None
    if found is None:
        raise _badarg("binary_to_integer", data)
    return found


def _float(text: str) -> float | None:
    import re

    if not re.fullmatch(r"[+-]?\d+\.\d+([eE][+-]?\d+)?", text):
        return None
    value = float(text)
    return value if value - value == 0 else None


def list_to_float(items: Term) -> float:
    """`list_to_float/1`."""
    found = _float(_text(items, "list_to_float", items))
    if found is None:
        raise _badarg("list_to_float", items)
    return found


def binary_to_float(data: Term) -> float:
    """`binary_to_float/1`."""
    found = _float(data.decode("latin-1")) if type(data) is bytes else None
    if found is None:
        raise _badarg("binary_to_float", data)
    return found


def _float_text(value: Term, options: Term, function: str) -> str:
    if type(value) is not float:
        raise _badarg(function, value)
    text = f"{value:.20e}"
    wanted = [] if options is None else listed(options)
    if wanted is None:
        raise _badarg(function, value, options)
    for option in wanted:
        match option:
            case "short":
                text = terms.format("~w", [value])
            case ("decimals", int() as count):
                text = f"{value:.{count}f}"
            case ("scientific", int() as count):
                text = f"{value:.{count}e}"
            case "compact":
                if "." in text and "e" not in text:
                    text = text.rstrip("0")
                    text += "0" if text.endswith(".") else ""
            case _:
                raise _badarg(function, value, options)
    return text


def float_to_list(value: Term, options: Term = None) -> list[int]:
    """`float_to_list/1,2`."""
    return terms.chars(_float_text(value, options, "float_to_list"))


def float_to_binary(value: Term, options: Term = None) -> bytes:
    """`float_to_binary/1,2`."""
    return _float_text(value, options, "float_to_binary").encode()


def iolist(items: Term, function: str) -> bytes:
    """The bytes of an iolist."""
    found = bytearray()
    waiting = [items]
    while waiting:
        each = waiting.pop()
        kind = type(each)
        if kind is int and 0 <= each <= 255:
            found.append(each)
        elif kind is bytes:
            found += each
        elif kind is list:
            waiting.extend(reversed(each))
        elif kind is Cell:
            waiting += [each.tail, each.head]
        elif kind is Improper and type(each.tail) is bytes:
            waiting += [each.tail, *reversed(each.items)]
        else:
            raise _badarg(function, outward(items))
    return bytes(found)


def iolist_to_binary(items: Term) -> bytes:
    """`iolist_to_binary/1`."""
    if type(items) is int:
        raise _badarg("iolist_to_binary", items)
    return iolist(items, "iolist_to_binary")


def iolist_size(items: Term) -> int:
    """`iolist_size/1`."""
    if type(items) is int:
        raise _badarg("iolist_size", items)
    return len(iolist(items, "iolist_size"))


def list_to_binary(items: Term) -> bytes:
    """`list_to_binary/1`."""
    if type(items) not in (list, Cell, Improper):
        raise _badarg("list_to_binary", items)
    return iolist(items, "list_to_binary")


def binary_to_list(data: Term, *place: Term) -> list[int]:
    """`binary_to_list/1,3`."""
    if type(data) is bytes:
        if not place:
            return list(data)
        start, stop = place
        if type(start) is int and type(stop) is int and 1 <= start <= stop <= len(data):
            return list(data[start - 1 : stop])
    raise _badarg("binary_to_list", data, *place)


def bitstring_to_list(data: Term) -> list[Term]:
    """`bitstring_to_list/1`."""
    if type(data) is bytes:
        return list(data)
    if type(data) is not Bits:
        raise _badarg("bitstring_to_list", data)
    whole = data.size // 8
    return [*data.data[:whole], terms.bits(data.data[whole:], data.size % 8)]


def _shown(kind: Any, function: str) -> Callable[[Term], list[int]]:
    def shown(term: Term) -> list[int]:
        if type(term) is not kind:
            raise _badarg(function, term)
        return terms.chars(terms.format("~w", [term]))

    return shown


CONVERSIONS: dict[tuple[str, int], Callable[..., Any]] = {
    ("atom_to_list", 1): atom_to_list,
    ("list_to_atom", 1): list_to_atom,
    ("list_to_existing_atom", 1): list_to_existing_atom,
    ("atom_to_binary", 1): atom_to_binary,
    ("atom_to_binary", 2): atom_to_binary,
    ("binary_to_atom", 1): binary_to_atom,
    ("binary_to_atom", 2): binary_to_atom,
    ("binary_to_existing_atom", 1): binary_to_existing_atom,
    ("binary_to_existing_atom", 2): binary_to_existing_atom,
    ("integer_to_list", 1): integer_to_list,
    ("integer_to_list", 2): integer_to_list,
    ("integer_to_binary", 1): integer_to_binary,
    ("integer_to_binary", 2): integer_to_binary,
    ("list_to_integer", 1): list_to_integer,
    ("list_to_integer", 2): list_to_integer,
    ("binary_to_integer", 1): binary_to_integer,
    ("binary_to_integer", 2): binary_to_integer,
    ("list_to_float", 1): list_to_float,
    ("binary_to_float", 1): binary_to_float,
    ("float_to_list", 1): float_to_list,
    ("float_to_list", 2): float_to_list,
    ("float_to_binary", 1): float_to_binary,
    ("float_to_binary", 2): float_to_binary,
    ("iolist_to_binary", 1): iolist_to_binary,
    ("iolist_size", 1): iolist_size,
    ("list_to_binary", 1): list_to_binary,
    ("binary_to_list", 1): binary_to_list,
    ("binary_to_list", 3): binary_to_list,
    ("bitstring_to_list", 1): bitstring_to_list,
    ("pid_to_list", 1): _shown(terms.Pid, "pid_to_list"),
    ("ref_to_list", 1): _shown(terms.Ref, "ref_to_list"),
}
