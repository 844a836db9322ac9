"""Erlang's operators on any terms: generated code has the common cases inline and comes here with the others."""

from __future__ import annotations

from typing import Any

from erlsim import erlang, terms
from erlsim.erl.running.cells import Cell, is_list, listed, outward, prepend
from erlsim.erl.running.failures import Failed, badarg, bif_failed
from erlsim.terms import Term

__in_stacks__ = False

_NUMBERS = frozenset({int, float})


def _bad(operator: str, *operands: Term) -> Failed:
    return bif_failed("badarith", "erlang", operator, list(operands))


def _finite(value: Any, operator: str, left: Term, right: Term) -> Any:
    if type(value) is float and value - value != 0:
        raise _bad(operator, left, right)
    return value


# ---- arithmetic


def add(left: Any, right: Any) -> Any:
    """`Left + Right`."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        try:
            return _finite(left + right, "+", left, right)
        except OverflowError:
            pass
    raise _bad("+", left, right)


def sub(left: Any, right: Any) -> Any:
    """`Left - Right`."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        try:
            return _finite(left - right, "-", left, right)
        except OverflowError:
            pass
    raise _bad("-", left, right)


def mul(left: Any, right: Any) -> Any:
    """`Left * Right`."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        try:
            return _finite(left * right, "*", left, right)
        except OverflowError:
            pass
    raise _bad("*", left, right)


def add_literal(left: Any, right: Any) -> Any:
    """`Left + 1`, `1 + Right`: an instruction of its own on the BEAM, which has no entry in the stack."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        return left + right
    raise Failed("badarith")


def sub_literal(left: Any, right: Any) -> Any:
    """`Left - 1`."""
    if type(left) in _NUMBERS:
        return left - right
    raise Failed("badarith")


def div_float(left: Any, right: Any) -> Any:
    """`Left / Right`, of floats; it has no entry in the stack either."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS and right != 0:
        try:
            value = float(left) / float(right)
            if value - value == 0:
                return value
        except OverflowError:
            pass
    raise Failed("badarith")


def div_bif(left: Any, right: Any) -> Any:
    """`Left / Right` in what is evaluated: the BIF has an entry in the stack."""
    try:
        return div_float(left, right)
    except Failed:
        raise _bad("/", left, right) from None


def div_int(left: Any, right: Any) -> int:
    """`Left div Right`."""
    if type(left) is not int or type(right) is not int or right == 0:
        raise _bad("div", left, right)
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def rem(left: Any, right: Any) -> int:
    """`Left rem Right`."""
    if type(left) is not int or type(right) is not int or right == 0:
        raise _bad("rem", left, right)
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


def _check_integers(operator: str, left: Any, right: Any) -> None:
    if type(left) is not int or type(right) is not int:
        raise _bad(operator, left, right)


def band(left: Any, right: Any) -> int:
    """`Left band Right`."""
    _check_integers("band", left, right)
    return left & right  # type: ignore[no-any-return]


def bor(left: Any, right: Any) -> int:
    """`Left bor Right`."""
    _check_integers("bor", left, right)
    return left | right  # type: ignore[no-any-return]


def bxor(left: Any, right: Any) -> int:
    """`Left bxor Right`."""
    _check_integers("bxor", left, right)
    return left ^ right  # type: ignore[no-any-return]


def bsl(left: Any, right: Any) -> int:
    """`Left bsl Right`."""
    _check_integers("bsl", left, right)
    return _shifted(left, right, "bsl")


def bsr(left: Any, right: Any) -> int:
    """`Left bsr Right`."""
    _check_integers("bsr", left, right)
    return _shifted(left, -right, "bsr")


_LONGEST_SHIFT = 1 << 26


def _shifted(value: int, count: int, operator: str) -> int:
    if count < 0:
        return value >> -count
    if value and count > _LONGEST_SHIFT:
        raise bif_failed("system_limit", "erlang", operator, [value, count])
    return value << count


def bnot(value: Any) -> int:
    """`bnot Value`."""
    if type(value) is not int:
        raise _bad("bnot", value)
    return ~value


def neg(value: Any) -> Any:
    """`- Value`."""
    if type(value) not in _NUMBERS:
        raise _bad("-", value)
    return -value


def pos(value: Any) -> Any:
    """`+ Value`."""
    if type(value) not in _NUMBERS:
        raise Failed("badarith")
    return value


def pos_bif(value: Any) -> Any:
    """`+ Value` in what is evaluated: the BIF has an entry in the stack."""
    if type(value) not in _NUMBERS:
        raise _bad("+", value)
    return value


# ---- booleans


def not_(value: Any) -> bool:
    """`not Value`."""
    if type(value) is not bool:
        raise bif_failed("badarg", "erlang", "not", [value])
    return not value


def _check_booleans(operator: str, left: Any, right: Any) -> None:
    if type(left) is not bool or type(right) is not bool:
        raise bif_failed("badarg", "erlang", operator, [left, right])


def and_(left: Any, right: Any) -> bool:
    """`Left and Right`."""
    _check_booleans("and", left, right)
    return left and right  # type: ignore[no-any-return]


def or_(left: Any, right: Any) -> bool:
    """`Left or Right`."""
    _check_booleans("or", left, right)
    return left or right  # type: ignore[no-any-return]


def xor_(left: Any, right: Any) -> bool:
    """`Left xor Right`."""
    _check_booleans("xor", left, right)
    return left is not right


def boolean(value: Any) -> bool:
    """The left side of `andalso` or `orelse`."""
    if type(value) is not bool:
        raise badarg(value)
    return value


# ---- comparing


def exact_eq(left: Term, right: Term) -> bool:
    """`Left =:= Right`."""
    if type(left) is Cell or type(right) is Cell:
        return _eq_lists(left, right, exact_eq)
    if left is right:
        return True
    kind = type(left)
    if kind is tuple and type(right) is tuple:
        return len(left) == len(right) and all(map(exact_eq, left, right))
    if kind is list and type(right) is list:
        return len(left) == len(right) and all(map(exact_eq, left, right))
    return terms.exact_eq(left, right)


def exact_ne(left: Term, right: Term) -> bool:
    """`Left =/= Right`."""
    return not exact_eq(left, right)


def eq(left: Term, right: Term) -> bool:
    """`Left == Right`."""
    if type(left) is Cell or type(right) is Cell:
        return _eq_lists(left, right, eq)
    return terms.eq(left, right)


def ne(left: Term, right: Term) -> bool:
    """`Left /= Right`."""
    return not eq(left, right)


def _eq_lists(left: Term, right: Term, same: Any) -> bool:
    while type(left) is Cell and type(right) is Cell:
        if left is right:
            return True
        if not same(left.head, right.head):
            return False
        left, right = left.tail, right.tail
    if not is_list(left) or not is_list(right):
        return type(left) is not Cell and type(right) is not Cell and bool(same(left, right))
    return bool(same(_plain(left), _plain(right)))


def _plain(term: Term) -> Term:
    return term.__term__() if type(term) is Cell else term


def lt(left: Term, right: Term) -> bool:
    """`Left < Right`."""
    return terms.compare(left, right) < 0


def gt(left: Term, right: Term) -> bool:
    """`Left > Right`."""
    return terms.compare(left, right) > 0


def le(left: Term, right: Term) -> bool:
    """`Left =< Right`."""
    return terms.compare(left, right) <= 0


def ge(left: Term, right: Term) -> bool:
    """`Left >= Right`."""
    return terms.compare(left, right) >= 0


# ---- lists and messages


def append(left: Term, right: Term) -> Term:
    """`Left ++ Right`."""
    items = listed(left)
    if items is None:
        raise bif_failed("badarg", "erlang", "++", [outward(left), outward(right)])
    return prepend(items, right)


def subtract(left: Term, right: Term) -> Term:
    """`Left -- Right`."""
    items, gone = listed(left), listed(right)
    if items is None or gone is None:
        raise bif_failed("badarg", "erlang", "--", [outward(left), outward(right)])
    if len(gone) > 8:
        return _subtract_many(items, gone)
    items = list(items)
    for each in gone:
        for index, item in enumerate(items):
            if exact_eq(item, each):
                del items[index]
                break
    return items


def _subtract_many(items: list[Term], gone: list[Term]) -> list[Term]:
    counts: dict[Any, int] = {}
    for each in gone:
        key = terms.key(each)
        counts[key] = counts.get(key, 0) + 1
    left = []
    for item in items:
        key = terms.key(item)
        if counts.get(key):
            counts[key] -= 1
        else:
            left.append(item)
    return left


def send(destination: Term, message: Term) -> Term:
    """`Destination ! Message`."""
    return erlang.send(destination, message)
