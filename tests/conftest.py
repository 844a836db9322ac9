"""What all tests share: nothing that stays, a shell that traps exits, and the figures of the golden scenarios."""

from __future__ import annotations

import gc
import os
import re
import signal
import sys

import pytest

from erlsim import erlang
from erlsim._kernel import thread
from tests import browser as browsers

FIGURE = "golden scenarios: "


def pytest_configure():
    """Ctrl-C interrupts here, too, where a shell has started the tests in the background and let it be ignored."""
    # Tests judge what Erlang source is compiled to now.
    os.environ.setdefault("ERLSIM_CACHE", "off")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    """A test has the same name in every process: without it they could not be shared out."""
    for item in items:
        if re.search(r" at 0x[0-9a-f]+", item.name):
            raise pytest.UsageError(f"{item.nodeid}: an address is no part of a test's name")


def set_aside():
    """Python's garbage collector no longer looks at what is there now, which would be most of its work here."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Nothing of what is imported is garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        set_aside()


@pytest.fixture(scope="module", autouse=True)
def what_modules_keep_is_set_aside():
    """Trees of all sources, for one, are kept from the first test that looks at them to the last."""
    yield
    set_aside()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """No test leaves its simulation current, as a session of the documentation does, or Python's stack deeper.

    Erlang source lets it grow: that is for tests of Erlang alone. A hook costs each test less than a fixture.
    """
    world, depth = thread.world, sys.getrecursionlimit()
    if "erl" not in item.path.parts:
        sys.setrecursionlimit(1000)
    try:
        return (yield)
    finally:
        sys.setrecursionlimit(depth)
        thread.world = world


@pytest.fixture
def nothing_is_left_to_collect():
    """What other tests have left is not finalised at the bottom of a deep recursion here."""
    gc.collect()


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium; the test is skipped, or fails in CI, where there is none."""
    browsers.require()
    with browsers.launched() as running:
        yield running


@pytest.fixture
def trapping_exits(sim):
    """The simulation of the test, whose shell traps exits."""
    erlang.process_flag("trap_exit", True)
    return sim


@pytest.fixture
def tell_figure(record_property):
    """`tell_figure(name, text)` puts a line into the summary of the run, from whichever process."""
    return lambda name, text: record_property(FIGURE + name, text)


def pytest_terminal_summary(terminalreporter):
    """The figures, above the line that closes the run."""
    told = [
        (name.removeprefix(FIGURE), text)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, text in getattr(report, "user_properties", ())
        if name.startswith(FIGURE) and report.when == "call"
    ]
    if told:
        terminalreporter.section("golden scenarios, as recorded on Erlang/OTP 25")
        for name, text in sorted(told):
            terminalreporter.write_line(f"{name} {text}")
