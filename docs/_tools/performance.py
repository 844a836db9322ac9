"""Writes the table of docs/explanation/performance.md from `python -m tests.benchmarks --json`.

`python -m docs._tools.performance FIGURES.json`. Only ratios between what ran in one process go into the page:
absolute times say more of a machine than of a library.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

from docs._tools.written import ROOT, between, keep

PAGE = ROOT / "docs" / "explanation" / "performance.md"
MARKS = ("<!-- measured: begin -->", "<!-- measured: end -->")


def rows(outcomes: list[dict]) -> list[str]:
    """A row for each peer that erlsim was measured beside."""
    lines = ["| what | beside | erlsim is |", "|---|---|---|"]
    for outcome in outcomes:
        for peer, ratio in outcome["ratios"].items():
            lines.append(f"| {outcome['name']} ({outcome['unit']}) | {peer} | {ratio:.2f} x |")
    return lines


def page(before: str, figures: Path) -> str:
    """The page with the figures of a file."""
    return between(before, MARKS, "\n".join(rows(json.loads(figures.read_text(encoding="utf-8")))))


if __name__ == "__main__":
    sys.exit(keep("performance", {PAGE: partial(page, figures=Path(sys.argv[1]))}, []))
