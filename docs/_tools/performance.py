"""Writes the table of docs/explanation/performance.md from `python -m tests.benchmarks --json`.

`python docs/_tools/performance.py FIGURES.json`. Only ratios between what ran in one process go into the page:
absolute times say more of a machine than of a library.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "explanation" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def rows(outcomes: list[dict]) -> list[str]:
    """A row for each peer that erlsim was measured beside."""
    lines = ["| what | beside | erlsim is |", "|---|---|---|"]
    for outcome in outcomes:
        for peer, ratio in outcome["ratios"].items():
            lines.append(f"| {outcome['name']} ({outcome['unit']}) | {peer} | {ratio:.2f} x |")
    return lines


def main() -> None:
    """Put the new table between the marks."""
    outcomes = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n" + "\n".join(rows(outcomes)) + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
