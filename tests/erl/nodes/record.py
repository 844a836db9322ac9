"""Records what a program notices of other nodes: `python -m tests.erl.nodes.record` (needs `erl`, and its `epmd`).

With `--check` it only says which cases an `erl` answers in another way today, and ends with status 1 if there are any.
`observed.erl` is the program, run by an `erl` with a name; `observed.terms` has a line for each of its cases.
"""

from __future__ import annotations

import difflib
import subprocess
import sys
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


def changed() -> list[str]:
    """The lines that are not as they were."""
    before = OBSERVED.read_text(encoding="utf-8").splitlines()
    lines = difflib.unified_diff(before, recorded().splitlines(), "recorded", "erl", n=0, lineterm="")
    return list(lines)


if __name__ == "__main__":
    if "--check" in sys.argv:
        told = changed()
        print("\n".join(told) or "what programs notice of other nodes is as recorded")
        sys.exit(bool(told))
    OBSERVED.write_text(recorded(), encoding="utf-8")
