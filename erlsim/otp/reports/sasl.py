"""Events as text: SASL's layout for supervisor, progress and crash reports. Mirrors `sasl_report`.

Pure functions of the event: the date in a heading is the event's own.
"""

from __future__ import annotations

from erlsim.otp.reports import crash
from erlsim.otp.reports.dates import heading_date
from erlsim.terms import Term, format

Event = dict[str, Term]
_TITLES = {
    ("error_report", "supervisor_report"): "SUPERVISOR REPORT",
    ("error_report", "crash_report"): "CRASH REPORT",
    ("info_report", "progress"): "PROGRESS REPORT",
}


def format_report(event: Event) -> str | None:
    """The event in SASL's layout, or `None` when it is none of SASL's reports."""
    kind, report = event["msg"]
    if not isinstance(kind, str) or kind != "report":
        return None
    legacy = event["meta"].get("error_logger", {})
    title = _TITLES.get((legacy.get("tag"), legacy.get("type"))) if _hashable(legacy) else None
    if title is None:
        return None
    body = report["report"] if isinstance(report, dict) and "report" in report else report
    head = f"\n={title}==== {heading_date(event['meta']['time'])} ===\n"
    if title == "SUPERVISOR REPORT":
        return head + _supervisor(body)
    if title == "PROGRESS REPORT":
        return head + "".join(format("    ~16w: ~tp\n", [tag, data]) for tag, data in _pairs(body))
    return head + crash.format_report(body)


def _hashable(legacy: dict[str, Term]) -> bool:
    return isinstance(legacy.get("tag"), str) and isinstance(legacy.get("type"), str)


def _supervisor(report: Term) -> str:
    values = {name: value for name, value in _pairs(report) if isinstance(name, str)}
    names = ("supervisor", "errorContext", "reason", "offender")
    layout = "     Supervisor: ~tp\n     Context:    ~tp\n     Reason:     ~80.18tp\n     Offender:   ~80.18tp\n~n"
    return str(format(layout, [values.get(name, []) for name in names]))


def _pairs(report: Term) -> list[tuple[Term, Term]]:
    """The leading pairs of a report; what follows something else is not printed."""
    pairs = []
    for item in report.items() if isinstance(report, dict) else report:
        if type(item) is not tuple or len(item) != 2:
            break
        pairs.append(item)
    return pairs
