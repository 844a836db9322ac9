"""Classes of characters, as PCRE has them with OTP's tables (ISO Latin-1): ranges of code points, sorted and apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

Range = tuple[int, int]
Class = tuple[Range, ...]

TOP = 0x10FFFF
_NO_LETTERS = (0xD7, 0xF7)
_LOWER: Class = ((97, 122), (170, 170), (181, 181), (186, 186), (223, 246), (248, 255))
_UPPER: Class = ((65, 90), (192, 214), (216, 222))
_DIGIT: Class = ((48, 57),)
_SPACE: Class = ((9, 13), (32, 32))


def merged(ranges: Iterable[Range]) -> Class:
    """The ranges as a class."""
    found: list[Range] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            if high > found[-1][1]:
                found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return tuple(found)


def inverted(ranges: Class, top: int = TOP) -> Class:
    """All other characters."""
    found, start = [], 0
    for low, high in ranges:
        if low > start:
            found.append((start, low - 1))
        start = high + 1
    if start <= top:
        found.append((start, top))
    return tuple(found)


_ALPHA = merged(_LOWER + _UPPER)
_WORD = merged(_ALPHA + _DIGIT + ((95, 95),))
HORIZONTAL: Class = (
    *((9, 9), (32, 32), (160, 160), (0x1680, 0x1680), (0x180E, 0x180E)),
    *((0x2000, 0x200A), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
)
VERTICAL: Class = ((10, 13), (133, 133), (0x2028, 0x2029))
# Of [:name:] in an expression without `ucp`.
NAMED: dict[str, Class] = {
    "alpha": _ALPHA,
    "lower": _LOWER,
    "upper": _UPPER,
    "alnum": merged(_ALPHA + _DIGIT),
    "ascii": ((0, 255),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 159)),
    "digit": _DIGIT,
    "graph": ((33, 126), (160, 255)),
    "print": ((32, 126), (160, 255)),
    "punct": merged(
        (
            (33, 47),
            (58, 64),
            (91, 96),
            (123, 126),
            (160, 169),
            (171, 180),
            (182, 185),
            (187, 191),
            (215, 215),
            (247, 247),
        )
    ),
    "space": _SPACE,
    "word": _WORD,
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
_ESCAPED = {"d": "digit", "s": "space", "w": "word"}
# With `ucp`, [:name:] asks for these properties.
_PROPERTIES = {
    "alpha": "L",
    "lower": "Ll",
    "upper": "Lu",
    "alnum": "Xan",
    "digit": "Nd",
    "space": "Xps",
    "word": "Xwd",
}
_CATEGORIES = frozenset(
    ["C", "Cc", "Cf", "Cn", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No"]
    + ["P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs"]
)


def escaped(letter: str, ucp: bool) -> Class:
    """The class of `\\d`, `\\s`, `\\w`, `\\h` or `\\v`."""
    if letter in "hv":
        return HORIZONTAL if letter == "h" else VERTICAL
    return posix(_ESCAPED[letter], ucp)


def posix(name: str, ucp: bool) -> Class:
    """The class of `[:name:]`."""
    if not ucp:
        return NAMED[name]
    if name == "blank":
        return HORIZONTAL
    if name in ("graph", "print", "punct"):
        return _with_ucp(name)
    known = _PROPERTIES.get(name)
    found = None if known is None else property_of(known)
    return NAMED[name] if found is None else found


def property_of(name: str) -> Class | None:
    """The class of `\\p{name}`; `None` if there is no such general category."""
    if name == "Any":
        return ((0, TOP),)
    if name in ("Xan", "Xwd"):
        return merged(_of("L") + _of("N") + (((95, 95),) if name == "Xwd" else ()))
    if name in ("Xsp", "Xps"):
        return merged((*_of("Z"), (9, 13), (0x85, 0x85), (0x180E, 0x180E)))
    if name == "Xuc":
        return ((0x24, 0x24), (0x40, 0x40), (0x60, 0x60), (0xA0, 0xD7FF), (0xE000, TOP))
    if name == "L&":
        return merged(_of("Ll") + _of("Lu") + _of("Lt"))
    return _of(name) if name in _CATEGORIES else None


def _of(category: str) -> Class:
    if len(category) == 1:
        parts = [_of(each) for each in _CATEGORIES if len(each) == 2 and each[0] == category]
        return merged(each for part in parts for each in part)
    return _by_category()[category]


@lru_cache(maxsize=1)
def _by_category() -> dict[str, Class]:
    found: dict[str, list[Range]] = {each: [] for each in sorted(_CATEGORIES)}
    before, start = unicodedata.category("\0"), 0
    for code, category in enumerate(map(unicodedata.category, map(chr, range(TOP + 1)))):
        if category != before:
            found[before].append((start, code - 1))
            before, start = category, code
    found[before].append((start, TOP))
    return {name: tuple(ranges) for name, ranges in found.items()}


def _with_ucp(name: str) -> Class:
    if name == "punct":
        symbols = [each for each in _of("S") if each[0] < 128]
        return merged([*_of("P"), *((low, min(high, 127)) for low, high in symbols)])
    unwanted: list[Range] = [each for part in ("Cc", "Cn", "Co", "Cs") for each in _of(part)]
    unwanted += [(0x61C, 0x61C), (0x180E, 0x180E), (0x2066, 0x2069)]
    unwanted += _of("Zl") + _of("Zp")
    if name == "graph":
        unwanted += _of("Zs")
    return inverted(merged(unwanted))


# ---- upper and lower case


def cases(code: int, wide: bool) -> tuple[int, ...]:
    """The characters that a caseless match takes for this one; `wide` beyond Latin-1."""
    if not wide:
        return _latin(code)
    return _families().get(code, (code,))


def _latin(code: int) -> tuple[int, ...]:
    if code in _NO_LETTERS:
        return (code,)
    if 65 <= code <= 90 or 192 <= code <= 222:
        return (code, code + 32)
    if 97 <= code <= 122 or 224 <= code <= 254:
        return (code, code - 32)
    return (code,)


@lru_cache(maxsize=1)
def _families() -> dict[int, tuple[int, ...]]:
    """Characters that differ in case alone, by each of them."""
    by_fold: dict[str, list[int]] = {}
    for code in range(0x1E944):
        char = chr(code)
        fold = char.casefold()
        if len(fold) != 1:
            # What folds to several characters is matched by its simple counterpart only.
            lower = char.lower()
            fold = lower if len(lower) == 1 else char
        by_fold.setdefault(fold, []).append(code)
    return {code: tuple(codes) for codes in by_fold.values() if len(codes) > 1 for code in codes}


def caseless(ranges: Class, wide: bool) -> Class:
    """The class with the other cases of what is in it."""
    added = list(ranges)
    if wide:
        for codes in dict.fromkeys(_families().values()):
            if any(low <= code <= high for code in codes for low, high in ranges):
                added += [(code, code) for code in codes]
    else:
        for low, high in ranges:
            added += [(other, other) for code in range(low, min(high, 255) + 1) for other in _latin(code)]
    return merged(added)


# ---- as Python writes them


def written(ranges: Class, top: int) -> str:
    """A Python expression for one character of a class."""
    low = tuple((start, min(end, top)) for start, end in ranges if start <= top)
    if not low:
        return "(?!)"
    if low == ((0, top),):
        return r"[\s\S]"
    if len(low) == 1 and low[0][0] == low[0][1]:
        return literal(low[0][0])
    others = inverted(low, top)
    if len(others) < len(low):
        return "[^" + "".join(map(_range, others)) + "]"
    return "[" + "".join(map(_range, low)) + "]"


def _range(each: Range) -> str:
    low, high = each
    return _in_class(low) if low == high else f"{_in_class(low)}-{_in_class(high)}"


def _in_class(code: int) -> str:
    if code < 128 and chr(code).isalnum():
        return chr(code)
    return f"\\x{code:02x}" if code < 256 else f"\\U{code:08x}"


def literal(code: int) -> str:
    """A Python expression for one character."""
    return re.escape(chr(code)) if 32 <= code < 127 else _in_class(code)
