"""The example project is sound: its tests pass, its types hold, and its tests find each of its planted mistakes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "docs" / "examples" / "project"
MUTANTS = tomllib.loads((PROJECT / "mutants.toml").read_text(encoding="utf-8"))["mutant"]
PYTEST = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")


@pytest.fixture
def copy(tmp_path):
    """The project somewhere else, as a user has it."""
    return Path(shutil.copytree(PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__", ".*")))


def run(folder, *arguments):
    """What Python says in `folder`, with this checkout's erlsim."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_projects_own_tests_pass(copy):
    done = run(copy, *PYTEST)
    assert done.returncode == 0, done.stdout


def test_the_projects_types_hold_under_mypy_strict(copy):
    done = run(copy, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".mypy_cache" / "project"))
    assert done.returncode == 0, done.stdout


def test_there_are_mutants_of_every_kind_and_each_changes_one_place():
    assert len(MUTANTS) >= 15
    assert {each["file"] for each in MUTANTS} == {"tree.py", "pool.py", "breaker.py", "connection.py", "gate.py"}
    for each in MUTANTS:
        text = (PROJECT / "turnstile" / each["file"]).read_text(encoding="utf-8")
        assert text.count(each["old"]) == 1, each["why"]


def test_the_projects_tests_find_each_mistake_on_its_list(copy):
    done = run(copy, "-m", "erlsim", "mutate", "--only", "own", "--json")
    outcomes = json.loads(done.stdout)["outcomes"]
    assert [each["why"] for each in outcomes if each["state"] != "found"] == []
    assert sorted(each["why"] for each in outcomes) == sorted(each["why"] for each in MUTANTS)
    assert done.returncode == 0
