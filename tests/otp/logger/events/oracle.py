"""`python -m tests.otp.logger.events.oracle`: what the Erlang of this machine makes of the events, for the tests."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from tests.otp.logger.events.cases import cases

PROGRAM = Path(__file__).with_name("events.erl")
ANSWERS = Path(__file__).with_name("answers.terms")


def main() -> None:
    """Ask it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "cases.terms").write_text("".join(f"{each}.\n" for each in cases()), encoding="utf-8")
        subprocess.run(["erlc", "-o", folder, str(PROGRAM)], check=True)
        command = ["erl", "-noshell", "-eval", 'events:main("cases.terms"), halt().']
        done = subprocess.run(command, cwd=folder, env={**os.environ, "TZ": "UTC"}, capture_output=True, check=True)
    ANSWERS.write_bytes(done.stdout)


if __name__ == "__main__":
    main()
