"""Explorations in threads that run at the same time: `python threaded.py` says which come to something else than alone.

It is run by the Python of the tests, and by each free-threaded one that is found. Nothing here needs pytest.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor

THREADS = 4
# More than an exploration tries in its own thread before it hands the rest on.
SHARED, EACH = 80, 5
# So short that a thread often loses its turn in the middle of something, where there are turns.
SWITCH_SECONDS = 1e-4


def programs():
    """What the threads explore: supervisors, calls, names, timers, tables, with a bug and without it."""
    from tests.testing import planted

    return [side for bug in planted.BUGS for side in (bug.planted, bug.mended)]


def told(test, schedules=EACH, executor=None):
    """All of an exploration that does not tell the time."""
    from erlsim.testing import explore

    found = explore(test, schedules, stop=False, progress=False, executor=executor)
    failures = [(run.seed, run.schedule, run.outcome) for run in found.failures]
    return found.runs, found.outcomes, found.schedules, found.examples, failures


def main():
    """A thread for each program, all at once; one program shared by an executor's threads; and the same alone."""
    tests = programs()
    # First the threads: what is imported, or made, when it is first used, is so while they race for it.
    with ThreadPoolExecutor(len(tests)) as executor:
        at_once = list(executor.map(told, tests))
    with ThreadPoolExecutor(THREADS) as executor:
        shared = told(tests[0], SHARED, executor)
    differ = [number for number, test in enumerate(tests) if at_once[number] != told(test)]
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    is_same = shared == told(tests[0], SHARED)
    print(json.dumps({"gil": gil, "runs": sum(each[0] for each in at_once), "differ": differ, "shared": is_same}))


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_SECONDS)
    main()
