"""A report as a format and its arguments: one `Tag: Data` a line. Mirrors `logger:format_report/1`."""

from __future__ import annotations

from erlsim.terms import Improper, Term, TermMap, chars
from erlsim.terms.order import listing_key

_PRINTABLE = (
    *(range(8, 14), range(27, 28), range(32, 127)),
    *(range(160, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000)),
)


def format_otp_report(report: Term) -> tuple[Term, list[Term]]:
    """As `format_report`, for OTP's own `{"label": ..., "report": report}`."""
    if isinstance(report, dict) and "label" in report and "report" in report:
        return format_report(report["report"])
    return format_report(report)


def format_report(report: Term) -> tuple[Term, list[Term]]:
    """`(format, args)` of a map, of a list of pairs and other terms, or of anything else."""
    if isinstance(report, dict | TermMap):
        in_order = listing_key(len(report))
        report = sorted(report.items(), key=lambda pair: in_order(pair[0]))
    flat = flatten(report)
    if type(report) is not list or Improper in map(type, flat):
        return (chars("~tp"), [report])
    if not flat:
        return (chars("~tp"), [[]])
    if printable(flat):
        return (chars("~ts"), [flat])
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
    return bool(flat) and all(type(c) is int and is_printable(c) for c in flat)


def is_printable(c: int) -> bool:
    """Whether a code point is printable: `io_lib:printable_unicode_list/1` of it alone."""
    return any(c in each for each in _PRINTABLE)


def flatten(term: Term) -> list[Term]:
    """The elements of a nested list, in order; `[]` for what is no list."""
    if type(term) is not list:
        return []
    flat: list[Term] = []
    for item in term:
        flat.extend(flatten(item) if type(item) is list else [item])
    return flat
