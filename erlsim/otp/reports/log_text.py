"""A report as a format and its arguments: one `Tag: Data` a line. Mirrors `logger:format_report/1`."""

from __future__ import annotations

from erlsim.terms import Term, chars, sort_key


def format_otp_report(report: Term) -> tuple[Term, list[Term]]:
    """As `format_report`, for OTP's own `{"label": ..., "report": report}`."""
    if isinstance(report, dict) and "label" in report and "report" in report:
        return format_report(report["report"])
    return format_report(report)


def format_report(report: Term) -> tuple[Term, list[Term]]:
    """`(format, args)` of a map, of a list of pairs and other terms, or of anything else."""
    if isinstance(report, dict):
        report = sorted(report.items(), key=lambda pair: sort_key(pair[0]))
    if type(report) is not list or not report:
        return (chars("~tp"), [report])
    if printable(report):
        return (chars("~ts"), [report])
    lines = []
    args: list[Term] = []
    for item in report:
        if type(item) is tuple and len(item) == 2:
            lines.append("    ~tp: ~ts" if printable(item[1]) else "    ~tp: ~tp")
            args.extend(item)
        else:
            lines.append("    ~tp")
            args.append(item)
    return (chars("\n".join(lines)), args)


def printable(term: Term) -> bool:
    """Whether `term` is a non-empty, possibly nested list of printable code points."""
    flat = flatten(term)
    return bool(flat) and all(type(c) is int and _is_printable(c) for c in flat)


def _is_printable(c: int) -> bool:
    return 32 <= c < 127 or 160 <= c < 0x110000 or 8 <= c <= 13 or c == 27


def flatten(term: Term) -> list[Term]:
    """The elements of a nested list, in order; `[]` for what is no list."""
    if type(term) is not list:
        return []
    flat: list[Term] = []
    for item in term:
        flat.extend(flatten(item) if type(item) is list else [item])
    return flat
