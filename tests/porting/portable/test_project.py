"""The example project is written portably: lint and strict mode find nothing in it, and do find what is put there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from erlsim.porting.portable import check

ROOT = Path(__file__).parents[3]
PROJECT = ROOT / "docs" / "examples" / "project"
# The state of the clearing house, and one of the project's tests, which goes on as if nothing had been put there.
STATE, PLANTED = '("up", good, LATENCY)', '("up", [*good, None], LATENCY)'
TEST = "test_a_good_ticket_is_welcome_and_counted_a_bad_one_is_refused"


@pytest.fixture
def copy(tmp_path):
    """The project somewhere else."""
    return Path(shutil.copytree(PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__", ".*")))


def strictly(folder, *options):
    """What the project's own tests say in strict mode."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:anyio"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command += ["--erlsim-strict", *options]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_lint_finds_nothing_in_it_not_even_something_to_note():
    assert check(PROJECT / "turnstile", notes=True) == []


def test_strict_mode_finds_nothing_in_it_under_its_own_tests(copy):
    # One schedule each will do: those that run under hundreds say nothing else here.
    done = strictly(copy, "-k", "not whatever_the_schedule")
    assert done.returncode == 0, done.stdout


def test_both_find_what_is_put_there(copy):
    file = copy / "turnstile" / "clearing.py"
    text = file.read_text(encoding="utf-8")
    line = text[: text.index(STATE)].count("\n") + 1
    file.write_text(text.replace(STATE, PLANTED), encoding="utf-8")
    assert [(each.line, each.code) for each in check(copy / "turnstile")] == [(line, "none_term")]
    done = strictly(copy, "-k", TEST)
    assert done.returncode == 1
    assert f"clearing.py:{line}:9: none_term: In what `Clearing.init` returns: None is no term." in done.stdout
