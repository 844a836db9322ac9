""" "erlsim in five minutes" shows the same program in Erlang and in Python: they print the same."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.mark.skipif(shutil.which("erl") is None or shutil.which("erlc") is None, reason="there is no erl here")
def test_the_erlang_half_of_five_minutes_prints_what_the_python_half_prints(tmp_path):
    sources = sorted(str(path) for path in (EXAMPLES / "erl").glob("*.erl"))
    subprocess.run(["erlc", "-o", str(tmp_path), *sources], check=True, timeout=120)
    command = ["erl", "-noshell", "-kernel", "logger_level", "none", "-s", "five_minutes", "main", "-s", "init", "stop"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    assert run.stdout == (EXAMPLES / "five_minutes.out").read_text(encoding="utf-8")
