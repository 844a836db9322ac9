"""Terms in JSON and back, without loss: a tag for everything that JSON has not.

    {"a": atom}  {"f": float}  {"b": binary}  {"t": tuple}  {"m": [[key, value], ...]}  {"pid": n}  {"ref": n}
    {"i": [[item, ...], tail]} an improper list       {"s": [bytes, bits]} a bitstring that is no binary
    {"n": hexadecimal digits} an integer of thousands of digits, of which JSON's readers are afraid
    {"deep": [...]} a term of more than 100 levels: its parts one behind the other, see `_in_postfix`

Lists, integers, `true` and `false` are as they are; binaries are written as latin-1. What is no Erlang term cannot
come back as what it was: a fun, `{"fun": [module, name, arity]}`, and any other Python object, `{"py": text}`, come
back as values that print the same and equal nothing but themselves. Modules are their atoms.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.terms import Bits, Improper, Pid, Ref, Term
from erlsim.trace.facts import cut

Json = Any

MOST_LEVELS = 100
MOST_ARGUMENTS = 255
_LARGE = 10**1000


class LostFun:
    """What is left of a fun: what it is called, and how many arguments it took."""

    def __init__(self, module: str, name: str, arity: int) -> None:
        self.__module__ = module
        self.__qualname__ = name
        kind = inspect.Parameter.POSITIONAL_ONLY
        self.__signature__ = inspect.Signature([inspect.Parameter(f"a{n}", kind) for n in range(arity)])

    def __call__(self, *args: Term) -> Term:
        """It cannot be called any more."""
        raise ErlsimError(f"{self.__qualname__} was read from a trace: its code was not in it")


class LostObject:
    """What is left of a Python object: its text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"<{self.text}>"


def encode(term: Term) -> Json:
    """The JSON value of a term."""
    try:
        return _encode(term, 0)
    except _TooDeep:
        return {"deep": _in_postfix(term)}


def _encode(term: Term, level: int) -> Json:
    if level > MOST_LEVELS:
        raise _TooDeep
    level += 1
    match term:
        case bool():
            return term
        case int():
            return int(term) if -_LARGE < term < _LARGE else {"n": hex(term)}
        case str():
            return {"a": str.__str__(term)}
        case float():
            return {"f": float.__repr__(term)}
        case bytes():
            return {"b": term.decode("latin-1")}
        case Pid():
            return {"pid": term.number}
        case Ref():
            return {"ref": term.number}
        case tuple():
            return {"t": [_encode(each, level) for each in term]}
        case list():
            return [_encode(each, level) for each in term]
        case Improper(items=items, tail=tail):
            return {"i": [[_encode(each, level) for each in items], _encode(tail, level)]}
        case Bits(data=data, size=size):
            return {"s": [data.decode("latin-1"), size]}
        case dict() | terms.TermMap():
            return {"m": [[_encode(name, level), _encode(value, level)] for name, value in term.items()]}
    return _encode_object(term)


class _TooDeep(Exception):
    """JSON nests no deeper."""


def _in_postfix(term: Term) -> list[Json]:
    """A deep term without nesting: what it holds, then what that makes, `{"t": n}` a tuple of the last n, and so on."""
    found: list[Json] = []
    todo: list[tuple[Term, bool]] = [(term, False)]
    while todo:
        each, is_json = todo.pop()
        if is_json:
            found.append(each)
        elif isinstance(each, tuple | list):
            todo.append(({"t" if isinstance(each, tuple) else "l": len(each)}, True))
            todo += [(part, False) for part in reversed(each)]
        elif isinstance(each, Improper):
            todo += (({"i": len(each.items)}, True), (each.tail, False))
            todo += [(part, False) for part in reversed(each.items)]
        elif isinstance(each, dict | terms.TermMap):
            todo.append(({"m": len(each)}, True))
            for name, value in each.items():
                todo += ((value, False), (name, False))
        elif hasattr(type(each), "__term__"):
            todo.append((each.__term__(), False))
        else:
            found.append(_encode(each, 0))
    return found


def _from_postfix(items: list[Json]) -> Term:
    stack: list[Term] = []
    for item in items:
        kind, count = next(iter(item.items())) if isinstance(item, dict) and len(item) == 1 else ("", None)
        if kind not in ("t", "l", "i", "m") or type(count) is not int:
            stack.append(decode(item))
            continue
        place = len(stack) - count * (2 if kind == "m" else 1) - (kind == "i")
        if count < 0 or place < 0:
            raise ValueError(item)
        parts = stack[place:]
        del stack[place:]
        if kind == "t":
            stack.append(tuple(parts))
        elif kind == "l":
            stack.append(parts)
        elif kind == "i":
            stack.append(Improper(parts[:-1], parts[-1]))
        else:
            stack.append(terms.make_map(reversed(list(zip(parts[::2], parts[1::2], strict=True)))))
    (term,) = stack
    return term


def _encode_object(term: Any) -> Json:
    if hasattr(type(term), "__term__"):
        return encode(term.__term__())
    text = terms.format("~tw", [term])
    if text.startswith("#Py<"):
        return {"py": text[4:-1]}
    if not callable(term) or isinstance(term, type):
        return {"a": terms.parse(text)}
    if text.startswith("#Fun<"):
        module = str(getattr(term, "__module__", None) or type(term).__module__)
        name = str(getattr(term, "__qualname__", None) or type(term).__qualname__)
        return {"fun": [module, name, int(text[:-1].rpartition(".")[2])]}
    return {"external": list(term.__erlang_fun__)}


def _external(module: str, name: str, arity: int) -> LostFun:
    fun = LostFun(module, name, arity)
    fun.__dict__["__erlang_fun__"] = (module, name, arity)
    return fun


def _is(kind: type, value: Json) -> Any:
    """`value`, which must be of a type."""
    if type(value) is not kind:
        raise ValueError(value)
    return value


def _number(value: Json) -> int:
    if _is(int, value) < 0:
        raise ValueError(value)
    return int(value)


def _fun(what: Json) -> LostFun:
    module, name, arity = what
    return LostFun(_is(str, module), _is(str, name), min(_number(arity), MOST_ARGUMENTS))


def _exported(what: Json) -> LostFun:
    module, name, arity = what
    return _external(_is(str, module), _is(str, name), min(_number(arity), MOST_ARGUMENTS))


def _bits(what: Json) -> Bits:
    data, size = what
    return Bits(_is(str, data).encode("latin-1"), _is(int, size))


_DECODERS: dict[str, Callable[[Any], Term]] = {
    "a": lambda text: _is(str, text),
    "f": lambda text: float(_is(str, text)),
    "b": lambda text: _is(str, text).encode("latin-1"),
    "n": lambda text: int(_is(str, text), 16),
    "pid": lambda number: Pid(_number(number)),
    "ref": lambda number: Ref(_number(number)),
    "t": lambda items: tuple(_decode(each) for each in _is(list, items)),
    "m": lambda rows: terms.make_map((_decode(name), _decode(value)) for name, value in rows),
    "i": lambda pair: Improper([_decode(each) for each in pair[0]], _decode(pair[1])),
    "s": _bits,
    "fun": _fun,
    "external": _exported,
    "py": lambda text: LostObject(_is(str, text)),
    "deep": _from_postfix,
}


def decode(tree: Json) -> Term:
    """The term of a JSON value; raises `ErlsimError` for what `encode` does not write."""
    try:
        return _decode(tree)
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        raise ErlsimError(f"not a tagged term: {cut(repr(tree), 200)}") from None


def _decode(tree: Json) -> Term:
    if isinstance(tree, list):
        return [_decode(each) for each in tree]
    if isinstance(tree, dict) and len(tree) == 1:
        ((tag, value),) = tree.items()
        return _DECODERS[tag](value)
    if type(tree) in (int, bool):
        return tree
    raise ValueError(tree)
