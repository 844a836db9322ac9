"""The page "Write portable Python" tells of the rules as they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[3] / "docs" / "_tools" / "portable.py"


def test_the_page_has_every_rule_as_it_is():
    # If not: python docs/_tools/portable.py
    done = subprocess.run([sys.executable, TOOL, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
