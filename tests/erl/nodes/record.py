"""Records what a program notices of other nodes: `python -m tests.erl.nodes.record` (needs `erl`, and its `epmd`).

`observed.erl` is the program, run by an `erl` with a name; `observed.terms` has a line for each of its cases.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PROGRAM = HERE / "observed.erl"
OBSERVED = HERE / "observed.terms"
RUN = '[io:format("~0tp.~n", [Each]) || Each <- observed:cases()], halt().'


def recorded() -> str:
    """What OTP says."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["erlc", "-o", folder, str(PROGRAM)], check=True)
        command = [
            "erl",
            "-noinput",
            "-sname",
            "recorder",
            "-pa",
            folder,
            "-kernel",
            "logger_level",
            "none",
            "-eval",
            RUN,
        ]
        return subprocess.run(
            command, cwd=folder, check=True, capture_output=True, encoding="utf-8", timeout=120
        ).stdout


if __name__ == "__main__":
    OBSERVED.write_text(recorded(), encoding="utf-8")
