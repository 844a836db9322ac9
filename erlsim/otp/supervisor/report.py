"""What a supervisor tells the logger, and the texts that its report callbacks make of it.

Mirrors the reporting half of OTP's supervisor: `child_terminated`, `start_error`, `shutdown_error` and
`shutdown` at level error, `progress` at level info, in domain `[otp, sasl]`. SASL's own layout of the
same events lives with the logger.
"""

from __future__ import annotations

from erlsim.errors import Error
from erlsim.otp import logger
from erlsim.otp.io_lib import limit_term
from erlsim.otp.reports.limits import laid_out
from erlsim.otp.supervisor.spec import Child
from erlsim.terms import Pid, Term, chars


def report_error(error: Term, reason: Term, child: Child, name: Term, mfa: Term = None) -> None:
    """Log that something went wrong with `child`; `error` is the context, as `"child_terminated"`.

    `mfa` is the function of OTP's that tells it, where that is not the one that mostly does.
    """
    if not logger.allow("error", "supervisor"):
        return
    report = [("supervisor", name), ("errorContext", error), ("reason", reason), ("offender", extract_child(child))]
    logger.error({"label": ("supervisor", error), "report": report}, {"mfa": mfa or _MFA[error], **_ERROR_META})


def report_progress(child: Child, pid: Pid, name: Term) -> None:
    """Log that `child` has been started and runs as `pid`."""
    # By default nobody wants to know. OTP's macros ask first, too.
    if not logger.allow("info", "supervisor"):
        return
    report = [("supervisor", name), ("started", extract_child(child.with_pid(pid)))]
    logger.info({"label": ("supervisor", "progress"), "report": report}, _PROGRESS_META)


def report_unexpected(message: Term) -> None:
    """Log a message that is neither a request nor a child's exit."""
    meta = {"mfa": ("supervisor", "handle_info", 2), "domain": ["otp"], "error_logger": {"tag": "error"}}
    logger.error("Supervisor received unexpected message: ~tp~n", [message], meta)


def extract_child(child: Child) -> list[tuple[Term, Term]]:
    """The child as reports show it; a list in place of its pid stands for so many dynamic children."""
    first = ("nb_children", len(child.pid)) if isinstance(child.pid, list) else ("pid", child.pid)
    return [
        first,
        ("id", child.id),
        ("mfargs", child.mfargs),
        ("restart_type", child.restart_type),
        ("significant", child.significant),
        ("shutdown", child.shutdown),
        ("child_type", child.child_type),
    ]


def format_log(report: Term, options: Term = None) -> Term:
    """The text of a report.

    With the report alone `(format, args)` for handlers of the old error_logger; with a map of `depth`, `single_line`
    and `encoding` the characters themselves. `supervisor:format_log/1,2`.
    """
    return laid_out(report, options, _multi_line, _single_line, _limited)


def _limited(report: Term, depth: Term) -> Term:
    """The report without what lies too deep in its terms: all but the supervisor's name."""
    _parts(report)
    first, *others = report["report"]
    return {**report, "report": [first, *((name, limit_term(term, depth)) for name, term in others)]}


def _parts(report: Term) -> tuple[list[tuple[str, str, Term]], Term]:
    """What to print before the child, as (long title, short title, term), and the child."""
    match report:
        case {"label": ("supervisor", "progress"), "report": [("supervisor", name), ("started", child)]}:
            return [("supervisor", "Supervisor", name)], child
        case {
            "label": ("supervisor", _),
            "report": [("supervisor", name), ("errorContext", context), ("reason", reason), ("offender", child)],
        }:
            return [
                ("supervisor", "Supervisor", name),
                ("errorContext", "Context", context),
                ("reason", "Reason", reason),
            ], child
    raise Error("function_clause")


def _multi_line(report: Term) -> tuple[str, list[Term]]:
    head, child = _parts(report)
    last = "started" if len(head) == 1 else "offender"
    rows = [(title, term) for title, _, term in head] + [(last, child)]
    return "".join(f"    {title}: ~tp~n" for title, _ in rows), [term for _, term in rows]


def _single_line(report: Term) -> tuple[str, list[Term]]:
    head, child = _parts(report)
    text = " ".join(f"{title}: ~0tp." for _, title, _ in head)
    tag = "Started:" if len(head) == 1 else "Offender:"
    child_text, child_args = _child_line(dict(child), tag)
    return text + child_text, [term for _, _, term in head] + child_args


def _child_line(child: dict[Term, Term], tag: str) -> tuple[str, list[Term]]:
    if "pid" in child:
        return " ~s id=~w,pid=~w.", [chars(tag), child["id"], child["pid"]]
    return " ~s id=~w,nb_children=~w.", [chars(tag), child["id"], child["nb_children"]]


def _meta(title: str, tag: str, type: str) -> dict[Term, Term]:
    return {
        "domain": ["otp", "sasl"],
        "report_cb": format_log,
        "logger_formatter": {"title": title},
        "error_logger": {"tag": tag, "type": type, "report_cb": format_log},
    }


RESTART = ("supervisor", "restart", 3)
TERMINATE_DYNAMIC = ("supervisor", "terminate_dynamic_children", 1)

_MFA: dict[Term, Term] = {
    "child_terminated": ("supervisor", "do_restart", 3),
    "shutdown": ("supervisor", "restart", 2),
    "shutdown_error": ("supervisor", "do_terminate", 2),
    "start_error": ("supervisor", "start_children", 2),
}
_ERROR_META = _meta("SUPERVISOR REPORT", "error_report", "supervisor_report")
_PROGRESS_META = {
    "mfa": ("supervisor", "report_progress", 2),
    **_meta("PROGRESS REPORT", "info_report", "progress"),
}
