"""`~p`: a term laid out over as many lines as it takes.

Mirrors `io_lib_pretty:print/2` without records. A term that does not fit on its line is turned into a tree of `_Node`s
that know how long they are (strings recognised, what is too deep cut off), then placed: whatever fits on the rest of
the line stays whole, scalars fill lines, everything else starts a new one. Tuples that begin with an atom
align behind it, or, when that would waste more than half of the line, are indented by a fixed step.
"""

from __future__ import annotations

from typing import Any

from erlsim.terms import kinds
from erlsim.terms.characters import DOTS, binary_as_text, printable_list, quote_string, width
from erlsim.terms.recursion import Call, run
from erlsim.terms.special import Improper
from erlsim.terms.term import Term
from erlsim.terms.writing import UNLIMITED, bit_fields, scalar, sorted_rows, write

_SCALAR, _LIST, _TUPLE, _TAGGED, _MAP, _PAIR, _BINARY = range(7)
# What stands before the parts of a node, between them, before the rest, and behind them all.
_SIGNS = {
    _LIST: ("[", ",", "|", "]"),
    _TUPLE: ("{", ",", ",", "}"),
    _TAGGED: ("{", ",", ",", "}"),
    _MAP: ("#{", ",", ",", "}"),
    _PAIR: ("", " => ", "", ""),
    _BINARY: ("<<", ",", "", ">>"),
}
_STEPS = (-1, 4)  # indentations of tagged tuples to try: behind the tag, then four columns
_LAST_STEP = 1
MOST_LEVELS = 2_000


class _Node:
    """A term ready for layout. `whole` nodes are never broken and may follow others on a line.

    `length` is that of its text on one line, `levels` how deep it nests, `rest` the tail of an improper list or the
    dots of what was cut off.
    """

    __slots__ = ("_text", "kind", "length", "levels", "parts", "rest", "whole")

    def __init__(self, kind: int, text: str, parts: list[_Node], rest: _Node | None, whole: bool) -> None:
        self.kind = kind
        self.parts = parts
        self.rest = rest
        self.whole = whole
        self._text = text
        if kind == _SCALAR:
            self.length = width(text)
            self.levels = 0
            return
        inside = parts if rest is None else [*parts, rest]
        opening, between, before_rest, closing = _SIGNS[kind]
        signs = len(opening) + len(closing) + len(between) * max(len(parts) - 1, 0)
        if rest is not None and parts:
            signs += len(before_rest)
        self.length = signs + sum(part.length for part in inside)
        self.levels = 1 + max((part.levels for part in inside), default=0)

    def text(self) -> str:
        """The term on one line."""
        if self.kind == _SCALAR:
            return self._text
        texts: list[str] = []
        todo: list[str | _Node] = [self]
        while todo:
            each = todo.pop()
            if isinstance(each, str):
                texts.append(each)
            elif each.kind == _SCALAR:
                texts.append(each._text)
            else:
                todo += reversed(each.pieces())
        return "".join(texts)

    def pieces(self) -> list[str | _Node]:
        """The signs and the parts of the text, in order."""
        opening, between, before_rest, closing = _SIGNS[self.kind]
        found: list[str | _Node] = [opening]
        for part in self.parts:
            found += (part, between)
        if self.parts:
            found.pop()
        if self.rest is not None:
            found += (before_rest if self.parts else "", self.rest)
        found.append(closing)
        return found


def _leaf(text: str) -> _Node:
    return _Node(_SCALAR, text, [], None, True)


def _branch(kind: int, parts: list[_Node], rest: _Node | None = None) -> _Node:
    return _Node(kind, "", parts, rest, False)


_CUT = _leaf(DOTS)


def pretty(
    term: Term,
    column: int = 1,
    line: int = 80,
    depth: int = UNLIMITED,
    unicode: bool = False,
    strings: bool = True,
    ordered: bool = False,
    most: int = UNLIMITED,
) -> str:
    """`io_lib_pretty:print/2`: `term` from `column` (1 is the first) on lines of `line` characters.

    `depth` cuts off what lies deeper; `strings=False` prints no list or binary as text; `ordered` has maps in the
    order of terms in any release; of a term of more than `most` characters about so many are printed.
    """
    if depth == 0 or most == 0:
        return DOTS
    kind = kinds.kind(term)
    if kind == kinds.OPAQUE and kinds.stands_for_a_term(term):
        return pretty(term.__term__(), column, line, depth, unicode, strings, ordered, most)
    if kind not in (kinds.TUPLE, kinds.CONS, kinds.MAP, kinds.BITSTRING):
        return scalar(term, kind, unicode)
    column = max(column, 1)
    if depth < 0 and most < 0:
        # Most terms fit on their line: those need no nodes.
        text = write(term, unicode, UNLIMITED, ordered, strings)
        if line == 0 or width(text) < line - column:
            return text
    reader = _Reader(unicode, strings, ordered)
    node: _Node = run(reader.made(term, depth)) if most < 0 else _Shortened(reader, depth, most).node(term)
    # DIVERGES(otp): a term of more than 2,000 levels is printed on one line. Indented at every level, its text grows
    # with the square of their number: to five gigabytes for a tuple of 100,000.
    if line == 0 or node.length < line - column or node.levels > MOST_LEVELS:
        return node.text()
    for step in _STEPS:
        layout = _Layout(line, node.length, step, True)
        try:
            run(layout.block(node, column, 0, 0))
            break
        except _TooFarRight:
            continue
    else:
        layout = _Layout(line, node.length, _LAST_STEP, False)
        run(layout.block(node, column, 0, 0))
    return "".join(layout.texts)


class _Reader:
    """Turns terms into nodes."""

    def __init__(self, unicode: bool, strings: bool, ordered: bool) -> None:
        self.unicode = unicode
        self.strings = strings
        self.ordered = ordered

    def node(self, term: Term, depth: int) -> _Node | Call:
        """The node of a term that holds no others, else the call that makes it."""
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

    def made(self, term: Term, depth: int) -> Call:
        """The node of any term."""
        node = self.node(term, depth)
        return node if type(node) is _Node else (yield node)

    def some(self, items: Any, depth: int) -> Call:
        """The nodes of those items that `depth` lets through, each a level less deep than the one before."""
        nodes = []
        for place, item in enumerate(items if depth < 0 else items[: depth - 1]):
            node = self.node(item, depth if depth < 0 else depth - 1 - place)
            nodes.append(node if type(node) is _Node else (yield node))
        return nodes

    def of_tuple(self, term: tuple[Term, ...], depth: int) -> Call:
        if not term:
            return _leaf("{}")
        if depth == 1:
            return _leaf("{...}")
        parts = yield self.some(term, depth)
        tagged = len(term) > 1 and kinds.kind(term[0]) == kinds.ATOM
        return _branch(_TAGGED if tagged else _TUPLE, parts, _CUT if len(parts) < len(term) else None)

    def of_list(self, term: Term, depth: int) -> Call:
        items = term.items if isinstance(term, Improper) else term
        if not items:
            return _leaf("[]")
        if items is term and self.strings and depth != 1:
            text = printable_list(items)
            if text is not None:
                return _leaf(quote_string(text))
        parts = yield self.some(items, depth)
        rest = _CUT if len(parts) < len(items) else None
        if rest is None and items is not term:
            left = depth - len(items) if depth > 0 else depth
            rest = _CUT if left == 1 else (yield self.made(term.tail, left - 1 if left > 0 else left))
        return _branch(_LIST, parts, rest)

    def of_map(self, term: Any, depth: int) -> Call:
        if not term:
            return _leaf("#{}")
        if depth == 1:
            return _leaf("#{...}")
        rows = sorted_rows(term, self.ordered)
        shown = rows if depth < 0 else rows[: depth - 1]
        inner = depth - 1 if depth > 0 else depth
        pairs = []
        for name, value in shown:
            row = [(yield self.made(name, inner)), (yield self.made(value, inner))]
            pairs.append(_Node(_PAIR, "", row, None, all(part.whole for part in row)))
        return _branch(_MAP, pairs, _CUT if len(shown) < len(rows) else None)

    def of_bitstring(self, term: Any, depth: int) -> _Node:
        if term == b"":
            return _leaf("<<>>")
        if depth == 1:
            return _leaf("<<...>>")
        if self.strings and isinstance(term, bytes):
            text = binary_as_text(term, depth - 1, self.unicode)
            if text is not None:
                return _leaf(text)
        return _branch(_BINARY, [_leaf(field) for field in bit_fields(term, depth)])


class _Part:
    """A term that may be cut: what its node will be, how many dots stand in it, and how it becomes longer.

    `more(most, deeper)` makes the part anew; of dots between other parts, what stands there then: parts, and a rest.
    """

    __slots__ = ("dots", "kind", "length", "more", "parts", "rest", "text")

    def __init__(
        self, kind: int, text: str, parts: list[_Part], rest: _Part | None, more: Any = None, dots: int = 0
    ) -> None:
        self.kind = kind
        self.text = text
        self.parts = parts
        self.rest = rest
        self.more = more
        inside = parts if rest is None else [*parts, rest]
        self.dots: int = dots + sum(part.dots for part in inside)
        self.length = width(text)
        if kind in (_LIST, _TUPLE, _TAGGED, _MAP):
            self.length = (3 if kind == _MAP else 2) + sum(part.length for part in inside) + max(len(inside) - 1, 0)
        elif kind == _PAIR:
            self.length = 4 + sum(part.length for part in inside)

    def node(self) -> _Node:
        """For the layout."""
        if self.kind == _SCALAR:
            return _CUT if self.text == DOTS and self.dots else _leaf(self.text)
        if self.kind == _BINARY:
            return _branch(_BINARY, [_leaf(field) for field in self.text[2:-2].split(",")])
        parts = [part.node() for part in self.parts]
        rest = None if self.rest is None else self.rest.node()
        return _Node(self.kind, "", parts, rest, self.kind == _PAIR and all(part.whole for part in parts))


_Row = tuple[list[_Part], _Part | None]


def _less(most: int, by: int) -> int:
    return max(most - by, 0)


class _Shortened:
    """Finds how deep a term may be printed in about `most` characters. Mirrors `io_lib_pretty:intermediate/6`.

    What is too long is made once more, deeper and deeper, as long as it fits; then the depth is sought between the last
    that did and the first that did not.
    """

    def __init__(self, reader: _Reader, depth: int, most: int) -> None:
        self.reader = reader
        self.depth = depth
        self.most = most

    def node(self, term: Term) -> _Node:
        """The node of the term."""
        return self.deepest(self.part(term, 1, self.most)).node()

    def deepest(self, lower: _Part) -> _Part:
        if lower.dots == 0 or lower.length > self.most or self.depth == 1:
            return lower
        depth, step = 1, 2
        while True:
            step *= 2
            deeper = depth + step if self.depth < 0 else min(depth + step, self.depth)
            upper = self.expanded(lower, self.most, deeper - depth)
            if upper.dots == 0 or upper.length == lower.length:
                return upper
            if upper.length > self.most or deeper == self.depth:
                return self.between(lower, upper, depth, deeper)
            lower, depth = upper, deeper

    def between(self, lower: _Part, upper: _Part, low: int, high: int) -> _Part:
        while high - low > 1:
            middle = (low + high) // 2
            found = self.expanded(lower, self.most, middle - low)
            if found.length > self.most:
                upper, high = found, middle
            else:
                lower, low = found, middle
        return lower if lower.length == self.most else upper

    # ---- making parts

    def part(self, term: Term, depth: int, most: int) -> _Part:
        kind = kinds.kind(term)
        if kind == kinds.OPAQUE and kinds.stands_for_a_term(term):
            return self.part(term.__term__(), depth, most)

        def more(most: int, deeper: int) -> _Part:
            return self.part(term, depth + deeper, most)

        if kind == kinds.CONS and term != []:
            return self.of_list(term, depth, most, more)
        if kind == kinds.TUPLE and term:
            if depth == 1:
                return _Part(_SCALAR, "{...}", [], None, more, 3)
            tagged = len(term) > 1 and kinds.kind(term[0]) == kinds.ATOM
            return _Part(_TAGGED if tagged else _TUPLE, "", *self.row(term, 0, depth, _less(most, 2)))
        if kind == kinds.MAP and term:
            if depth == 1:
                return _Part(_SCALAR, "#{...}", [], None, more, 3)
            rows = sorted_rows(term, self.reader.ordered)
            return _Part(_MAP, "", *self.pairs(rows, 0, depth, depth - 1, _less(most, 3)))
        if kind == kinds.BITSTRING and term != b"":
            return self.of_bitstring(term, depth, most, more)
        return _Part(_SCALAR, write(term, self.reader.unicode), [], None)

    def of_list(self, term: Term, depth: int, most: int, more: Any) -> _Part:
        text = self.string(term, most) if self.reader.strings and depth > 1 else None
        if text is not None:
            return _Part(_SCALAR, text, [], None)
        found = _Part(_LIST, "", *self.row(term, 0, depth, _less(most, 2)))
        found.more = more if found.dots else None
        return found

    def string(self, term: Term, most: int) -> str | None:
        """A list of printable characters as text, cut where it is too long; `None` for any other list."""
        room = _less(most, 2)
        items = term.items if isinstance(term, Improper) else term
        if room == 0:
            # Of Latin-1 OTP has looked far enough then.
            return None if self.reader.unicode else f'""{DOTS}'
        is_whole = len(items) <= room and items is term
        text = printable_list(list(items[:room]))
        if text is None or (len(items) < room and not is_whole):
            return None
        return quote_string(text) + ("" if is_whole else DOTS)

    def row(self, term: Term, start: int, depth: int, most: int) -> _Row:
        """The elements of a tuple or a list from one on, and what stands behind the last."""
        items = term.items if isinstance(term, Improper) else term
        parts: list[_Part] = []
        for place in range(start, len(items)):
            if depth == 1 or most == 0:
                return parts, self.dots(self.row, term, place, depth)
            is_last = place + 1 == len(items) and items is term
            room = most if is_last else _less(most, 1)
            parts.append(self.part(items[place], depth - 1, room))
            depth, most = depth - 1, _less(room, parts[-1].length)
        if items is term:
            return parts, None
        if depth == 1 or most == 0:
            return parts, self.dots(self.row, term, len(items), depth)
        return parts, self.part(term.tail, depth - 1, most)

    def pairs(self, rows: Any, start: int, depth: int, inner: int, most: int) -> _Row:
        parts: list[_Part] = []
        for place in range(start, len(rows)):
            if depth == 1 or most == 0:
                return parts, _Part(
                    *(_SCALAR, DOTS, [], None),
                    lambda most, deeper, at=place, left=depth: self.pairs(rows, at, left + deeper, inner, most),
                    3,
                )
            room = most if place + 1 == len(rows) else _less(most, 1)
            name = self.part(rows[place][0], inner, room)
            value = self.part(rows[place][1], inner, _less(room, name.length + 4))
            parts.append(_Part(_PAIR, "", [name, value], None))
            depth, most = depth - 1, _less(room, parts[-1].length)
        return parts, None

    def dots(self, row: Any, term: Term, place: int, depth: int) -> _Part:
        return _Part(_SCALAR, DOTS, [], None, lambda most, deeper: row(term, place, depth + deeper, most), 3)

    def of_bitstring(self, term: Any, depth: int, most: int, more: Any) -> _Part:
        if depth == 1:
            return _Part(_SCALAR, "<<...>>", [], None, more, 3)
        if self.reader.strings and isinstance(term, bytes):
            text = binary_as_text(term, depth - 1, self.reader.unicode, _less(most, 6))
            if text is not None:
                return _Part(
                    _SCALAR, text, [], None, more if text.endswith("...>>") else None, 3 * text.endswith("...>>")
                )
        fields, room = bit_fields(term, UNLIMITED), _less(most, 4)
        shown: list[str] = []
        for field in fields:
            if depth == 1 or room == 0:
                return _Part(_BINARY, f"<<{','.join([*shown, DOTS])}>>", [], None, more, 3)
            shown.append(field)
            depth, room = depth - 1, _less(room, len(field) + 1)
        return _Part(_BINARY, f"<<{','.join(shown)}>>", [], None)

    # ---- making them deeper

    def expanded(self, part: _Part, most: int, deeper: int) -> _Part:
        if part.dots == 0 and part.more is None:
            return part
        if part.kind in (_TUPLE, _TAGGED, _MAP):
            row = self.expanded_row(part, _less(most, 3 if part.kind == _MAP else 2), deeper)
            return _Part(part.kind, "", *row)
        if part.kind == _PAIR:
            name = self.expanded(part.parts[0], _less(most, 1), deeper)
            return _Part(_PAIR, "", [name, self.expanded(part.parts[1], _less(most, name.length + 4), deeper)], None)
        found: _Part = part.more(most, deeper)
        return found

    def expanded_row(self, part: _Part, most: int, deeper: int) -> _Row:
        parts: list[_Part] = []
        for place, each in enumerate(part.parts):
            is_last = place + 1 == len(part.parts) and part.rest is None
            room = most if is_last else _less(most, 1)
            parts.append(self.expanded(each, room, deeper))
            most = _less(room, parts[-1].length)
        if part.rest is None:
            return parts, None
        found, rest = part.rest.more(most, deeper)
        return [*parts, *found], rest


class _TooFarRight(Exception):
    """A tagged tuple would begin in the right half of the line: try a smaller indentation."""


class _Layout:
    """Places nodes on lines: `texts` has what was printed so far.

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
        self.texts: list[str] = []

    def fits(self, node: _Node, column: int, closing: int, used: int) -> bool:
        return node.length < self.line - column - closing and node.length + used + closing <= self.longest

    def block(self, node: _Node, column: int, closing: int, used: int) -> Call:
        if node.kind == _SCALAR or self.fits(node, column, closing, used):
            self.texts.append(node.text())
            return
        if node.kind == _PAIR:
            yield self.pair(node, column, closing, used)
            return
        if node.kind == _BINARY:
            self.binary(node, column + 2, closing, used)
            return
        opening, _, separator, ending = _SIGNS[node.kind]
        self.texts.append(opening)
        if node.kind == _TAGGED:
            yield self.tagged(node, column, closing, used + 1)
        else:
            yield self.row(node, 0, separator, column + len(opening), closing, used + 1)
        self.texts.append(ending)

    def pair(self, node: _Node, column: int, closing: int, used: int) -> Call:
        name, value = node.parts
        inner = column + (self.step if self.step > 0 else 4)
        yield self.block(name, column, closing, used)
        self.texts.append(" =>" + _newline(inner))
        yield self.block(value, inner, closing, 0)

    def tagged(self, node: _Node, column: int, closing: int, used: int) -> Call:
        tag = node.parts[0]
        behind = tag.length + 2
        self.texts.append(tag.text())
        if 0 < self.step < behind:
            inner = column + self.step
            self.check(self.longest + inner <= self.line or inner <= self.line // 2)
            yield self.tail(node, 1, ",", inner, column + behind, closing, used + tag.length)
        else:
            inner = column + behind
            self.check(self.longest + inner < self.line or inner < self.line // 2)
            self.texts.append(",")
            yield self.row(node, 1, ",", inner, closing, used + tag.length + 1)

    def check(self, good: bool) -> None:
        if self.checking and not good:
            raise _TooFarRight

    def row(self, node: _Node, start: int, separator: str, column: int, closing: int, used: int) -> Call:
        """The parts of `node` from `start`, the first one right here."""
        if start == len(node.parts):
            self.texts.append(DOTS)
            return
        long = yield self.part(node, start, column, closing, used)
        yield self.tail(node, start + 1, separator, column, column + long, closing, used + long)

    def part(self, node: _Node, place: int, column: int, closing: int, used: int) -> Call:
        """One part, and its length; a part that is not whole counts as a full line, so that a new one follows."""
        part = node.parts[place]
        inner = 0 if place + 1 < len(node.parts) else closing + 1
        if self.fits(part, column, inner, used):
            self.texts.append(part.text())
            return part.length if part.whole else self.line
        yield self.block(part, column, inner, used)
        return self.line

    def tail(self, node: _Node, start: int, separator: str, column: int, here: int, closing: int, used: int) -> Call:
        """The parts from `start`, each behind a comma at `here` or, where it has no room, on a new line."""
        for place in range(start, len(node.parts)):
            part = node.parts[place]
            room = 1 if place + 1 < len(node.parts) else closing + 1
            long = part.length + 1
            if part.whole and long + room < self.line - here and long + used + room <= self.longest:
                self.texts += (",", part.text())
            else:
                self.texts.append("," + _newline(column))
                long = yield self.part(node, place, column, closing, 0)
                here, used = column, 0
            here += long
            used += long
        if node.rest is not None:
            self.texts.append(separator)
            yield self.rest(node.rest, column, here, closing + 1, used)

    def rest(self, rest: _Node, column: int, here: int, closing: int, used: int) -> Call:
        """The tail of an improper list, or the dots of a term that was cut."""
        long = rest.length + 1
        if rest is _CUT or (rest.whole and long < self.line - here - closing and long + used + closing <= self.longest):
            self.texts.append(rest.text())
            return
        checking = self.checking
        if checking:
            # OTP looks for the indentation as if the tail began at `here`, and then prints it on a new line.
            before = len(self.texts)
            yield self.block(rest, here, closing, 0)
            del self.texts[before:]
        self.checking = False
        self.texts.append(_newline(column))
        yield self.block(rest, column, closing, 0)
        self.checking = checking

    def binary(self, node: _Node, column: int, closing: int, used: int) -> None:
        """The numbers of a binary, as many on a line as fit."""
        room = max(8, min(self.line - column, self.longest - 4 - used) - closing)
        left = room
        self.texts.append("<<")
        for place, field in enumerate(node.parts):
            comma = "," if place + 1 < len(node.parts) else ""
            long = field.length + len(comma)
            if long > left:
                self.texts.append(_newline(column))
                left = room
            left -= long
            self.texts.append(field.text() + comma)
        self.texts.append(">>")


def _newline(column: int) -> str:
    return "\n" + " " * (column - 1)
