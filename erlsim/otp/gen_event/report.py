"""What an event manager prints: its reports as text, and its events when it is traced.

Mirrors `gen_event:format_log` and its `print_event`. Pure functions of the report or event, but for
`print_event`, which writes to a debug device.
"""

from __future__ import annotations

from erlsim import code
from erlsim.otp.io_lib import limit_term
from erlsim.otp.reports.limits import limits_of, old_limits, told
from erlsim.otp.shared import check_report, is_loaded, label_of
from erlsim.otp.sys_debug import write
from erlsim.terms import Term, matchable


def format_log(report: dict[str, Term], options: dict[str, Term] | None = None) -> Term:
    """`format_log(report)`: a format and its arguments; `format_log(report, options)`: the text.

    `report` is one of a manager's two reports, that a handler crashed or that it has no `handle_info`; of the options
    `depth`, `single_line` and `encoding` count.
    """
    limits = old_limits() if options is None else limits_of(options)
    check_report(report, "gen_event", "terminate", "no_handle_info")
    if options is None:
        return told(limits, *_paragraph(_limited(report, limits.depth)))
    return limits.text(*(_line if limits.single_line else _paragraph)(report))


def _limited(report: dict[str, Term], depth: Term) -> dict[str, Term]:
    """The report without what lies too deep in its terms."""
    is_terminate = report["label"][1] == "terminate"
    names = ("last_message", "state", "reason") if is_terminate else ("message",)
    return {**report, **{name: limit_term(report[name], depth) for name in names}}


def _paragraph(report: dict[str, Term]) -> tuple[str, list[Term]]:
    if report["label"][1] == "no_handle_info":
        return "** Undefined handle_info in ~p\n** Unhandled message: ~tp\n", [report["module"], report["message"]]
    layout = "** gen_event handler ~tp crashed.\n** Was installed in ~tp\n"
    layout += "** Process label == ~tp\n" * len(label_of(report))
    return layout + "** Last event was: ~tp\n** When handler state == ~tp\n** Reason == ~tp\n", _crash(report)


def _line(report: dict[str, Term]) -> tuple[str, list[Term]]:
    if report["label"][1] == "no_handle_info":
        return "Undefined handle_info in ~0tp. Unhandled message: ~0tp.", [report["module"], report["message"]]
    layout = "Generic event handler ~0tp crashed. Installed: ~0tp" + ". Label: ~0tp" * len(label_of(report))
    return layout + ". Last event: ~0tp. State: ~0tp. Reason: ~0tp.", _crash(report)


def _crash(report: dict[str, Term]) -> list[Term]:
    last = [report["last_message"], report["state"], _fixed(report["reason"])]
    return [report["handler"], report["name"], *label_of(report), *last]


async def print_event(device: Term, event: Term, name: Term) -> None:
    """Write one event of the manager `name` to a debug device."""
    match matchable(event):
        case ("in", ("notify", notified)):
            await write(device, "*DBG* ~tp got event ~tp~n", [name, notified])
        case ("in", (_, _, ("call", handler, request))):
            await write(device, "*DBG* ~tp(~tp) got call ~tp~n", [name, handler, request])
        case ("in", message):
            await write(device, "*DBG* ~tp got ~tp~n", [name, message])
        case _:
            await write(device, "*DBG* ~tp : ~tp~n", [name, event])


def _fixed(reason: Term) -> Term:
    """The reason of a failure alone; an `undef` says which it was, a missing module or a missing function."""
    match matchable(reason):
        case ("EXIT", ("undef", [(module, function, args, _), *_] as stack)):
            if not is_loaded(module):
                return ("module could not be loaded", stack)
            if not code.function_exported(module, function, len(args)):
                return ("function not exported", stack)
            return reason[1]
        case ("EXIT", failure):
            return failure
    return reason
