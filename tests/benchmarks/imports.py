"""`import erlsim`, as a program finds it that has run before: its bytecode is there. In ms of the processor's time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from tempfile import TemporaryDirectory

from tests.benchmarks.registry import ERLSIM, Benchmark, Target

CODE = "import time; start = time.process_time(); import {}; print((time.process_time() - start) * 1000)"


def milliseconds(module: str) -> Callable[[int], float]:
    """A function from a number of fresh Pythons to the least that the import takes in one of them."""

    def figure(count: int) -> float:
        with TemporaryDirectory() as cache:
            env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
            command = [sys.executable, "-c", CODE.format(module)]
            options = {"env": env | {"PYTHONPYCACHEPREFIX": cache}, "capture_output": True, "check": True, "text": True}
            # The first writes the bytecode.
            times = [float(subprocess.run(command, **options).stdout) for _ in range(1 + count)]
        return min(times[1:])

    return figure


IMPORT = Benchmark(
    "import",
    "ms",
    3,
    {ERLSIM: milliseconds("erlsim"), "asyncio": milliseconds("asyncio")},
    (Target(80),),
    higher_is_better=False,
    repeats=1,
)
