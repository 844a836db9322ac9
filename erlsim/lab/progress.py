"""How far a laboratory is, on standard error: a bar on a terminal, elsewhere a line at each tenth."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progressing(what: str, total: int, shown: bool | None) -> Iterator[Callable[[int], None]]:
    """The value takes how much more has been done. `shown` is `False` for nothing, `None` for a bar on a terminal."""
    if shown is False or (shown is None and not sys.stderr.isatty()):
        yield lambda n: None
    elif not sys.stderr.isatty():
        yield _lines(what, total)
    else:
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda n: bar.advance(task, n)


def _lines(what: str, total: int) -> Callable[[int], None]:
    done = 0

    def advance(n: int) -> None:
        nonlocal done
        before, done = done, done + n
        if done * 10 // total > before * 10 // total:
            sys.stderr.write(f"{done:,} of {total:,} {what}\n")

    return advance
