"""Why functions of stdlib's modules on plain values have failed: lists, maps, binary, math, unicode.

Mirrors the parts on these of `erl_stdlib_errors:format_error/2`.
"""

from __future__ import annotations

from typing import Any

from erlsim.explanations import checks
from erlsim.explanations.checks import NOT_MAP, Check, always, fun_of
from erlsim.explanations.processes import Explainer
from erlsim.explanations.values import binary_part
from erlsim.terms import Improper, Term

_DOMAIN = "is outside the domain for this function"
BAD_CHARACTERS = "not valid character data (an iodata term)"
_BAD_ENCODING = "not a valid encoding"
_ENCODINGS = ("latin1", "unicode", "utf8", "utf16", "utf32")
_PATTERN = "not a valid pattern"


def map_or_iterator(term: Term) -> str:
    """Must be a map or an iterator over one."""
    fit = isinstance(term, dict) or term == "none"
    fit = fit or (type(term) is tuple and (len(term) == 3 or term[:1] == ("$iterator",)))
    fit = fit or (type(term) is Improper and isinstance(term.tail, dict) and tuple(term.items) != (-1,))
    return "" if fit else "not a map or an iterator"


_IN_MAP: tuple[Check, ...] = (fun_of(2), map_or_iterator)
MAPS: dict[tuple[str, int], tuple[Check, ...]] = {
    **{(name, 2): _IN_MAP for name in ("filter", "filtermap", "foreach", "map")},
    **{(name, 2): (checks.right, always(NOT_MAP)) for name in ("find", "is_key", "remove", "take")},
    **{(name, 1): (always(NOT_MAP),) for name in ("iterator", "keys", "size", "to_list", "values")},
    **{(name, 3): (checks.right, checks.right, always(NOT_MAP)) for name in ("put", "update")},
    ("fold", 3): (fun_of(3), checks.right, map_or_iterator),
    ("from_keys", 2): (checks.plain_list,),
    ("from_list", 1): (checks.plain_list,),
    ("get", 3): (checks.right, always(NOT_MAP)),
    ("groups_from_list", 2): (fun_of(1), checks.plain_list),
    ("groups_from_list", 3): (fun_of(1), fun_of(1), checks.plain_list),
    ("intersect", 2): (checks.a_map, checks.a_map),
    ("intersect_with", 3): (fun_of(3), checks.a_map, checks.a_map),
    ("merge", 2): (checks.a_map, checks.a_map),
    ("merge_with", 3): (fun_of(3), checks.a_map, checks.a_map),
    ("next", 1): (always("not a valid iterator"),),
    ("update_with", 3): (checks.right, fun_of(1), checks.a_map),
    ("update_with", 4): (checks.right, fun_of(1), checks.right, checks.a_map),
    ("with", 2): (checks.plain_list, checks.a_map),
    ("without", 2): (checks.plain_list, checks.a_map),
}
LISTS: dict[tuple[str, int], tuple[Check, ...]] = {
    **{(name, 3): (checks.right, checks.positive, checks.plain_list) for name in ("keyfind", "keymember", "keysearch")},
    ("member", 2): (checks.right, checks.plain_list),
    ("reverse", 2): (checks.plain_list,),
}


def get(args: list[Any], cause: Term) -> list[str]:
    """`maps:get/2`."""
    return ["not present in map"] if isinstance(args[1], dict) else ["", NOT_MAP]


def seq(args: list[Any], cause: Term) -> list[str]:
    """`lists:seq/3`."""
    wrong = [checks.integer(each) for each in args]
    if any(wrong):
        return wrong
    first, last, step = args
    if step <= 0 and first - step <= last:
        return ["", "", "not a positive increment"]
    return ["", "", "not a negative increment"]


# ---- binary


def _is_pattern(term: Term) -> bool:
    if type(term) is list:
        return bool(term) and all(type(each) is bytes and each for each in term)
    return (type(term) is bytes and term != b"") or (type(term) is tuple and term[:1] in (("bm",), ("ac",)))


def pattern(term: Term) -> str:
    """Must be something to look for in a binary."""
    return "" if _is_pattern(term) else _PATTERN


def _end(args: list[Any], cause: Term) -> list[str]:
    return ["a zero-sized binary is not allowed" if args[0] == b"" else checks.binary(args[0])]


def _hex(args: list[Any], cause: Term) -> list[str]:
    odd = type(args[0]) is bytes and len(args[0]) % 2 == 1
    return ["must contain an even number of bytes" if odd else checks.binary(args[0])]


def _match(args: list[Any], cause: Term) -> list[str]:
    wrong = [checks.binary(args[0]), pattern(args[1])]
    if any(wrong) or len(args) == 2:
        return wrong
    scope = args[2][0] if type(args[2]) is list and len(args[2]) == 1 else None
    if type(scope) is tuple and len(scope) == 2 and scope[0] == "scope" and type(scope[1]) is tuple:
        return ["", "", "specified part is not wholly inside binary"]
    return ["", "", "invalid options"]


def _split(args: list[Any], cause: Term) -> list[str]:
    wrong = [checks.binary(args[0]), pattern(args[1])]
    return wrong if any(wrong) or len(args) == 2 else ["", "", "invalid options"]


def _replace(args: list[Any], cause: Term) -> list[str]:
    wrong = [checks.binary(args[0]), pattern(args[1]), checks.binary(args[2])]
    if len(args) == 4 and (cause == "badopt" or not any(wrong)):
        wrong.append("invalid options")
    return wrong


BINARY_CHECKS: dict[tuple[str, int], tuple[Check, ...]] = {
    ("at", 2): (checks.binary, checks.not_negative),
    ("bin_to_list", 1): (checks.binary,),
    ("compile_pattern", 1): (always(_PATTERN),),
    ("copy", 1): (checks.binary,),
    ("copy", 2): (checks.binary, checks.not_negative),
    ("decode_unsigned", 1): (checks.binary,),
    ("encode_hex", 1): (checks.binary,),
    ("encode_unsigned", 1): (checks.not_negative,),
    ("list_to_bin", 1): (always(checks.NOT_IODATA),),
    ("longest_common_prefix", 1): (always("not a flat list of binaries"),),
    ("longest_common_suffix", 1): (always("not a flat list of binaries"),),
    ("referenced_byte_size", 1): (checks.binary,),
}
BINARY: dict[tuple[str, int], Explainer] = {
    ("decode_hex", 1): _hex,
    **{(name, 1): _end for name in ("first", "last")},
    **{(name, arity): _match for name in ("match", "matches") for arity in (2, 3)},
    **{("part", arity): binary_part for arity in (2, 3)},
    **{("bin_to_list", arity): binary_part for arity in (2, 3)},
    **{("replace", arity): _replace for arity in (3, 4)},
    **{("split", arity): _split for arity in (2, 3)},
}

# ---- math and unicode


def math(function: str, args: list[Any]) -> list[str]:
    """Any function of `math`."""
    wrong = [checks.number(each) for each in args]
    if any(wrong):
        return wrong
    if function in ("acos", "acosh", "asin", "atanh", "log", "log2", "log10", "sqrt"):
        return [_DOMAIN]
    return ["", _DOMAIN] if function == "fmod" and args[1] == 0 else []


def is_text(term: Term) -> bool:
    """Whether a term is what `unicode` reads as characters."""
    waiting = [term]
    while waiting:
        each = waiting.pop()
        if type(each) is bytes:
            try:
                each.decode("utf-8")
            except UnicodeDecodeError:
                return False
        elif type(each) is Improper:
            waiting += [*each.items, each.tail] if type(each.tail) is bytes else [None]
        elif type(each) is list:
            waiting += [item for item in each if type(item) is not int]
            if not all(0 <= item <= 0x10FFFF for item in each if type(item) is int):
                return False
        else:
            return False
    return True


def _encoding(term: Term) -> str:
    if type(term) is tuple and len(term) == 2:
        fit = term[0] in ("utf16", "utf32") and term[1] in ("big", "little")
    else:
        fit = type(term) is str and term in _ENCODINGS
    return "" if fit else _BAD_ENCODING


def _characters(args: list[Any], cause: Term) -> list[str]:
    if len(args) == 1:
        return [BAD_CHARACTERS]
    return ["" if is_text(args[0]) else BAD_CHARACTERS, *map(_encoding, args[1:])]


UNICODE: dict[tuple[str, int], Explainer] = {
    **{(name, arity): _characters for name in ("characters_to_binary", "characters_to_list") for arity in (1, 2, 3)},
    **{
        (f"characters_to_{form}_{into}", 1): lambda args, cause: [BAD_CHARACTERS]
        for form in ("nfc", "nfd", "nfkc", "nfkd")
        for into in ("binary", "list")
    },
}
