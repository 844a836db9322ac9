"""The functions that guards and bodies of match specifications may call.

Each takes and returns terms as the BIF of its name does, and raises `Failed` where the BIF raises
an error: in a guard the clause does not match then, in a body the call gives `'EXIT'`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from erlsim import erlang
from erlsim.ets.matching.patterns import find
from erlsim.terms import ABSENT, Bits, Improper, Pid, Ref, Term, TermMap, compare, cons, exact_eq

LARGEST_SHIFT = 1 << 26
"""Bits; beyond it OTP's integers end (`system_limit`)."""


class Failed(Exception):
    """The function cannot be applied to these arguments."""


def is_integer(term: Term) -> bool:
    """An integer; `True` and `False` are atoms."""
    return isinstance(term, int) and not isinstance(term, bool)


def is_number(term: Term) -> bool:
    """An integer or a float."""
    return isinstance(term, float) or is_integer(term)


def is_function(term: Term) -> bool:
    """A fun: a callable that is no class (a class may stand for a module)."""
    return callable(term) and not isinstance(term, type)


def is_record(term: Term, tag: Term, size: Term) -> bool:
    """A tuple of `size` elements, the first of which is the atom `tag`."""
    if not isinstance(tag, str | bool) or not is_integer(size):
        raise Failed
    return isinstance(term, tuple) and len(term) == size and bool(term) and exact_eq(term[0], tag)


def is_map_key(name: Term, term: Term) -> bool:
    """Whether a map has a key."""
    return find(_require(term, dict | TermMap), name, ABSENT) is not ABSENT


def map_get(name: Term, term: Term) -> Term:
    """The value of a key that must be there."""
    value = find(_require(term, dict | TermMap), name, ABSENT)
    if value is ABSENT:
        raise Failed
    return value


def element(position: Term, term: Term) -> Term:
    """The element of a tuple at a position counted from 1."""
    if not is_integer(position) or not isinstance(term, tuple) or not 0 < position <= len(term):
        raise Failed
    return term[position - 1]


def hd(term: Term) -> Term:
    """The head of a list that is not empty."""
    if isinstance(term, Improper):
        return term.items[0]
    if not isinstance(term, list) or not term:
        raise Failed
    return term[0]


def tl(term: Term) -> Term:
    """The tail of a list that is not empty."""
    if isinstance(term, Improper):
        return cons(term.items[1:], term.tail)
    if not isinstance(term, list) or not term:
        raise Failed
    return term[1:]


def size(term: Term) -> int:
    """The size of a tuple, or the whole bytes of a bitstring."""
    return len(term) if isinstance(term, tuple) else bit_size(term) // 8


def bit_size(term: Term) -> int:
    """The bits of a bitstring."""
    if isinstance(term, Bits):
        return term.size
    return 8 * len(_require(term, bytes))


def binary_part(term: Term, start: Term, length: Term = None) -> bytes:
    """`length` bytes from `start` on; a negative length takes those before `start`."""
    if length is None:
        if not isinstance(start, tuple) or len(start) != 2:
            raise Failed
        start, length = start
    if not isinstance(term, bytes) or not is_integer(start) or not is_integer(length):
        raise Failed
    low, high = sorted((start, start + length))
    if low < 0 or high > len(term):
        raise Failed
    return term[low:high]


def node(term: Term = None) -> str:
    """The node of a pid or a reference, or of the caller."""
    if term is None:
        return erlang.node()
    _require(term, Pid | Ref)
    return erlang.node(term)


def xor(left: Term, right: Term) -> bool:
    """Exclusive or of two booleans."""
    return bool(_require(left, bool) is not _require(right, bool))


def _require(term: Term, kind: Any) -> Term:
    if not isinstance(term, kind):
        raise Failed
    return term


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise Failed
    return value


def _arithmetic(compute: Callable[..., Any]) -> Callable[..., Any]:
    def apply(*numbers: Term) -> Any:
        if not all(map(is_number, numbers)):
            raise Failed
        try:
            return _finite(compute(*numbers))
        except (ArithmeticError, ValueError):
            raise Failed from None

    return apply


def _integral(compute: Callable[..., Any]) -> Callable[..., Any]:
    def apply(*numbers: Term) -> Any:
        if not all(map(is_integer, numbers)):
            raise Failed
        try:
            return compute(*numbers)
        except (ArithmeticError, ValueError):
            raise Failed from None

    return apply


def _comparison(holds: Callable[[int, int], bool]) -> Callable[[Term, Term], bool]:
    def compared(left: Term, right: Term) -> bool:
        if type(left) is int and type(right) is int:
            return holds(left, right)
        return holds(0 if left is right else compare(left, right), 0)

    return compared


def _divide(left: float, right: float) -> float:
    return float(left) / float(right)


def _div(left: int, right: int) -> int:
    # Towards zero, where Python's `//` goes down.
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _rem(left: int, right: int) -> int:
    return left - right * _div(left, right)


def _shift_left(number: int, count: int) -> int:
    if count > LARGEST_SHIFT and number:
        raise Failed
    return number << count if count >= 0 else number >> -count


def _round(number: float) -> int:
    whole = math.trunc(number)
    if abs(number - whole) >= 0.5:
        return whole + (1 if number > 0 else -1)
    return whole


FUNCTIONS: dict[tuple[str, int], Callable[..., Any]] = {
    ("is_atom", 1): lambda term: isinstance(term, str | bool),
    ("is_float", 1): lambda term: isinstance(term, float),
    ("is_integer", 1): is_integer,
    ("is_number", 1): is_number,
    ("is_list", 1): lambda term: isinstance(term, list | Improper),
    ("is_tuple", 1): lambda term: isinstance(term, tuple),
    ("is_map", 1): lambda term: isinstance(term, dict | TermMap),
    ("is_binary", 1): lambda term: isinstance(term, bytes),
    ("is_pid", 1): lambda term: isinstance(term, Pid),
    ("is_reference", 1): lambda term: isinstance(term, Ref),
    ("is_port", 1): lambda term: False,
    ("is_function", 1): is_function,
    ("is_record", 3): is_record,
    ("is_map_key", 2): is_map_key,
    ("map_get", 2): map_get,
    ("map_size", 1): lambda term: len(_require(term, dict | TermMap)),
    ("element", 2): element,
    ("hd", 1): hd,
    ("tl", 1): tl,
    ("length", 1): lambda term: len(_require(term, list)),
    ("size", 1): size,
    ("bit_size", 1): bit_size,
    ("byte_size", 1): lambda term: (bit_size(term) + 7) // 8,
    ("binary_part", 2): binary_part,
    ("binary_part", 3): binary_part,
    ("node", 0): node,
    ("node", 1): node,
    ("abs", 1): _arithmetic(abs),
    ("round", 1): _arithmetic(_round),
    ("trunc", 1): _arithmetic(math.trunc),
    ("float", 1): _arithmetic(float),
    ("+", 1): _arithmetic(operator.pos),
    ("-", 1): _arithmetic(operator.neg),
    ("+", 2): _arithmetic(operator.add),
    ("-", 2): _arithmetic(operator.sub),
    ("*", 2): _arithmetic(operator.mul),
    ("/", 2): _arithmetic(_divide),
    ("div", 2): _integral(_div),
    ("rem", 2): _integral(_rem),
    ("band", 2): _integral(operator.and_),
    ("bor", 2): _integral(operator.or_),
    ("bxor", 2): _integral(operator.xor),
    ("bnot", 1): _integral(operator.invert),
    ("bsl", 2): _integral(_shift_left),
    ("bsr", 2): _integral(lambda number, count: _shift_left(number, -count)),
    (">", 2): _comparison(operator.gt),
    (">=", 2): _comparison(operator.ge),
    ("<", 2): _comparison(operator.lt),
    ("=<", 2): _comparison(operator.le),
    ("==", 2): _comparison(operator.eq),
    ("/=", 2): _comparison(operator.ne),
    ("=:=", 2): exact_eq,
    ("=/=", 2): lambda left, right: not exact_eq(left, right),
    ("not", 1): lambda term: not _require(term, bool),
    ("xor", 2): xor,
}
"""By name and arity; `and`, `or`, `andalso`, `orelse`, `const` and `self` are in `expressions`."""
