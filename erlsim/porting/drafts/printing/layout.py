"""A pretty printer: documents with places where a line may be broken, laid out for a width.

Wadler's: a group is written on one line if it fits, else all of its own breaks are new lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class Doc:
    """A document."""


@dataclass(frozen=True)
class Text(Doc):
    """Text without a line break."""

    text: str


@dataclass(frozen=True)
class Break(Doc):
    """A new line, or `flat` where the group fits on one line."""

    flat: str = " "
    forced: bool = False


@dataclass(frozen=True)
class Nest(Doc):
    """Lines inside are indented by so much more."""

    indent: int
    doc: Doc


@dataclass(frozen=True)
class Align(Doc):
    """Lines inside are indented to where it begins."""

    doc: Doc


@dataclass(frozen=True)
class Cat(Doc):
    """One behind the other."""

    docs: tuple[Doc, ...]


@dataclass(frozen=True)
class Group(Doc):
    """On one line if it fits."""

    doc: Doc


@dataclass(frozen=True)
class Paragraphs(Doc):
    """Each on lines of its own, with a blank line before and behind what takes several lines."""

    docs: tuple[Doc, ...]


LINE = Break()
SOFT = Break("")
HARD = Break(forced=True)
EMPTY = Text("")


def doc(value: Doc | str) -> Doc:
    """Text as a document."""
    return Text(value) if isinstance(value, str) else value


def cat(*parts: Doc | str) -> Doc:
    """One behind the other."""
    return Cat(tuple(map(doc, parts)))


def group(*parts: Doc | str) -> Doc:
    """On one line if it fits."""
    return Group(cat(*parts))


def nest(indent: int, *parts: Doc | str) -> Doc:
    """Indented by so much more."""
    return Nest(indent, cat(*parts))


def align(*parts: Doc | str) -> Doc:
    """Indented to where it begins."""
    return Align(cat(*parts))


def join(separator: Doc | str, parts: Iterable[Doc | str]) -> Doc:
    """With something between each two."""
    found: list[Doc] = []
    for each in parts:
        if found:
            found.append(doc(separator))
        found.append(doc(each))
    return Cat(tuple(found))


def forced(document: Doc) -> bool:
    """Whether it has a line break in any case."""
    match document:
        case Break(forced=forced_):
            return forced_
        case Nest(doc=inner) | Align(doc=inner) | Group(doc=inner):
            return forced(inner)
        case Cat(docs=docs):
            return any(map(forced, docs))
        case Paragraphs(docs=docs):
            return len(docs) > 1 or any(map(forced, docs))
    return False


def layout(document: Doc, width: int) -> str:
    """The text, with lines of at most `width` characters where that can be done."""
    out: list[str] = []
    column = 0
    stack: list[tuple[int, bool, Doc]] = [(0, False, document)]
    while stack:
        indent, flat, each = stack.pop()
        match each:
            case Text(text=text):
                out.append(text)
                column += len(text)
            case Break(flat=text, forced=forced_):
                if flat and not forced_:
                    out.append(text)
                    column += len(text)
                else:
                    out.append("\n" + " " * indent)
                    column = indent
            case Nest(indent=more, doc=inner):
                stack.append((indent + more, flat, inner))
            case Align(doc=inner):
                stack.append((column, flat, inner))
            case Cat(docs=docs):
                stack.extend((indent, flat, part) for part in reversed(docs))
            case Paragraphs(docs=docs):
                stack.append((indent, flat, docs[0] if len(docs) == 1 else _apart(docs, width - indent)))
            case Group(doc=inner):
                fits = not forced(inner) and _fits(width - column, [(indent, True, inner)], stack)
                stack.append((indent, flat or fits, inner))
    return "\n".join(line.rstrip() for line in "".join(out).split("\n"))


def _apart(docs: Sequence[Doc], width: int) -> Doc:
    long = ["\n" in layout(each, width) for each in docs]
    found: list[Doc] = [docs[0]]
    for place in range(1, len(docs)):
        found.append(Cat((HARD, HARD)) if long[place - 1] or long[place] else HARD)
        found.append(docs[place])
    return Cat(tuple(found))


def _fits(room: int, first: list[tuple[int, bool, Doc]], rest: Sequence[tuple[int, bool, Doc]]) -> bool:
    """Whether what comes, up to the next line break, has room."""
    stack = list(first)
    place = len(rest)
    while room >= 0:
        if not stack:
            if place == 0:
                return True
            place -= 1
            stack.append(rest[place])
        _, flat, each = stack.pop()
        match each:
            case Text(text=text):
                room -= len(text)
            case Break(flat=text, forced=forced_):
                if not flat or forced_:
                    return True
                room -= len(text)
            case Nest(doc=inner) | Align(doc=inner) | Group(doc=inner):
                stack.append((0, flat, inner))
            case Cat(docs=docs) | Paragraphs(docs=docs):
                stack.extend((0, flat, part) for part in reversed(docs))
    return False
