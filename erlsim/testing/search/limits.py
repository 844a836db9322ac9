"""When a search ends though it is not at its end: the only thing about it that real time may decide."""

from __future__ import annotations

import time
from typing import NamedTuple

from erlsim.testing.search.results import Exhaustion


class Limits(NamedTuple):
    """When a search ends though it is not at its end: after so many runs, at a time (as `time.time`), at a failure."""

    max_runs: int
    until: float | None
    stop: bool

    def reached(self, result: Exhaustion) -> str:
        """Why the search has to end; nothing if it can go on."""
        if self.stop and result.failures:
            return "it ended at the first failure"
        if result.runs + result.blocked >= self.max_runs:
            return f"it ended after {self.max_runs} runs (max_runs)"
        if self.until is not None and time.time() > self.until:
            return "its time was up (seconds)"
        return ""
