"""The text of a crash report, as SASL prints it below its heading. Mirrors `proc_lib:format`.

Pure functions of the report `[own, linked]`; `crash_report` gathers it. How an exception reads
(`exception error: ...`) is in `exceptions`.
"""

from __future__ import annotations

from erlsim import releases
from erlsim.errors import Error
from erlsim.otp.reports.exceptions import WHOLE, Printer, format_exception
from erlsim.terms import Term, format, matchable


def format_report(report: list[Term], single_line: bool = False, printer: Printer = WHOLE) -> str:
    """The text of `[own, linked]`; every line indented as SASL indents it."""
    own, linked = report
    indent = "" if single_line else "  "
    line_end = " " if single_line else "\n"
    if type(linked) is list:
        texts = [_linked_text(each, 2 * indent, single_line, printer) for each in linked]
        neighbours = ("; " if single_line else "\n").join(texts)
    else:
        # What is no list ends the list of its lines: its indentation counts as one of these.
        neighbours = 2 * indent + ("; " if single_line else "\n") + _odd(linked, 2 * indent, single_line, printer)
    separator = "; " if single_line else "\n"
    body = _own_text(own, 2 * indent, single_line, printer)
    return f"{indent}crasher:{line_end}{body}{separator}{indent}neighbours:{line_end}{neighbours}"


def _own_text(own: Term, indent: str, single_line: bool, printer: Printer) -> str:
    parted = _parted(own)
    if parted is None:
        return _lines(own, indent, single_line, printer)
    first, (kind, reason, stack), rest = parted
    if single_line:
        exception = f"{kind}: " + format(printer.directive("0"), printer.args((reason, stack)))
    else:
        exception = "    " + format_exception(5, kind, reason, stack, "proc_lib", printer)
    parts = [_lines(first, indent, single_line, printer), exception, _lines(rest, indent, single_line, printer)]
    return (", " if single_line else "\n").join(parts)


def _parted(own: Term) -> tuple[list[Term], tuple[Term, Term, Term], list[Term]] | None:
    """The report before and behind its exception, and this; `None` if it has none, or something odd before it."""
    for place, each in enumerate(own if type(own) is list else ()):
        if type(each) is not tuple or not each:
            return None
        if each[0] == "error_info":
            if len(each) != 2:
                return None
            first, exception, rest = own[:place], each[1], own[place + 1 :]
            if type(exception) is not tuple or len(exception) != 3:
                reason = ("case_clause", (first, exception, rest))
                raise Error(reason, [("proc_lib", "format_own_report", 6, [])])
            return first, exception, rest
    return None


def _lines(items: Term, indent: str, single_line: bool, printer: Printer) -> str:
    """A line for each pair of a tag and its value, up to the first that is none; what is no list as it is."""
    if type(items) is not list:
        return indent + _odd(items, indent, single_line, printer)
    lines = []
    for each in items:
        if type(each) is not tuple or len(each) != 2:
            break
        if _is_shown(each):
            lines.append(_line(*each, indent, single_line, printer))
    return (", " if single_line else "\n").join(lines)


def _is_shown(item: Term) -> bool:
    """Since OTP 27 a report has room for a label; where there is none, it is left out."""
    return not (item == ("process_label", "undefined") and releases.since(27))


def _odd(item: Term, indent: str, single_line: bool, printer: Printer) -> str:
    """What is no list of pairs."""
    return str(format(printer.directive("0" if single_line else f".{len(indent) + 1}"), printer.args(item)))


def _linked_text(link: Term, indent: str, single_line: bool, printer: Printer) -> str:
    report = link[1] if type(link) is tuple and len(link) == 2 and link[0] == "neighbour" else link
    if single_line:
        return "neighbour: " + _lines(report, "", single_line, printer)
    return f"{indent}neighbour:\n" + _lines(report, "  " + indent, single_line, printer)


def _line(tag: Term, data: Term, indent: str, single_line: bool, printer: Printer) -> str:
    if tag == "initial_call":
        match matchable(data):
            case (module, function, list(args)):
                return indent + format("initial call: ~w:~w/~w", [module, function, len(args)])
            case (_, _, _):
                pass
            case _:
                raise Error("function_clause", [("proc_lib", "format_mfa", 4, [])])
    width = "0" if single_line else ""
    return indent + format(f"~{width}p: " + printer.directive(width + ".18"), [tag, *printer.args(data)])
