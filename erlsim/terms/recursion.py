"""Functions that call themselves as deep as a term is, which may be deeper than Python's stack.

Such a function is written as a generator: it yields its calls, gets back what they return, and returns what it found
itself. `run` keeps the calls that wait in a list.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeAlias

Call: TypeAlias = Generator[Any, Any, Any]
"""A call of a function that is written in this way, and not begun yet."""


def run(call: Call) -> Any:
    """What `call` returns."""
    waiting = [call]
    returned: Any = None
    while waiting:
        try:
            waiting.append(waiting[-1].send(returned))
            returned = None
        except StopIteration as end:
            waiting.pop()
            returned = end.value
    return returned
