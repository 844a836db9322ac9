"""The terms that no built-in Python type can be: improper lists, bitstrings, and funs that are known by name.

Maps that a dict cannot hold are in `kinds`.

Invariants: an `Improper` never ends in a list, a `Bits` never has a whole number of bytes (those are
`list` and `bytes`); so every Erlang term has exactly one Python shape. `cons` and `bits` pick that
shape. Equality between these objects is Python's; Erlang's lives in `order`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from erlsim.errors import ErlsimError
from erlsim.terms.term import Term

if TYPE_CHECKING:
    import inspect


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
        if type(other) is not Improper:
            # Compiled Erlang's cells know whether they are the same list.
            return NotImplemented
        return self.items == other.items and bool(self.tail == other.tail)

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


class ExportedFun:
    """`fun module:name/arity`: a fun that is known by name, and finds its code only when it is called.

    Equal to every other of the same name. `error:undef` where there is no such function.
    """

    __slots__ = ("arity", "module", "name")

    def __init__(self, module: str, name: str, arity: int) -> None:
        self.module = module
        self.name = name
        self.arity = arity

    # Where functions are found lies above terms, and says so here: see `erlsim.code`.
    find: ClassVar[Callable[[str, str, int], Callable[..., Term]]]

    @property
    def __erlang_fun__(self) -> tuple[str, str, int]:
        return self.module, self.name, self.arity

    @property
    def __signature__(self) -> inspect.Signature:
        import inspect

        kind = inspect.Parameter.POSITIONAL_ONLY
        return inspect.Signature([inspect.Parameter(f"argument_{i}", kind) for i in range(1, self.arity + 1)])

    def __eq__(self, other: object) -> bool:
        return type(other) is ExportedFun and self.__erlang_fun__ == other.__erlang_fun__

    def __hash__(self) -> int:
        return hash(self.__erlang_fun__)

    def __repr__(self) -> str:
        return f"ExportedFun({self.module!r}, {self.name!r}, {self.arity!r})"

    def __call__(self, *args: Any) -> Any:
        return type(self).find(self.module, self.name, len(args))(*args)


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
