"""Programs of the documentation and of the tests are imported here: what they declare is for these tests alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from erlsim import code

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / "tests" / "porting" / "programs"


def is_a_program(module):
    file = getattr(module, "__file__", None)
    where = Path(file).resolve().parents if file else []
    return PROGRAMS in where or ROOT / "docs" in where


@pytest.fixture(autouse=True, scope="module")
def leaves_no_program_behind():
    """Else a module of the same name somewhere else would be declared twice."""
    declared = {name: list(found) for name, found in code._declared.items()}
    before = list(sys.modules)
    yield
    code._declared.clear()
    code._declared.update(declared)
    for name, module in list(sys.modules.items()):
        if name not in before and is_a_program(module):
            del sys.modules[name]
