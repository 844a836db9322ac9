"""Where a failure began: the exception of the process that ended of it, in the traceback and in the debugger.

A test fails because a call exits, or because of the report of a crash; what it wants to see is the line in the process.
"""

from __future__ import annotations

from traceback import walk_tb
from types import FrameType, TracebackType
from typing import Any

import pytest
from _pytest._code.code import ExceptionChainRepr, ReprEntry, ReprFileLocation

from erlsim.errors import ErlangException, ErlsimError, is_ours, users_failure
from erlsim.pytest_plugin.simulations import sim_key
from erlsim.trace.crashes import UnexpectedCrash

# What stands between the test and what has called it.
RUNNERS = ("_pytest", "pluggy", "pytest", "contextlib")

RAISING = ("error", "exit", "throw")


def add_cause(item: pytest.Item, exc: BaseException) -> None:
    """Let an exit that a test ends with have as its cause what the process has raised that it tells of."""
    if sim_key not in item.stash or not isinstance(exc, ErlangException) or exc.__cause__ is not None:
        return
    if _raises_itself(exc):
        return
    found = item.stash[sim_key].crashes.failure_behind(exc.reason)
    if found is not None and not _is_behind(found, exc):
        exc.__cause__ = found


def _raises_itself(exc: ErlangException) -> bool:
    """Whether the program has raised it where the test is, and not waited for somebody who ended of it."""
    innermost = [frame for frame, _ in walk_tb(exc.__traceback__)][-1]
    return not is_ours(str(innermost.f_globals.get("__name__", ""))) or innermost.f_code.co_name in RAISING


def _is_behind(one: BaseException, other: BaseException) -> bool:
    """Whether an exception is another one, or was being handled when that was raised."""
    at: BaseException | None = other
    while at is not None:
        if at is one:
            return True
        at = at.__context__
    return False


def place_at_test(item: pytest.Item, report: pytest.TestReport, exc: BaseException) -> None:
    """Say of a verdict on a whole test, which no line of the program has raised, that it is one on this test."""
    told = report.longrepr
    as_is = item.config.getoption("fulltrace") or item.config.getoption("tbstyle") == "native"
    if as_is or not isinstance(exc, AssertionError | ErlsimError) or not isinstance(told, ExceptionChainRepr):
        return
    last = told.reprtraceback.reprentries[-1]
    if _users_frames(exc.__traceback__) or not isinstance(last, ReprEntry):
        return
    path, line, _ = item.location
    text = pytest.ExceptionInfo.from_exception(exc).exconly(tryshort=True)
    last.lines = [f"E   {each}".rstrip() for each in text.splitlines()]
    last.reprfuncargs = last.reprlocals = None
    last.reprfileloc = ReprFileLocation(path, (line or 0) + 1, type(exc).__name__)
    told.reprtraceback.reprentries = [last]
    told.reprtraceback.extraline = None


def debug_users_frame(call: pytest.CallInfo[None]) -> None:
    """Let the debugger stop in the program's own frame: where a process failed, below it the test that hears of it."""
    assert call.excinfo is not None
    exc = call.excinfo.value
    behind = exc.__cause__ if isinstance(exc, ErlangException | UnexpectedCrash) else None
    found = users_failure(behind) if behind is not None else None
    frames = _users_frames(exc.__traceback__)
    if found is not None and found is not exc:
        frames += _users_frames(found.__traceback__)
    if not frames:
        return
    shown: TracebackType | None = None
    for frame, instruction, line in reversed(frames):
        shown = TracebackType(shown, frame, instruction, line)
    exc.__traceback__ = shown
    call.excinfo = pytest.ExceptionInfo.from_exc_info((type(exc), exc, shown))  # type: ignore[arg-type]


def _users_frames(tb: TracebackType | None) -> list[tuple[FrameType, int, int]]:
    found: list[tuple[FrameType, int, int]] = []
    while tb is not None:
        name: Any = tb.tb_frame.f_globals.get("__name__", "")
        if not is_ours(str(name)) and str(name).partition(".")[0] not in RUNNERS:
            found.append((tb.tb_frame, tb.tb_lasti, tb.tb_lineno))
        tb = tb.tb_next
    return found
