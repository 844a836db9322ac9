"""What a module has been compiled to: all that it takes to load it, as data that may be kept."""

from __future__ import annotations

from dataclasses import dataclass
from types import CodeType
from typing import Any

from erlsim.erl.compiling.declarations import FunctionName
from erlsim.erl.compiling.inferring.colours import ASYNC
from erlsim.erl.running.failures import Places
from erlsim.terms import Term

Mfa = tuple[Any, Any, int]


@dataclass(frozen=True)
class ObjectCode:
    """A compiled module."""

    name: Any
    path: str
    code: CodeType
    """Defines the functions."""
    places: Places
    functions: list[FunctionName]
    exports: list[FunctionName]
    attributes: list[tuple[Term, Term]]
    colours: dict[FunctionName, Any]
    has_deep_waits: bool
    """Whether a function that waits may be called within a call of itself."""
    remotes: dict[str, Mfa]
    """The functions of other modules that it calls, by their names in the code."""
    natives: dict[Mfa, bool]
    """The functions of other modules that were asked for, and whether the library has them."""
    elsewhere: dict[Mfa, Any]
    """The colours of other modules' functions, as they were known."""

    def is_async(self, name: FunctionName) -> bool:
        """Whether a function may always wait."""
        return bool(self.colours[name] == ASYNC)

    def is_poly(self, name: FunctionName) -> bool:
        """Whether a function waits if a fun does."""
        return self.colours[name] != ASYNC and bool(self.colours[name])
