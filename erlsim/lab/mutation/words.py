"""A mutation run in words: scenarios, verdicts, the score, and what was not tried. As text and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from erlsim.lab.mutation.finding.mutants import KINDS
from erlsim.lab.mutation.run import Report
from erlsim.lab.mutation.telling import EQUIVALENT, MORE_TRIES, NONE, SCENARIO, Verdict
from erlsim.lab.mutation.trying import LATE, NOT_RUN, Outcome

# Of what is seen at one instant so much is shown.
SHOWN = 5


def data(report: Report) -> dict[str, Any]:
    """All of a report, for programs."""
    return {
        "score": round(report.score, 4),
        "mutants": len(report.outcomes),
        "found": report.found,
        "survived": len(report.survivors),
        "equivalent": len(report.equivalent),
        "tests": report.tests,
        "kinds": {kind: {"mutants": total, "found": found} for kind, found, total in by_kind(report)},
        "not_tried": list(not_tried(report)),
        "outcomes": [_outcome(report, each) for each in report.outcomes],
    }


def _outcome(report: Report, outcome: Outcome) -> dict[str, Any]:
    mutant = outcome.mutant
    verdict = report.verdict(mutant)
    return {
        "kind": mutant.kind,
        "file": mutant.source.name,
        "line": mutant.line,
        "what": mutant.what,
        "why": mutant.why,
        "diff": mutant.diff,
        "state": outcome.state,
        "found_by": outcome.by,
        "failure": outcome.why,
        "tests_run": outcome.ran,
        "cached": outcome.cached,
        "difference": None if verdict is None else verdict.data,
    }


def by_kind(report: Report) -> Iterator[tuple[str, int, int]]:
    """Each kind that there are mutants of: how many were found, of how many that could be."""
    for kind in KINDS:
        of_it = [each for each in report.outcomes if each.mutant.kind == kind]
        possible = [each for each in of_it if not report.is_equivalent(each.mutant)]
        if of_it:
            yield kind, sum(each.is_found for each in of_it), len(possible)


# ---- text ------------------------------------------------------------------------------


def text(report: Report) -> Iterator[str]:
    """The report, line by line."""
    for outcome in report.survivors:
        yield from survivor(report, outcome)
        yield ""
    for outcome in report.equivalent:
        verdict = report.verdict(outcome.mutant)
        yield f"equivalent: {outcome.mutant}"
        yield f"  {verdict.why if verdict is not None else ''}"
        yield ""
    yield from summary(report)


def survivor(report: Report, outcome: Outcome) -> Iterator[str]:
    """One that was not found: its diff, the tests that let it pass, and what it does differently."""
    yield f"survived: {outcome.mutant}"
    for line in outcome.mutant.diff.splitlines()[2:]:
        yield f"    {line}"
    yield "  " + tests_let_it_pass(outcome)
    verdict = report.verdict(outcome.mutant)
    if verdict is not None:
        yield from (f"  {line}" for line in difference(verdict))


def tests_let_it_pass(outcome: Outcome) -> str:
    """Who has not noticed."""
    if outcome.state == NOT_RUN:
        return "No test runs it."
    return "The test that runs it passes." if outcome.ran == 1 else f"All {outcome.ran} tests that run it pass."


def difference(verdict: Verdict) -> Iterator[str]:
    """What a search has come to."""
    if verdict.result == NONE:
        yield f"No difference was found in {verdict.tries} runs of it beside the original; that is no proof."
    elif verdict.result == EQUIVALENT:
        yield f"It is the same: {verdict.why}."
    elif verdict.result != SCENARIO:
        yield f"No difference was searched for: {verdict.why}."
    else:
        yield f"It differs in {verdict.test}" + (", where" if verdict.actions else ", as it is.")
        yield from (f"  {line}" for line in actions(verdict.actions))
        hidden = " (in nothing else, and nobody who is asked would tell)" if verdict.hidden else ""
        yield f"At {verdict.at} ms{hidden}"
        yield from (f"  - {line}" for line in _some(verdict.original))
        yield from (f"  + {line}" for line in _some(verdict.mutant))


def _some(lines: list[str]) -> Iterator[str]:
    if not lines:
        yield "nothing of it"
    yield from sorted(lines, key=_last)[:SHOWN]
    if len(lines) > SHOWN:
        yield f"... and {len(lines) - SHOWN} more"


def _last(line: str) -> int:
    """What says most comes first: those with names and places, then what the test sees, then all who have none."""
    if line.startswith("the test "):
        return 1
    return 2 if ":" in line.split(" ")[0] or " of the test" in line.partition(":")[0] else 0


def actions(of: list[dict[str, Any]]) -> Iterator[str]:
    """What is done in a scenario, one line each, with the instant."""
    now = 0
    for action in of:
        now += action["after"]
        times, gap = action.get("times", 1), action.get("gap", 0)
        again = f", {times} times" if times > 1 else ""
        apart = f", {gap} ms apart" if times > 1 and gap else ""
        yield f"at {now} ms {_who(action['who'])} {_does(action)}{again}{apart}"
        now += times * gap


def _who(who: list[str]) -> str:
    return who[1] if who[0] == "name" else f"{who[2]} of {who[1]}"


def _does(action: dict[str, Any]) -> str:
    reason = action.get("reason", "")
    return {
        "kill": "is killed",
        "crash": f"crashes ({reason})",
        "quit": f"ends by itself ({reason})",
        "exit": f"gets an exit signal ({reason})",
        "stop": f"is told to stop ({reason})",
        "suspend": "is suspended and answers nobody",
        "resume": "is resumed",
        "deaf": "ignores exit signals from now on",
    }[action["do"]]


def summary(report: Report) -> Iterator[str]:
    """The score, kind by kind, and what was not tried."""
    for kind, found, possible in by_kind(report):
        yield f"  {kind:<14} {found:>4} of {possible:<4} {KINDS[kind]}"
    possible = len(report.outcomes) - len(report.equivalent)
    late = sum(each.state == LATE for each in report.outcomes)
    cached = sum(each.cached for each in report.outcomes)
    more = [
        f"{len(report.equivalent)} more are equivalent" if report.equivalent else "",
        f"{late} because the tests did not end" if late else "",
        f"{cached} known from earlier runs" if cached else "",
    ]
    told = "".join(f"; {each}" for each in more if each)
    score = f"{100 * report.score:.1f} %"
    yield f"score: {report.found} of {possible} mutants found by {report.tests} tests ({score}){told}"
    for line in not_tried(report):
        yield f"not tried: {line}"


def not_tried(report: Report) -> Iterator[str]:
    """What this run says nothing of."""
    finds = report.finds
    if finds.nothing_of:
        yield f"nothing in {finds.files} files is of the kind {', '.join(finds.nothing_of)}"
    for each in finds.unread:
        yield str(each)
    not_run = sum(each.state == NOT_RUN for each in report.outcomes)
    if not_run:
        yield f"{not_run} mutants are in statements that no test runs"
    searched = [each for each in report.verdicts.values() if each.result in (SCENARIO, NONE)]
    if searched:
        yield (
            f"differences beside those shown: each search ended with the first, or after {report.plan.tries} scenarios "
            f"over single tests, first-in first-out, or {MORE_TRIES} after the first that leaks"
        )
    yield "defaults that are not written, but for restart types; Erlang sources; what is neither declared nor an exit"
