"""Programs that were written to be the only one of their process: what others have declared is out of their way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from erlsim import code


@contextmanager
def nothing_declared() -> Iterator[None]:
    """No module is declared (`@erlsim.module`) when this begins, and those that were are so again when it ends."""
    before = {name: list(found) for name, found in code._declared.items()}
    code._declared.clear()
    try:
        yield
    finally:
        code._declared.clear()
        code._declared.update(before)
