"""Lists in compiled code: a Python list, or cells that end in one.

`[H | T]` is a `Cell` in constant time, whatever T is. A Python list that is taken apart becomes cells as far as it is
looked at, a part at a time. Both kinds are never changed once they are made. A cell stands for its list wherever
erlsim looks at terms (`__term__`); sending a message and putting a row into a table copy it as a Python list, and
`outward` does so for what Python code is to see.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from erlsim import terms
from erlsim.terms import Improper, Term, TermMap

__in_stacks__ = False

# So many elements of a long Python list become cells at once; the rest is sliced off, which is cheap for each.
_PART = 64


class Cell:
    """`[head | tail]`."""

    __slots__ = ("head", "tail")

    def __init__(self, head: Term, tail: Term) -> None:
        self.head = head
        self.tail = tail

    def __term__(self) -> Term:
        """The list as the rest of erlsim has it; what is in it is left as it is."""
        found, tail = spread(self)
        return found if tail is None else Improper(found, tail)

    def __iter__(self) -> Iterator[Term]:
        """The elements; `TypeError` for an improper list."""
        found, tail = spread(self)
        if tail is not None:
            raise TypeError(f"not a proper list: {self!r}")
        return iter(found)

    def __len__(self) -> int:
        """How many elements a proper list has."""
        return len(list(iter(self)))

    def __bool__(self) -> bool:
        """No cell is the empty list."""
        return True

    def __getitem__(self, index: Any) -> Term:
        """As of the Python list."""
        return list(self)[index]

    def __eq__(self, other: object) -> bool:
        """Whether the elements are Python's equals."""
        if isinstance(other, Cell | list | Improper):
            return bool(outward(self) == outward(other))
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """The list that it stands for."""
        return repr(self.__term__())


def spread(term: Term) -> tuple[list[Term], Term]:
    """The elements of a non-empty list, and its tail: `None` if it is proper."""
    found: list[Term] = []
    while type(term) is Cell:
        found.append(term.head)
        term = term.tail
    if type(term) is list:
        return (found + term if found else term), None
    if type(term) is Improper:
        return [*found, *term.items], term.tail
    return found, term


def cells(term: Term) -> Cell | None:
    """The first cell of a non-empty list; `None` for everything else."""
    kind = type(term)
    if kind is list:
        size = len(term)
        if size <= _PART:
            found: Any = []
        else:
            # The greater the rest, the greater the part: all slices together cost a constant for each element.
            part = max(_PART, size >> 3)
            found = term[part:]
            term = term[:part]
        for item in reversed(term):
            found = Cell(item, found)
        return found or None
    if kind is Cell:
        cell: Cell = term
        return cell
    if kind is Improper:
        found = term.tail
        for item in reversed(term.items):
            found = Cell(item, found)
        chain: Cell = found
        return chain
    return None


def opened(term: Term) -> Term:
    """The first cell of a non-empty list, any other term as it is."""
    found = cells(term)
    return term if found is None else found


def first(term: Term) -> Cell | None:
    """A cell with the head of a non-empty list, if its tail is of no interest; `None` for everything else."""
    if type(term) is list:
        return Cell(term[0], None) if term else None
    return cells(term)


def listed(term: Term) -> list[Term] | None:
    """The elements of a proper list in a Python list, which is not to be changed; `None` for everything else."""
    if type(term) is list:
        return term
    if type(term) is not Cell:
        return None
    found, tail = spread(term)
    return found if tail is None else None


def is_list(term: Term) -> bool:
    """`is_list/1`."""
    kind = type(term)
    return kind is list or kind is Cell or kind is Improper


def outward(term: Term) -> Term:
    """The term without cells, all the way down; the term itself if there are none."""
    kind = type(term)
    if kind in terms.ATOMIC:
        return term
    if kind is tuple:
        for index, item in enumerate(term):
            if type(item) not in terms.ATOMIC:
                shown = outward(item)
                if shown is not item:
                    return (*term[:index], shown, *map(outward, term[index + 1 :]))
        return term
    if kind is list:
        for item in term:
            if type(item) not in terms.ATOMIC and outward(item) is not item:
                return list(map(outward, term))
        return term
    if kind is Cell:
        found, tail = spread(term)
        found = list(map(outward, found))
        return found if tail is None else terms.cons(found, outward(tail))
    return _outward_rare(term)


def _outward_rare(term: Term) -> Term:
    if type(term) is dict:
        if any(type(value) not in terms.ATOMIC and outward(value) is not value for value in term.values()):
            return {name: outward(value) for name, value in term.items()}
    elif type(term) is Improper:
        return Improper(map(outward, term.items), outward(term.tail))
    elif type(term) is TermMap:
        return TermMap((name, outward(value)) for name, value in term.items())
    return term


def prepend(items: list[Term], tail: Term) -> Term:
    """`Items ++ Tail`, in time that depends on the items alone."""
    if not items:
        return tail
    if type(tail) is list and len(tail) <= 16 + 2 * len(items):
        return items + tail
    for item in reversed(items):
        tail = Cell(item, tail)
    return tail
