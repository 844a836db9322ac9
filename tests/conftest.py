"""What all tests share: nothing that stays, a shell that traps exits, and the figures of the golden scenarios."""

from __future__ import annotations

import pytest

from erlsim import erlang
from erlsim._kernel import thread

FIGURES = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    """A place for figures."""
    config.stash[FIGURES] = {}


@pytest.fixture(autouse=True)
def leaves_no_simulation_behind():
    """What was current before a test is so again after it: a session of the documentation calls `erlsim.shell`."""
    before = thread.world
    yield
    thread.world = before


@pytest.fixture
def trapping_exits(sim):
    """The simulation of the test, whose shell traps exits."""
    erlang.process_flag("trap_exit", True)
    return sim


@pytest.fixture
def tell_figure(request):
    """`tell_figure(name, text)` puts a line into the summary of the run."""
    return request.config.stash[FIGURES].__setitem__


def pytest_terminal_summary(terminalreporter, config):
    """The figures, above the line that closes the run."""
    figures = config.stash[FIGURES]
    if figures:
        terminalreporter.section("golden scenarios, as recorded on Erlang/OTP 25")
        for name, text in figures.items():
            terminalreporter.write_line(f"{name} {text}")
