"""Every example in docs/examples runs and prints exactly what the file beside it says.

`python -m tests.docs.test_examples` writes these files anew.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.py"))


def output(example: Path) -> str:
    """What an example prints, standard error included, by itself in an interpreter of its own."""
    run = subprocess.run(
        [sys.executable, "-W", "error", example.name],
        cwd=example.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return run.stdout


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_the_documentation_says(example):
    assert output(example) == example.with_suffix(".out").read_text(encoding="utf-8")


def test_there_are_examples_and_nothing_is_left_of_others():
    assert EXAMPLES
    named = {path.stem for path in EXAMPLES}
    assert [path.name for path in (ROOT / "docs" / "examples").glob("*.out") if path.stem not in named] == []


if __name__ == "__main__":
    for each in EXAMPLES:
        each.with_suffix(".out").write_text(output(each), encoding="utf-8")
