"""What can be said of a name's service, as values that say where they come from when they are printed.

`Availability` and `HighWater` are numbers: `assert sim.availability("store") >= 0.999` compares, and where that fails
pytest shows what they print: the outages, the moment.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from erlsim.terms import Term
from erlsim.trace.facts import show
from erlsim.trace.service import drawing
from erlsim.trace.service.calls import Call

# So many outages are printed.
TOLD = 5


class Outage(NamedTuple):
    """Nobody bore the name from `start` to `end` (ms; `None`: not back yet); the last one had died of `reason`."""

    start: int
    end: int | None
    reason: Term

    def __str__(self) -> str:
        length = "not back" if self.end is None else f"{self.end - self.start:,} ms"
        return f"{length} from {self.start:,} ms on ({show(self.reason, 60)})"


class Availability(float):
    """The share of the time from `start` to `end` (ms) in which somebody bore the name: a number from 0 to 1."""

    outages: tuple[Outage, ...]
    start: int
    end: int
    name: str

    def __new__(cls, name: str, start: int, end: int, outages: Sequence[Outage]) -> Availability:
        """The share that is left by some outages."""
        away = sum((end if each.end is None else each.end) - each.start for each in outages)
        made = super().__new__(cls, 1.0 if end == start else (end - start - away) / (end - start))
        made.name, made.start, made.end, made.outages = name, start, end, tuple(outages)
        return made

    @property
    def away(self) -> int:
        """How long nobody was there, in ms."""
        return sum((self.end if each.end is None else each.end) - each.start for each in self.outages)

    def __repr__(self) -> str:
        times = f"{self.end - self.start:,} ms"
        if not self.outages:
            return f"{float(self):.6g} ({self.name} was there for all of {times})"
        told = "; ".join(str(each) for each in self.outages[:TOLD])
        more = f"; and {len(self.outages) - TOLD} more" if len(self.outages) > TOLD else ""
        return f"{float(self):.6g} ({self.name} was away {self.away:,} of {times}: {told}{more})"

    __str__ = __repr__

    def svg(self) -> str:
        """A bar: when it was there and when not."""
        spans = [(each.start, self.end if each.end is None else each.end) for each in self.outages]
        return drawing.bar(self.name, self.start, self.end, spans)

    _repr_svg_ = svg


class HighWater(int):
    """The most messages that have ever waited in a mailbox at once, those on their way included; `at` is when (ms)."""

    at: int
    name: str
    steps: tuple[tuple[int, int], ...]

    def __new__(cls, name: str, steps: Sequence[tuple[int, int]]) -> HighWater:
        """`steps` are `(time, how many from then on)`."""
        at, most = max(steps, key=lambda step: step[1], default=(0, 0))
        made = super().__new__(cls, most)
        made.name, made.at, made.steps = name, at, tuple(steps)
        return made

    def __repr__(self) -> str:
        return f"{int(self)} (messages waiting for {self.name} at {self.at:,} ms)"

    __str__ = __repr__

    def svg(self) -> str:
        """How many waited, over the time."""
        return drawing.steps(self.name, self.steps)

    _repr_svg_ = svg


@dataclass(frozen=True, repr=False)
class Latency:
    """How long calls of a name took, those that were answered (`values`, in ms); and the calls that were not."""

    name: str
    values: tuple[int, ...]
    failed: tuple[Call, ...]

    def percentile(self, share: float) -> int:
        """So long took the fastest `share` (0 to 1) of the calls at most: the nearest rank; 0 without calls."""
        ordered = sorted(self.values)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0

    @property
    def p50(self) -> int:
        """The median, in ms."""
        return self.percentile(0.5)

    @property
    def p95(self) -> int:
        """95 of 100 calls took no longer."""
        return self.percentile(0.95)

    @property
    def p99(self) -> int:
        """99 of 100 calls took no longer."""
        return self.percentile(0.99)

    @property
    def longest(self) -> int:
        """The slowest call that was answered."""
        return max(self.values, default=0)

    def failures(self) -> dict[str, int]:
        """How many calls failed, by reason."""
        return dict(Counter(show(call.what, 60) for call in self.failed))

    def __repr__(self) -> str:
        if not self.values and not self.failed:
            return f"<Latency of {self.name}: nobody has called it>"
        failed = ", ".join(f"{count} {what}" for what, count in self.failures().items())
        return (
            f"<Latency of {self.name}: {len(self.values):,} calls, median {self.p50:,} ms, p95 {self.p95:,} ms, "
            f"p99 {self.p99:,} ms, longest {self.longest:,} ms; failed: {failed or 'none'}>"
        )

    def svg(self) -> str:
        """A histogram."""
        return drawing.histogram(self.name, self.values)

    _repr_svg_ = svg


@dataclass(frozen=True)
class Service:
    """Everything of one name, from `start` to `end` (ms). `restarts` is how often it came back."""

    name: str
    start: int
    end: int
    availability: Availability
    restarts: int
    mailbox: HighWater
    latency: Latency

    @property
    def outages(self) -> tuple[Outage, ...]:
        """When nobody was there."""
        return self.availability.outages

    @property
    def repairs(self) -> tuple[int, ...]:
        """How long each outage took that is over, in ms."""
        return tuple(each.end - each.start for each in self.outages if each.end is not None)

    @property
    def time_to_repair(self) -> float:
        """Their mean, in ms; infinite if it is away and has never come back, 0 if it was never away."""
        if self.repairs:
            return sum(self.repairs) / len(self.repairs)
        return math.inf if self.outages else 0.0

    @property
    def longest_repair(self) -> float:
        """The longest time away, in ms; infinite if it is not back."""
        return math.inf if any(each.end is None for each in self.outages) else max(self.repairs, default=0)

    def check(
        self,
        availability: float | None = None,
        repair: int | None = None,
        restarts: int | None = None,
        mailbox: int | None = None,
        latency: dict[float, int] | None = None,
        failed: int | None = None,
    ) -> list[str]:
        """What is over a budget, in sentences; nothing if all is within. See `erlsim.testing.budget`."""
        told: list[str] = []
        if availability is not None and self.availability < availability:
            told.append(f"availability {self.availability!r} is less than {availability:g}")
        if repair is not None:
            late = [each for each in self.outages if each.end is None or each.end - each.start > repair]
            told += _first(late, lambda each: f"time to repair: {each} is more than {repair:,} ms")
        if restarts is not None and self.restarts > restarts:
            told.append(f"restarts: {self.restarts}, more than {restarts}")
        if mailbox is not None and self.mailbox > mailbox:
            told.append(f"mailbox: {self.mailbox!r}, more than {mailbox:,}")
        for share, most in (latency or {}).items():
            found = self.latency.percentile(share)
            if found > most:
                slow = sum(value > most for value in self.latency.values)
                told.append(
                    f"latency: {share:.4g} of the calls took up to {found:,} ms, more than {most:,} ms "
                    f"({slow:,} of {len(self.latency.values):,} took longer)"
                )
        if failed is not None and len(self.latency.failed) > failed:
            reasons = ", ".join(f"{count} {what}" for what, count in self.latency.failures().items())
            told.append(f"calls that failed: {len(self.latency.failed)}, more than {failed} ({reasons})")
        return told


def _first(found: Sequence[Any], say: Callable[[Any], str]) -> list[str]:
    more = [f"and {len(found) - TOLD} more"] if len(found) > TOLD else []
    return [*(say(each) for each in found[:TOLD]), *more]
