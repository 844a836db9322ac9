"""The README shows the code and the output of examples that run."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"<!-- (docs/examples/\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!http)([^)#]+)\)")


def test_the_readme_shows_examples_as_they_are():
    shown = SHOWN.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert [Path(name).suffix for name, _ in shown] == [".py", ".out"]
    for name, text in shown:
        assert (ROOT / name).read_text(encoding="utf-8").rstrip().endswith(text.rstrip()), name


def test_what_the_readme_links_to_is_there():
    linked = LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    missing = [path for path in linked if not (ROOT / path).exists()]
    assert missing == []


def test_the_readme_names_only_commands_that_exist():
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z]+)\b", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named <= made | {"help"}
