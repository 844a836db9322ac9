"""What it costs to record everything that happens."""

from __future__ import annotations

from tests.benchmarks.messages import erlsim_ping_pong
from tests.benchmarks.registry import ERLSIM, Benchmark, Target

TRACE = Benchmark(
    "trace on",
    "messages/s",
    50_000,
    {ERLSIM: lambda rounds: erlsim_ping_pong(rounds, trace=True), "trace off": erlsim_ping_pong},
    (Target(0.5, "trace off"),),
)
