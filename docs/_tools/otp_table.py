"""Writes docs/reference/otp-suites.md: which cases of OTP's own test suites erlsim passes, and which it cannot.

`python -m docs._tools.otp_table` writes the page, `--check` only says whether it is up to date. The
cases and how far one simulated node can meet them are in tests/otp_suites/cases.tsv; which of them are
tested, and what is left out, say the marks `otp_case` of the tests, which are collected, not run.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

from docs._tools.written import ROOT, keep

SUITES = ROOT / "tests" / "otp_suites"
CASES = SUITES / "cases.tsv"
PAGE = ROOT / "docs" / "reference" / "otp-suites.md"
INTRODUCTION = """# OTP's own test suites

Erlang/OTP comes with test suites. erlsim has tests under the names of their cases that assert what the
cases assert, in virtual time and in its own code. This page is generated from those tests.

- **pass**: the whole case is met.
- **part**: the case is met but for what the last column says.
- **no**: no test here meets the case; the last column says why. What says `distribution` needs
  [other nodes](../how-to/use-several-nodes.md): most of these cases pass where
  [OTP's suites run unchanged](../how-to/test-an-erlang-project.md).
- **open**: there is no test yet.
"""


class Case(NamedTuple):
    """A case of a suite; `kind` is A (one node can meet it), P (in part) or N (not at all)."""

    suite: str
    name: str
    kind: str
    note: str


class Mark(NamedTuple):
    """What the tests say of a case: the first of them, and what all of them together leave out."""

    suite: str
    name: str
    test: str
    partial: str


def cases() -> list[Case]:
    """All cases, in the order of the list."""
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Case(row["suite"], row["case"], row["class"], row["note"] or row["theme"]) for row in rows if row["case"]]


def marks() -> dict[tuple[str, str], Mark]:
    """The marks of the tests, by suite and case."""
    run = subprocess.run(
        [sys.executable, "-m", "docs._tools.otp_table", "--collect"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(f"the tests could not be collected:\n{run.stdout}{run.stderr}")
    found: dict[tuple[str, str], Mark] = {}
    for line in run.stdout.splitlines():
        if line.startswith("otp_case\t"):
            mark = Mark(*line.split("\t")[1:])
            known = found.get((mark.suite, mark.name))
            if known is None or (mark.partial and not known.partial):
                found[mark.suite, mark.name] = mark._replace(test=known.test if known else mark.test)
    return found


class Collector:
    """A pytest plugin: prints the marks of all tests that it sees."""

    def pytest_collection_finish(self, session: Any) -> None:
        """Every test has been collected."""
        for item in session.items:
            for mark in item.iter_markers("otp_case"):
                partial = str(mark.kwargs.get("partial") or "")
                print("otp_case", *mark.args, item.nodeid.partition("[")[0], partial, sep="\t")


def collect() -> int:
    """Collect the tests of the suites, in a process of its own."""
    import pytest

    arguments = ["--collect-only", "-q", "-p", "no:cacheprovider", str(SUITES)]
    return int(pytest.main(arguments, plugins=[Collector()]))


def verdict(case: Case, mark: Mark | None) -> tuple[str, str]:
    """`pass`, `part`, `no` or `open`, and what there is to say to it."""
    if mark is not None:
        return ("part", "not: " + mark.partial) if mark.partial else ("pass", "")
    return ("no", case.note) if case.kind == "N" else ("open", case.note)


def page(all_cases: Iterable[Case], found: dict[tuple[str, str], Mark]) -> str:
    """The whole page."""
    suites: dict[str, list[Case]] = {}
    for case in all_cases:
        suites.setdefault(case.suite, []).append(case)
    tables, summary, totals = [], [], dict.fromkeys(("pass", "part", "no", "open"), 0)
    for suite, members in suites.items():
        rows, counts = [], dict.fromkeys(totals, 0)
        for case in members:
            mark = found.get((suite, case.name))
            said, why = verdict(case, mark)
            counts[said] += 1
            totals[said] += 1
            rows.append(f"| `{case.name}` | {case.kind} | {said} | {why.replace('|', '/')} |")
        summary.append(f"| {suite} | " + " | ".join(str(count) for count in counts.values()) + " |")
        tables.append(f"## {suite}\n\n| case | class | here | |\n|---|---|---|---|\n" + "\n".join(rows))
    summary.append("| all | " + " | ".join(str(count) for count in totals.values()) + " |")
    overview = "| suite | pass | part | no | open |\n|---|---|---|---|---|\n" + "\n".join(summary)
    return "\n\n".join([INTRODUCTION.rstrip(), overview, *tables]) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["--collect"]:
        sys.exit(collect())
    sys.exit(keep("otp_table", {PAGE: lambda _: page(cases(), marks())}))
