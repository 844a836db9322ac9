"""Writes the table of docs/how-to/test-an-erlang-project.md: how much of OTP's own suites passes, and why not the rest.

`python -m docs._tools.suites_run` writes it, `--check` only says whether it is up to date. What there is to tell is in
tests/erl/data/otp_suites.json, which `make oracle SUITES=DIR` finds out.
"""

from __future__ import annotations

import sys

from docs._tools.written import ROOT, between, keep
from tests.erl.otp_suites import Found, recorded

PAGE = ROOT / "docs" / "how-to" / "test-an-erlang-project.md"
MARKS = ("<!-- suites: begin -->", "<!-- suites: end -->")


def table() -> str:
    """The rows: a suite, what passes, and the others by their reasons."""
    reasons, suites = recorded()
    lines = ["| suite | erlsim's | OTP's own | the cases that do not pass with erlsim's |", "|---|---|---|---|"]
    for name, found in suites.items():
        own = "" if found.passed_on_otp is None else f"{found.passed_on_otp} of {found.total}"
        lines.append(f"| {name} | {found.passed} of {found.total} | {own} | {_others(found, reasons)} |")
    return "\n".join(lines)


def _others(found: Found, reasons: dict[str, str]) -> str:
    told = []
    for reason, text in reasons.items():
        # Groups of cases stand before their names.
        names = [case.rpartition(".")[2] for case, why in found.failing.items() if why == reason]
        if names:
            told.append(f"{text}: {', '.join(f'`{each}`' for each in dict.fromkeys(names))}")
    return "; ".join(told)


def renewed(page: str) -> str:
    """The page with the table of today."""
    return between(page, MARKS, table())


if __name__ == "__main__":
    sys.exit(keep("suites_run", {PAGE: renewed}))
