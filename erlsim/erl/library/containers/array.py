"""The module `array`: a tree of tuples of ten, in which a number stands for so many elements that nobody has set."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any

from erlsim.erl.library.registry import applying
from erlsim.erl.running.calls import is_fun
from erlsim.erl.running.cells import listed, outward
from erlsim.erl.running.failures import Failed
from erlsim.erl.running.operators import exact_eq
from erlsim.terms import Term

__in_stacks__ = False

Steps = Generator[tuple[Any, ...], Any, Any]
Elements = Any
"""A number, a leaf (a tuple of ten) or a node (a tuple of ten parts and of how many elements each has)."""

WIDTH = 10


@dataclass(frozen=True, slots=True)
class Array:
    """An array, taken apart: how many elements it has, how many fit (0 if it is fixed), and what nobody has set is."""

    size: int
    most: int
    default: Term
    elements: Elements

    def term(self) -> Term:
        """The record."""
        return ("array", self.size, self.most, self.default, self.elements)

    def at(self, index: int) -> Term:
        """The element at an index that is below the capacity."""
        part = self.elements
        while type(part) is tuple and len(part) > WIDTH:
            part, index = part[index // part[WIDTH]], index % part[WIDTH]
        return part[index] if type(part) is tuple else self.default

    def all(self) -> list[Term]:
        """The elements."""
        return [self.at(index) for index in range(self.size)]

    def set(self) -> list[tuple[int, Term]]:
        """The elements that are not the default, with their indexes."""
        found = _in_leaves(self.elements, 0)
        return [(index, each) for index, each in found if index < self.size and not exact_eq(each, self.default)]


def _failed(function: str, *args: Term) -> Failed:
    return Failed("badarg", ("array", function, len(args), []))


def _array(term: Term, function: str, *args: Term) -> Array:
    if not is_array(term):
        raise _failed(function, *args)
    return Array(*term[1:])


def _in_leaves(part: Elements, first: int) -> Iterator[tuple[int, Term]]:
    if type(part) is not tuple:
        return
    if len(part) == WIDTH:
        yield from enumerate(part, first)
    else:
        for place in range(WIDTH):
            yield from _in_leaves(part[place], first + place * part[WIDTH])


def _capacity(index: int, most: int) -> int:
    while index >= most:
        most *= WIDTH
    return most


def _unfolded(part: Elements, default: Term) -> tuple[Any, ...]:
    """A part that has a tuple of its own."""
    if type(part) is tuple:
        return part
    return (default,) * WIDTH if part == WIDTH else (part // WIDTH,) * (WIDTH + 1)


def _with(part: Elements, index: int, value: Term, default: Term) -> Elements:
    found = list(_unfolded(part, default))
    if len(found) == WIDTH:
        found[index] = value
    else:
        place, rest = divmod(index, found[WIDTH])
        found[place] = _with(found[place], rest, value, default)
    return tuple(found)


def _grown(array: Array, index: int) -> Array:
    """An array in which an index fits."""
    elements, most = array.elements, array.most
    if type(elements) is not tuple:
        most = _capacity(index, elements)
        return replace(array, most=most, elements=most)
    while index >= most:
        elements, most = (elements, *(most,) * WIDTH), most * WIDTH
    return replace(array, most=most, elements=elements)


def _check_index(index: Term, function: str, *args: Term) -> None:
    if type(index) is not int or index < 0:
        raise _failed(function, *args)


def new(*args: Term) -> Term:
    """`new/0,1,2`."""
    if len(args) > 2 or (len(args) == 2 and (type(args[0]) is not int or args[0] < 0)):
        raise _failed("new", *args)
    size, is_fixed = (args[0], True) if len(args) == 2 else (0, False)
    given = args[-1] if args else []
    default: Term = "undefined"
    for option in [given] if listed(given) is None else listed(given) or []:
        match option:
            case "fixed":
                is_fixed = True
            case ("fixed", True | False):
                is_fixed = option[1]
            case ("default", default):
                pass
            case int(count) | ("size", int(count)) if type(count) is int and count >= 0:
                size, is_fixed = count, True
            case _:
                raise _failed("new_1", option, size, is_fixed, default)
    return _made(size, is_fixed, default).term()


MORE = {("new", arity): new for arity in range(3)}


def _made(size: int, is_fixed: bool, default: Term) -> Array:
    most = _capacity(size - 1, WIDTH)
    return Array(size, 0 if is_fixed else most, default, most)


def is_array(term: Term) -> bool:
    """Whether a term is an array."""
    if type(term) is not tuple or len(term) != 5 or term[0] != "array":
        return False
    return type(term[1]) is int and type(term[2]) is int


def size(array: Term) -> int:
    """How many elements."""
    return _array(array, "size", array).size


def default(array: Term) -> Term:
    """What elements are that nobody has set."""
    return _array(array, "default", array).default


def fix(array: Term) -> Term:
    """The array that does not grow any more."""
    return replace(_array(array, "fix", array), most=0).term()


def is_fix(array: Term) -> bool:
    """Whether it does not grow."""
    return _array(array, "is_fix", array).most == 0


def relax(array: Term) -> Term:
    """The array that grows."""
    found = _array(array, "relax", array)
    return replace(found, most=_capacity(found.size - 1, WIDTH)).term()


def resize(*args: Term) -> Term:
    """`resize/1,2`: `resize(Array)` down to the last element that is set."""
    array = args[-1]
    found = _array(array, "resize", *args)
    count = args[0] if len(args) == 2 else sparse_size(array)
    _check_index(count, "resize", *args)
    if count <= found.size:
        return replace(found, size=count).term()
    room = replace(found, most=found.most or _capacity(found.size - 1, WIDTH))
    grown = _grown(room, count - 1)
    return replace(grown, size=count, most=grown.most if found.most else 0).term()


MORE |= {("resize", 1): resize, ("resize", 2): resize}


def set_(index: Term, value: Term, array: Term) -> Term:
    """The array with an element at an index."""
    found = _array(array, "set", index, value, array)
    _check_index(index, "set", index, value, array)
    if index >= found.size:
        if not found.most:
            raise _failed("set", index, value, array)
        if index >= found.most:
            found = _grown(found, index)
        found = replace(found, size=index + 1)
    return replace(found, elements=_with(found.elements, index, value, found.default)).term()


def get(index: Term, array: Term) -> Term:
    """The element at an index; behind the last the default, unless the array is fixed."""
    found = _array(array, "get", index, array)
    _check_index(index, "get", index, array)
    if index < found.size:
        return found.at(index)
    if not found.most:
        raise _failed("get", index, array)
    return found.default


def reset(index: Term, array: Term) -> Term:
    """The array with the default at an index."""
    found = _array(array, "reset", index, array)
    _check_index(index, "reset", index, array)
    if index >= found.size:
        if not found.most:
            raise _failed("reset", index, array)
        return array
    if exact_eq(found.at(index), found.default):
        return array
    return replace(found, elements=_with(found.elements, index, found.default, found.default)).term()


# ---- lists


def to_list(array: Term) -> list[Term]:
    """The elements."""
    return _array(array, "to_list", array).all()


def sparse_to_list(array: Term) -> list[Term]:
    """The elements that are set."""
    return [each for _, each in _array(array, "sparse_to_list", array).set()]


def to_orddict(array: Term) -> list[Term]:
    """`{Index, Element}` of all."""
    return list(enumerate(_array(array, "to_orddict", array).all()))


def sparse_to_orddict(array: Term) -> list[Term]:
    """`{Index, Element}` of those that are set."""
    return list(_array(array, "sparse_to_orddict", array).set())


def sparse_size(array: Term) -> int:
    """The index behind the last that is set."""
    found = _array(array, "sparse_size", array).set()
    return found[-1][0] + 1 if found else 0


def from_list(items: Term, default: Term = "undefined") -> Term:
    """`from_list/1,2`."""
    found = listed(items)
    if found is None:
        raise _failed("from_list", items, default)
    leaves: dict[int, list[Term]] = {}
    for index, each in enumerate(found):
        leaves.setdefault(index // WIDTH, [default] * WIDTH)[index % WIDTH] = each
    return _of_leaves(len(found), leaves, default).term()


def _of_leaves(size: int, leaves: dict[int, list[Term]], default: Term) -> Array:
    """The array that has these leaves, by number, and nothing set elsewhere."""
    made = _made(size, False, default)
    parts: dict[int, Elements] = {number: tuple(leaf) for number, leaf in leaves.items()}
    width = WIDTH
    while width < made.most:
        above: dict[int, list[Any]] = {}
        for number, part in parts.items():
            above.setdefault(number // WIDTH, [width] * WIDTH)[number % WIDTH] = part
        parts = {number: (*part, width) for number, part in above.items()}
        width *= WIDTH
    return replace(made, elements=parts.get(0, made.most))


def from_orddict(pairs: Term, default: Term = "undefined") -> Term:
    """`from_orddict/1,2`: of `{Index, Element}` in the order of their indexes."""
    found = listed(pairs)
    if found is None:
        raise _failed("from_orddict", pairs, default)
    leaves: dict[int, list[Term]] = {}
    size = 0
    for place, each in enumerate(found):
        match each:
            case (int(index), value) if type(each) is tuple and type(index) is int and index >= size:
                leaves.setdefault(index // WIDTH, [default] * WIDTH)[index % WIDTH] = value
                size = index + 1
            case _:
                raise Failed(("badarg", outward(found[place:])), ("array", "from_orddict_1", 6, []))
    return _of_leaves(size, leaves, default).term()


# ---- funs


def _check_fun(fun: Term, function: str, *args: Term) -> None:
    if not is_fun(fun):
        raise _failed(function, *args)


def _fold(rows: list[tuple[int, Term]], fun: Term, value: Term) -> Steps:
    for index, each in rows:
        value = yield fun, index, each, value
    return value


@applying(0)
def foldl(fun: Term, value: Term, array: Term) -> Steps:
    """`foldl/3`."""
    _check_fun(fun, "foldl", fun, value, array)
    return (yield from _fold(list(enumerate(_array(array, "foldl", fun, value, array).all())), fun, value))


@applying(0)
def foldr(fun: Term, value: Term, array: Term) -> Steps:
    """`foldr/3`."""
    _check_fun(fun, "foldr", fun, value, array)
    return (yield from _fold(list(enumerate(_array(array, "foldr", fun, value, array).all()))[::-1], fun, value))


@applying(0)
def sparse_foldl(fun: Term, value: Term, array: Term) -> Steps:
    """`sparse_foldl/3`."""
    _check_fun(fun, "sparse_foldl", fun, value, array)
    return (yield from _fold(_array(array, "sparse_foldl", fun, value, array).set(), fun, value))


@applying(0)
def sparse_foldr(fun: Term, value: Term, array: Term) -> Steps:
    """`sparse_foldr/3`."""
    _check_fun(fun, "sparse_foldr", fun, value, array)
    return (yield from _fold(_array(array, "sparse_foldr", fun, value, array).set()[::-1], fun, value))


@applying(0)
def map_(fun: Term, array: Term) -> Steps:
    """`map/2`."""
    found = _array(array, "map", fun, array)
    _check_fun(fun, "map", fun, array)
    elements = found.elements
    for index, each in enumerate(found.all()):
        elements = _with(elements, index, (yield fun, index, each), found.default)
    return replace(found, elements=elements).term()


@applying(0)
def sparse_map(fun: Term, array: Term) -> Steps:
    """`sparse_map/2`."""
    found = _array(array, "sparse_map", fun, array)
    _check_fun(fun, "sparse_map", fun, array)
    elements = found.elements
    for index, each in found.set():
        elements = _with(elements, index, (yield fun, index, each), found.default)
    return replace(found, elements=elements).term()
