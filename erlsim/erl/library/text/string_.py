"""The module `string`: text as Unicode sees it, in clusters of characters. A text is given back as it came.

The functions of old, which know Latin-1 alone, are in `old_string`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any, Literal

from erlsim.erl.library.text.clusters import clusters, first, scanned
from erlsim.erl.library.text.unicode import characters_to_list
from erlsim.erl.running.cells import Cell, is_list, listed, outward
from erlsim.erl.running.failures import Failed
from erlsim.terms import Improper, Term

__in_stacks__ = False

_WHITE = frozenset("\t\n\v\f\r \u0085\u200e\u200f\u2028\u2029") | {"\r\n"}
_ENDS = frozenset({"\n", "\r\n"})
_FORMS: dict[Term, Literal["NFC", "NFD", "NFKC", "NFKD"]] = {"nfc": "NFC", "nfd": "NFD", "nfkc": "NFKC", "nfkd": "NFKD"}


def _refuse(function: str, *args: Term) -> Any:
    raise Failed("badarg", ("string", function, [outward(each) for each in args], []))


def text_of(chars: Term) -> str:
    """The text of chardata; `badarg` if it is none."""
    if type(chars) is list:
        try:
            return "".join(map(chr, chars))
        except (TypeError, ValueError):
            pass
    elif type(chars) is bytes:
        try:
            return chars.decode()
        except UnicodeDecodeError:
            raise Failed(("badarg", chars)) from None
    found = characters_to_list(chars)
    if type(found) is tuple:
        raise Failed(("badarg", found[2]))
    return "".join(map(chr, found))


# DIVERGES(otp): what is left of a text in lists within lists comes in one list; in OTP it keeps its shape.
def like(text: str, given: Term) -> Term:
    """A text as a binary if it came as one, else as a list."""
    return text.encode() if type(given) is bytes else list(map(ord, text))


def cluster(text: str) -> Term:
    """A cluster: a character, or a list of some."""
    return ord(text) if len(text) == 1 else list(map(ord, text))


def _set(given: Term) -> frozenset[str]:
    """Clusters that are looked for."""
    found = listed(given)
    if found is None:
        raise Failed("function_clause", ("string", "search_pattern", [outward(given)], []))
    return frozenset(chr(each) if type(each) is int else text_of(each) for each in found)


def length(chars: Term) -> int:
    """`length/1`."""
    return len(clusters(text_of(chars)))


def is_empty(chars: Term) -> bool:
    """`is_empty/1`."""
    return not text_of(chars)


def to_graphemes(chars: Term) -> list[Term]:
    """`to_graphemes/1`."""
    return list(map(cluster, clusters(text_of(chars))))


def _next(chars: Term, part: Callable[[str], str]) -> Term:
    if type(chars) is bytes:
        text = chars.decode("utf-8", "surrogateescape")
        if not text:
            return []
        if 0xDC80 <= ord(text[0]) <= 0xDCFF:
            return ("error", chars)
        found = part(text)
        return Improper([cluster(found)], chars[len(found.encode("utf-8", "surrogateescape")) :])
    text = text_of(chars)
    if not text:
        return []
    found = part(text)
    return Cell(cluster(found), list(map(ord, text[len(found) :])))


def next_grapheme(chars: Term) -> Term:
    """`next_grapheme/1`: `[Cluster | Rest]`."""
    return _next(chars, first)


def next_codepoint(chars: Term) -> Term:
    """`next_codepoint/1`."""
    return _next(chars, lambda text: text[:1])


def reverse(chars: Term) -> list[Term]:
    """`reverse/1`."""
    return list(map(cluster, reversed(clusters(text_of(chars)))))


def slice_(chars: Term, start: Term, count: Term = "infinity") -> Term:
    """`slice/2,3`."""
    if type(start) is not int or start < 0 or not (count == "infinity" or (type(count) is int and count >= 0)):
        raise Failed("function_clause", ("string", "slice", [outward(chars), start, count], []))
    found = clusters(text_of(chars))[start:]
    return like("".join(found if count == "infinity" else found[:count]), chars)


def pad(chars: Term, size: Term, where: Term = "trailing", character: Term = 32) -> Term:
    """`pad/2,3,4`."""
    missing = max(0, size - length(chars)) if type(size) is int else None
    if missing is None or where not in ("leading", "trailing", "both"):
        raise Failed("function_clause", ("string", "pad", [outward(chars), size, where, outward(character)], []))
    if where == "leading":
        return [[character] * missing, chars]
    if where == "trailing":
        return Cell(chars, [character] * missing)
    half = [character] * (missing // 2)
    return [half, chars, half, *([character] if missing % 2 else [])]


# ---- what is at the ends


def trim(chars: Term, where: Term = "both", characters: Term = None) -> Term:
    """`trim/1,2,3`."""
    unwanted = _WHITE if characters is None else _set(characters)
    return _trimmed(chars, where, unwanted)


def _trimmed(chars: Term, where: Term, unwanted: frozenset[str]) -> Term:
    if where not in ("leading", "trailing", "both"):
        raise Failed("function_clause", ("string", "trim", [outward(chars), where], []))
    if not unwanted:
        return chars
    text = text_of(chars)
    if where != "trailing":
        found = clusters(text)
        text = "".join(found[_reach(found, unwanted) :])
    if where != "leading":
        text = _ending(text, unwanted, True)[0]
    return like(text, chars)


def _reach(found: list[str], wanted: frozenset[str]) -> int:
    """How many clusters at the beginning are among some."""
    return next((index for index, each in enumerate(found) if each not in wanted), len(found))


def _ending(text: str, wanted: frozenset[str], is_one: bool) -> tuple[str, str]:
    """The text without those at its end that are among some clusters, or are not, and these."""
    parts = scanned(text, wanted)
    place = len(parts)
    while place and parts[place - 1][1] is is_one:
        place -= 1
    return "".join(each for each, _ in parts[:place]), "".join(each for each, _ in parts[place:])


def chomp(chars: Term) -> Term:
    """`chomp/1`."""
    return _trimmed(chars, "trailing", _ENDS)


def take(chars: Term, characters: Term, complement: Term = False, where: Term = "leading") -> Term:
    """`take/2,3,4`: what consists of some characters, or of others, at an end, and the rest."""
    wanted, text = _set(characters), text_of(chars)
    if where != "leading":
        taken = _ending(text, wanted, not complement)
    elif complement:
        parts = scanned(text, wanted)
        place = next((index for index, (_, is_one) in enumerate(parts) if is_one), len(parts))
        taken = ("".join(each for each, _ in parts[:place]), "".join(each for each, _ in parts[place:]))
    else:
        found = clusters(text)
        place = _reach(found, wanted)
        taken = ("".join(found[:place]), "".join(found[place:]))
    return like(taken[0], chars), like(taken[1], chars)


# ---- case


def _mapped(change: Callable[[str], str]) -> Callable[[Term], Term]:
    def mapped(chars: Term) -> Term:
        # Character by character: Python looks at a sigma's neighbours, OTP does not.
        return like("".join(map(change, text_of(chars))), chars)

    return mapped


MORE: dict[tuple[str, int], Any] = {
    ("uppercase", 1): _mapped(str.upper),
    ("lowercase", 1): _mapped(str.lower),
    ("casefold", 1): _mapped(str.casefold),
}


def titlecase(chars: Term) -> Term:
    """`titlecase/1`: the first character in upper case."""
    text = text_of(chars)
    return like(text[:1].title() + text[1:], chars)


def equal(left: Term, right: Term, ignore_case: Term = False, form: Term = "none") -> bool:
    """`equal/2,3,4`."""
    one, other = text_of(left), text_of(right)
    if form in _FORMS:
        one, other = (unicodedata.normalize(_FORMS[form], each) for each in (one, other))
    if ignore_case is True:
        one, other = ("".join(map(str.casefold, each)) for each in (one, other))
        if form in _FORMS:
            one, other = (unicodedata.normalize(_FORMS[form], each) for each in (one, other))
    return one == other


# ---- what is within


def prefix(chars: Term, start: Term) -> Term:
    """What follows a prefix, or nomatch."""
    text, wanted = text_of(chars), text_of(start)
    return like(text[len(wanted) :], chars) if text.startswith(wanted) else "nomatch"


def find(chars: Term, pattern: Term, where: Term = "leading") -> Term:
    """`find/2,3`."""
    text, wanted = text_of(chars), text_of(pattern)
    if not wanted:
        return chars
    place = text.rfind(wanted) if where == "trailing" else text.find(wanted)
    return "nomatch" if place < 0 else like(text[place:], chars)


def split(chars: Term, pattern: Term, where: Term = "leading") -> list[Term]:
    """`split/2,3`."""
    text, separator = text_of(chars), text_of(pattern)
    if not separator or separator not in text:
        return [chars]
    if where == "all":
        parts = text.split(separator)
    else:
        parts = text.rsplit(separator, 1) if where == "trailing" else text.split(separator, 1)
    return [like(part, chars) for part in parts]


def replace(chars: Term, pattern: Term, new: Term, where: Term = "leading") -> list[Term]:
    """`replace/3,4`: the parts with the new text between."""
    found: list[Term] = []
    for part in split(chars, pattern, where):
        found += [new, part] if found else [part]
    return found


def lexemes(chars: Term, separators: Term) -> list[Term]:
    """`lexemes/2`."""
    if chars == []:
        return []
    wanted = _set(separators)
    if not wanted:
        return [chars]
    return [like(each, chars) for each in _lexemes(text_of(chars), wanted)]


def _lexemes(text: str, separators: frozenset[str]) -> list[str]:
    found, current = [], ""
    for each, is_separator in scanned(text, separators):
        if not is_separator:
            current += each
        elif current:
            found.append(current)
            current = ""
    return [*found, current] if current else found


def nth_lexeme(chars: Term, place: Term, separators: Term) -> Term:
    """`nth_lexeme/3`: nothing if there are less."""
    wanted = _set(separators)
    if type(place) is not int or place < 1:
        raise Failed("function_clause", ("string", "nth_lexeme", [outward(chars), place, outward(separators)], []))
    if not wanted:
        if place == 1 or type(chars) is bytes:
            return chars if place == 1 else _refuse("nth_lexeme", chars, place, separators)
        return []
    found = _lexemes(text_of(chars), wanted)
    return like(found[place - 1] if place <= len(found) else "", chars)


# ---- numbers

_INTEGER = re.compile(r"[+-]?[0-9]+")
_FLOAT = re.compile(r"([+-]?[0-9]+)[.,]([0-9]+)(?:[eE]([+-]?[0-9]+))?")


def to_integer(chars: Term) -> Term:
    """`to_integer/1`: `{Integer, Rest}`."""
    try:
        text = text_of(chars)
    except Failed:
        return ("error", "badarg")
    found = _INTEGER.match(text)
    return ("error", "no_integer") if found is None else (int(found[0]), like(text[found.end() :], chars))


def to_float(chars: Term) -> Term:
    """`to_float/1`: `{Float, Rest}`."""
    try:
        text = text_of(chars)
    except Failed:
        return ("error", "badarg")
    found = _FLOAT.match(text)
    if found is None:
        return ("error", "no_float")
    value = float(f"{found[1]}.{found[2]}e{found[3] or 0}")
    return ("error", "no_float") if value - value else (value, like(text[found.end() :], chars))


def _number(function: Callable[[Term], Term]) -> Callable[[Term], Term]:
    def number(items: Term) -> Term:
        if not is_list(items):
            return ("error", "not_a_list")
        found = outward(items)
        if not all(type(each) is int for each in found):
            found = found[: next(index for index, each in enumerate(found) if type(each) is not int)]
        return function(found)

    return number


MORE |= {("list_to_integer", 1): _number(to_integer), ("list_to_float", 1): _number(to_float)}
