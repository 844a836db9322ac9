"""Programs in Erlang that tell case by case what they notice, recorded on OTP: `{Name, What}` for each, a line each."""

from __future__ import annotations

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple


class Observation(NamedTuple):
    """Sources, the module among them whose `cases/0` tells, and the file with a line for each; how `erl` is to run."""

    sources: list[Path]
    module: str
    observed: Path
    options: tuple[str, ...] = ()

    def recorded(self) -> str:
        """What OTP says."""
        run = f'[io:format("~0tp.~n", [Each]) || Each <- {self.module}:cases()], halt().'
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["erlc", "-o", folder, *map(str, self.sources)], check=True)
            command = ["erl", "-noinput", *self.options, "-pa", folder, "-kernel", "logger_level", "none", "-eval", run]
            return subprocess.run(
                command, cwd=folder, check=True, capture_output=True, encoding="utf-8", timeout=120
            ).stdout

    def lines(self) -> list[str]:
        """The cases as they were recorded."""
        return self.observed.read_text(encoding="utf-8").splitlines()

    def record(self) -> None:
        """Records the cases; with `--check` it says which an `erl` answers in another way, and ends with 1 if any."""
        if "--check" in sys.argv:
            told = list(
                difflib.unified_diff(self.lines(), self.recorded().splitlines(), "recorded", "erl", n=0, lineterm="")
            )
            print("\n".join(told) or f"what {self.module} tells is as recorded")
            sys.exit(bool(told))
        self.observed.write_text(self.recorded(), encoding="utf-8")
