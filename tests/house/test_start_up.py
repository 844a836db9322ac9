"""`import erlsim` is quick: what takes long to import, and what one program or another does not use, comes later.

Counted are modules: how long they take depends on the machine.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.files import ROOT

# What each costs is a tenth of a start or more; simpy, which every simulation needs, as much as all of erlsim.
DEAR = (
    "simpy",
    "rich",
    "lark",
    "click",
    "hypothesis",
    "sortedcontainers",
    "inspect",
    "dataclasses",
    "pathlib",
    "asyncio",
)
LATER = ("erlsim.cli", "erlsim.erl", "erlsim.testing", "erlsim.otp.gen_server", "erlsim.otp.supervisor", "director")


def imported_by(program: str) -> set[str]:
    """The modules that a program brings with it."""
    code = f"import sys; there = set(sys.modules); {program}; print(*set(sys.modules) - there, sep='\\n')"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.fixture(scope="module")
def by_erlsim():
    return imported_by("import erlsim")


@pytest.mark.parametrize("name", [*DEAR, *LATER])
def test_import_erlsim_does_without(name, by_erlsim):
    assert name not in by_erlsim


def test_a_program_without_pictures_and_erlang_source_does_without_what_these_need():
    brought = imported_by("import erlsim; erlsim.run(lambda: erlsim.terms.format('~p', [1]))")
    assert "simpy" in brought
    assert brought.isdisjoint({"rich", "click", "hypothesis", "sortedcontainers", "inspect", "erlsim.erl"})
