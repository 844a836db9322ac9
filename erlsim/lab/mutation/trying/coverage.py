"""Which lines of the user's files each test runs: what chooses the tests of a mutant."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable
from types import CodeType, FrameType
from typing import Any

# What runs while tests are collected: a mutant there concerns all of them.
IMPORTED = ""


class Coverage:
    """Notes which lines of `files` (absolute paths) run, for the test that `test` names.

    `lines` has for each file and line the tests that ran it, in the order in which they did.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self.files = dict.fromkeys(files)
        self.lines: dict[str, dict[int, dict[str, None]]] = {each: {} for each in self.files}
        self.test = IMPORTED
        self._known: dict[CodeType, dict[int, dict[str, None]] | None] = {}

    def start(self) -> None:
        """Look at all that runs from here on, in this thread and in new ones."""
        threading.settrace(self._entered)
        sys.settrace(self._entered)

    def stop(self) -> None:
        """Look no more."""
        sys.settrace(None)
        threading.settrace(None)

    def _entered(self, frame: FrameType, event: str, arg: Any) -> Any:
        code = frame.f_code
        if code not in self._known:
            self._known[code] = self.lines.get(os.path.realpath(code.co_filename))
        lines = self._known[code]
        if lines is None:
            return None

        def ran(frame: FrameType, event: str, arg: Any) -> Any:
            lines.setdefault(frame.f_lineno, {})[self.test] = None
            return ran

        return ran(frame, event, arg)
