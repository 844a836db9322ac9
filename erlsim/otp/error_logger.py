"""The old interface to the logger: messages and reports with error_logger's tags. Mirrors `error_logger`.

Everything goes through `logger`; the tags in the metadata are what SASL's layout goes by. Event handlers of
the old kind are not here: add a handler to `logger` instead.
"""

from __future__ import annotations

import re

from erlsim.errors import pass_on
from erlsim.otp import logger
from erlsim.otp.reports import log_text
from erlsim.terms import ABSENT, Term, chars
from erlsim.terms import format as io_format

_TYPED = re.compile(r"~-?\d*(\.\d*)?(\.[^*])?[tl]*[sceEfgGbB#+p]")
_STANDARD = {"error_report": "std_error", "warning_report": "std_warning", "info_report": "std_info"}


def error_msg(format: Term, args: Term = ()) -> str:
    """Log a text at level error: `format` as in `io_lib:format`, and its arguments; `"ok"`."""
    return _message("error", "error_msg", "error", format, args)


def format(format: Term, args: Term) -> str:
    """As `error_msg`."""
    return error_msg(format, args)


def warning_msg(format: Term, args: Term = ()) -> str:
    """Log a text at level warning; `"ok"`."""
    return _message("warning", "warning_msg", "warning_msg", format, args)


def info_msg(format: Term, args: Term = ()) -> str:
    """Log a text at level notice; `"ok"`."""
    return _message("notice", "info_msg", "info_msg", format, args)


def error_report(type_: Term, report: Term = ABSENT) -> str:
    """`error_report(report)` or `error_report(type, report)`: log a report at level error; `"ok"`."""
    return _report("error", "error_report", type_, report)


def warning_report(type_: Term, report: Term = ABSENT) -> str:
    """`warning_report(report)` or `warning_report(type, report)`: at level warning; `"ok"`."""
    return _report("warning", "warning_report", type_, report)


def info_report(type_: Term, report: Term = ABSENT) -> str:
    """`info_report(report)` or `info_report(type, report)`: at level notice; `"ok"`."""
    return _report("notice", "info_report", type_, report)


def error_info(error: Term) -> str:
    """Log `error` at level notice under a domain of its own; `"ok"`."""
    layout, args = (error, []) if log_text.printable(error) else (chars("~p"), [error])
    return logger.log("notice", layout, args, {"error_logger": {"tag": "info", "type": error}, "domain": [error]})


def report_to_format(report: Term) -> tuple[Term, list[Term]]:
    """The report callback of everything logged here."""
    if isinstance(report, dict) and "label" in report:
        if isinstance(report.get("report"), dict):
            return (chars("~tp\n"), [report["report"]])
        if "format" in report:
            layout, args = report["format"], report["args"]
            return (layout, args) if _fits(layout, args) else (chars("ERROR: ~tp - ~tp"), [layout, args])
    return log_text.format_otp_report(report)


def get_format_depth() -> str:
    """`"unlimited"`: how deep terms are printed."""
    return "unlimited"


def limit_term(term: Term) -> Term:
    """`term`, as nothing is limited."""
    return term


def warning_map() -> str:
    """`"warning"`: how warnings are shown."""
    return "warning"


def _fits(layout: Term, args: Term) -> bool:
    """Whether a format has no unknown directive and as many arguments as it takes, whatever their types."""
    try:
        text = io_format("~ts", [layout])
        io_format(_TYPED.sub("~p", text), args)
    except Exception as failure:
        pass_on(failure)
        return False
    return True


def _message(level: str, name: str, tag: str, layout: Term, args: Term) -> str:
    layout = chars(layout) if isinstance(layout, str) else layout
    given = list(args) if type(args) is tuple else args
    report = {"label": ("error_logger", name), "format": layout, "args": given}
    return logger.log(level, report, {"report_cb": report_to_format, "error_logger": {"tag": tag}})


def _report(level: str, tag: str, type_: Term, report: Term) -> str:
    if report is ABSENT:
        type_, report = _STANDARD[tag], type_
    meta: dict[str, Term] = {"report_cb": report_to_format, "error_logger": {"tag": tag, "type": type_}}
    if not isinstance(type_, str) or type_ != _STANDARD[tag]:
        meta["domain"] = [type_]
    return logger.log(level, {"label": ("error_logger", tag), "report": report}, meta)
