"""The BIFs of `erlang` that turn terms into bytes and back."""

from __future__ import annotations

from collections.abc import Callable

from erlsim.erl.library.conversions import iolist
from erlsim.erl.library.values.external import Malformed, decode, encode
from erlsim.erl.running.cells import is_list, listed, outward
from erlsim.erl.running.failures import Failed, bif_failed
from erlsim.terms import ABSENT, Term, matchable

__in_stacks__ = False

_LEVEL = 6


def _badarg(function: str, *args: Term) -> Failed:
    return bif_failed("badarg", "erlang", function, [each for each in args if each is not ABSENT])


def term_to_binary(term: Term, options: Term = ABSENT) -> bytes:
    """`term_to_binary/1,2`."""
    return _written("term_to_binary", term, options)


def _written(function: str, term: Term, options: Term) -> bytes:
    minor, level = 1, 0
    given = [] if options is ABSENT else listed(options)
    for option in [None] if given is None else map(outward, given):
        match matchable(option):
            case "compressed":
                level = _LEVEL
            case ("compressed", int() as wanted) if type(wanted) is int and 0 <= wanted <= 9:
                level = wanted
            case ("minor_version", int() as wanted) if type(wanted) is int and 0 <= wanted <= 2:
                minor = wanted
            case "local" | "deterministic":
                pass
            case _:
                raise _badarg(function, term, options)
    return encode(term, minor, level)


def term_to_iovec(term: Term, options: Term = ABSENT) -> list[Term]:
    """`term_to_iovec/1,2`."""
    return [_written("term_to_iovec", term, options)]


def reading(known: Callable[[Term, Term, int], Term]) -> Callable[..., Term]:
    """`binary_to_term/1,2`; `known` makes `fun M:F/A`."""

    def binary_to_term(data: Term, options: Term = ABSENT) -> Term:
        return _read(data, options, known)

    return binary_to_term


def _read(data: Term, options: Term, known: Callable[[Term, Term, int], Term]) -> Term:
    """A term of bytes; every atom exists."""
    wanted = [] if options is ABSENT else listed(options)
    if type(data) is not bytes or wanted is None or any(each not in ("safe", "used") for each in wanted):
        raise _badarg("binary_to_term", data, options)
    try:
        found, used = decode(data, known)
    except Malformed:
        raise _badarg("binary_to_term", data, options) from None
    return (found, used) if "used" in wanted else found


def iolist_to_iovec(items: Term) -> list[Term]:
    """`iolist_to_iovec/1`: in one piece."""
    if type(items) is not bytes and not is_list(items):
        raise _badarg("iolist_to_iovec", items)
    found = iolist(items, "iolist_to_iovec")
    return [found] if found else []
