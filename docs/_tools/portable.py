"""Writes the rules of `erlsim portable` into the page "Write portable Python".

`python docs/_tools/portable.py` writes the page, `--check` only says whether it is up to date. What stands outside of
the two marks in the page is written by hand and kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

from erlsim.porting.portable import Rule, rules

PAGE = Path(__file__).parents[1] / "how-to" / "write-portable-python.md"
BEGIN, END = "<!-- the rules: begin -->", "<!-- the rules: end -->"
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


def renewed(page: str) -> str:
    """The page with the rules as they are now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{told()}\n\n{END}{after}"


def main() -> None:
    """Write the page, or say whether it is up to date."""
    page = PAGE.read_text(encoding="utf-8")
    if "--check" not in sys.argv:
        PAGE.write_text(renewed(page), encoding="utf-8")
    elif renewed(page) != page:
        sys.exit(f"{PAGE.name} is out of date: run python docs/_tools/portable.py")


if __name__ == "__main__":
    main()
