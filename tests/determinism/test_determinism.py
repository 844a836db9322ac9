"""One program in many interpreters: hash seeds, Python versions, optimisation, once and again."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLDEST = (3, 11)
VERSION = "import sys; print(*sys.version_info[:2], sys.implementation.name)"


def interpreters() -> dict[str, str]:
    """A Python of every supported version that can be found, by version; this one first."""
    names = [f"python3.{minor}" for minor in range(OLDEST[1], 20)]
    found = [path for name in names if (path := shutil.which(name))]
    found += sorted(map(str, Path.home().glob(".pyenv/versions/*/bin/python3")))
    versions = {version(sys.executable): sys.executable}
    for path in found:
        if known := version(path):
            versions.setdefault(known, path)
    return versions


def version(path: str) -> str:
    """`3.12` for a supported CPython that starts, else nothing."""
    try:
        run = subprocess.run([path, "-c", VERSION], capture_output=True, text=True, timeout=30, check=False)
    except OSError:
        return ""
    found = re.fullmatch(r"(\d+) (\d+) cpython\s*", run.stdout)
    return f"{found[1]}.{found[2]}" if found and (int(found[1]), int(found[2])) >= OLDEST else ""


def trace(python: str, hash_seed: str, *args: str) -> str:
    """What the program prints in an interpreter of its own."""
    # The libraries below erlsim are pure Python: other versions can use those of this environment.
    libraries = os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")])
    run = subprocess.run(
        [python, "-X", "utf8", "-B", "-m", "tests.determinism.program", *args],
        cwd=ROOT,
        env={"PYTHONPATH": libraries, "PYTHONHASHSEED": hash_seed, "PATH": os.environ.get("PATH", "")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@functools.cache
def reference(*args: str) -> str:
    return trace(sys.executable, "0", *args)


def test_the_program_does_something_worth_comparing():
    text = reference()
    assert text.count("\n") > 200
    for kind in ("spawn", "send", "receive", "exit_signal", "link", "monitor", "register", "start_timer"):
        assert f" {kind} " in text


@pytest.mark.parametrize("hash_seed", ["1", "42", "4294967295", "random"])
def test_the_trace_is_the_same_under_every_hash_seed(hash_seed):
    assert trace(sys.executable, hash_seed) == reference()


@pytest.mark.parametrize("python", list(interpreters().values()), ids=list(interpreters()))
def test_the_trace_is_the_same_on_every_python(python):
    assert trace(python, "random") == reference()


def test_a_drawn_schedule_is_the_same_again_and_another_seed_gives_another():
    assert trace(sys.executable, "random", "7") == reference("7")
    assert reference("7") != reference("8")
