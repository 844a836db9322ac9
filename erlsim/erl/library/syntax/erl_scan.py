"""The module `erl_scan`, over erlsim's scanner."""

from __future__ import annotations

from typing import Any

from erlsim.erl.library.syntax import erl_anno
from erlsim.erl.reading import Failure, Scanner
from erlsim.erl.reading import format_error as words_of
from erlsim.erl.reading.scanner import RESERVED
from erlsim.erl.running.cells import is_list, listed, outward
from erlsim.erl.running.failures import Failed, bif_failed
from erlsim.errors import ErlsimError
from erlsim.terms import ABSENT, Term, chars

__in_stacks__ = False

_MORE = "erl_scan_continuation"
_VALUED = ("atom", "char", "comment", "float", "integer", "string", "var", "white_space")


def _text(items: Term, function: str, *args: Term) -> str:
    found = listed(items)
    given = [each for each in args if each is not ABSENT]
    if found is None:
        raise Failed("function_clause", ("erl_scan", function, given, []))
    if not all(type(each) is int and 0 <= each < 0x110000 for each in found):
        raise bif_failed("badarg", "erl_scan", function, given)
    return "".join(map(chr, found))


def _check_options(options: Term) -> None:
    given = [] if options is ABSENT else listed(options) if is_list(options) else [options]
    for option in given or []:
        if option in ("return", "return_comments", "return_white_spaces", "text"):
            raise ErlsimError(f"erl_scan: the option {option} is not simulated")


def _start(location: Term) -> tuple[int, int]:
    return location if type(location) is tuple else (location, 1)


def _shown(place: tuple[int, int], location: Term) -> Term:
    """A place, with its column if that of the beginning was told."""
    return (place[0], place[1]) if type(location) is tuple else place[0]


def _token(token: tuple[Any, ...], location: Term) -> Term:
    return (token[0], _shown(token[1], location), *token[2:])


def _described(description: Term) -> Term:
    """A description as OTP's scanner has it."""
    if type(description) is tuple and description[0] == "string":
        return ("string", description[1], chars(description[2]))
    return description


def _failed(scanner: Scanner, failure: Failure, location: Term) -> tuple[Term, Term]:
    """The error info, and where the scanner stopped."""
    place, module, description = failure.info
    rest = scanner.location()
    return (_shown(place, location), module, _described(description)), _shown(rest, location)


def string(items: Term, location: Term = 1, options: Term = ABSENT) -> Term:
    """`string/1,2,3`: `{ok, Tokens, End}` or `{error, Info, End}`."""
    _check_options(options)
    scanner = Scanner(_text(items, "string", items, location, options), *_start(location))
    found: list[Term] = []
    try:
        while (form := scanner.form()) is not None:
            found += [_token(each, location) for each in form]
    except Failure as failure:
        info, end = _failed(scanner, failure, location)
        return ("error", info, end)
    return ("ok", found, _shown(scanner.location(), location))


def tokens(before: Term, items: Term, location: Term = ABSENT, options: Term = ABSENT) -> Term:
    """`tokens/3,4`: up to the next dot: `{done, Result, Rest}`, or `{more, Continuation}`."""
    _check_options(options)
    text = ""
    if type(before) is tuple and len(before) == 3 and before[0] == _MORE:
        text, location = _text(before[1], "tokens", before), before[2]
    if items != "eof":
        text += _text(items, "tokens", before, items, location)
    scanner = Scanner(text, *_start(location))
    try:
        form = scanner.form()
    except Failure as failure:
        info, end = _failed(scanner, failure, location)
        if items != "eof" and _may_go_on(failure):
            return ("more", (_MORE, chars(text), location))
        rest: Term = "eof" if items == "eof" else chars(scanner.left)
        return ("done", ("error", info, end), rest)
    is_whole = bool(form) and form is not None and form[-1][0] == "dot"
    # A dot at the very end is one only if nothing may follow it.
    if items != "eof" and (not is_whole or (not scanner.left and text.endswith("."))):
        return ("more", (_MORE, chars(text), location))
    end = _shown(scanner.location(), location)
    if not form:
        return ("done", ("eof", end), "eof" if items == "eof" else [])
    rest = chars(scanner.left) if scanner.left or items != "eof" else "eof"
    return ("done", ("ok", [_token(each, location) for each in form], end), rest)


def _may_go_on(failure: Failure) -> bool:
    description = failure.info[2]
    return description == "char" or (type(description) is tuple and description[0] == "string")


def format_error(description: Term) -> Term:
    """`format_error/1`."""
    plain = outward(description)
    if type(plain) is tuple and len(plain) == 3 and plain[0] == "string" and type(plain[2]) is list:
        plain = ("string", plain[1], "".join(map(chr, plain[2])))
    return chars(words_of((None, "erl_scan", plain)))


def reserved_word(word: Term) -> bool:
    """`reserved_word/1`."""
    return type(word) is str and word in RESERVED


MORE: dict[tuple[str, int], Any] = {("f_reserved_word", 1): reserved_word}


def _checked(token: Term, function: str) -> Any:
    if type(token) is not tuple or len(token) not in (2, 3):
        raise Failed("badarg", ("erl_scan", function, [outward(token)], []))
    return token


def category(token: Term) -> Term:
    """`category/1`."""
    return _checked(token, "category")[0]


def symbol(token: Term) -> Term:
    """`symbol/1`."""
    return _checked(token, "symbol")[-1 if len(token) == 3 else 0]


def _anno(name: str) -> Any:
    read = getattr(erl_anno, name, None) or erl_anno.MORE[name, 1]
    return lambda token: read(_checked(token, name)[1])


MORE |= {(name, 1): _anno(name) for name in ("line", "column", "location", "text", "end_location")}
