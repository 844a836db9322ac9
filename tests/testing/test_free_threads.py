"""Simulations in threads that run at the same time: worlds share nothing, so each goes as it goes alone.

On a Python with its lock the threads take turns, which are made very short; a free-threaded Python is tried as well
wherever one is found: on the PATH, among pyenv's and uv's versions, or named by `FREE_THREADED_PYTHON`.
"""

from __future__ import annotations

import json
import os
import shutil
import site
import subprocess
import sys
from pathlib import Path

import pytest

from tests.testing import planted, threaded

ROOT = Path(__file__).parents[2]
NAMES = ("python3.13t", "python3.14t", "python3.15t")
# Where versions are kept, below the home.
KEPT = (".pyenv/versions/*t/bin/python", ".local/share/uv/python/*freethreaded*/bin/python*t")


def free_threaded():
    """The free-threaded Pythons of this machine."""
    named = os.environ.get("FREE_THREADED_PYTHON")
    found = [named, *map(shutil.which, NAMES), *(str(path) for kept in KEPT for path in sorted(Path.home().glob(kept)))]
    return list(dict.fromkeys(os.path.realpath(each) for each in found if each))


def called(python):
    """The name of a Python, and that there is no free-threaded one, if so."""
    return Path(python).name + ("" if free_threaded() else "-and-no-free-threaded-one-is-here")


@pytest.mark.parametrize("python", [sys.executable, *free_threaded()], ids=called)
def test_threads_come_to_what_one_thread_comes_to(python):
    # What erlsim needs is pure Python: a free-threaded Python finds it where this one does.
    path = os.pathsep.join([str(ROOT), *site.getsitepackages()])
    gil = {} if python == sys.executable else {"PYTHON_GIL": "0"}
    run = subprocess.run(
        [python, str(ROOT / "tests" / "testing" / "threaded.py")],
        env={**os.environ, "PYTHONPATH": path, **gil},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert (told["differ"], told["shared"]) == ([], True)
    assert told["runs"] == 2 * len(planted.BUGS) * threaded.EACH
    assert told["gil"] is not bool(gil)
