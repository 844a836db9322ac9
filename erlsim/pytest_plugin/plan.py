"""How a test is to be run: what the command line, pytest's ini file, its markers and its `sim` say, put together."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from erlsim.errors import ErlsimError
from erlsim.hints import nearest
from erlsim.pytest_plugin.exhausting import exhausting
from erlsim.simulation import Simulation
from erlsim.testing.choosers import chooser_factory
from erlsim.testing.leaks import kinds_of
from erlsim.testing.schedules import Recorder, Replay, Schedule
from erlsim.trace.crashes import Expectation

FIFO_ONLY = "fifo"
# Virtual ms that a test may go on for: of a poller that looks each ms one knows in some seconds.
MAX_TIME = 600_000


class Pasted(NamedTuple):
    """A schedule that a marker replays, and the seed of its simulation."""

    schedule: Schedule
    seed: int


class Plan:
    """How one test is to be run.

    What is said of a test goes before what is said of its class, and that before what is said of its module; what its
    `sim` is parametrized with goes before all of them, and the command line before that.

    `only` is the one schedule to run under, if there is one: the command line's, which has to fit (`strict`), or that
    of `sim`. A schedule of a marker is one more among others, and the program may have been mended since.
    """

    def __init__(self, item: pytest.Item) -> None:
        options: dict[str, Any] = {}
        pasted: list[dict[str, Any]] = []
        for marker in item.iter_markers("erlsim"):
            found = _options(marker)
            if "replay" in found:
                pasted.append({"replay": found.pop("replay"), "seed": found.pop("seed", None)})
            options = found | options
        own = _of_fixture(item)
        options |= own
        config = item.config
        given = config.getoption("--erlsim-schedules")
        schedules = options.pop("schedules", 1)
        if type(schedules) is not int or schedules < 1:
            raise ErlsimError(f"erlsim(schedules=...) is a positive number of schedules, not {schedules!r}")
        self.schedules: int = schedules if given is None else given
        self.own_seed: int = options.pop("seed", 0)
        seed = config.getoption("--erlsim-seed")
        self.seed: int = self.own_seed if seed is None else seed
        self.pasted = [_pasted(self.own_seed, **each) for each in pasted]
        replay: str | None = config.getoption("--erlsim-replay")
        self.strict = replay is not None
        text = options.pop("replay", None) if replay is None else replay
        self.only: Schedule | None = None if text is None else _schedule(text)
        # Under a replay, and under fewer schedules than the test wants, a fault may well not strike.
        self.is_whole = self.only is None and (given is None or given >= schedules)
        self.chooser: Any = options.pop("chooser", None)
        # For the report of a failure.
        self.events: Any = options.pop("events", None)
        self.leaks: list[str] = kinds_of(options.pop("leaks", False))
        self.crashes: str | bool = options.pop("crashes", False)
        if type(self.crashes) not in (str, bool):
            raise ErlsimError(f"erlsim(crashes=...) is a regular expression or True, not {self.crashes!r}")
        self.has_crashed = False
        self.exhaust = exhausting(config, options)
        self.options = {"max_time": _ini_max_time(config), "patient_gc": True, **options}
        if (limit := config.getoption("--erlsim-max-time")) is not None:
            self.options["max_time"] = limit
        if config.getoption("--erlsim-strict") or config.getini("erlsim_strict"):
            self.options.setdefault("strict", True)
        texts = [self.only, *(each.schedule for each in self.pasted)]
        if config.getoption("--erlsim-preempt") or any(each is not None and each.has_steps for each in texts):
            self.options.setdefault("preempt", True)

    @property
    def runs_once(self) -> bool:
        """Whether one schedule is all."""
        return self.only is not None or (self.schedules == 1 and not self.pasted and self.exhaust is None)

    def expect_crashes(self, sim: Simulation) -> Expectation | None:
        """Let the simulation notice crashes from now on: what the marker says of them."""
        crashes = sim.crashes
        return None if self.crashes is False else crashes.allow(None if self.crashes is True else str(self.crashes))

    def check_crashes(self) -> None:
        """`AssertionError` if the marker tells of crashes and none has come."""
        if isinstance(self.crashes, str) and not self.has_crashed:
            raise AssertionError(f"no crash was reported that matches {self.crashes!r}, which the marker says")

    def first_chooser(self) -> Any:
        """Who chooses when the test runs for the first time; nobody under first-in first-out."""
        if self.only is not None:
            return Recorder(Replay(self.only, self.strict))
        if not self.runs_once or self.chooser in (None, FIFO_ONLY):
            return None
        return Recorder(chooser_factory(self.chooser)(self.seed))

    def for_plain_test(self) -> Plan:
        """For a test that runs once, whatever is said of schedules: a schedule that is pasted there is its only one."""
        self.schedules = 1
        if self.only is None and self.pasted:
            if len(self.pasted) > 1:
                raise ErlsimError(
                    f"a test that is no `async def` runs once, and erlsim(replay=...) is there {len(self.pasted)} "
                    "times; parametrize `sim` with them (indirect=True)"
                )
            self.only, self.seed = self.pasted.pop()
            self.is_whole = False
        return self


def _options(marker: pytest.Mark) -> dict[str, Any]:
    """What a marker says."""
    if marker.args:
        raise ErlsimError(f"the marker erlsim takes options by name, as in erlsim(schedules=50), not {marker.args!r}")
    return _known("the marker erlsim", marker.kwargs)


def _of_fixture(item: pytest.Item) -> dict[str, Any]:
    """What `sim` is parametrized with."""
    callspec = getattr(item, "callspec", None)
    param = {} if callspec is None else callspec.params.get("sim", {})
    if not isinstance(param, dict):
        raise ErlsimError(f"sim is parametrized with the options of the marker erlsim, as a dict, not with {param!r}")
    return _known("sim", param)


def _known(who: str, options: Mapping[str, Any]) -> dict[str, Any]:
    known = ["schedules", "exhaust", "replay", "crashes", "leaks", "events", *inspect.signature(Simulation).parameters]
    for name in options:
        if name not in known:
            raise ErlsimError(f"{who} has no option {name!r}; it has {', '.join(known)}{nearest(name, known)}")
    return dict(options)


def _pasted(own_seed: int, replay: Any, seed: int | None) -> Pasted:
    return Pasted(_schedule(replay), own_seed if seed is None else seed)


def _schedule(text: Any) -> Schedule:
    if not isinstance(text, str):
        raise ErlsimError(f"erlsim(replay=...) is a schedule as a failure prints it, like '12r3=1', not {text!r}")
    return Schedule.parse(text)


def _ini_max_time(config: pytest.Config) -> Any:
    given = config.getini("erlsim_max_time")
    return time_limit(given) if given else MAX_TIME


def time_limit(text: str) -> Any:
    """What `erlsim_max_time` and `--erlsim-max-time` may say; `ValueError` if this is not it."""
    text = text.strip()
    if text == "infinity":
        return text
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"a positive number of virtual ms, or infinity, not {text!r}")
    return int(text)


def check_config(config: pytest.Config) -> None:
    """Refuse a schedule that is none and a limit of time that is none, before anything runs."""
    try:
        if (replay := config.getoption("--erlsim-replay")) is not None:
            Schedule.parse(replay)
    except ErlsimError as wrong:
        raise pytest.UsageError(f"--erlsim-replay: {wrong}") from None
    try:
        _ini_max_time(config)
    except ValueError as wrong:
        raise pytest.UsageError(f"erlsim_max_time: {wrong}") from None


def is_ours(item: pytest.Item) -> bool:
    """Whether a test uses `sim` or is marked."""
    return "sim" in getattr(item, "fixturenames", ()) or item.get_closest_marker("erlsim") is not None


def wants(item: pytest.Function) -> bool:
    """Whether a test is an `async def` of ours."""
    return is_ours(item) and inspect.iscoroutinefunction(original(_inner(item.obj)))


def is_given(item: pytest.Function) -> bool:
    """Whether hypothesis makes up arguments of the test."""
    return getattr(item.obj, "is_hypothesis_test", False) is True


def _inner(function: Any) -> Any:
    """The function under hypothesis' `given`."""
    return function.hypothesis.inner_test if getattr(function, "is_hypothesis_test", False) is True else function


def original(function: Any) -> Any:
    """The test function itself, where another plugin has wrapped it up."""
    return inspect.unwrap(getattr(function, "__func__", function))
