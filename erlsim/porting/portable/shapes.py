"""What is known of a value without running anything: of which kinds it may be, and what it holds.

A `Shape` is a set of kinds. Those of terms are Erlang's own (an atom that is a boolean is a kind of its own, for Python
takes it for a number); the others stand for Python values that are no terms. What nothing is known of has no shape:
`None`, of which nobody says anything. `ANY` is a term that may be of each kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

TERMS = frozenset(
    ("int", "float", "bool", "atom", "binary", "pid", "ref", "fun", "tuple", "list", "map"),
)
NUMBERS = frozenset(("int", "float", "bool"))
CONTAINERS = frozenset(("tuple", "list", "map", "binary"))
# What changes in place.
MUTABLE = frozenset(("list", "map", "set"))


class Shape(NamedTuple):
    """Kinds; the elements of a list, the values of a map or what an iterable gives (`item`); those of a tuple.

    `empty` says that a list or a map has just been made and holds nothing.
    """

    kinds: frozenset[str]
    item: Shape | None = None
    items: tuple[Shape | None, ...] | None = None
    empty: bool = False

    def only(self, *kinds: str) -> bool:
        """Whether it can be of these kinds alone."""
        return self.kinds <= set(kinds)

    def may_be(self, *kinds: str) -> bool:
        """Whether it can be of one of these kinds."""
        return not self.kinds.isdisjoint(kinds)


Maybe = Shape | None


def of(*kinds: str, item: Maybe = None) -> Shape:
    """A shape of some kinds."""
    return Shape(frozenset(kinds), item)


def a_tuple(items: Iterable[Maybe] | None) -> Shape:
    """A tuple of these, or of what nobody knows."""
    return Shape(frozenset(("tuple",)), None, None if items is None else tuple(items))


ANY = Shape(TERMS)
INT, FLOAT, BOOL, ATOM, BINARY = of("int"), of("float"), of("bool"), of("atom"), of("binary")
PID, REF, FUN, TUPLE = of("pid"), of("ref"), of("fun"), a_tuple(None)
NUMBER = of("int", "float")
LIST, MAP = of("list"), of("map")
NONE, SET, TEXT, OBJECT, ENUM = of("none"), of("set"), of("text"), of("object"), of("enum")
COROUTINE, FILE, GENERATOR, MODULE = of("coroutine"), of("file"), of("generator"), of("module")
EXCEPTION = of("exception")


def is_any(shape: Maybe) -> bool:
    """Whether it is a term of which nothing more is known."""
    return shape is not None and shape.kinds >= TERMS


def joined(one: Maybe, other: Maybe) -> Maybe:
    """What is known of a value that may come from either."""
    if one is None or other is None:
        return None
    if one == other:
        return one
    items = None
    if one.items is not None and other.items is not None and len(one.items) == len(other.items):
        items = tuple(joined(*pair) for pair in zip(one.items, other.items, strict=True))
    elif not other.may_be("tuple"):
        items = one.items
    elif not one.may_be("tuple"):
        items = other.items
    return Shape(one.kinds | other.kinds, _joined_items(one, other), items, one.empty and other.empty)


def _joined_items(one: Shape, other: Shape) -> Maybe:
    """What the containers hold: one that is empty, or holds nothing, has no say."""
    holding = [each for each in (one, other) if each.may_be("list", "map", "set", "generator") and not each.empty]
    if len(holding) == 1:
        return holding[0].item
    return joined(one.item, other.item) if holding else None


def all_joined(shapes: Iterable[Maybe]) -> Maybe:
    """The same of many; nothing is known of none."""
    found: Maybe = None
    for number, shape in enumerate(shapes):
        found = shape if number == 0 else joined(found, shape)
    return found


def held(shape: Maybe) -> Maybe:
    """What it gives when it is gone through."""
    if shape is None:
        return None
    if is_any(shape):
        return ANY
    parts: list[Maybe] = []
    if shape.may_be("list", "generator", "set"):
        parts.append(shape.item)
    if shape.may_be("tuple"):
        parts.append(None if shape.items is None else all_joined(shape.items))
    if shape.may_be("binary"):
        parts.append(INT)
    return all_joined(parts)


def element(shape: Maybe, index: int, size: int | None = None) -> Maybe:
    """The element at `index` of what is unpacked into `size` parts."""
    if shape is None:
        return None
    if shape.only("tuple") and shape.items is not None:
        fits = size is None or len(shape.items) == size
        return shape.items[index] if fits and -len(shape.items) <= index < len(shape.items) else None
    return held(shape)


def differ_by_equality(one: Maybe, other: Maybe, depth: int = 0) -> bool:
    """Whether two terms may be equal to Python and not to Erlang: 1, 1.0 and True, alone or inside of others."""
    if one is None or other is None or depth > 5:
        return False
    mine, theirs = one.kinds & NUMBERS, other.kinds & NUMBERS
    if any(each != another for each in mine for another in theirs):
        return True
    if one.may_be("tuple") and other.may_be("tuple") and _tuples_differ(one, other, depth):
        return True
    if one.may_be("list") and other.may_be("list") and not (one.empty or other.empty):
        if differ_by_equality(one.item or _inner(one), other.item or _inner(other), depth + 1):
            return True
    return one.may_be("map") and other.may_be("map") and is_any(one) and is_any(other)


def _inner(shape: Shape) -> Maybe:
    return ANY if is_any(shape) else None


def _tuples_differ(one: Shape, other: Shape, depth: int) -> bool:
    mine, theirs = one.items, other.items
    if mine is None and theirs is None:
        return is_any(one) and is_any(other)
    size = len(mine if mine is not None else theirs or ())
    mine = mine if mine is not None else (_inner(one),) * size
    theirs = theirs if theirs is not None else (_inner(other),) * size
    if len(mine) != len(theirs):
        return False
    return any(differ_by_equality(*pair, depth + 1) for pair in zip(mine, theirs, strict=True))
