"""Writes docs/reference/fidelity.md: the golden figures, the rules of Erlang's semantics and the tests of each.

`python -m docs._tools.fidelity` writes the page, `--check` only says whether it is up to date. The figures
come from tests/golden (how many scenarios there are, how many pass), the rules from tests/rules.tsv, and
which test checks which rule from the marks `rule(...)` of the tests. OTP's own suites have a page of their
own: see `otp_table.py`.
"""

from __future__ import annotations

import ast
import csv
import json
import sys
from collections.abc import Iterator

from docs._tools.written import ROOT, keep

PAGE = ROOT / "docs" / "reference" / "fidelity.md"
RULES = ROOT / "tests" / "rules.tsv"
GOLDEN = ROOT / "tests" / "golden"
INTRODUCTION = """# Fidelity

This page is generated from the tests. How the figures come about, and what they do not say, is told in
[what is faithful, and how it is measured](../explanation/faithful.md).
"""


def golden() -> list[tuple[str, int, int]]:
    """Area, scenarios that pass at least (the tests hold that), scenarios recorded."""
    reached = json.loads((GOLDEN / "ratchet.json").read_text(encoding="utf-8"))
    found = []
    for area, passed in reached.items():
        lines = (GOLDEN / "data" / f"{area}.jsonl").read_text(encoding="utf-8").splitlines()
        found.append((area, int(passed), sum(bool(line.strip()) for line in lines)))
    return found


def rules() -> list[tuple[int, str, str]]:
    """Number, subject and text of each rule."""
    with RULES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(int(row["number"]), row["subject"], row["rule"]) for row in rows]


def tests() -> dict[int, list[tuple[str, str]]]:
    """The tests that are marked with each rule: file and function, in the order of the files."""
    found: dict[int, list[tuple[str, str]]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for number, name in _marked(tree):
            found.setdefault(number, []).append((path.relative_to(ROOT).as_posix(), name))
    return found


def _marked(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            numbers = {number: None for each in node.decorator_list for number in _numbers(each)}
            for number in numbers:
                yield number, node.name


def _numbers(decorator: ast.expr) -> Iterator[int]:
    """The rules that a decorator names, also inside `pytest.param(..., marks=...)`."""
    for node in ast.walk(decorator):
        if isinstance(node, ast.Call) and "rule" in (getattr(node.func, "attr", ""), getattr(node.func, "id", "")):
            yield from (each.value for each in node.args if isinstance(each, ast.Constant))


def _sentence(name: str) -> str:
    return name.removeprefix("test_").replace("_", " ")


def page() -> str:
    """The whole page."""
    figures = golden()
    total = ("all", sum(passed for _, passed, _ in figures), sum(count for _, _, count in figures))
    rows = [f"| {area} | {passed} | {count} |" for area, passed, count in [*figures, total]]
    parts = [
        INTRODUCTION,
        "## Recorded scenarios\n\n| area | pass | recorded |\n|---|---|---|\n" + "\n".join(rows) + "\n",
    ]
    parts.append("## OTP's own test suites\n\nSee [their table](otp-suites.md), case by case.\n")
    known, subject = tests(), ""
    covered = sum(number in known for number, _, _ in rules())
    parts.append(
        f"## Rules\n\n{covered} of {len(rules())} rules are named by a test. Terms are in Erlang's notation; each rule "
        "was checked against OTP 25.2.3.\n"
    )
    for number, about, text in rules():
        if about != subject:
            subject = about
            parts.append(f"### {subject}\n")
        lines = [f"**{number}.** {_plain(text)}\n"]
        lines += [f"- {_sentence(name)} (`{file}`)" for file, name in known.get(number, [])]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _plain(text: str) -> str:
    """A rule as Markdown that shows every character of it."""
    pieces = text.split("`")
    for at in range(0, len(pieces), 2):
        for special in "\\*_<>[]#|":
            pieces[at] = pieces[at].replace(special, "\\" + special)
    return "`".join(pieces)


if __name__ == "__main__":
    sys.exit(keep("fidelity", {PAGE: lambda _: page()}))
