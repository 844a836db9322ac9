"""Patterns: what `receive` takes out of a mailbox.

Matching is message-major: the oldest message that matches any pattern wins. A predicate that
raises does not match, as a failing guard does not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from types import FunctionType, MethodType
from typing import Any, Final

from erlsim.terms import exact_eq

_SCALARS: Final = frozenset({str, bytes, int, float, bool})


class _Nothing:
    __slots__ = ()


NOTHING: Final = _Nothing()


def matches(pattern: Any, term: Any) -> bool:
    """Whether `term` matches `pattern`."""
    if pattern is ... or pattern is term:
        return True
    kind = type(pattern)
    if kind in _SCALARS:
        return type(term) is kind and bool(pattern == term)
    if kind is tuple or kind is list:
        if type(term) is not kind or len(term) != len(pattern):
            return False
        for part, value in zip(pattern, term, strict=True):
            if part is not ... and part is not value and not matches(part, value):
                return False
        return True
    return _matches_other(pattern, term)


def _matches_other(pattern: Any, term: Any) -> bool:
    if isinstance(pattern, type):
        # True and 1 are different terms, though bool is Python's subclass of int.
        return isinstance(term, pattern) and (type(term) is not bool or pattern in (bool, object))
    if isinstance(pattern, FunctionType | MethodType):
        try:
            return bool(pattern(term))
        except Exception:
            return False
    if isinstance(pattern, dict):
        return isinstance(term, dict) and all(k in term and matches(v, term[k]) for k, v in pattern.items())
    return exact_eq(pattern, term)


def matches_any(patterns: tuple[Any, ...], term: Any) -> bool:
    """Whether `term` matches one of `patterns`; no pattern at all matches everything."""
    if not patterns:
        return True
    for pattern in patterns:  # noqa: SIM110 (the hot path: no generator)
        if pattern is ... or pattern is term or matches(pattern, term):
            return True
    return False


def find(patterns: tuple[Any, ...], messages: Iterable[Any]) -> int:
    """The index of the oldest message that matches, or -1."""
    for index, message in enumerate(messages):
        if matches_any(patterns, message):
            return index
    return -1


def take(patterns: tuple[Any, ...], messages: deque[Any]) -> Any:
    """Remove and return the oldest message that matches, or `NOTHING`."""
    if not patterns:
        return messages.popleft()
    index = find(patterns, messages)
    if index < 0:
        return NOTHING
    message = messages[index]
    del messages[index]
    return message
