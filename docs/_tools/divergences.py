"""Collects the comments `# DIVERGES(original): ...` into the page of each original, in docs/explanation.

`python -m docs._tools.divergences` writes the pages, `--check` only says whether they are up to date. What
stands outside of the two marks in a page is written by hand and kept.
"""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path

from docs._tools.written import ROOT, between, keep

PAGES = {"otp": "divergences", "director": "director-divergences", "gen_tracker": "gen_tracker-divergences"}
"""What a mark names: what is departed from, and its page."""
PACKAGES = ("erlsim", "director", "gen_tracker")
MARKS = ("<!-- collected from the sources: begin -->", "<!-- collected from the sources: end -->")
MARK = re.compile(r"DIVERGES\((\w+)\):\s*(.*)")


def collect(text: str, original: str = "otp") -> list[str]:
    """The departures from one original that a source file marks, in comments or docstrings, each as one line."""
    found: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        mark = MARK.search(line)
        if mark is None or mark[1] != original:
            continue
        before = line[: mark.start()]
        words = [mark[2]]
        for following in lines[number + 1 :]:
            rest = _continuation(before, following)
            if rest is None:
                break
            words.append(rest)
        found.append(" ".join(" ".join(words).removesuffix('"""').split()))
    return found


def _continuation(before: str, line: str) -> str | None:
    """What `line` adds to a mark that stands behind `before`; `None` if the mark's paragraph is over."""
    text = line.strip()
    if MARK.search(line) or not text:
        return None
    if "#" in before:
        alone = before.strip() == "#"
        return text.removeprefix("#") if alone and text.startswith("#") else None
    return None if text.startswith('"""') or (before.rstrip().endswith('"""') and text == '"""') else text


def _sentence(text: str) -> str:
    """`text` with a capital, unless it begins with a name."""
    return text if not text.split(" ", 1)[0].rstrip(",;:").isalpha() else text[0].upper() + text[1:]


def collected(original: str, root: Path = ROOT) -> str:
    """The generated part of a page."""
    parts: list[str] = []
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            departures = collect(path.read_text(encoding="utf-8"), original)
            if departures:
                module = (
                    path.relative_to(root).as_posix().removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                )
                parts.append(f"## `{module}`\n\n" + "\n".join(f"- {_sentence(each)}" for each in departures))
    return "\n\n".join(parts)


def page(before: str, original: str = "otp", root: Path = ROOT) -> str:
    """The whole page, given what it is now: both marks stand in it."""
    return between(before, MARKS, f"\n{collected(original, root)}\n")


if __name__ == "__main__":
    explanation = ROOT / "docs" / "explanation"
    pages = {explanation / f"{name}.md": partial(page, original=original) for original, name in PAGES.items()}
    sys.exit(keep("divergences", pages))
