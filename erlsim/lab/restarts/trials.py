"""One trial: a supervisor or a director with one child, in a simulation, under a failure model.

A trial notes when the child crashed, when a start failed and when the child was there again. From these follows what
any intensity and period would have done, as long as the supervisor of the trial itself has not given up: restarts come
at the same times. So one trial serves a whole grid; `replayed` counts as OTP's supervisor does (tests compare it with
supervisors that run).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from erlsim import erlang, timer
from erlsim.errors import Livelock
from erlsim.otp import logger, supervisor
from erlsim.simulation import Simulation
from erlsim.terms import Pid, Term

SECOND = 1000
MOST_STEPS = 20_000


class Setting(NamedTuple):
    """A supervisor's flags: `intensity` restarts within `period` seconds."""

    intensity: int
    period: int

    def __str__(self) -> str:
        return f"{self.intensity} in {self.period} s"


class Plan(NamedTuple):
    """A director's child: its `plan` and `count`, under a name for tables."""

    name: str
    plan: tuple[Term, ...]
    count: Term

    def __str__(self) -> str:
        return self.name


class Life(NamedTuple):
    """What became of one trial: when (ms) the supervisor gave up, or `None`; how long the child was away in all.

    After the supervisor has given up the child is away to the end.
    """

    gave_up: int | None
    away: int


class Child:
    """The child of a trial, as its failure model sees it.

    `starts_fail` is whether a start fails, or a function that says so at each; the first start always succeeds.
    """

    def __init__(self, sim: Simulation, start_ms: int) -> None:
        self.starts_fail: bool | Callable[[], bool] = False
        self.counted: list[int] = []
        self.spans: list[tuple[int, int | None]] = []
        self._sim = sim
        self._start_ms = start_ms
        self._pid: Pid | None = None
        self._down_since: int | None = None
        self._came: Any = None

    @property
    def is_alive(self) -> bool:
        """Whether it runs now."""
        return self._pid is not None and self._pid.home is not None

    @property
    def now(self) -> int:
        """The time in ms."""
        return int(self._sim.now)

    def crash(self, reason: Term = "crashed") -> None:
        """Let it end; nothing happens if it is not there."""
        if self._down_since is None and self._pid is not None and self.is_alive:
            self._down_since = self.now
            self.counted.append(self.now)
            self._sim.crash(self._pid, reason)

    def next_start(self) -> Any:
        """A simpy event: it has been started the next time."""
        if self._came is None:
            self._came = self._sim.env.event()
        return self._came

    async def start(self) -> Term:
        """The start function of its specification."""
        is_first = self._pid is None
        if self._start_ms and not is_first:
            await timer.sleep(self._start_ms)
        fails = self.starts_fail() if callable(self.starts_fail) else self.starts_fail
        if fails and not is_first:
            self.counted.append(self.now)
            return ("error", "failed")
        self._pid = erlang.spawn_link(_idle)
        if self._down_since is not None:
            self.spans.append((self._down_since, self.now))
            self._down_since = None
        came, self._came = self._came, None
        if came is not None:
            came.succeed()
        return ("ok", self._pid)

    def away(self, until: int) -> int:
        """How long it was away up to an instant."""
        spans = [*self.spans, *([(self._down_since, None)] if self._down_since is not None else [])]
        return sum(min(until, until if end is None else end) - start for start, end in spans if start < until)


async def _idle() -> None:
    await erlang.receive("never")


class _Supervised:
    """The callback module of a trial's supervisor."""

    def __init__(self, child: Child, setting: Setting | Plan) -> None:
        self._child, self._setting = child, setting

    async def start(self) -> Term:
        """The start function of the child."""
        return await self._child.start()

    def init(self, _: Term) -> Term:
        """One child, that is always to be there."""
        setting = self._setting
        if isinstance(setting, Plan):
            spec = {"id": "child", "start": (self, "start"), "plan": list(setting.plan), "count": setting.count}
            return ("ok", [spec])
        flags = {"intensity": setting.intensity, "period": setting.period}
        return ("ok", (flags, [{"id": "child", "start": (self, "start", [])}]))


class Trial(NamedTuple):
    """A trial that has been run: its child, and when (ms) its supervisor gave up."""

    child: Child
    gave_up: int | None
    horizon: int

    def life(self) -> Life:
        """What became of the supervisor that it was run with."""
        return self._life(self.gave_up)

    def replayed(self, setting: Setting) -> Life:
        """What would have become of a supervisor of another setting, which gives up no later than that of the trial."""
        return self._life(gives_up(self.child.counted, setting))

    def _life(self, gave_up: int | None) -> Life:
        if gave_up is None or gave_up >= self.horizon:
            return Life(None, self.child.away(self.horizon))
        return Life(gave_up, self.child.away(gave_up) + self.horizon - gave_up)


def gives_up(counted: list[int], setting: Setting) -> int | None:
    """When (ms) a supervisor of `setting` gives up of restarts at some times (ms); `None` if it does not.

    OTP notes the second of each restart; those count that are not older than `period` seconds, and more than
    `intensity` of them are too many. (`add_restart/3` of supervisor.erl: `R >= Now - Period`.)
    """
    window: deque[int] = deque()
    for time in counted:
        second = time // SECOND
        while window and window[0] < second - setting.period:
            window.popleft()
        window.append(second)
        if len(window) > setting.intensity:
            return time
    return None


def run_trial(failures: Any, setting: Setting | Plan, horizon: int, start_ms: int, seed: str) -> Trial:
    """One trial of at most `horizon` ms; it ends when the supervisor gives up."""
    sim = Simulation(trace=False, max_steps_per_instant=MOST_STEPS, patient_gc=True)
    child = Child(sim, start_ms)

    async def main() -> int | None:
        logger.set_primary_config("level", "none")
        erlang.process_flag("trap_exit", True)
        module = _Supervised(child, setting)
        if isinstance(setting, Plan):
            import director

            _, pid = await director.start_link(module, [])
        else:
            _, pid = await supervisor.start_link(module, [])
        sim.env.process(failures(sim.env, child, Random(seed)))
        ended = await erlang.receive(("EXIT", pid, ...), after=horizon)
        return None if ended is erlang.TIMEOUT else int(sim.now)

    try:
        gave_up = sim.run(main)
    except Livelock:
        # It restarts again and again at one instant: nothing else would ever happen.
        gave_up = int(sim.now)
    finally:
        sim.close()
    return Trial(child, gave_up, horizon)
