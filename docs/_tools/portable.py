"""Writes the rules of `erlsim portable` into the page "Write portable Python".

`python -m docs._tools.portable` writes the page, `--check` only says whether it is up to date. What stands outside of
the two marks in the page is written by hand and kept.
"""

from __future__ import annotations

import sys

from docs._tools.written import ROOT, between, keep
from erlsim.porting.portable import Rule, rules

PAGE = ROOT / "docs" / "how-to" / "write-portable-python.md"
MARKS = ("<!-- the rules: begin -->", "<!-- the rules: end -->")
BY = {
    ("lint",): "the lint",
    ("strict",): "strict mode",
    ("lint", "strict"): "the lint and strict mode",
}


def told() -> str:
    """The generated part of the page."""
    parts: list[str] = []
    group = ""
    for rule in rules().values():
        if rule.group != group:
            group = rule.group
            parts.append(f"## {group}")
        parts.append(_rule(rule))
    return "\n\n".join(parts)


def _rule(rule: Rule) -> str:
    note = ", as a note" if rule.level == "note" else ""
    return "\n\n".join(
        [
            f"### `{rule.name}`",
            f"{rule.why} {rule.way} Found by {BY[rule.by]}{note}.",
            f"```python\n{rule.wrong}\n```",
            "Portable:",
            f"```python\n{rule.right}\n```",
            "which becomes",
            f"```erlang\n{rule.erlang}\n```",
        ]
    )


def page(before: str) -> str:
    """The page with the rules as they are now."""
    return between(before, MARKS, f"\n{told()}\n")


if __name__ == "__main__":
    sys.exit(keep("portable", {PAGE: page}))
