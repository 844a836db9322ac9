"""What is being read: a frame for each bracket that is open, and the terms that frames become when it closes."""

from __future__ import annotations

from typing import Any

from erlsim.terms.kinds import make_map
from erlsim.terms.reading import segments
from erlsim.terms.reading.tokens import Unreadable
from erlsim.terms.special import cons
from erlsim.terms.term import Term

TOP, LIST, TUPLE, MAP, BINARY, PAREN, SIZE = "", "[", "{", "#{", "<<", "(", "size"
CLOSING = {LIST: "]", TUPLE: "}", MAP: "}", BINARY: ">>", PAREN: ")", SIZE: ")"}
MOST_BITS = 1 << 28
"""How many bits the binaries of one text may have."""


class Frame(list[Term]):
    """The terms read so far; `is_text` says whether the last of them was written as a string.

    A list whose tail is a list, `[a|[b]]`, is one frame with the items of both: `inner` is how many lists are open
    within, `tailed` whether there was a `|` in the innermost, and `ended` whether a list has closed that was a tail.
    A parenthesis keeps the sign before it, and where that stands.
    """

    # There may be a million frames, most of which never have more than that.
    __slots__ = ("__dict__", "kind")
    is_text = False
    inner = 0
    tailed = False
    ended = False
    sign = ""
    position = 0

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def term(self) -> Term:
        """What the frame has become."""
        if self.kind == LIST:
            return cons(self[:-1], self[-1]) if self.tailed else self[:]
        if self.kind == TUPLE:
            return tuple(self)
        if self.kind == MAP:
            return make_map(zip(self[::2], self[1::2], strict=True))
        value = self[0]
        if not self.sign:
            return value
        if type(value) not in (int, float) or value < 0:
            raise Unreadable(self.position, "a sign stands before a number alone")
        return -value if self.sign == "-" else value


class BinaryFrame(Frame):
    """A binary: `rows` are the bits of its finished parts; `size` and `types` belong to the part that is being read."""

    __slots__ = ("position", "rows", "size", "types", "types_at")
    size: Any

    def __init__(self, position: int) -> None:
        super().__init__(BINARY)
        self.position = self.types_at = position
        self.rows: list[segments.Row] = []
        self.size = None
        self.types: list[tuple[str, int | None]] = []

    def finish_part(self, bits_left: int) -> int:
        """Make bits of the part that has been read; how many bits are left then for the others of the text."""
        value = self.pop()
        before = len(self.rows)
        if self.size is not None or self.types or not (self.is_text or type(value) is int):
            self._lay_out(value, bits_left)
            self.size, self.types = None, []
            bits_left -= sum(size for _, size in self.rows[before:])
        elif self.is_text:
            self.rows += [(code & 0xFF, 8) for code in value]
            bits_left -= 8 * len(value)
        else:
            self.rows.append((value & 0xFF, 8))
            bits_left -= 8
        if bits_left < 0:
            raise Unreadable(self.position, f"the binaries of a text have at most {MOST_BITS} bits in all")
        return bits_left

    def _lay_out(self, value: Term, bits_left: int) -> None:
        at = self.types_at if self.types else self.position
        try:
            how = segments.layout(self.size, self.types)
            if how.size is not None and how.size * (len(value) if self.is_text else 1) > bits_left:
                raise Unreadable(self.position, f"the binaries of a text have at most {MOST_BITS} bits in all")
            if self.is_text and not value:
                segments.row(0, how)  # even of no character the size and type must be right
            self.rows += [segments.row(each, how) for each in (value if self.is_text else (value,))]
        except segments.BadSegment as fault:
            raise Unreadable(at, str(fault)) from None

    def term(self) -> Term:
        """The bitstring of all parts."""
        return segments.join(self.rows)
