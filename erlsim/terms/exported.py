"""`fun module:name/arity`: a fun that is known by name, and finds its code only when it is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from erlsim.terms.term import Term


@dataclass(frozen=True)
class ExportedFun:
    """`fun module:name/arity`; equal to every other of the same name. `error:undef` where there is no such function."""

    module: str
    name: str
    arity: int

    # Where functions are found lies above terms, and says so here: see `erlsim.code`.
    find: ClassVar[Callable[[str, str, int], Callable[..., Term]]]

    @property
    def __erlang_fun__(self) -> tuple[str, str, int]:
        return self.module, self.name, self.arity

    @property
    def __signature__(self) -> inspect.Signature:
        kind = inspect.Parameter.POSITIONAL_ONLY
        return inspect.Signature([inspect.Parameter(f"argument_{i}", kind) for i in range(1, self.arity + 1)])

    def __call__(self, *args: Any) -> Any:
        return type(self).find(self.module, self.name, len(args))(*args)
