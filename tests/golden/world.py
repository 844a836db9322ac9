"""One scenario in one world, a fresh one as a rule: the driver is the shell, trapping exits, and takes step after step.

A `call` is applied in the driver, its outcome observed and remembered under its name. All steps but
`now`, `nows`, `sleep`, `until` and `format` let 6 ms pass, so that everybody else can come to rest.

On the BEAM a wait ends at the first tick of a millisecond after its time: who waits again and again, as the driver
does, is a millisecond later each time. So are the driver's waits here, except `until`, which does not add up: 25 of
them use up 25 ms of the 300 ms that somebody else's timer has, and what comes first hangs on it.
"""

from __future__ import annotations

import signal
import traceback
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import erlsim
from erlsim import code, erlang, ets, terms
from erlsim.errors import ErlangException
from erlsim.otp import logger
from erlsim.porting.scenarios import comparing, sink, tagged, texts
from erlsim.porting.scenarios.driver import SETTLE_MS, TICK_MS
from erlsim.terms import Term
from tests.golden import arguments, leftovers, twins

Scenario = dict[str, Any]

PATIENCE_S = 30
# A node that has run for a while has long references, and `~p` breaks its lines by their width.
REFERENCES_BEFORE = 1_500_000_000 << 50 | 2_500_000_000 << 18 | 100_000
UNORDERED = ("calls", "nows")


@dataclass
class Result:
    """How a scenario went: what was observed and, when the runner itself was stopped, by what."""

    name: str
    observed: list[Any] = field(default_factory=list)
    failure: str = ""
    difference: int | None = None
    # What ran before it on the same node, if it only passes after that.
    after: str = ""

    @property
    def passed(self) -> bool:
        return not self.failure and self.difference is None


Enter = Callable[[], None]


def run(
    scenario: Scenario, before: Scenario | None = None, first_pid: int | None = None, enter: Enter | None = None
) -> Result:
    """Run a scenario and compare; whatever goes wrong is the scenario's failure, never the runner's.

    A scenario that differs in a fresh world is run again in one where `before` has been, if there is such a one: the
    recorder runs all scenarios on one node, and what one leaves behind may report in the next (see `leftovers`).
    `first_pid` is for recorders whose pids are of some width, since lines break by it: then the driver is no shell.
    `enter` makes each world ready.
    """
    result = _run([scenario], first_pid, enter)
    if result.passed or before is None:
        return result
    again = _run([before, scenario], None, enter)
    again.after = before["name"]
    return again if again.passed else result


def _run(scenarios: list[Scenario], first_pid: int | None, enter: Enter | None) -> Result:
    """The last of some scenarios, in one world."""
    sim = erlsim.Simulation(trace=False, first_pid=first_pid, first_ref=REFERENCES_BEFORE + 1)
    if enter is not None:
        with sim:
            enter()
    drivers = [Driver(sim.reports) for _ in scenarios]
    result = Result(scenarios[-1]["name"], drivers[-1].observed)
    mains = [partial(each.main, one["steps"]) for each, one in zip(drivers, scenarios, strict=True)]
    try:
        with _patience(PATIENCE_S):
            if len(scenarios) == 1 and first_pid is None:
                sim.run(mains[0])
            else:
                sim.run(leftovers.one_after_another, mains)
    except (Exception, _OutOfPatience):
        result.failure = traceback.format_exc()
    unordered = [step["op"] in UNORDERED for step in scenarios[-1]["steps"] if step["op"] not in tagged.SILENT]
    result.difference = comparing.first_difference(scenarios[-1]["observed"], result.observed, unordered)
    return result


class Driver:
    """The process that takes the steps."""

    def __init__(self, reports: erlsim.Reports) -> None:
        self.reports = reports
        self.observed: list[Any] = []
        self.names: dict[str, Term] = {}
        self.encoder = tagged.Encoder()
        self.sink: Term = None
        self.start = 0

    async def main(self, steps: list[dict[str, Any]]) -> None:
        """Take every step of a scenario."""
        self.sink = erlang.spawn(sink.collect)
        erlang.group_leader(self.sink, erlang.self())
        erlang.process_flag("trap_exit", True)
        ets.new("scn_state", ["named_table", "public"])
        self.start = erlang.monotonic_time("millisecond")
        ets.insert("scn_state", ("$t0", self.start))
        self._listen()
        for step in steps:
            seen = await getattr(self, f"_{step['op']}")(step)
            if seen is not None:
                self.observed.append(seen)

    def _listen(self) -> None:
        logger.set_primary_config("level", "info")
        logger.remove_handler("default")
        logger.add_handler(leftovers.HANDLER, sink.Handler(self.reports.text), {"sink": self.sink, "level": "all"})

    # ---- steps ------------------------------------------------------------------

    async def _call(self, step: dict[str, Any]) -> Any:
        kind, value = await self._evaluate(step)
        await self._settle()
        return self._outcome(step, kind, value)

    async def _calls(self, step: dict[str, Any]) -> Any:
        kind, value = _sorted(*await self._evaluate(step))
        await self._settle()
        return self._outcome(step, kind, value)

    async def _now(self, step: dict[str, Any]) -> Any:
        return self._outcome(step, *await self._evaluate(step))

    async def _nows(self, step: dict[str, Any]) -> Any:
        return self._outcome(step, *_sorted(*await self._evaluate(step)))

    async def _spawn(self, step: dict[str, Any]) -> Any:
        pid = twins.scn_proc.ScnProc.start(step["program"])
        await self._settle()
        return self._outcome(step, "ok", pid)

    async def _sleep(self, step: dict[str, Any]) -> None:
        await code.call("timer", "sleep", [step["ms"] + TICK_MS])

    async def _until(self, step: dict[str, Any]) -> None:
        passed = erlang.monotonic_time("millisecond") - self.start
        await code.call("timer", "sleep", [max(0, step["ms"] - passed)])

    async def _flush(self, _step: dict[str, Any]) -> Any:
        await self._settle()
        messages = []
        while (message := await erlang.receive(after=0)) is not erlsim.TIMEOUT:
            messages.append(message)
        return {"flush": self.encoder.encode(messages)}

    async def _reports(self, _step: dict[str, Any]) -> Any:
        await self._settle()
        return {"reports": self.encoder.encode(await sink.take(self.sink, "reports"))}

    async def _texts(self, _step: dict[str, Any]) -> Any:
        await self._settle()
        return {"texts": [texts.number(each.decode()) for each in await sink.take(self.sink, "texts")]}

    async def _io(self, _step: dict[str, Any]) -> Any:
        await self._settle()
        return {"io": texts.number(b"".join(await sink.take(self.sink, "io")).decode())}

    async def _format(self, step: dict[str, Any]) -> Any:
        return {"text": terms.format(step["directive"], [self._decode(step["term"])])}

    # ---- their parts --------------------------------------------------------------

    async def _evaluate(self, step: dict[str, Any]) -> tuple[str, Term]:
        args = [self._decode(each) for each in step["args"]]
        try:
            return "ok", await code.call(step["module"], step["function"], args)
        except ErlangException as exc:
            return exc.kind, exc.reason

    def _outcome(self, step: dict[str, Any], kind: str, value: Term) -> Any:
        self.names[step["bind"]] = value if kind == "ok" else (kind, value)
        return {kind: self.encoder.encode(value)}

    def _decode(self, tree: Any) -> Term:
        return arguments.decode(tree, self.names, erlang.self, twins.scn_funs.ScnFuns.get)

    async def _settle(self) -> None:
        await code.call("timer", "sleep", [SETTLE_MS + TICK_MS])


def _sorted(kind: str, value: Term) -> tuple[str, Term]:
    return kind, terms.sort(value) if kind == "ok" and isinstance(value, list) else value


class _OutOfPatience(BaseException):
    """A scenario takes far too long; no `Exception`, so that nothing under test can catch it."""


@contextmanager
def _patience(seconds: int) -> Iterator[None]:
    """Stop what spins for ever, where the platform can."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(_number: int, _frame: types.FrameType | None) -> None:
        raise _OutOfPatience(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
