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


@pytest.fixture(autouse=True)
def leaves_no_simulation_behind():
    """What was current before a test is so again after it: a session of the documentation calls `erlsim.shell`."""
    before = thread.world
    yield
    thread.world = before


@pytest.fixture(autouse=True)
def as_deep_as_python_is(request):
    """Erlang source that other tests have loaded lets Python's stack grow deeper: that is for tests of Erlang alone."""
    before = sys.getrecursionlimit()
    if "erl" not in request.node.path.parts:
        sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)


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
