"""The module `io_lib`, in part."""

from __future__ import annotations

from typing import Any

from erlsim import io, terms
from erlsim.erl.running.cells import is_list, listed, outward
from erlsim.erl.running.failures import Failed
from erlsim.errors import Error
from erlsim.otp import io_lib
from erlsim.terms import Term

__in_stacks__ = False


def text_of(chars: Term) -> str:
    """The text of characters: an atom, a binary, or code points in nested lists."""
    plain = outward(chars)
    try:
        return io.text_of(plain)
    except (Error, TypeError, ValueError):
        raise Failed("badarg") from None


def format_(*args: Term) -> list[int]:
    """`format/2,3`."""
    return _formatted("format", args)


def fwrite(*args: Term) -> list[int]:
    """`fwrite/2,3`: the same."""
    return _formatted("fwrite", args)


def _formatted(function: str, args: tuple[Term, ...]) -> list[int]:
    directives, given, *options = args
    most = dict(listed(options[0]) or ()).get("chars_limit", -1) if options else -1
    try:
        return terms.chars(terms.format(text_of(directives), outward(given), most))
    except Error as exc:
        raise Failed(exc.reason, ("io_lib", function, list(args), [])) from None


MORE: dict[tuple[str, int], Any] = {
    (name, arity): function for name, function in (("format", format_), ("fwrite", fwrite)) for arity in (2, 3)
}


def write(term: Term) -> list[int]:
    """`write/1`."""
    return terms.chars(terms.format("~w", [outward(term)]))


def print_(term: Term, column: Term = 1, line: Term = 80, depth: Term = -1) -> list[int]:
    """`print/1,4`: as `~p`, from a column on, on lines of a length, as deep as is said."""
    if not all(type(each) is int for each in (column, line, depth)):
        raise Failed("function_clause", ("io_lib", "print", [term, column, line, depth], []))
    return terms.chars(terms.format("~*.*P", [line, column, term, depth]))


def nl() -> list[int]:
    """`nl/0`."""
    return [10]


def write_atom(atom: Term) -> list[int]:
    """`write_atom/1`."""
    return terms.chars(terms.format("~w", [atom]))


def write_string(chars: Term) -> list[int]:
    """`write_string/1`."""
    from erlsim.erl.reading.failures import write_string as written

    return terms.chars(written(text_of(chars)))


def char_list(term: Term) -> bool:
    """`char_list/1`."""
    found = listed(term)
    return found is not None and all(type(each) is int and 0 <= each <= 0x10FFFF for each in found)


def printable_list(term: Term) -> bool:
    """`printable_list/1`."""
    found = listed(term)
    return found is not None and all(type(each) is int and _printable(each) for each in found)


printable_unicode_list = printable_list
MORE[("printable_unicode_list", 1)] = printable_list


def _printable(code: int) -> bool:
    return 32 <= code <= 126 or 160 <= code <= 255 or code in (8, 9, 10, 11, 12, 13, 27)


def deep_char_list(term: Term) -> bool:
    """`deep_char_list/1`."""
    found = listed(term)
    return found is not None and all(
        deep_char_list(each) if is_list(each) else type(each) is int and 0 <= each <= 0x10FFFF for each in found
    )


def limit_term(term: Term, depth: Term) -> Term:
    """`limit_term/2`."""
    return io_lib.limit_term(outward(term), depth)
