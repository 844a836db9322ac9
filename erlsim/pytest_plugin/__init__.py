"""pytest: tests that run as the shell of a simulation.

The fixture `sim` is a fresh `Simulation`, current while the test runs. An `async def` test that uses
it, or is marked `erlsim`, runs as its shell; the marker's options go to `Simulation`, less
`schedules` and `chooser`, which say how many schedules the test runs under and who draws them,
`replay`, a schedule that it runs under as well, `leaks`, what the test must not leave behind
(see `testing.leaks`), and `crashes`, which may happen. Of several schedules the first is first-in
first-out, and the rest is run by `testing.explore`, each in a simulation and with fixtures of its
own. The first one that fails is shrunk and run once more, for pytest to see it fail.

`async` fixtures of such tests run in their simulation (`fixtures`), and hypothesis' examples have
one each (`examples`).

A failed test is reported with its causes (the reason in Erlang's notation, calls without an answer,
faults), the processes, the last reports and events (`events`), the number of its schedule, the options
that run it again under that, and the marker that makes it a test for good (`reporting`, `replays`).
What a process has raised is shown as the cause of what the test ends with, and `--pdb` stops there
(`causes`). Its traceback leaves out the frames of erlsim, director, gen_tracker and simpy, unless it
looks as if one of these has failed itself; `--full-trace` and `--tb=native` show all.

The entry point is the module `erlsim_pytest`, which imports this one when a test needs it, so
that a pytest run that has nothing to do with erlsim does not pay for it.
"""

from __future__ import annotations

from erlsim.pytest_plugin.causes import add_cause, debug_users_frame, place_at_test
from erlsim.pytest_plugin.examples import run_examples, settings_of_examples
from erlsim.pytest_plugin.failures import own_frames_hidden, report, unread_key, without_picture
from erlsim.pytest_plugin.fixtures import made_here
from erlsim.pytest_plugin.judging import judged_plain
from erlsim.pytest_plugin.plan import check_config, is_given, time_limit, wants
from erlsim.pytest_plugin.running import body_of, run
from erlsim.pytest_plugin.simulations import simulation_of

__all__ = [
    "add_cause",
    "body_of",
    "check_config",
    "debug_users_frame",
    "is_given",
    "judged_plain",
    "made_here",
    "own_frames_hidden",
    "place_at_test",
    "report",
    "run",
    "run_examples",
    "settings_of_examples",
    "simulation_of",
    "time_limit",
    "unread_key",
    "wants",
    "without_picture",
]
