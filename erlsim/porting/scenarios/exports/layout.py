"""Text that fits a width: what is too long goes over several lines, an element a line, as formatters do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Group:
    """`open`, items with `sign` between them, `close`. With another sign than a comma it is a pair: `Key => Value`."""

    open: str
    items: tuple[Any, ...]
    close: str
    sign: str = ", "


Doc = str | Group


def group(open_: str, items: Sequence[Doc], close: str) -> Group:
    """A group of some items."""
    return Group(open_, tuple(items), close)


def pair(left: Doc, sign: str, right: Doc) -> Group:
    """Two parts and what stands between them."""
    return Group("", (left, right), "", sign)


def flat(doc: Doc) -> str:
    """All on one line."""
    if isinstance(doc, str):
        return doc
    return doc.open + doc.sign.join(map(flat, doc.items)) + doc.close


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide a line may be, and how far what is inside of something stands to the right.

    With `hangs` what does not fit behind `=` goes on a line of its own.
    """

    width: int
    step: int
    hangs: bool = False

    def lines(self, doc: Doc, indent: int, before: str = "", after: str = "") -> list[str]:
        """A part as lines, with `before` on the first and `after` on the last of them."""
        pad = " " * indent
        whole = pad + before + flat(doc) + after
        if isinstance(doc, str) or len(whole) <= self.width or not doc.items:
            return [whole]
        if doc.sign != ", ":
            return self._pair(doc, indent, before, after)
        found = [pad + before + doc.open]
        for number, each in enumerate(doc.items, 1):
            found += self.lines(each, indent + self.step, after="," if number < len(doc.items) else "")
        return [*found, pad + doc.close + after]

    def _pair(self, doc: Group, indent: int, before: str, after: str) -> list[str]:
        left, right = doc.items
        first = self.lines(left, indent, before=before)
        if self.hangs and len(first) == 1 and doc.sign == " = ":
            return [first[0] + doc.sign.rstrip(), *self.lines(right, indent + self.step, after=after)]
        return [*first[:-1], *self.lines(right, indent, before=first[-1].lstrip() + doc.sign, after=after)]
