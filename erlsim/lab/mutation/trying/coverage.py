"""Which lines of the user's files each test runs: what chooses the tests of a mutant."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

# What runs while tests are collected: a mutant there concerns all of them.
IMPORTED = ""
# What Python calls for a frame; the value is who is called for its next lines.
Tracer = Callable[[FrameType, str, Any], Any]


class Coverage:
    """Notes which lines of `files` (absolute paths) run, for the test that `test` names.

    `lines` has for each file and line the tests that ran it, in the order in which they did.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self.lines: dict[str, dict[int, dict[str, None]]] = {each: {} for each in dict.fromkeys(files)}
        self.test = IMPORTED
        # For the file of a piece of code, as that calls it: who is to see its lines. This is asked at every call.
        self._tracers: dict[str, Tracer | None] = {}

    def start(self) -> None:
        """Look at all that runs from here on, in this thread and in new ones."""
        threading.settrace(self._entered)
        sys.settrace(self._entered)

    def stop(self) -> None:
        """Look no more."""
        sys.settrace(None)
        threading.settrace(None)

    def _entered(self, frame: FrameType, event: str, arg: Any) -> Tracer | None:
        name = frame.f_code.co_filename
        try:
            tracer = self._tracers[name]
        except KeyError:
            lines = self.lines.get(os.path.realpath(name))
            tracer = self._tracers[name] = None if lines is None else self._tracer(lines)
        return None if tracer is None else tracer(frame, event, arg)

    def _tracer(self, lines: dict[int, dict[str, None]]) -> Tracer:
        def ran(frame: FrameType, event: str, arg: Any) -> Tracer:
            number = frame.f_lineno
            tests = lines.get(number)
            if tests is None:
                tests = lines[number] = {}
            tests[self.test] = None
            return ran

        return ran
