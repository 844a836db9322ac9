"""Tagged JSON: observed terms as recordings and comparisons have them, and terms in the files of scenarios.

`{"a": atom} {"b": binary} {"f": float} {"t": tuple} {"m": [[key, value], ...]}`; lists, integers and booleans as
they are. What is written by hand may also hold `{"bits": [bytes as latin-1, number of bits]}` and `{"imp": [[element,
...], tail]}` (an improper list), and whatever its reader knows of; observations hold `{"pid": n}` and `{"ref": n}`,
`{"fun": arity}` and `{"a": "$stack"}`. `erlsim.trace.tagged` is another JSON, which loses nothing: it is to be read
again, this one is to be compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import Any

from erlsim import code, terms
from erlsim.terms import Term

Tree = Any

STACK = {"a": "$stack"}
# Steps that observe nothing.
SILENT = ("sleep", "until")


def decode(tree: Tree, special: Mapping[str, Callable[[Tree], Term]] = MappingProxyType({})) -> Term:
    """The term that `tree` stands for; `special` reads those nodes that have one of its tags."""

    def read(node: Tree) -> Term:
        if isinstance(node, list):
            return [read(each) for each in node]
        if not isinstance(node, dict):
            return node
        first = next(iter(node), "")
        if first in special:
            return special[first](node)
        if len(node) != 1:
            raise ValueError(f"not a tagged term: {node!r}")
        ((tag, value),) = node.items()
        match tag:
            case "a":
                return {"true": True, "false": False}.get(value, value)
            case "b":
                return value.encode("latin-1")
            case "f":
                return float(value)
            case "t":
                return tuple(read(each) for each in value)
            case "m":
                return terms.make_map((read(name), read(each)) for name, each in value)
            case "bits":
                data, size = value
                return terms.bits(data.encode("latin-1"), size)
            case "imp":
                items, tail = value
                return terms.cons([read(each) for each in items], read(tail))
        raise ValueError(f"not a tagged term: {node!r}")

    return read(tree)


class Encoder:
    """Writes observed terms; pids and references are numbered in the order in which they first appear."""

    def __init__(self) -> None:
        self._pids: dict[Any, int] = {}
        self._refs: dict[Any, int] = {}

    def encode(self, term: Term) -> Tree:
        """The tree of `term`."""
        match term:
            case bool() | int():
                return term
            case str():
                return {"a": str(term)}
            case float():
                return {"f": repr(term)}
            case bytes():
                return {"b": _characters(term)}
            case terms.Pid():
                return {"pid": self._pids.setdefault(term, len(self._pids) + 1)}
            case terms.Ref():
                return {"ref": self._refs.setdefault(term, len(self._refs) + 1)}
            case tuple():
                return {"t": [self.encode(each) for each in term]}
            case list():
                return STACK if is_stack(term) else [self.encode(each) for each in term]
            case terms.Improper():
                return {"improper": terms.format("~w", [term])}
            case dict() | terms.TermMap():
                rows = terms.sort([(name, value) for name, value in term.items()])
                return {"m": [[self.encode(name), self.encode(value)] for name, value in rows]}
        return self._opaque(term)

    def _opaque(self, term: Term) -> Tree:
        if isinstance(term, type | ModuleType):
            return {"a": code.name(term)}
        if callable(term):
            return {"fun": code.arities(term)[0]}
        if isinstance(term, terms.Bits):
            return {"other": terms.format("~w", [term])}
        return {"python": f"{type(term).__module__}.{type(term).__qualname__}: {term!r}"}


def is_stack(items: list[Term]) -> bool:
    """Whether a list begins as a stack does: with `{Module, Function, ArityOrArgs, Location}`."""
    match items:
        case [(str() | bool(), str() | bool(), int() | list() as arity, list()), *_]:
            return not isinstance(arity, bool)
    return False


def _characters(binary: bytes) -> str:
    try:
        return binary.decode("utf-8")
    except UnicodeDecodeError:
        return binary.decode("latin-1")


def show(tree: Tree) -> str:
    """A tree in Erlang's own words, on one line: `{ok,<P1>}`."""
    if isinstance(tree, list):
        return "[" + ",".join(map(show, tree)) + "]"
    if not isinstance(tree, dict):
        return json.dumps(tree)
    if len(tree) != 1:
        return json.dumps(tree)
    ((tag, value),) = tree.items()
    match tag:
        case "a":
            return value if value == "$stack" else terms.format("~tw", [value])
        case "b":
            return f'<<"{value}">>'
        case "f":
            return str(value)
        case "t":
            return "{" + ",".join(map(show, value)) + "}"
        case "m":
            return "#{" + ",".join(f"{show(name)} => {show(each)}" for name, each in value) + "}"
        case "pid":
            return f"<P{value}>"
        case "ref":
            return f"#Ref<{value}>"
        case "fun":
            return f"fun/{value}"
        case "io" | "text":
            return f"{tag}:\n{value}"
        case "texts":
            return "texts:" + "".join(f"\n{'-' * 8}\n{each}" for each in value)
        case "ok" | "exit" | "error" | "throw":
            return f"{tag}: {show(value)}"
        case "flush" | "reports":
            return f"{tag}:" + "".join(f"\n  {show(each)}" for each in value)
    return json.dumps(tree)
