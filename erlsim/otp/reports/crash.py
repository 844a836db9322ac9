"""The text of a crash report, as SASL prints it below its heading. Mirrors `proc_lib:format`.

Pure functions of the report `[own, linked]`; `crash_report` gathers it. How an exception reads
(`exception error: ...`) is in `exceptions`.
"""

from __future__ import annotations

from erlsim import releases
from erlsim.otp.reports.exceptions import WHOLE, Printer, format_exception
from erlsim.terms import Term, format


def format_report(report: list[Term], single_line: bool = False, printer: Printer = WHOLE) -> str:
    """The text of `[own, linked]`; every line indented as SASL indents it."""
    own, linked = report
    indent = "" if single_line else "  "
    line_end = " " if single_line else "\n"
    body = _own_text(own, 2 * indent, single_line, printer)
    if type(linked) is list:
        texts = [_linked_text(each, 2 * indent, single_line, printer) for each in linked]
        neighbours = ("; " if single_line else "\n").join(texts)
    else:
        neighbours = 2 * indent + "\n" + format("~p", [linked])
    separator = "; " if single_line else "\n"
    return f"{indent}crasher:{line_end}{body}{separator}{indent}neighbours:{line_end}{neighbours}"


def _own_text(own: list[Term], indent: str, single_line: bool, printer: Printer) -> str:
    if type(own) is not list:
        return _odd(own, indent)
    parts = []
    for each in filter(_is_shown, own):
        if type(each) is not tuple or len(each) != 2:
            parts.append(_odd(each, indent))
            continue
        tag, data = each
        if tag == "error_info":
            kind, reason, stack = data
            if single_line:
                parts.append(f"{kind}: " + format(printer.directive("0"), printer.args((reason, stack))))
            else:
                parts.append("    " + format_exception(5, kind, reason, stack, "proc_lib", printer))
        else:
            parts.append(_line(tag, data, indent, single_line, printer))
    return (", " if single_line else "\n").join(parts)


def _is_shown(item: Term) -> bool:
    """Since OTP 27 a report has room for a label; where there is none, it is left out."""
    return not (item == ("process_label", "undefined") and releases.since(27))


def _odd(item: Term, indent: str) -> str:
    """What is no pair of a tag and its value."""
    return indent + format("~p", [item])


def _linked_text(link: Term, indent: str, single_line: bool, printer: Printer) -> str:
    report = link[1] if type(link) is tuple else link
    inner = "  " if single_line else "  " + indent
    lines = [
        _line(*each, inner, single_line, printer) if type(each) is tuple and len(each) == 2 else _odd(each, inner)
        for each in filter(_is_shown, report)
    ]
    if single_line:
        return "neighbour: " + ", ".join(lines)
    return f"{indent}neighbour:\n" + "\n".join(lines)


def _line(tag: str, data: Term, indent: str, single_line: bool, printer: Printer) -> str:
    if tag == "initial_call" and type(data) is tuple and type(data[2]) is list:
        return indent + format("initial call: ~w:~w/~w", [data[0], data[1], len(data[2])])
    width = "0" if single_line else ""
    return indent + format(f"~{width}p: " + printer.directive(width + ".18"), [tag, *printer.args(data)])
