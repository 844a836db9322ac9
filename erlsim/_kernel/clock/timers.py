"""Timers: what is to be done at an instant to come, unless it is cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Timer:
    """Does `action(self)` at `due` unless cancelled; lies in simpy's heap as an event would."""

    __slots__ = ("action", "due", "in_heap", "live", "target")

    def __init__(self, due: int, action: Callable[[Any], None], target: Any) -> None:
        self.due = due
        self.action = action
        self.target = target
        self.live = True
        self.in_heap = False


class MessageTimer(Timer):
    """A timer that sends `message`, known to processes by its `ref`."""

    __slots__ = ("message", "ref")

    def __init__(self, due: int, action: Callable[[Any], None], target: Any, message: Any, ref: Any) -> None:
        # Spelt out, as every timer that a process starts comes by here.
        self.due = due
        self.action = action
        self.target = target
        self.live = True
        self.in_heap = False
        self.message = message
        self.ref = ref
