"""Characters: quoting of atoms and strings, what counts as printable, and how wide a text is.

Mirrors the character tables of `io_lib`. `unicode` chooses between `~tp` (characters as they are) and `~p`
(those beyond Latin-1 as `\\x{...}`); in both a list or a binary is taken for text only when it is Latin-1,
which is what `io:printable_range()` is unless a node is started with `+pc unicode`.
"""

from __future__ import annotations

import re
import unicodedata

from erlsim.terms.term import Term

DOTS = "..."
_BYTES_PER_LEVEL = 4  # a printable binary shows so many characters for each level of depth that is left
_WORDS = (
    "after and andalso band begin bnot bor bsl bsr bxor case catch cond div end fun if let not of or orelse receive rem"
    " try when xor"
)
RESERVED = frozenset(_WORDS.split())
"""Words that are atoms only in quotes (`else` and `maybe` are reserved where the maybe feature is on)."""

_LOWER = "a-zß-öø-ÿ"
_PLAIN_ATOM = re.compile(f"[{_LOWER}][{_LOWER}A-ZÀ-ÖØ-Þ0-9_@]*", re.ASCII)
_ESCAPES = {8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 27: "\\e", 92: "\\\\", 127: "\\d"}
_CONTROLS = {code: f"\\{code:03o}" for code in (*range(32), *range(127, 160))} | _ESCAPES
_ATOM_ESCAPES = {**_CONTROLS, ord("'"): "\\'"}
_STRING_ESCAPES = {**_CONTROLS, ord('"'): '\\"'}
_BEYOND_LATIN1 = re.compile("[^\x00-\xff]")
_PRINTABLE = bytes((8, 9, 10, 11, 12, 13, 27, *range(32, 127), *range(160, 256)))


def quote_atom(text: str, unicode: bool) -> str:
    """An atom's characters, in single quotes where Erlang's scanner needs them."""
    if _PLAIN_ATOM.fullmatch(text) and text not in RESERVED:
        return text
    return _escape(text, "'", _ATOM_ESCAPES, unicode)


def quote_string(text: str) -> str:
    """A string between double quotes, with Erlang's escapes."""
    return _escape(text, '"', _STRING_ESCAPES, True)


def _escape(text: str, quote: str, escapes: dict[int, str], unicode: bool) -> str:
    text = text.translate(escapes)
    if not unicode:
        text = _BEYOND_LATIN1.sub(lambda found: f"\\x{{{ord(found[0]):X}}}", text)
    return quote + text + quote


def printable_prefix(data: bytes) -> int:
    """How many bytes at the start of `data` are printable Latin-1 characters."""
    rest = data.lstrip(_PRINTABLE)
    return len(data) - len(rest)


def printable_list(items: list[Term]) -> str | None:
    """The text of a list of printable Latin-1 characters, `None` when it is no such list."""
    if set(map(type, items)) != {int}:
        return None
    try:
        data = bytes(items)
    except ValueError:
        return None
    return None if data.strip(_PRINTABLE) else data.decode("latin-1")


def binary_as_text(data: bytes, depth: int, unicode: bool, most: int | None = None) -> str | None:
    """A binary whose characters are printable as `<<"text">>`, cut for a depth and to `most` characters; `None` for any
    other binary.
    """
    limit = min(_BYTES_PER_LEVEL * depth, len(data)) if depth >= 0 else len(data)
    if most is not None:
        limit = min(limit, most)
    if limit == 0:
        return None
    if unicode:
        chars = _utf8_prefix(data, limit)
        if chars is not None:
            return _utf8_text(data, chars, depth)
    good = printable_prefix(data[:limit])
    if good == len(data):
        return f"<<{quote_string(data.decode('latin-1'))}>>"
    if 0 < depth <= good:
        return f"<<{quote_string(data[:good].decode('latin-1'))}{DOTS}>>"
    return None


def _utf8_prefix(data: bytes, limit: int) -> str | None:
    """The first `limit` characters of UTF-8 data, `None` when there is an error among them."""
    try:
        return data.decode()[:limit]
    except UnicodeDecodeError as error:
        chars = data[: error.start].decode()
        return chars[:limit] if len(chars) >= limit else None


def _utf8_text(data: bytes, chars: str, depth: int) -> str | None:
    good = 0
    while good < len(chars) and chars[good] <= "\xff" and printable_prefix(chars[good].encode("latin-1")):
        good += 1
    shown = chars[:good]
    size = len(shown.encode())
    suffix = "" if size == good else "/utf8"
    if size == len(data):
        return f"<<{quote_string(shown)}{suffix}>>"
    if 0 < depth <= good:
        return f"<<{quote_string(shown)}{suffix}{DOTS}>>"
    return None


def width(text: str) -> int:
    """`io_lib:chars_length/1`: characters, or grapheme clusters when any character is beyond Latin-1."""
    if text.isascii() or not _BEYOND_LATIN1.search(text):
        return len(text)
    return len(graphemes(text))


def graphemes(text: str) -> list[str]:
    """The grapheme clusters of `text`, as `string:to_graphemes/1` splits it."""
    clusters: list[str] = []
    for char in text:
        if clusters and _joins(clusters[-1], char):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


_JOINERS = frozenset("\u200c\u200d\uff9e\uff9f\u0e33\u0eb3")
_PREPENDED = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd\U000111c2\U000111c3"
    "\U0001193f\U00011941\U00011a3a\U00011a84\U00011a85\U00011a86\U00011a87\U00011a88\U00011a89\U00011d46"
)
_SEPARATE = frozenset(("Cc", "Cf", "Zl", "Zp"))


def _joins(cluster: str, char: str) -> bool:
    """Whether `char` belongs to `cluster`: the breaking rules of Unicode's annex 29."""
    last = cluster[-1]
    if last == "\r" or char == "\r" or char == "\n":
        return last == "\r" and char == "\n"
    if last in _PREPENDED:
        return char in _PREPENDED or char in _JOINERS or unicodedata.category(char) not in _SEPARATE
    if last not in _JOINERS and unicodedata.category(last) in _SEPARATE:
        return False
    if char in _JOINERS or unicodedata.category(char) in ("Mn", "Me", "Mc") or "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    if last == "\u200d":
        return _pictographic(cluster[0]) and _pictographic(char)
    if _regional(char):
        return _regional(last) and len(cluster) == 1
    return _hangul_joins(last, char)


def _pictographic(char: str) -> bool:
    return "\U0001f000" <= char <= "\U0001faff" or ("\u203c" <= char <= "\u3299" and unicodedata.category(char) == "So")


def _regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _hangul_joins(last: str, char: str) -> bool:
    """Leading consonants, vowels and trailing consonants of one Korean syllable."""
    if "\u1160" <= char <= "\u11a7":
        return "\u1100" <= last <= "\u11a7" or _open_syllable(last)
    if "\u11a8" <= char <= "\u11ff":
        return "\u1160" <= last <= "\u11ff" or "\uac00" <= last <= "\ud7a3"
    return "\u1100" <= last <= "\u115f" and ("\u1100" <= char <= "\u115f" or "\uac00" <= char <= "\ud7a3")


def _open_syllable(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3" and (ord(char) - 0xAC00) % 28 == 0
