"""Why the BIFs on values have failed, and those of atomics, counters and persistent_term.

Mirrors the other half of `erl_erts_errors:format_error/2`.
"""

from __future__ import annotations

from typing import Any

from erlsim.explanations import checks
from erlsim.explanations.checks import (
    NOT_BITSTRING,
    NOT_CONS,
    NOT_FLOAT,
    NOT_FUN,
    NOT_INTEGER,
    NOT_IODATA,
    NOT_LIST,
    NOT_MAP,
    NOT_NUMBER,
    NOT_PID,
    NOT_REFERENCE,
    NOT_TUPLE,
    RANGE,
    Check,
    always,
)
from erlsim.explanations.processes import Explainer, options_error
from erlsim.terms import Improper, Term

_NOT_CHARACTERS = "not a list of characters"
_ENCODINGS = ("latin1", "unicode", "utf8")
_WHAT = {"integer": "an integer", "float": "a float", "pid": "a pid", "ref": "a reference"}


def encodable(what: str) -> str:
    """The words for a text that stands for no such thing."""
    return f"not a textual representation of {_WHAT[what]}"


def _of_binary(words: str) -> Check:
    return lambda term: words if type(term) is bytes else checks.NOT_BINARY


def _of_list(words: str) -> Check:
    return lambda term: words if type(term) is list else NOT_LIST


CHECKS: dict[tuple[str, int], tuple[Check, ...]] = {
    **{(name, 1): (always(NOT_NUMBER),) for name in ("abs", "ceil", "float", "floor", "round", "trunc")},
    **{(name, 1): (always(NOT_BITSTRING),) for name in ("bit_size", "byte_size", "bitstring_to_list")},
    **{(name, 1): (always(NOT_IODATA),) for name in ("iolist_size", "iolist_to_binary", "iolist_to_iovec")},
    **{(name, 1): (always(checks.NOT_ATOM),) for name in ("atom_to_binary", "atom_to_list", "module_loaded")},
    **{(name, 1): (always(NOT_INTEGER),) for name in ("integer_to_binary", "integer_to_list")},
    **{(name, 1): (always(NOT_FLOAT),) for name in ("float_to_binary", "float_to_list")},
    **{(name, 1): (always(NOT_TUPLE),) for name in ("tuple_size", "tuple_to_list")},
    **{(name, 1): (always(NOT_CONS),) for name in ("hd", "tl")},
    **{(name, 1): (always(NOT_LIST),) for name in ("length", "list_to_tuple")},
    **{(f"list_to_{what}", 1): (_of_list(encodable(what)),) for what in _WHAT},
    **{(f"binary_to_{what}", 1): (_of_binary(encodable(what)),) for what in ("integer", "float")},
    **{(name, 2): (checks.integer, checks.base) for name in ("integer_to_list", "integer_to_binary")},
    ("append", 2): (always(NOT_LIST),),
    ("append_element", 2): (always(NOT_TUPLE),),
    ("binary_to_list", 1): (always(checks.NOT_BINARY),),
    ("fun_info", 1): (always(NOT_FUN),),
    ("function_exported", 3): (checks.atom, checks.atom, checks.not_negative),
    ("is_builtin", 3): (checks.atom, checks.atom, checks.not_negative),
    ("is_map_key", 2): (checks.right, always(NOT_MAP)),
    ("is_record", 2): (always(checks.NOT_ATOM),),
    ("is_record", 3): (checks.right, checks.atom, checks.integer),
    ("list_to_atom", 1): (checks.proper(_NOT_CHARACTERS),),
    ("list_to_binary", 1): (always("not an iolist term"),),
    ("list_to_bitstring", 1): (always("not a bitstring list"),),
    ("make_fun", 3): (checks.atom, checks.atom, checks.not_negative),
    ("make_tuple", 2): (always(RANGE),),
    ("map_size", 1): (always(NOT_MAP),),
    ("pid_to_list", 1): (always(NOT_PID),),
    ("ref_to_list", 1): (always(NOT_REFERENCE),),
    ("size", 1): (always("not tuple or binary"),),
    ("subtract", 2): (checks.plain_list, checks.plain_list),
}


def atom_to_binary(args: list[Any], cause: Term) -> list[str]:
    """`atom_to_binary/2`."""
    atom, encoding = args
    wrong = checks.atom(atom)
    if not wrong and encoding == "latin1":
        wrong = "contains a character not expressible in latin1"
    known = type(encoding) is str and encoding in _ENCODINGS
    return [wrong, "" if known else "is an invalid encoding option"]


def binary_part(args: list[Any], cause: Term) -> list[str]:
    """`binary_part/2,3`."""
    if len(args) == 2:
        binary, where = args
        if type(where) is not tuple or len(where) != 2 or not all(type(each) is int for each in where):
            return [checks.binary(binary), "not a valid {Pos,Length} tuple"]
        found = binary_part([binary, *where], cause)
        if len(found) == 2:
            return []  # OTP's own explanation fails here
        return [found[0], RANGE if any(found[1:]) else ""]
    binary, start, length = args
    wrong = [checks.binary(binary), checks.not_negative(start), checks.integer(length)]
    if any(wrong):
        return wrong
    return ["", RANGE] if start > len(binary) else ["", "", RANGE]


def binary_to_atom(args: list[Any], cause: Term, of_known: str = "") -> list[str]:
    """`binary_to_atom/1,2`, and `binary_to_existing_atom`."""
    binary, encoding = [*args, "utf8"][:2]
    if encoding == "latin1":
        return [of_known if type(binary) is bytes else checks.NOT_BINARY]
    if type(encoding) is not str or encoding not in _ENCODINGS:
        return [checks.binary(binary), "not one of the atoms: latin1, utf8, or unicode"]
    if type(binary) is not bytes:
        return [checks.NOT_BINARY]
    try:
        binary.decode("utf-8")
    except UnicodeDecodeError:
        return ["invalid UTF8 encoding"]
    return ["not an already existing atom"]


def binary_to_existing_atom(args: list[Any], cause: Term) -> list[str]:
    """`binary_to_existing_atom/1,2`."""
    return binary_to_atom(args, cause, "not an already existing atom")


def binary_to_integer(args: list[Any], cause: Term) -> list[str]:
    """`binary_to_integer/2`."""
    wrong = checks.base(args[1])
    return [checks.binary(args[0]), wrong] if wrong else [_of_binary(encodable("integer"))(args[0])]


def list_to_integer(args: list[Any], cause: Term) -> list[str]:
    """`list_to_integer/2`."""
    wrong = checks.base(args[1])
    return [checks.plain_list(args[0]), wrong] if wrong else [checks.proper(encodable("integer"))(args[0])]


def binary_to_list(args: list[Any], cause: Term) -> list[str]:
    """`binary_to_list/3`."""
    binary, start, stop = args
    wrong = [checks.binary(binary), checks.positive(start), checks.positive(stop)]
    if any(wrong):
        return wrong
    if start > stop:
        return ["", "start position greater than stop position"]
    return ["", *(RANGE if each > len(binary) else "" for each in (start, stop))]


def element(args: list[Any], cause: Term) -> list[str]:
    """`element/2` and its kin."""
    index, of = args[0], args[1]
    wrong = checks.integer(index)
    if not wrong and (index <= 0 or (type(of) is tuple and index > len(of))):
        wrong = RANGE
    return [wrong, checks.a_tuple(of)]


def float_to_text(args: list[Any], cause: Term) -> list[str]:
    """`float_to_binary/2` and `float_to_list/2`."""
    wrong = checks.floating(args[0])
    return [wrong, options_error(args[1], wrong)]


def fun_info(args: list[Any], cause: Term) -> list[str]:
    """`fun_info/2`."""
    return ["", "invalid item"] if checks.is_fun(args[0]) else [NOT_FUN]


def is_function(args: list[Any], cause: Term) -> list[str]:
    """`is_function/2`."""
    return ["", RANGE if type(args[1]) is int else NOT_INTEGER]


def list_to_existing_atom(args: list[Any], cause: Term) -> list[str]:
    """`list_to_existing_atom/1`."""
    items = args[0].items if type(args[0]) is Improper else args[0]
    flat = type(args[0]) is list and all(
        type(each) is int and 0 <= each <= 0x10FFFF and not 0xD800 <= each < 0xE000 for each in items
    )
    return ["not an already existing atom" if flat else checks.proper(_NOT_CHARACTERS)(args[0])]


def map_get(args: list[Any], cause: Term) -> list[str]:
    """`map_get/2`."""
    return ["not present in map"] if isinstance(args[1], dict) else ["", NOT_MAP]


def phash(args: list[Any], cause: Term) -> list[str]:
    """`phash/2`, `phash2/2`: OTP counts the range as the first argument."""
    return [checks.positive(args[1])]


def split_binary(args: list[Any], cause: Term) -> list[str]:
    """`split_binary/2`."""
    wrong = [checks.binary(args[0]), checks.not_negative(args[1])]
    return wrong if any(wrong) else ["", RANGE]


EXPLAIN: dict[tuple[str, int], Explainer] = {
    ("atom_to_binary", 2): atom_to_binary,
    **{("binary_part", arity): binary_part for arity in (2, 3)},
    **{("binary_to_atom", arity): binary_to_atom for arity in (1, 2)},
    **{("binary_to_existing_atom", arity): binary_to_existing_atom for arity in (1, 2)},
    ("binary_to_integer", 2): binary_to_integer,
    ("binary_to_list", 3): binary_to_list,
    **{(name, 2): element for name in ("element", "delete_element")},
    **{(name, 3): element for name in ("setelement", "insert_element")},
    **{(name, 2): float_to_text for name in ("float_to_binary", "float_to_list")},
    ("fun_info", 2): fun_info,
    ("is_function", 2): is_function,
    ("list_to_existing_atom", 1): list_to_existing_atom,
    ("list_to_integer", 2): list_to_integer,
    ("map_get", 2): map_get,
    **{(name, 2): phash for name in ("phash", "phash2")},
    ("split_binary", 2): split_binary,
}


# ---- shared memory

_BAD_REFERENCE = "invalid atomics reference"
_OPERATION: tuple[Check, ...] = (always(_BAD_REFERENCE), checks.positive, checks.integer, checks.integer)


def _shared(args: list[Any], cause: Term) -> list[str]:
    """An operation on atomics or counters: without an array of that name, or on what is outside of it."""
    if cause == "array":
        return ["", RANGE]
    return [check(each) for check, each in zip(_OPERATION, args, strict=False)]


def _new_array(args: list[Any], cause: Term) -> list[str]:
    wrong = checks.positive(args[0])
    return [wrong, checks.proper(checks.BAD_OPTION)(args[1])] if cause == "badopt" else [wrong]


_OPERATIONS = ("add", "add_get", "compare_exchange", "exchange", "get", "put", "sub", "sub_get")
SHARED: dict[tuple[str, int], Explainer] = {
    ("new", 2): _new_array,
    ("info", 1): lambda args, cause: [_BAD_REFERENCE],
    **{(name, arity): _shared for name in _OPERATIONS for arity in (2, 3, 4)},
}
PERSISTENT: dict[tuple[str, int], Explainer] = {
    ("get", 1): lambda args, cause: ["no persistent term stored with this key"],
}
