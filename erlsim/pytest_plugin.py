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

import inspect
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import pytest

from erlsim import terms
from erlsim.errors import ErlangException, ErlsimError
from erlsim.simulation import Simulation, current
from erlsim.testing.choosers import chooser_factory
from erlsim.testing.explore import explore
from erlsim.testing.leaks import kinds_of, no_leaks
from erlsim.testing.rechecks import NotDeterministic
from erlsim.testing.runs import Run
from erlsim.testing.schedules import Recorder, Replay, Schedule

LAST_EVENTS = 12
FIFO_ONLY = "fifo"
OURS = ("erlsim", "director", "gen_tracker", "simpy")
# Where assertions fail on purpose.
ASSERTING = "erlsim.testing"
NEVER_AWAITED = "coroutine .* was never awaited"
HIDE = "__tracebackhide__"

sim_key = pytest.StashKey[Simulation]()
recorder_key = pytest.StashKey[Recorder]()


class Plan:
    """How one test is to be run: options of the command line and of its marker, put together."""

    def __init__(self, item: pytest.Item) -> None:
        # What is said of a test goes before what is said of its class, and that before what is said of its module.
        options: dict[str, Any] = {}
        for marker in item.iter_markers("erlsim"):
            options = _options(marker) | options
        config = item.config
        self.replay: str | None = config.getoption("--erlsim-replay")
        given = config.getoption("--erlsim-schedules")
        schedules = options.pop("schedules", 1)
        if type(schedules) is not int or schedules < 1:
            raise ErlsimError(f"erlsim(schedules=...) is a positive number of schedules, not {schedules!r}")
        self.schedules: int = schedules if given is None else given
        self.own_seed: int = options.pop("seed", 0)
        seed = config.getoption("--erlsim-seed")
        self.seed: int = self.own_seed if seed is None else seed
        self.chooser = options.pop("chooser", "random" if self.schedules > 1 else FIFO_ONLY)
        self.leaks: list[str] = kinds_of(options.pop("leaks", False))
        self.crashes: str | bool = options.pop("crashes", False)
        if type(self.crashes) not in (str, bool):
            raise ErlsimError(f"erlsim(crashes=...) is a regular expression or True, not {self.crashes!r}")
        self.has_crashed = False
        self.options = options

    def check_crashes(self) -> None:
        """`AssertionError` if the marker tells of crashes and none has come."""
        if isinstance(self.crashes, str) and not self.has_crashed:
            raise AssertionError(f"no crash was reported that matches {self.crashes!r}, which the marker says")

    def simulation(self, failed: Run | None) -> tuple[Simulation, Recorder]:
        """A fresh simulation for the test, or for the run that has failed again, and what records its schedule."""
        if failed is not None:
            chooser: Any = Replay(failed.schedule)
        elif self.replay is not None:
            chooser = Replay(Schedule.parse(self.replay))
        else:
            chooser = chooser_factory(self.chooser)(self.seed)
        recorder = Recorder(chooser)
        plain = not isinstance(chooser, Replay) and self.chooser == FIFO_ONLY
        seed = self.seed if failed is None else failed.seed
        return Simulation(seed=seed, chooser=None if plain else recorder, **self.options), recorder


def _options(marker: pytest.Mark) -> dict[str, Any]:
    """What a marker says."""
    if marker.args:
        raise ErlsimError(f"the marker erlsim takes options by name, as in erlsim(schedules=50), not {marker.args!r}")
    known = ["schedules", "crashes", "leaks", *inspect.signature(Simulation).parameters]
    for name in marker.kwargs:
        if name not in known:
            raise ErlsimError(f"the marker erlsim has no option {name!r}; it has {', '.join(known)}")
    return dict(marker.kwargs)


def check_replay(text: str) -> None:
    """Refuse what is no schedule."""
    try:
        Schedule.parse(text)
    except ErlsimError as wrong:
        raise pytest.UsageError(f"--erlsim-replay: {wrong}") from None


def make(item: pytest.Item, failed: Run | None = None) -> Simulation:
    """A fresh simulation for `item`, kept where the report of a failure finds it until the test is over.

    With `failed`, one that goes the way of that run.
    """
    sim, recorder = Plan(item).simulation(failed)
    if sim_key in item.stash:
        item.stash[sim_key].close()
    else:
        item.addfinalizer(lambda: _forget(item))
    item.stash[sim_key] = sim
    item.stash[recorder_key] = recorder
    return sim


def _forget(item: pytest.Item) -> None:
    """A simulation may be large, and its item lives as long as pytest runs."""
    item.stash[sim_key].close()
    del item.stash[sim_key], item.stash[recorder_key]


def wants(item: pytest.Function) -> bool:
    """Whether a test is an `async def` of ours."""
    ours = "sim" in item.fixturenames or item.get_closest_marker("erlsim") is not None
    return ours and inspect.iscoroutinefunction(original(item.obj))


def original(function: Any) -> Any:
    """The test function itself, where another plugin has wrapped it up."""
    return inspect.unwrap(getattr(function, "__func__", function))


def run(item: pytest.Function) -> None:
    """Run an `async def` test, under as many schedules as are asked for."""
    function: Callable[..., Any] = item.obj
    if not inspect.iscoroutinefunction(function):
        function = original(function)
        if item.instance is not None:
            function = function.__get__(item.instance)
    plan = Plan(item)
    failed: Run | None = None
    if plan.schedules > 1 and plan.replay is None:
        _check_fixtures(item)
        failed = _explore(item, function, plan)
        if failed is None:
            plan.check_crashes()
            return
    given: Any = item.funcargs.get("sim") if failed is None else None
    sim: Simulation = given if given is not None else make(item, failed)
    sim.run(_test(item, function, plan))
    chooser = item.stash[recorder_key].chooser
    if isinstance(chooser, Replay):
        chooser.check_finished()
    if failed is not None:
        raise NotDeterministic(
            f"under the schedule {failed.schedule} (seed {failed.seed}) the test failed with {failed.outcome}, and did "
            "not when it was run again: it depends on something outside its simulation"
        )


def _explore(item: pytest.Function, function: Callable[..., Any], plan: Plan) -> Run | None:
    """The first of the test's schedules that fails, if one does."""
    options = {"trace": True, **plan.options}
    test = _test(item, function, plan)
    found = explore(test, plan.schedules, plan.chooser, plan.seed, progress=False, **options)
    return found.failures[0] if found.failures else None


def _test(item: pytest.Function, function: Callable[..., Any], plan: Plan) -> Callable[[], Any]:
    """The test without arguments: its `sim` is the simulation that it runs in."""
    names = item._fixtureinfo.argnames

    async def test() -> Any:
        arguments = {name: item.funcargs[name] for name in names}
        if "sim" in arguments:
            arguments["sim"] = current()
        with judged(current(), plan):
            value = await function(**arguments)
            no_leaks(plan.leaks)
        return value

    return test


@contextmanager
def judged(sim: Simulation, plan: Plan) -> Iterator[None]:
    """A test runs here: `UnexpectedCrash` if it ends well and a process crashed that nobody expected to.

    What is to happen at the instant of its end happens first: a message that was just sent may be what its receiver
    dies of. A coroutine that Python finds nobody to have awaited counts as a crash.
    """
    crashes = sim.crashes
    allowed = None if plan.crashes is False else crashes.allow(None if plan.crashes is True else str(plan.crashes))
    with warnings.catch_warnings():
        warnings.filterwarnings("always", NEVER_AWAITED, RuntimeWarning)
        shown: Any = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *more: Any, **others: Any) -> None:
            if issubclass(category, RuntimeWarning) and re.match(NEVER_AWAITED, str(message)):
                crashes.never_awaited(f"{message}: whoever called it did not wait for it, so it did nothing")
            else:
                shown(message, category, *more, **others)

        warnings.showwarning = show
        yield
        sim.advance(0)
    crashes.judge()
    if allowed is not None and allowed.taken:
        plan.has_crashed = True
    elif isinstance(plan.crashes, str) and plan.schedules == 1:
        plan.check_crashes()


def judged_plain(item: pytest.Item) -> AbstractContextManager[None]:
    """As `judged`, for a test that is no `async def`."""
    plain = sim_key in item.stash and not (isinstance(item, pytest.Function) and wants(item))
    return judged(item.stash[sim_key], Plan(item)) if plain else nullcontext()


def _check_fixtures(item: pytest.Function) -> None:
    """Refuse fixtures that would know the first simulation alone."""
    for name, found in item._fixtureinfo.name2fixturedefs.items():
        if "sim" in found[-1].argnames:
            raise ErlsimError(
                f"the fixture {name!r} uses `sim`: it is made once, in the first simulation, and under several "
                "schedules each has one of its own; make it a function that the test calls"
            )


def report(item: pytest.Item, exc: BaseException) -> list[tuple[str, str]]:
    """What a failure's report says of the simulation: the reason, the processes, the last events, how to replay."""
    if sim_key not in item.stash:
        return []
    sim = item.stash[sim_key]
    parts = []
    if isinstance(exc, ErlangException):
        parts.append(f"reason ({exc.kind}): {terms.format('~tp', [exc.reason])}")
    parts.append(f"at {sim.now} ms the processes were:\n" + "\n".join(f"  {line}" for line in sim.describe()))
    events = list(sim.trace)[-LAST_EVENTS:]
    if events:
        parts.append(f"the last {len(events)} of {len(sim.trace)} events:\n" + "\n".join(f"  {e}" for e in events))
    parts.append(f"replay this schedule with: {_command(item, sim)}")
    return [("erlsim", "\n".join(parts))]


def _command(item: pytest.Item, sim: Simulation) -> str:
    """What to type to run `item` again as it ran now."""
    name = item.nodeid
    here = item.config.invocation_params.dir
    if here != item.config.rootpath:
        name = f"{os.path.relpath(item.path, here)}::{name.partition('::')[2]}"
    name = name.replace("'", "'\\''")
    seed = "" if sim.seed == Plan(item).own_seed else f"--erlsim-seed {sim.seed} "
    return f"pytest '{name}' {seed}--erlsim-replay '{item.stash[recorder_key].schedule}'"


@contextmanager
def own_frames_hidden() -> Iterator[None]:
    """While this lasts pytest does not show frames of ours, which only say that processes run."""
    ours = [module for name, module in list(sys.modules.items()) if _is_ours(name)]
    for module in ours:
        module.__dict__[HIDE] = _hidden
    try:
        yield
    finally:
        for module in ours:
            module.__dict__.pop(HIDE, None)


def _hidden(excinfo: pytest.ExceptionInfo[BaseException] | None) -> bool:
    """Whether our frames of this traceback do not matter: not if it was we who failed."""
    if excinfo is None or isinstance(excinfo.value, ErlangException | ErlsimError):
        return True
    innermost = excinfo.traceback[-1].frame.f_globals.get("__name__", "")
    return not _is_ours(innermost) or innermost.startswith(ASSERTING)


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in OURS
