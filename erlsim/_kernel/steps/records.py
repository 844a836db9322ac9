"""What a process is about to do, what it touches, and what it did: plain data for choosers, logs and searches.

A touch is `(thing, mode, detail)`. A thing is a tuple whose first part is its kind; things are named by what is the
same in every order (processes by birth, tables by their names or by who made them), never by pids or references::

    ("key", table, key)   r w; the detail of a plain overwrite is the row
    ("keys", table)       r w (all keys), kr kw (one of them)
    ("table", table)      r (every operation on it), w (made, named, given away, gone)
    ("name", atom)        r w
    ("life", process)     r (is it alive?), m (links and monitors come and go), i (process_info), w (it ends)
    ("exit", process)     w (a signal that ends it), s (a message to it), q (a question), o (whatever it does itself)
    ("trap", process)     r w: the flag trap_exit
    ("mailbox", process)  s (put in: the detail is (serial, message)), r (a receive: (serial or None, patterns, after)),
                          i (looked at from outside)
    ("link", a, b), ("watch", owner, target), ("alias", owner), ("info", process), ("suspend", process),
    ("timer", ...), ("procs",)   r w
    ("anything",)         w: nobody knows what
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any, NamedTuple

Touch = tuple[tuple[Any, ...], str, Any]
# `touches(steps, process, *args)`: what the operation would touch as the world stands.
Touching = Callable[..., list[Touch]]


def no_touches(steps: Any, process: Any, *args: Any) -> list[Touch]:
    """It touches nothing."""
    return []


class Operation(NamedTuple):
    """A kind of visible operation. `note(process, *args)`, if there is one, gives the trace's row: `(kind, *data)`."""

    name: str
    touches: Touching = no_touches
    note: Callable[..., tuple[Any, ...] | None] | None = None


class Step:
    """What a process does next, if it goes on: an option of a choice of kind `"step"`.

    `process` is its name by birth, the same in every order of events; `pid` is not.
    """

    __slots__ = ("_operation", "_owner", "_steps", "args", "code", "lasti", "process")

    def __init__(self, steps: Any, owner: Any, process: str, operation: Operation, args: tuple[Any, ...]) -> None:
        self._steps = steps
        self._owner = owner
        self._operation = operation
        self.process = process
        self.args = args
        self.code: CodeType | None = None
        self.lasti = -1

    @property
    def operation(self) -> str:
        """Its name, such as `"ets:insert"`, `"receive"` or `"begin"`."""
        return self._operation.name

    @property
    def pid(self) -> Any:
        """Whose step it is."""
        return self._owner.pid

    @property
    def touches(self) -> list[Touch]:
        """What it would touch if it were done now; may be more than it then does, never less."""
        own = (("exit", self.process), "o", None)
        return [*self._operation.touches(self._steps, self._owner, *self.args), own]

    @property
    def place(self) -> tuple[str, int] | None:
        """File and line of the code that asks for it; `None` for what no code asks for."""
        return place_of(self.code, self.lasti)

    def __repr__(self) -> str:
        return f"<{self.process} {self.operation}>"


class StepEvent:
    """One visible operation that was done.

    `at` is the time in ms. `cause` is the number of the event that made it possible (a birth, for what a process does
    first), `None` if there is none. `touches` are those that it really made, with all that it brought about at once.
    """

    __slots__ = ("args", "at", "cause", "code", "lasti", "operation", "process", "touches")

    def __init__(self, step: Step, at: int, cause: int | None) -> None:
        self.process = step.process
        self.operation = step.operation
        self.args = step.args
        self.code = step.code
        self.lasti = step.lasti
        self.at = at
        self.cause = cause
        self.touches: list[Touch] = [(("exit", step.process), "o", None)]

    @property
    def place(self) -> tuple[str, int] | None:
        """File and line of the code that asked for it; `None` for what no code asks for."""
        return place_of(self.code, self.lasti)

    def __repr__(self) -> str:
        return f"<{self.at} {self.process} {self.operation}>"


def place_of(code: CodeType | None, lasti: int) -> tuple[str, int] | None:
    """File and line of an instruction."""
    if code is None:
        return None
    for start, end, line in code.co_lines():
        if start <= lasti < end and line is not None:
            return code.co_filename, line
    return code.co_filename, code.co_firstlineno
