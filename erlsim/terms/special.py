"""The terms that no built-in Python type can be: improper lists, bitstrings, and maps a dict cannot hold.

Invariants: an `Improper` never ends in a list, a `Bits` never has a whole number of bytes (those are
`list` and `bytes`); so every Erlang term has exactly one Python shape. `cons`, `bits` and `make_map`
pick that shape. Equality between these objects is Python's; Erlang's lives in `order`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

from erlsim.errors import ErlsimError
from erlsim.terms.term import Term


class Improper:
    """A list whose tail is no list: `[alias|Ref]` is `Improper(("alias",), ref)`."""

    __match_args__ = ("items", "tail")
    __slots__ = ("items", "tail")

    def __init__(self, items: Iterable[Term], tail: Term) -> None:
        self.items = tuple(items)
        self.tail = tail
        if not self.items or isinstance(tail, (list, Improper)):
            raise ErlsimError(f"not an improper list: items {self.items!r}, tail {tail!r} (use terms.cons)")

    def __eq__(self, other: object) -> bool:
        return type(other) is Improper and self.items == other.items and bool(self.tail == other.tail)

    def __hash__(self) -> int:
        return hash((Improper, self.items, self.tail))

    def __repr__(self) -> str:
        return f"Improper({self.items!r}, {self.tail!r})"


class Bits:
    """A bitstring that is no binary: the first `size` bits of `data`; `<<5:3>>` is `Bits(b"\\xa0", 3)`."""

    __match_args__ = ("data", "size")
    __slots__ = ("data", "size")

    def __init__(self, data: bytes, size: int) -> None:
        if size <= 0 or size % 8 == 0 or len(data) != (size + 7) // 8:
            raise ErlsimError(f"not a bitstring: {size!r} bits of {data!r} (use terms.bits)")
        rest = size % 8
        self.data = data[:-1] + bytes([data[-1] & (0xFF << (8 - rest)) & 0xFF])
        self.size = size

    def __eq__(self, other: object) -> bool:
        return type(other) is Bits and self.size == other.size and self.data == other.data

    def __hash__(self) -> int:
        return hash((Bits, self.data, self.size))

    def __repr__(self) -> str:
        return f"Bits({self.data!r}, {self.size})"


class TermMap(MutableMapping[Term, Term]):
    """A map with any terms as keys: lists, maps, or 1, 1.0 and True side by side; otherwise like a dict."""

    __slots__ = ("_rows",)

    def __init__(self, pairs: Iterable[tuple[Term, Term]] = ()) -> None:
        self._rows: dict[Any, tuple[Term, Term]] = {}
        for name, value in pairs:
            self[name] = value

    def __getitem__(self, name: Term) -> Term:
        try:
            return self._rows[_key(name)][1]
        except KeyError:
            raise KeyError(name) from None

    def __setitem__(self, name: Term, value: Term) -> None:
        self._rows[_key(name)] = (name, value)

    def __delitem__(self, name: Term) -> None:
        del self._rows[_key(name)]

    def __contains__(self, name: object) -> bool:
        return _key(name) in self._rows

    def __iter__(self) -> Iterator[Term]:
        return (name for name, _ in self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def __eq__(self, other: object) -> bool:
        return type(other) is TermMap and self._rows == other._rows

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"TermMap({list(self._rows.values())!r})"


def cons(items: Iterable[Term], tail: Term) -> Term:
    """`[Item, ...|Tail]`: a list when `tail` is one, an `Improper` otherwise."""
    items = tuple(items)
    if isinstance(tail, list):
        return [*items, *tail]
    if not items:
        return tail
    if isinstance(tail, Improper):
        return Improper(items + tail.items, tail.tail)
    return Improper(items, tail)


def bits(data: bytes, size: int) -> Term:
    """The first `size` bits of `data`: `bytes` when they are whole bytes, a `Bits` otherwise."""
    data = data[: (size + 7) // 8]
    return Bits(data, size) if size % 8 else data


def make_map(pairs: Iterable[tuple[Term, Term]]) -> Term:
    """The map of `pairs`, later ones winning: a dict when a dict can tell the keys apart, else a `TermMap`."""
    rows = TermMap(pairs)
    try:
        plain = dict(rows.items())
    except TypeError:
        return rows
    return plain if len(plain) == len(rows) else rows


def _key(name: Term) -> Any:
    from erlsim.terms.keys import key  # the two modules need each other: a key of a map is a map of keys

    return key(name)
