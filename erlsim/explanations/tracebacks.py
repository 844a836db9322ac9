"""Tracebacks without our own frames, which say no more than that processes run.

`hide_frames` has Python itself, and IPython if that is there, show tracebacks so; pytest's plugin does it in its own
way. What fails in our own code, by our own fault, is shown as it is.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from erlsim import hints
from erlsim.errors import ErlangException, ErlsimError, is_ours


def hide_frames() -> None:
    """From now on leave our frames out of tracebacks, unless somebody prints these in his own way."""
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _print
    shell = ipython()
    if shell is not None and not shell.custom_exceptions:
        shell.set_custom_exc((Exception,), _show)


def ipython() -> Any:
    """The shell of IPython in which this runs, or `None`; whether IPython is installed is not asked."""
    found = sys.modules.get("IPython")
    return found.get_ipython() if found is not None else None


def _print(kind: type[BaseException], exc: BaseException, tb: TracebackType | None) -> None:
    hints.add_to(exc)
    trim(exc)
    sys.__excepthook__(kind, exc, exc.__traceback__)


def _show(shell: Any, kind: type[BaseException], exc: BaseException, tb: Any, tb_offset: int | None = None) -> None:
    hints.add_to(exc)
    trim(exc)
    shell.showtraceback((kind, exc, exc.__traceback__), tb_offset=tb_offset)


def trim(exc: BaseException) -> None:
    """Take our frames out of the tracebacks of an exception and of those that it came of."""
    seen: list[BaseException] = []
    at: BaseException | None = exc
    while at is not None and all(at is not each for each in seen):
        seen.append(at)
        if isinstance(at, ErlangException):
            _ = at.stack  # is made of the traceback
        at.__traceback__ = _without_ours(at)
        at = at.__cause__ or at.__context__


def _without_ours(exc: BaseException) -> TracebackType | None:
    entries = []
    tb = exc.__traceback__
    while tb is not None:
        entries.append(tb)
        tb = tb.tb_next
    ours = [is_ours(str(each.tb_frame.f_globals.get("__name__", ""))) for each in entries]
    if not isinstance(exc, ErlangException | ErlsimError) and entries and ours[-1]:
        return exc.__traceback__
    left: TracebackType | None = None
    for entry, is_one in zip(reversed(entries), reversed(ours), strict=True):
        if not is_one:
            left = TracebackType(left, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return left if left is not None else exc.__traceback__
