"""The BEAM, if it is on the PATH: one scheduler, the modules of the folder `erl` compiled in a temporary folder."""

from __future__ import annotations

import atexit
import functools
import shutil
import subprocess
import tempfile
from pathlib import Path

SOURCES = sorted(Path(__file__).with_name("erl").glob("*.erl"))


def available() -> bool:
    """Whether there is a BEAM."""
    return shutil.which("erl") is not None and shutil.which("erlc") is not None


@functools.cache
def _compiled() -> str:
    folder = tempfile.mkdtemp(prefix="erlsim-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run(["erlc", "-o", folder, *map(str, SOURCES)], check=True)
    return folder


def run(name: str, size: int) -> float:
    """The figure that `bench:name(size)` gives."""
    command = ["erl", "+S", "1", "-noshell", "-noinput", "-pa", _compiled(), "-run", "bench", "main", name, str(size)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
