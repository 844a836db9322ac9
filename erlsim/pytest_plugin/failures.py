"""What the report of a failed test says of its simulation, and which frames of its traceback are shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from erlsim.errors import ErlangException, ErlsimError, is_ours
from erlsim.pytest_plugin import replays, reporting
from erlsim.pytest_plugin.simulations import sim_key

# Where assertions fail on purpose.
ASSERTING = ("erlsim.testing", "erlsim.trace.crashes", "erlsim.pytest_plugin")
STRUCK = "when it struck, the processes were"
HIDE = "__tracebackhide__"
# Whether nobody reads the reports of this run: a failure is enough, nothing is made simpler or put into words.
unread_key = pytest.StashKey[bool]()


def report(item: pytest.Item, exc: BaseException) -> list[tuple[str, str]]:
    """What a failure's report says of the simulation: causes, processes, reports, the last events, how to replay."""
    if sim_key not in item.stash or item.config.stash.get(unread_key, False):
        return []
    sim = item.stash[sim_key]
    parts = reporting.parts(item, sim, exc)
    parts += replays.lines(item, sim)
    return [("erlsim", "\n".join(parts))]


def without_picture(exc: BaseException) -> list[str]:
    """Take from an exception what an interrupted simulation has noted on it, which is told in other ways: that."""
    notes: list[str] = getattr(exc, "__notes__", [])
    taken = [note for note in notes if STRUCK in note]
    for note in taken:
        notes.remove(note)
    return taken


@contextmanager
def own_frames_hidden() -> Iterator[None]:
    """While this lasts pytest does not show frames of ours, which only say that processes run."""
    ours = [module for name, module in list(sys.modules.items()) if is_ours(name)]
    for module in ours:
        module.__dict__[HIDE] = _hidden
    try:
        yield
    finally:
        for module in ours:
            module.__dict__.pop(HIDE, None)


def _hidden(excinfo: pytest.ExceptionInfo[BaseException] | None) -> bool:
    """Whether our frames of this traceback do not matter: not if it was we who failed."""
    if excinfo is None or isinstance(excinfo.value, ErlangException | ErlsimError):
        return True
    innermost = excinfo.traceback[-1].frame.f_globals.get("__name__", "")
    return not is_ours(innermost) or innermost.startswith(ASSERTING)
