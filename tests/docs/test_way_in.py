"""CONTRIBUTING.md and tests/README.md: what they name is there, and their example runs."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.house.files import ROOT

PAGES = ("CONTRIBUTING.md", "tests/README.md")
LINK = re.compile(r"\]\(([^)#]+)\)")
TARGET = re.compile(r"\bmake ([a-z]+)\b")
CODE = re.compile(r"^```python\n(.*?)^```", re.M | re.S)
ROW = re.compile(r"^\| (`.*?) \|", re.M)


def read(page):
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    folder = (ROOT / page).parent
    assert [link for link in LINK.findall(read(page)) if not (folder / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_target_is_in_the_makefile(page):
    there = set(re.findall(r"^([a-z]+):", read("Makefile"), flags=re.M))
    assert set(TARGET.findall(read(page))) - there == set()


def test_every_folder_of_tests_has_a_place_in_the_readme():
    named = {name for row in ROW.findall(read("tests/README.md")) for name in re.findall(r"`(\w+)`", row)}
    assert named == {path.name for path in (ROOT / "tests").iterdir() if any(path.rglob("test_*.py"))}


def test_the_layout_names_what_is_there():
    named = [each for row in ROW.findall(read("CONTRIBUTING.md")) for each in re.findall(r"`([^`]+)`", row)]
    assert [each for each in named if not any((ROOT / base / each).exists() for base in (".", "erlsim"))] == []


def test_the_example_of_a_test_passes(tmp_path):
    (code,) = CODE.findall(read("tests/README.md"))
    (tmp_path / "test_it.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "1 passed" in run.stdout, run.stdout + run.stderr
