"""`~p`: a term laid out over as many lines as it takes.

Mirrors `io_lib_pretty:print/2` without records. A term is first turned into a tree of `_Node`s that know their
text on one line (strings recognised, what is too deep cut off), then placed: whatever fits on the rest of
the line stays whole, scalars fill lines, everything else starts a new one. Tuples that begin with an atom
align behind it, or, when that would waste more than half of the line, are indented by a fixed step.
"""

from __future__ import annotations

from typing import Any

from erlsim.terms import kinds
from erlsim.terms.characters import printable_list, printable_prefix, quote_string, width
from erlsim.terms.special import Improper
from erlsim.terms.term import Term
from erlsim.terms.writing import DOTS, UNLIMITED, bit_fields, scalar, sorted_rows

_SCALAR, _LIST, _TUPLE, _TAGGED, _MAP, _PAIR, _BINARY = range(7)
_BYTES_PER_LEVEL = 4  # a printable binary shows so many characters for each level of depth that is left
_STEPS = (-1, 4)  # indentations of tagged tuples to try: behind the tag, then four columns
_LAST_STEP = 1


class _Node:
    """A term ready for layout. `whole` nodes are never broken and may follow others on a line."""

    __slots__ = ("kind", "length", "parts", "rest", "text", "whole")

    def __init__(self, kind: int, text: str, length: int, parts: list[_Node], rest: _Node | None, whole: bool) -> None:
        self.kind = kind
        self.text = text
        self.length = length
        self.parts = parts
        self.rest = rest
        self.whole = whole


def _leaf(text: str) -> _Node:
    return _Node(_SCALAR, text, width(text), [], None, True)


def _branch(kind: int, opening: str, parts: list[_Node], separator: str, rest: _Node | None, closing: str) -> _Node:
    inner = ",".join([part.text for part in parts])
    length = len(opening) + len(closing) + sum(part.length for part in parts) + max(len(parts) - 1, 0)
    if rest is not None:
        inner = inner + separator + rest.text if parts else rest.text
        length += rest.length + (1 if parts else 0)
    return _Node(kind, opening + inner + closing, length, parts, rest, False)


_CUT = _leaf(DOTS)


def pretty(
    term: Term,
    column: int = 1,
    line: int = 80,
    depth: int = UNLIMITED,
    unicode: bool = False,
    strings: bool = True,
    ordered: bool = False,
) -> str:
    """`io_lib_pretty:print/2`: `term` from `column` (1 is the first) on lines of `line` characters.

    `depth` cuts off what lies deeper; `strings=False` prints no list or binary as text; `ordered` has maps in the
    order of terms in any release.
    """
    if depth == 0:
        return DOTS
    kind = kinds.kind(term)
    if kind == kinds.OPAQUE and kinds.stands_for_a_term(term):
        return pretty(term.__term__(), column, line, depth, unicode, strings, ordered)
    if kind not in (kinds.TUPLE, kinds.CONS, kinds.MAP, kinds.BITSTRING):
        return scalar(term, kind, unicode)
    column = max(column, 1)
    node = _Reader(unicode, strings, ordered).node(term, depth)
    if line == 0 or node.length < line - column:
        return node.text
    for step in _STEPS:
        try:
            return _Layout(line, node.length, step, True).block(node, column, 0, 0)
        except _TooFarRight:
            continue
    return _Layout(line, node.length, _LAST_STEP, False).block(node, column, 0, 0)


class _Reader:
    """Turns terms into nodes."""

    def __init__(self, unicode: bool, strings: bool, ordered: bool) -> None:
        self.unicode = unicode
        self.strings = strings
        self.ordered = ordered

    def node(self, term: Term, depth: int) -> _Node:
        kind = kinds.kind(term)
        if kind == kinds.TUPLE:
            return self.of_tuple(term, depth)
        if kind == kinds.CONS:
            return self.of_list(term, depth)
        if kind == kinds.MAP:
            return self.of_map(term, depth)
        if kind == kinds.BITSTRING:
            return self.of_bitstring(term, depth)
        if kind == kinds.OPAQUE and kinds.stands_for_a_term(term):
            return self.node(term.__term__(), depth)
        return _leaf(scalar(term, kind, self.unicode))

    def some(self, items: Any, depth: int) -> list[_Node]:
        """The nodes of those items that `depth` lets through, each a level less deep than the one before."""
        if depth < 0:
            return [self.node(item, depth) for item in items]
        return [self.node(item, depth - 1 - place) for place, item in enumerate(items[: depth - 1])]

    def of_tuple(self, term: tuple[Term, ...], depth: int) -> _Node:
        if not term:
            return _leaf("{}")
        if depth == 1:
            return _leaf("{...}")
        parts = self.some(term, depth)
        tagged = len(term) > 1 and kinds.kind(term[0]) == kinds.ATOM
        cut = _CUT if len(parts) < len(term) else None
        return _branch(_TAGGED if tagged else _TUPLE, "{", parts, ",", cut, "}")

    def of_list(self, term: Term, depth: int) -> _Node:
        items = term.items if isinstance(term, Improper) else term
        if not items:
            return _leaf("[]")
        if items is term and self.strings and depth != 1:
            text = printable_list(items)
            if text is not None:
                return _leaf(quote_string(text))
        parts = self.some(items, depth)
        rest = _CUT if len(parts) < len(items) else None
        if rest is None and items is not term:
            left = depth - len(items) if depth > 0 else depth
            rest = _CUT if left == 1 else self.node(term.tail, left - 1 if left > 0 else left)
        return _branch(_LIST, "[", parts, "|", rest, "]")

    def of_map(self, term: Any, depth: int) -> _Node:
        if not term:
            return _leaf("#{}")
        if depth == 1:
            return _leaf("#{...}")
        rows = sorted_rows(term, self.ordered)
        shown = rows if depth < 0 else rows[: depth - 1]
        inner = depth - 1 if depth > 0 else depth
        pairs = [self.pair(self.node(name, inner), self.node(value, inner)) for name, value in shown]
        return _branch(_MAP, "#{", pairs, ",", _CUT if len(shown) < len(rows) else None, "}")

    def pair(self, name: _Node, value: _Node) -> _Node:
        text, length = f"{name.text} => {value.text}", name.length + 4 + value.length
        return _Node(_PAIR, text, length, [name, value], None, name.whole and value.whole)

    def of_bitstring(self, term: Any, depth: int) -> _Node:
        if term == b"":
            return _leaf("<<>>")
        if depth == 1:
            return _leaf("<<...>>")
        if self.strings and isinstance(term, bytes):
            text = self.of_text(term, depth - 1)
            if text is not None:
                return _leaf(text)
        fields = [_leaf(field) for field in bit_fields(term, depth)]
        return _branch(_BINARY, "<<", fields, ",", None, ">>")

    def of_text(self, data: bytes, depth: int) -> str | None:
        """A binary that is text, as such; `None` when it is not."""
        limit = min(_BYTES_PER_LEVEL * depth, len(data)) if depth >= 0 else len(data)
        if self.unicode:
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


class _TooFarRight(Exception):
    """A tagged tuple would begin in the right half of the line: try a smaller indentation."""


class _Layout:
    """Places nodes on lines.

    Everywhere: `column` is where a block begins and where its further lines are indented to, `closing` how many
    brackets will close right behind it, `used` how many characters of the term its line holds already. `line` is the
    length of a line, `longest` how many characters of the term one may hold, `step` the indentation behind a tag (see
    `_STEPS`); with `checking` a tuple that begins too far right raises `_TooFarRight`.
    """

    def __init__(self, line: int, longest: int, step: int, checking: bool) -> None:
        self.line = line
        self.longest = longest
        self.step = step
        self.checking = checking

    def fits(self, node: _Node, column: int, closing: int, used: int) -> bool:
        return node.length < self.line - column - closing and node.length + used + closing <= self.longest

    def block(self, node: _Node, column: int, closing: int, used: int) -> str:
        if node.kind == _SCALAR or self.fits(node, column, closing, used):
            return node.text
        if node.kind == _LIST:
            return f"[{self.row(node, 0, '|', column + 1, closing, used + 1)}]"
        if node.kind == _TUPLE:
            return f"{{{self.row(node, 0, ',', column + 1, closing, used + 1)}}}"
        if node.kind == _TAGGED:
            return f"{{{self.tagged(node, column, closing, used + 1)}}}"
        if node.kind == _MAP:
            return f"#{{{self.row(node, 0, ',', column + 2, closing, used + 1)}}}"
        if node.kind == _PAIR:
            return self.pair(node, column, closing, used)
        return self.binary(node, column + 2, closing, used)

    def pair(self, node: _Node, column: int, closing: int, used: int) -> str:
        name, value = node.parts
        inner = column + (self.step if self.step > 0 else 4)
        return f"{self.block(name, column, closing, used)} =>{_newline(inner)}{self.block(value, inner, closing, 0)}"

    def tagged(self, node: _Node, column: int, closing: int, used: int) -> str:
        tag = node.parts[0]
        behind = tag.length + 2
        if 0 < self.step < behind:
            inner = column + self.step
            self.check(self.longest + inner <= self.line or inner <= self.line // 2)
            return tag.text + self.tail(node, 1, ",", inner, column + behind, closing, used + tag.length)
        inner = column + behind
        self.check(self.longest + inner < self.line or inner < self.line // 2)
        return f"{tag.text},{self.row(node, 1, ',', inner, closing, used + tag.length + 1)}"

    def check(self, good: bool) -> None:
        if self.checking and not good:
            raise _TooFarRight

    def row(self, node: _Node, start: int, separator: str, column: int, closing: int, used: int) -> str:
        """The parts of `node` from `start`, the first one right here."""
        if start == len(node.parts):
            return DOTS
        text, long = self.part(node, start, column, closing, used)
        return text + self.tail(node, start + 1, separator, column, column + long, closing, used + long)

    def part(self, node: _Node, place: int, column: int, closing: int, used: int) -> tuple[str, int]:
        """One part and its length; a part that is not whole counts as a full line, so that a new one follows."""
        part = node.parts[place]
        inner = 0 if place + 1 < len(node.parts) else closing + 1
        if part.whole and self.fits(part, column, inner, used):
            return part.text, part.length
        return self.block(part, column, inner, used), self.line

    def tail(self, node: _Node, start: int, separator: str, column: int, here: int, closing: int, used: int) -> str:
        """The parts from `start`, each behind a comma at `here` or, where it has no room, on a new line."""
        pieces: list[str] = []
        for place in range(start, len(node.parts)):
            part = node.parts[place]
            room = 1 if place + 1 < len(node.parts) else closing + 1
            long = part.length + 1
            if part.whole and long + room < self.line - here and long + used + room <= self.longest:
                pieces.append("," + part.text)
            else:
                text, long = self.part(node, place, column, closing, 0)
                pieces.append(f",{_newline(column)}{text}")
                here, used = column, 0
            here += long
            used += long
        if node.rest is not None:
            pieces.append(separator + self.rest(node.rest, column, here, closing + 1, used))
        return "".join(pieces)

    def rest(self, rest: _Node, column: int, here: int, closing: int, used: int) -> str:
        """The tail of an improper list, or the dots of a term that was cut."""
        long = rest.length + 1
        if rest is _CUT or (rest.whole and long < self.line - here - closing and long + used + closing <= self.longest):
            return rest.text
        if not self.checking:
            return _newline(column) + self.block(rest, column, closing, 0)
        # OTP looks for the indentation as if the tail began at `here`, and then prints it on a new line.
        self.block(rest, here, closing, 0)
        self.checking = False
        try:
            return _newline(column) + self.block(rest, column, closing, 0)
        finally:
            self.checking = True

    def binary(self, node: _Node, column: int, closing: int, used: int) -> str:
        """The numbers of a binary, as many on a line as fit."""
        room = max(8, min(self.line - column, self.longest - 4 - used) - closing)
        left, pieces = room, []
        for place, field in enumerate(node.parts):
            comma = "," if place + 1 < len(node.parts) else ""
            long = field.length + len(comma)
            if long > left:
                pieces.append(_newline(column))
                left = room
            left -= long
            pieces.append(field.text + comma)
        return f"<<{''.join(pieces)}>>"


def _newline(column: int) -> str:
    return "\n" + " " * (column - 1)
