"""Benchmarks as data: what is measured, who takes part, what erlsim has to reach.

To add one, put a `Benchmark` named anything into a module of this package and the module's name into `MODULES`.
"""

from __future__ import annotations

import gc
import importlib
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.benchmarks import beam

ERLSIM, BEAM = "erlsim", "BEAM"
MODULES = (
    "messages",
    "calls",
    "processes",
    "timers",
    "tracing",
    "trees",
    "restarts",
    "trackers",
    "directors",
    "tables",
    "schedules",
    "crowds",
    "searches",
    "imports",
    "sources",
    "sequential",
    "callbacks",
)


@dataclass(frozen=True)
class Target:
    """What erlsim's figure has to be: `factor` times that of `against`, or `factor` itself if that is empty."""

    factor: float
    against: str = ""

    def bound(self, figures: dict[str, float]) -> float | None:
        """The figure to meet; `None` if there is nobody to compare with."""
        if not self.against:
            return self.factor
        return figures[self.against] * self.factor if self.against in figures else None

    def __str__(self) -> str:
        return f"{self.factor:g} x {self.against}" if self.against else f"{self.factor:,g}"


@dataclass(frozen=True)
class Benchmark:
    """`contestants` are functions from a size to a figure in `unit`; `beam` names the function of bench.erl."""

    name: str
    unit: str
    size: int
    contestants: dict[str, Callable[[int], float]]
    targets: tuple[Target, ...] = ()
    beam: str = ""
    higher_is_better: bool = True
    repeats: int = 3

    def best(self, one: float, other: float) -> float:
        """The better of two figures."""
        return max(one, other) if self.higher_is_better else min(one, other)

    def meets(self, figure: float, bound: float) -> bool:
        """Whether a figure is good enough."""
        return figure >= bound if self.higher_is_better else figure <= bound


def tenth(function: Callable[[int], float]) -> Callable[[int], float]:
    """The same with a tenth of them: as fast, if the cost of each is the same.

    Ten times, so that both are at work for as long: the best of short times would be better than that of long ones.
    """

    def measured(count: int) -> float:
        size = max(count // 10, 1)
        return 10 / sum(1 / function(size) for _ in range(10))

    return measured


@dataclass
class Outcome:
    """The figures of one benchmark, by contestant, erlsim first."""

    benchmark: Benchmark
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def missed(self) -> list[Target]:
        """The targets that erlsim does not meet."""
        mine = self.figures[ERLSIM]
        bounds = [(target, target.bound(self.figures)) for target in self.benchmark.targets]
        return [target for target, bound in bounds if bound is not None and not self.benchmark.meets(mine, bound)]

    def ratio(self, contestant: str) -> float:
        """How many times as good erlsim is as another: above 1 is better."""
        mine, theirs = self.figures[ERLSIM], self.figures[contestant]
        return mine / theirs if self.benchmark.higher_is_better else theirs / mine


def benchmarks() -> dict[str, Benchmark]:
    """Every benchmark, by name."""
    found: dict[str, Benchmark] = {}
    for name in MODULES:
        module = importlib.import_module(f"tests.benchmarks.{name}")
        found |= {each.name: each for each in vars(module).values() if isinstance(each, Benchmark)}
    return found


def measure(benchmark: Benchmark, scale: float = 1.0, with_beam: bool = True) -> Outcome:
    """Run every contestant in turn, several times, and keep the best of each: a busy machine slows down all alike."""
    size = max(int(benchmark.size * scale), 1)
    outcome = Outcome(benchmark)
    for _ in range(benchmark.repeats):
        for name, function in benchmark.contestants.items():
            gc.collect()
            figure = function(size)
            outcome.figures[name] = benchmark.best(outcome.figures.get(name, figure), figure)
        if with_beam and benchmark.beam and beam.available():
            figure = beam.run(benchmark.beam, size)
            outcome.figures[BEAM] = benchmark.best(outcome.figures.get(BEAM, figure), figure)
    return outcome
