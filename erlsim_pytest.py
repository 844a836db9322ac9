"""pytest's entry point to erlsim: options, the fixture `sim`, and hooks that import erlsim only when it is used.

What they do is in `erlsim.pytest_plugin`; this module must stay light, since every pytest run in an
environment that has erlsim imports it.
"""

from __future__ import annotations

import inspect
import sys
from argparse import ArgumentTypeError
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

_USED: pytest.StashKey[bool] = pytest.StashKey()
_STRUCK: pytest.StashKey[list[str]] = pytest.StashKey()


def _count(text: str) -> int:
    """What `--erlsim-schedules` may be."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"a positive number of schedules, not {text!r}")
    return int(text)


def _events(text: str) -> int | str:
    """What `--erlsim-events` may be."""
    if text != "all" and not text.isdecimal():
        raise ArgumentTypeError(f"a number of events or 'all', not {text!r}")
    return text if text == "all" else int(text)


def _max_time(text: str) -> object:
    """What `--erlsim-max-time` may be."""
    from erlsim import pytest_plugin

    try:
        return pytest_plugin.time_limit(text)
    except ValueError as wrong:
        raise ArgumentTypeError(str(wrong)) from None


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options `--erlsim-...`."""
    group = parser.getgroup("erlsim", "Erlang/OTP's process model in virtual time")
    group.addoption("--erlsim-seed", type=int, metavar="N", help="seed of the first schedule (default: 0)")
    group.addoption(
        "--erlsim-schedules", type=_count, metavar="N", help="run each async test under N schedules (default: 1)"
    )
    group.addoption(
        "--erlsim-preempt",
        action="store_true",
        help="let processes give way before every operation that others can notice (the extra `search`)",
    )
    group.addoption(
        "--erlsim-exhaustive",
        type=_count,
        metavar="N",
        help="run each async test under every interleaving that anybody could tell apart, of at most N",
    )
    group.addoption(
        "--erlsim-events",
        type=_events,
        metavar="N",
        help="show N of the last events of a failed test, or all (12)",
    )
    group.addoption("--erlsim-html", metavar="DIR", help="write a page of the run of each failed test into this folder")
    group.addoption("--erlsim-replay", metavar="STRING", help="run under the schedule that a failure printed")
    group.addoption(
        "--erlsim-max-time",
        type=_max_time,
        metavar="MS",
        help="end a test whose virtual time goes on for longer; or infinity (default: 600000)",
    )
    group.addoption(
        "--erlsim-strict",
        action="store_true",
        help="fail a test in which something is seen that does not port to Erlang",
    )
    parser.addini("erlsim_strict", "fail a test in which something is seen that does not port to Erlang", type="bool")
    group.addoption(
        "--erlsim-mutate",
        action="append",
        metavar="PATH",
        help="when all tests pass: run them on mutants of the supervision in PATH (see erlsim mutate)",
    )
    parser.addini("erlsim_max_time", "virtual ms that a test may go on for, or infinity (default: 600000)")


def pytest_configure(config: pytest.Config) -> None:
    """The marker `erlsim`, and a look at what the options and the ini file say before anything runs."""
    config.addinivalue_line(
        "markers",
        "erlsim(schedules=1, exhaust=False, chooser='random', replay=STRING, **options): run an async test as the "
        "shell of a fresh simulation",
    )
    if config.getoption("--erlsim-replay") is not None or config.getini("erlsim_max_time"):
        from erlsim import pytest_plugin

        pytest_plugin.check_config(config)
    if config.getoption("--erlsim-mutate"):
        from erlsim.lab.mutation import option

        option.check(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Tests written in Erlang: EUnit's `*_tests.erl` and Common Test's `*_SUITE.erl`."""
    if not file_path.name.endswith(("_tests.erl", "_SUITE.erl")):
        return None
    from erlsim.pytest_plugin.erlang import ErlangFile

    return ErlangFile.from_parent(parent, path=file_path)


@pytest.fixture
def sim(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A fresh erlsim.Simulation, current while the test runs."""
    from erlsim import pytest_plugin

    item: Any = request.node
    item.stash[_USED] = True
    with pytest_plugin.simulation_of(item) as simulation:
        yield simulation


def _is_ours(item: pytest.Item) -> bool:
    """Whether a test uses `sim` or is marked."""
    return "sim" in getattr(item, "fixturenames", ()) or item.get_closest_marker("erlsim") is not None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Run the `async` fixtures of our tests, before any other plugin takes them."""
    function = fixturedef.func
    is_async = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    item = request._pyfuncitem
    if not (is_async or fixturedef.argname == "sim") or not _is_ours(item):
        return (yield)
    from erlsim import pytest_plugin

    item.stash[_USED] = True
    with pytest_plugin.made_here(fixturedef, request):
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object | None:
    """Run `async def` tests that use `sim` or are marked `erlsim`; leave all others to other plugins."""
    if not _is_ours(pyfuncitem):
        return None
    from erlsim import pytest_plugin

    if not pytest_plugin.wants(pyfuncitem):
        return None
    pyfuncitem.stash[_USED] = True
    if pytest_plugin.is_given(pyfuncitem):
        pytest_plugin.run_examples(pyfuncitem)
    else:
        pytest_plugin.run(pyfuncitem)
    return True


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A plain test that has a simulation fails, too, if a process crashed in it that nobody expected to.

    And hypothesis, whose turn comes next, is told of an `async` one that its fixtures are made anew.
    """
    __tracebackhide__ = True
    if not _is_ours(item):
        return (yield)
    from erlsim import pytest_plugin

    with pytest_plugin.judged_plain(item), pytest_plugin.settings_of_examples(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say of a failed test what its simulation was doing, and leave erlsim's own frames out of its traceback."""
    if call.excinfo is None or "erlsim" not in sys.modules:
        return (yield)
    from erlsim import pytest_plugin

    pytest_plugin.without_picture(call.excinfo.value)
    pytest_plugin.add_cause(item, call.excinfo.value)
    with pytest_plugin.own_frames_hidden():
        report = yield
    if report.failed and item.stash.get(_USED, False):
        pytest_plugin.place_at_test(item, report, call.excinfo.value)
        report.sections += pytest_plugin.report(item, call.excinfo.value)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_exception_interact(node: object, call: pytest.CallInfo[Any]) -> None:
    """Before a debugger starts: let it stop in the program, not in what runs its processes."""
    if isinstance(node, pytest.Item) and call.excinfo is not None and node.stash.get(_USED, False):
        from erlsim import pytest_plugin

        pytest_plugin.debug_users_frame(call)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Keep what Ctrl-C has found each process doing, for the summary."""
    try:
        return (yield)
    except KeyboardInterrupt as exc:
        if "erlsim" in sys.modules:
            from erlsim import pytest_plugin

            item.config.stash[_STRUCK] = pytest_plugin.without_picture(exc)
        raise


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Put the mutants to the tests, if that was asked for and all of them pass."""
    if session.config.getoption("--erlsim-mutate") and exitstatus == pytest.ExitCode.OK:
        if not hasattr(session.config, "workerinput"):
            from erlsim.lab.mutation import option

            option.mutate(session)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Where every process was when Ctrl-C was pressed, what came of complete searches and of mutants."""
    if "erlsim.pytest_plugin.exhausting" in sys.modules:
        from erlsim.pytest_plugin.exhausting import sentences

        if found := sentences(config):
            terminalreporter.section("erlsim: every interleaving", sep="-")
            for sentence in found:
                terminalreporter.write_line(sentence)
    if "erlsim.lab.mutation.option" in sys.modules:
        from erlsim.lab.mutation import option

        if told := option.lines(config):
            terminalreporter.section("erlsim: mutants", sep="-")
            for line in told:
                terminalreporter.write_line(line)
    for picture in config.stash.get(_STRUCK, ()):
        terminalreporter.section("erlsim", sep="-")
        terminalreporter.write_line(picture)


def pytest_assertrepr_compare(config: pytest.Config, op: str, left: object, right: object) -> list[str] | None:
    """A difference that reads well for what erlsim compares (trees, timelines)."""
    for side, other in ((left, right), (right, left)):
        explain = getattr(type(side), "__explain_difference__", None)
        if explain is not None and op == "==":
            lines: list[str] = explain(side, other)
            return lines
    return None
