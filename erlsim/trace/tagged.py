"""Terms in JSON and back, without loss: a tag for everything that JSON has not.

    {"a": atom}  {"f": float}  {"b": binary}  {"t": tuple}  {"m": [[key, value], ...]}  {"pid": n}  {"ref": n}
    {"i": [[item, ...], tail]} an improper list       {"s": [bytes, bits]} a bitstring that is no binary

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

Json = Any


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
    match term:
        case bool():
            return term
        case int():
            return int(term)
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
            return {"t": [encode(each) for each in term]}
        case list():
            return [encode(each) for each in term]
        case Improper(items=items, tail=tail):
            return {"i": [[encode(each) for each in items], encode(tail)]}
        case Bits(data=data, size=size):
            return {"s": [data.decode("latin-1"), size]}
        case dict() | terms.TermMap():
            return {"m": [[encode(name), encode(value)] for name, value in term.items()]}
    return _encode_object(term)


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


_DECODERS: dict[str, Callable[[Any], Term]] = {
    "a": str,
    "f": float,
    "b": lambda text: text.encode("latin-1"),
    "pid": Pid,
    "ref": Ref,
    "t": lambda items: tuple(decode(each) for each in items),
    "m": lambda rows: terms.make_map((decode(name), decode(value)) for name, value in rows),
    "i": lambda pair: Improper([decode(each) for each in pair[0]], decode(pair[1])),
    "s": lambda pair: Bits(pair[0].encode("latin-1"), pair[1]),
    "fun": lambda what: LostFun(*what),
    "external": lambda what: _external(*what),
    "py": LostObject,
}


def decode(tree: Json) -> Term:
    """The term of a JSON value; raises `ErlsimError` for what `encode` does not write."""
    if isinstance(tree, list):
        return [decode(each) for each in tree]
    if isinstance(tree, dict) and len(tree) == 1:
        ((tag, value),) = tree.items()
        if tag in _DECODERS:
            return _DECODERS[tag](value)
    if type(tree) in (int, bool):
        return tree
    raise ErlsimError(f"not a tagged term: {tree!r}")
