"""`~w`: a term on one line, and the text of everything that is not made of other terms.

Mirrors `io_lib:write/2`. Layout over several lines is `layout`'s work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from erlsim.errors import module_atom, pass_on
from erlsim.releases import since
from erlsim.terms import kinds
from erlsim.terms.characters import DOTS, binary_as_text, printable_list, quote_atom, quote_string
from erlsim.terms.hashing import large_map_rows
from erlsim.terms.numbers import decimal, shortest
from erlsim.terms.order import exact_sort_key, listing_key
from erlsim.terms.special import Bits, Improper
from erlsim.terms.term import Term
from erlsim.threads import given_name

UNLIMITED = -1
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def write(
    term: Term, unicode: bool = False, depth: int = UNLIMITED, ordered: bool = False, strings: bool = False
) -> str:
    """`io_lib:write(Term, [{depth, Depth}])`; what lies deeper than `depth` is printed as dots.

    `ordered` has maps in the order of terms in any release; `strings` prints lists and binaries of printable
    characters as such, as `~0p` does, and goes with no limit of depth.
    """
    texts: list[str] = []
    # Text, and terms with what is left of the depth: what is to be printed next is last.
    todo: list[str | tuple[Term, int]] = [(term, depth)]
    while todo:
        each = todo.pop()
        if isinstance(each, str):
            texts.append(each)
            continue
        term, depth = each
        kind = kinds.kind(term)
        if depth == 0:
            texts.append(DOTS)
        elif kind == kinds.TUPLE:
            todo += ("}", *_items(term, depth, ","), "{")
        elif kind == kinds.CONS:
            text = printable_list(term) if strings and term and isinstance(term, list) else None
            if text is None:
                todo += ("]", *_list(term, depth), "[")
            else:
                texts.append(quote_string(text))
        elif kind == kinds.MAP:
            todo += ("}", *_map(term, depth, ordered), "#{")
        elif kind == kinds.BITSTRING:
            text = binary_as_text(term, UNLIMITED, unicode) if strings and term and isinstance(term, bytes) else None
            texts.append("<<" + ",".join(bit_fields(term, depth)) + ">>" if text is None else text)
        elif kind == kinds.OPAQUE and kinds.stands_for_a_term(term):
            todo.append((term.__term__(), depth))
        else:
            texts.append(scalar(term, kind, unicode))
    return "".join(texts)


def scalar(term: Term, kind: int, unicode: bool) -> str:
    """The text of a term that is no tuple, list, map or bitstring."""
    if kind == kinds.ATOM:
        return quote_atom(kinds.atom_text(term), unicode)
    if kind == kinds.NUMBER:
        return shortest(term) if isinstance(term, float) else decimal(term)
    if kind == kinds.PID or kind == kinds.REF:
        return repr(term)
    try:
        return _object_text(term, kind, unicode)
    except Exception as failure:
        pass_on(failure)
        # An object may fail at whatever it is asked for; its text may have no end.
        return f"#Py<{type(term).__qualname__}>"


def _object_text(term: Any, kind: int, unicode: bool) -> str:
    if kind == kinds.FUN:
        return fun_text(term, unicode)
    module = _module_name(term)
    return opaque_text(term) if module is None else quote_atom(module, unicode)


def _module_name(term: Any) -> str | None:
    """The atom of a Python module, and of a class or an instance that has been given one."""
    name = given_name(term)
    if isinstance(name, str):
        return name
    return term.__name__.rpartition(".")[2].rstrip("_") if isinstance(term, ModuleType) else None


def sorted_rows(term: Mapping[Term, Term], ordered: bool = False) -> list[tuple[Term, Term]]:
    """The associations of a map in the order in which they are printed, or in the order of terms if it is `ordered`."""
    if not ordered and since(26):
        order = listing_key(len(term))
        return sorted(term.items(), key=lambda row: order(row[0]))
    # DIVERGES(otp): a map of more than 32 keys prints in term order if there is an atom, a pid, a reference, a fun or a
    # large map in any of its keys. There it prints in the order of hashes, which for these differs from node to node.
    large = None if ordered else large_map_rows(term)
    if large is not None:
        return large
    if all(type(name) is str for name in term):
        return sorted(term.items(), key=_name)
    return sorted(term.items(), key=_order)


def _name(row: tuple[Term, Term]) -> Term:
    return row[0]


def _order(row: tuple[Term, Term]) -> Any:
    return exact_sort_key(row[0])


def bit_fields(term: bytes | Bits, depth: int) -> list[str]:
    """The fields of a bitstring written as numbers, dots behind `depth` of them."""
    data = term.data if isinstance(term, Bits) else term
    size = term.size if isinstance(term, Bits) else 8 * len(data)
    fields = [str(byte) for byte in data[: size // 8]]
    if size % 8:
        fields.append(f"{data[-1] >> (8 - size % 8)}:{size % 8}")
    if 0 < depth <= len(fields):
        fields[depth - 1 :] = [DOTS]
    return fields


# ---- what terms are made of, the last first -----------------------------------------

_Todo = list[str | tuple[Term, int]]


def _items(items: Sequence[Term], depth: int, dots: str) -> _Todo:
    """Elements with a comma between, each one level shallower than the one before it, as OTP counts."""
    if depth == 1 and items:
        return [DOTS]
    shown = items if depth < 0 else items[: depth - 1]
    todo: _Todo = [DOTS, dots] if depth >= 0 and len(items) >= depth else []
    for place in reversed(range(len(shown))):
        todo += ((shown[place], depth if depth < 0 else depth - 1 - place), ",")
    if shown:
        todo.pop()
    return todo


def _list(term: Term, depth: int) -> _Todo:
    if not isinstance(term, Improper):
        return _items(term, depth, "|")
    items = _items(term.items, depth, "|")
    left = depth - 1 - len(term.items)
    if depth > 0 and left < 0:
        return items
    return [DOTS if depth > 0 and left == 0 else (term.tail, max(left, UNLIMITED)), "|", *items]


def _map(term: Mapping[Term, Term], depth: int, ordered: bool) -> _Todo:
    if depth == 1 or not term:
        return []
    rows = sorted_rows(term, ordered)
    shown = rows if depth < 0 else rows[: depth - 1]
    inner = depth if depth < 0 else depth - 1
    # OTP counts before it looks: the dots come even when nothing is left.
    todo: _Todo = [DOTS, ","] if 0 < depth <= len(rows) + 1 else []
    for name, value in reversed(shown):
        todo += ((value, inner), " => ", (name, inner), ",")
    todo.pop()
    return todo


def fun_text(fun: Any, unicode: bool) -> str:
    """`#Fun<module.name.arity>`, from what the callable knows of itself.

    A function that is meant as `fun m:f/a` says so with an attribute `__erlang_fun__ = (m, f, a)`.
    """
    exported = getattr(fun, "__erlang_fun__", None)
    if exported is not None:
        of, called, arity = exported
        return f"fun {quote_atom(kinds.atom_text(of), unicode)}:{quote_atom(kinds.atom_text(called), unicode)}/{arity}"
    module, name, _ = kinds.fun_name(fun)
    name = name.replace(".<locals>", "").replace("<lambda>", "lambda")
    return f"#Fun<{module_atom(module)}.{name}.{_arity(fun)}>"


def _arity(fun: Any) -> int:
    code = getattr(fun, "__code__", None)
    if code is not None:
        bound = 1 if hasattr(fun, "__self__") else 0
        return int(code.co_argcount) - bound
    import inspect

    try:
        parameters = inspect.signature(fun).parameters.values()
    except (TypeError, ValueError):
        return 0
    return sum(one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) for one in parameters)


def opaque_text(term: Any) -> str:
    """`#Py<...>`: Python's own text for the object on one line, without its address."""
    if isinstance(term, (set, frozenset)):
        shown = type(term).__name__ + "(" + ",".join(sorted(write(item, True) for item in term)) + ")"
    else:
        try:
            shown = repr(term)
        except Exception as failure:
            pass_on(failure)
            shown = type(term).__qualname__
    shown = _ADDRESS.sub("", " ".join(shown.split()))
    return f"#Py<{shown.removeprefix('<').removesuffix('>')}>" if shown.startswith("<") else f"#Py<{shown}>"
