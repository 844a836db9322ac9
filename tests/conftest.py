"""What all tests share: a shell that traps exits, and the figures of the golden scenarios, told once at the end."""

from __future__ import annotations

import pytest

from erlsim import erlang

FIGURES = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    """A place for figures."""
    config.stash[FIGURES] = {}


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
