"""How a test is to be run: what the command line and its markers say, put together."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from erlsim.errors import ErlsimError
from erlsim.simulation import Simulation
from erlsim.testing.choosers import chooser_factory
from erlsim.testing.leaks import kinds_of
from erlsim.testing.runs import Run
from erlsim.testing.schedules import Recorder, Replay, Schedule

FIFO_ONLY = "fifo"


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
        # Under a replay, and under fewer schedules than the test wants, a fault may well not strike.
        self.is_whole = self.replay is None and (given is None or given >= schedules)
        self.own_seed: int = options.pop("seed", 0)
        seed = config.getoption("--erlsim-seed")
        self.seed: int = self.own_seed if seed is None else seed
        self.chooser = options.pop("chooser", "random" if self.schedules > 1 else FIFO_ONLY)
        # Whoever makes the report of a failure asks for it.
        options.pop("events", None)
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
    known = ["schedules", "crashes", "leaks", "events", *inspect.signature(Simulation).parameters]
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


def wants(item: pytest.Function) -> bool:
    """Whether a test is an `async def` of ours."""
    ours = "sim" in item.fixturenames or item.get_closest_marker("erlsim") is not None
    return ours and inspect.iscoroutinefunction(original(item.obj))


def original(function: Any) -> Any:
    """The test function itself, where another plugin has wrapped it up."""
    return inspect.unwrap(getattr(function, "__func__", function))
