"""What an event manager prints: its reports as text, and its events when it is traced.

Mirrors `gen_event:format_log` and its `print_event`. Pure functions of the report or event, but for
`print_event`, which writes to a debug device.
"""

from __future__ import annotations

from erlsim import code
from erlsim.otp.shared import check_report, is_loaded, label_of, wants_single_line
from erlsim.otp.sys_debug import write
from erlsim.terms import Term, chars, format, matchable


def format_log(report: dict[str, Term], options: dict[str, Term] | None = None) -> Term:
    """`format_log(report)`: a format and its arguments; `format_log(report, options)`: the text.

    `report` is one of a manager's two reports, that a handler crashed or that it has no `handle_info`; the only
    option that counts is `single_line`.
    """
    single_line = wants_single_line(options)
    check_report(report, "gen_event", "terminate", "no_handle_info")
    if report["label"][1] == "no_handle_info":
        args = [report["module"], report["message"]]
        layout = "Undefined handle_info in ~0tp. Unhandled message: ~0tp."
        if not single_line:
            layout = "** Undefined handle_info in ~p\n** Unhandled message: ~tp\n"
    else:
        label, rest = label_of(report), [report["last_message"], report["state"], _fixed(report["reason"])]
        args = [report["handler"], report["name"], *label, *rest]
        layout = "Generic event handler ~0tp crashed. Installed: ~0tp" + ". Label: ~0tp" * len(label)
        layout += ". Last event: ~0tp. State: ~0tp. Reason: ~0tp."
        if not single_line:
            layout = "** gen_event handler ~tp crashed.\n** Was installed in ~tp\n"
            layout += "** Process label == ~tp\n" * len(label)
            layout += "** Last event was: ~tp\n** When handler state == ~tp\n** Reason == ~tp\n"
    return (chars(layout), args) if options is None else format(layout, args)


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
