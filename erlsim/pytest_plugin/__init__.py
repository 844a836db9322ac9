"""pytest: tests that run as the shell of a simulation.

The fixture `sim` is a fresh `Simulation`, current while the test runs. An `async def` test that uses
it, or is marked `erlsim`, runs as its shell; the marker's options go to `Simulation`, less
`schedules` and `chooser`, which say how many schedules the test runs under and who draws them, and `leaks`, what the
test must not leave behind (see `testing.leaks`). Several
schedules are run by `testing.explore`, each in a simulation of its own; so other fixtures of such a test must not
use `sim`. The first one that fails is run once more, for pytest to see it fail.

A failed test is reported with the reason in Erlang's notation, the processes, the last events and the
options that run it again under the same schedule. Its traceback leaves out the frames of erlsim, director,
gen_tracker and simpy, unless it looks as if one of these has failed itself; `--full-trace` and
`--tb=native` show all.

The entry point is the module `erlsim_pytest`, which imports this one when a test needs it, so
that a pytest run that has nothing to do with erlsim does not pay for it.
"""

from __future__ import annotations

from erlsim.pytest_plugin.causes import add_cause, debug_users_frame, place_at_test
from erlsim.pytest_plugin.failures import own_frames_hidden, report
from erlsim.pytest_plugin.judging import judged_plain
from erlsim.pytest_plugin.plan import check_replay, wants
from erlsim.pytest_plugin.running import run
from erlsim.pytest_plugin.simulations import make

__all__ = [
    "add_cause",
    "check_replay",
    "debug_users_frame",
    "judged_plain",
    "make",
    "own_frames_hidden",
    "place_at_test",
    "report",
    "run",
    "wants",
]
