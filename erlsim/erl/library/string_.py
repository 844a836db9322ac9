"""The module `string`, in part. A string is given back as it came: as a list or as a binary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim.erl.library.io_lib import text_of
from erlsim.erl.running.cells import listed
from erlsim.erl.running.failures import Failed
from erlsim.terms import Term

__in_stacks__ = False

_WHITE = " \t\n\v\f\r\u0085\u200e\u200f\u2028\u2029"


def _like(text: str, given: Term) -> Term:
    return text.encode() if type(given) is bytes else list(map(ord, text))


def _mapped(change: Callable[[str], str]) -> Callable[[Term], Term]:
    return lambda chars: _like(change(text_of(chars)), chars)


MORE: dict[tuple[str, int], Any] = {
    ("uppercase", 1): _mapped(str.upper),
    ("lowercase", 1): _mapped(str.lower),
    ("casefold", 1): _mapped(str.casefold),
    ("to_upper", 1): _mapped(str.upper),
    ("to_lower", 1): _mapped(str.lower),
}


def length(chars: Term) -> int:
    """`length/1`."""
    # DIVERGES(otp): characters are code points here, not clusters of them.
    return len(text_of(chars))


def is_empty(chars: Term) -> bool:
    """`is_empty/1`."""
    return not text_of(chars)


def trim(chars: Term, where: Term = "both", characters: Term = None) -> Term:
    """`trim/1,2,3`."""
    text, unwanted = text_of(chars), _WHITE if characters is None else text_of(characters)
    if where in ("both", "leading"):
        text = text.lstrip(unwanted)
    if where in ("both", "trailing"):
        text = text.rstrip(unwanted)
    return _like(text, chars)


def strip(chars: Term) -> Term:
    """`strip/1`."""
    return _like(text_of(chars).strip(" "), chars)


def split(chars: Term, pattern: Term, where: Term = "leading") -> list[Term]:
    """`split/2,3`."""
    text, separator = text_of(chars), text_of(pattern)
    if not separator or separator not in text:
        return [chars]
    if where == "all":
        parts = text.split(separator)
    else:
        parts = text.rsplit(separator, 1) if where == "trailing" else text.split(separator, 1)
    return [_like(part, chars) for part in parts]


def lexemes(chars: Term, separators: Term) -> list[Term]:
    """`lexemes/2`."""
    wanted, found, current = text_of(separators), [], ""
    for char in text_of(chars) + (wanted[:1] or "\0"):
        if char in wanted or (not wanted and char == "\0"):
            if current:
                found.append(_like(current, chars))
            current = ""
        else:
            current += char
    return found


tokens = lexemes
MORE["tokens", 2] = lexemes


def join(parts: Term, separator: Term) -> list[int]:
    """`join/2`."""
    found = listed(parts)
    if found is None:
        raise Failed("function_clause", ("string", "join", [parts, separator], []))
    return list(map(ord, text_of(separator).join(map(text_of, found))))


def replace(chars: Term, pattern: Term, new: Term, where: Term = "leading") -> list[Term]:
    """`replace/3,4`: the parts with the new text between."""
    found: list[Term] = []
    for part in split(chars, pattern, where):
        found += [new, part] if found else [part]
    return found


def find(chars: Term, pattern: Term, where: Term = "leading") -> Term:
    """`find/2,3`."""
    text, wanted = text_of(chars), text_of(pattern)
    place = text.rfind(wanted) if where == "trailing" else text.find(wanted)
    return "nomatch" if place < 0 else _like(text[place:], chars)


def prefix(chars: Term, start: Term) -> Term:
    """What follows a prefix, or nomatch."""
    text, wanted = text_of(chars), text_of(start)
    return _like(text[len(wanted) :], chars) if text.startswith(wanted) else "nomatch"


def slice_(chars: Term, start: Term, count: Term = "infinity") -> Term:
    """`slice/2,3`."""
    text = text_of(chars)
    return _like(text[start:] if count == "infinity" else text[start : start + count], chars)


def reverse(chars: Term) -> list[int]:
    """`reverse/1`."""
    return list(map(ord, text_of(chars)[::-1]))


def equal(left: Term, right: Term, ignore_case: Term = False) -> bool:
    """`equal/2,3`."""
    one, other = text_of(left), text_of(right)
    return one.casefold() == other.casefold() if ignore_case is True else one == other


def pad(chars: Term, size: Term, where: Term = "trailing", character: Term = 32) -> Term:
    """`pad/2,3,4`."""
    text = text_of(chars)
    missing = max(0, size - len(text))
    filler = chr(character) if type(character) is int else text_of(character)
    left = missing if where == "leading" else missing // 2 if where == "both" else 0
    return list(map(ord, filler * left + text + filler * (missing - left)))


def to_graphemes(chars: Term) -> list[int]:
    """`to_graphemes/1`."""
    return list(map(ord, text_of(chars)))


def chr_(chars: Term, code: Term) -> int:
    """The first place of a character, from 1 on; 0 if there is none."""
    return text_of(chars).find(chr(code)) + 1


def str_(chars: Term, wanted: Term) -> int:
    """The first place of a text."""
    return text_of(chars).find(text_of(wanted)) + 1


def substr(chars: Term, start: Term, count: Term = None) -> list[int]:
    """`substr/2,3`."""
    text = text_of(chars)[start - 1 :]
    return list(map(ord, text if count is None else text[:count]))


def to_integer(chars: Term) -> Term:
    """`to_integer/1`: `{Integer, Rest}`."""
    import re

    found = re.match(r"[+-]?\d+", text_of(chars))
    if found is None:
        return ("error", "no_integer")
    return (int(found[0]), _like(text_of(chars)[found.end() :], chars))
