"""A mutation run as a page that needs no network: the score by kinds, the survivors, and what else there was."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from erlsim.lab import page as pages
from erlsim.lab.mutation.finding.mutants import KINDS
from erlsim.lab.mutation.run import Report
from erlsim.lab.mutation.trying import Outcome
from erlsim.lab.mutation.words import by_kind, difference, not_tried, tests_let_it_pass


def page(report: Report) -> str:
    """The text of the page."""
    possible = len(report.outcomes) - len(report.equivalent)
    found = [each for each in report.outcomes if each.is_found]
    cards = [
        _card("Kinds", _kinds(report)),
        _card("Survivors", "".join(_unfound(report, each, "open") for each in report.survivors) or "<p>None.</p>"),
    ]
    if report.equivalent:
        cards.append(_card("Equivalent", "".join(_unfound(report, each) for each in report.equivalent)))
    cards.append(_card("Found", "".join(map(_found, found)) or "<p>None.</p>"))
    parts = {
        "title": f"{100 * report.score:.1f} % of the mutants are found",
        "summary": f"{report.found} of {possible} by {report.tests} tests; {len(report.survivors)} survive, and "
        f"{len(report.equivalent)} more are equivalent",
        "notes": pages.note(f"Not tried: {'; '.join(not_tried(report))}."),
        "cards": "".join(cards),
    }
    return pages.fill("cards.html", parts)


def _card(title: str, inside: str) -> str:
    return f'<section class="card wide"><h2>{title}</h2><div class="body">{inside}</div></section>'


def _kinds(report: Report) -> str:
    rows = "".join(
        f"<tr><th>{kind}</th><td>{found} of {total}</td><td>{_bar(found, total)}</td>"
        f'<td class="words">{escape(KINDS[kind])}</td></tr>'
        for kind, found, total in by_kind(report)
    )
    return f'<table class="kinds">{rows}</table>'


def _bar(found: int, total: int) -> str:
    percent = round(100 * found / total) if total else 100
    return f'<span class="bar"><i style="width:{percent}%"></i></span>'


def _unfound(report: Report, outcome: Outcome, shown: str = "") -> str:
    verdict = report.verdict(outcome.mutant)
    told = () if verdict is None else difference(verdict)
    return (
        f"<details {shown}><summary>{escape(str(outcome.mutant))}</summary>{_diff(outcome)}"
        f'<p>{escape(tests_let_it_pass(outcome))}</p><pre class="prose">{_coloured(told)}</pre></details>'
    )


def _found(outcome: Outcome) -> str:
    by = f"{outcome.by or outcome.state}: {outcome.why}"
    return (
        f'<details><summary>{escape(str(outcome.mutant))}</summary><p class="words">{escape(by)}</p>'
        f"{_diff(outcome)}</details>"
    )


def _diff(outcome: Outcome) -> str:
    _, _, lines = outcome.mutant.diff.split("@@", 1)[-1].partition("\n")
    return f"<pre>{_coloured(lines.splitlines())}</pre>"


def _coloured(lines: Iterable[str]) -> str:
    sides = {"+": "theirs", "-": "ours"}
    return "\n".join(
        f'<span class="{sides[line.strip()[:1]]}">{escape(line)}</span>' if line.strip()[:1] in sides else escape(line)
        for line in lines
    )
