"""Which Python values are no terms, looked for in all that a term holds."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from types import AsyncGeneratorType, CoroutineType, GeneratorType, ModuleType
from typing import Any

from erlsim._kernel import TIMEOUT
from erlsim.terms import ABSENT, ATOMIC, Improper, Term, TermMap
from erlsim.threads import given_name


def no_terms(term: Term) -> Iterator[tuple[str, str]]:
    """Each value in `term` that is no term: `(rule, what it is)`."""
    todo = [term]
    while todo:
        each = todo.pop()
        kind = type(each)
        if each is None:
            yield "none_term", "None is no term."
        elif kind in ATOMIC:
            pass
        elif _is_enum(each):
            yield "enum_term", f"{each!r} is a member of an enum, and no atom."
        elif isinstance(each, tuple | list):
            todo += reversed(each)
        elif isinstance(each, dict | TermMap):
            todo += [*each.values(), *each.keys()]
        elif kind is Improper:
            todo += [each.tail, *each.items]
        elif (found := _rule_of(each)) is not None:
            yield found


def _is_enum(value: Any) -> bool:
    """Whether it is a member of an enum: nobody can have one who has not imported `enum`."""
    enum = sys.modules.get("enum")
    return enum is not None and isinstance(value, enum.Enum)


def _rule_of(value: Any) -> tuple[str, str] | None:
    name = type(value).__qualname__
    if isinstance(value, str | int | float | bytes) or hasattr(type(value), "__term__"):
        return None
    if isinstance(value, set | frozenset):
        return "set_term", f"A {name} is no term."
    if isinstance(value, BaseException):
        return "exception_term", f"{value!r}, an exception, is no term."
    if isinstance(value, CoroutineType):
        return "coroutine_term", f"The coroutine of {value.__qualname__}, which nobody has awaited, is no term."
    if isinstance(value, GeneratorType | AsyncGeneratorType) or (hasattr(value, "__next__") and not callable(value)):
        if not isinstance(value, io.IOBase):
            return "generator_term", f"A {name} is no term."
    if isinstance(value, io.IOBase):
        return "file_term", f"An open file ({name}) is no term."
    if isinstance(value, type | ModuleType) or callable(value) or value is ABSENT or given_name(value) is not None:
        return None
    if value is TIMEOUT:
        return "object_term", "erlsim.TIMEOUT is no term."
    return "object_term", f"An object of class {name} is no term."
