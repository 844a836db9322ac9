"""Keeps the figures of each release, from `python -m tests.benchmarks --json`, and writes the pages that show them.

`python -m docs._tools.performance FIGURES.json` keeps them as those of their release in docs/reference/benchmarks.md
and writes the table of ratios in docs/explanation/performance.md; without a file it renews the former from what it has.
Absolute figures say more of a machine than of a library: the pages show ratios between what ran in one run, and which
targets were met.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from docs._tools.written import ROOT, between, keep

PAGE = ROOT / "docs" / "explanation" / "performance.md"
BY_RELEASE = ROOT / "docs" / "reference" / "benchmarks.md"
KEPT = ROOT / "docs" / "_tools" / "figures"
MARKS = ("<!-- measured: begin -->", "<!-- measured: end -->")

Outcome = dict[str, Any]


def releases() -> dict[str, list[Outcome]]:
    """The figures of each release that is kept, the newest first."""
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in KEPT.glob("*.json")}
    return dict(sorted(found.items(), key=lambda item: [int(part) for part in item[0].split(".")], reverse=True))


def rows(outcomes: list[Outcome]) -> list[str]:
    """A row for each peer that erlsim was measured beside."""
    lines = ["| what | beside | erlsim is |", "|---|---|---|"]
    for outcome in outcomes:
        for peer, ratio in outcome["ratios"].items():
            lines.append(f"| {outcome['name']} ({outcome['unit']}) | {peer} | {ratio:.2f} x |")
    return lines


def release(version: str, outcomes: list[Outcome]) -> list[str]:
    """What a release was measured beside, and its targets."""
    load = max(outcome["load"] or 0 for outcome in outcomes)
    lines = [
        f"## {version}",
        "",
        f"CPython {outcomes[0]['python']}; up to {load:g} programs at a time wanted to run on the machine meanwhile.",
        "",
        "| what | beside | erlsim is | target |",
        "|---|---|---|---|",
    ]
    for outcome in outcomes:
        peers = list(outcome["ratios"])
        sign = "≥" if outcome["higher is better"] else "≤"
        verdicts = [f"{sign} {each}: {'met' if met else 'missed'}" for each, met in outcome["targets"].items()]
        ratios = [f"{outcome['ratios'][peer]:.2f} x" for peer in peers]
        cells = (f"{outcome['name']} ({outcome['unit']})", *map("<br>".join, (peers, ratios, verdicts)))
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def ratios(before: str, outcomes: list[Outcome]) -> str:
    """The page on what costs what, with the ratios of a release."""
    return between(before, MARKS, "\n".join(rows(outcomes)))


def by_release(before: str, kept: dict[str, list[Outcome]]) -> str:
    """The page with all figures of all releases."""
    return between(before, MARKS, "\n".join(line for each in kept.items() for line in release(*each)))


def main(arguments: list[str]) -> int:
    """Keep the figures of a file, if there is one, and renew the pages."""
    pages = {}
    for name in arguments:
        if not name.startswith("-"):
            text = Path(name).read_text(encoding="utf-8")
            outcomes = json.loads(text)
            KEPT.mkdir(exist_ok=True)
            (KEPT / f"{outcomes[0]['release']}.json").write_text(text, encoding="utf-8")
            pages[PAGE] = partial(ratios, outcomes=outcomes)
    return keep("performance", pages | {BY_RELEASE: partial(by_release, kept=releases())}, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
