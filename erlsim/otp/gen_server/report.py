"""What a generic server prints: its reports as text, and its events when it is traced. Mirrors `gen_server:format_log`.

Pure functions of the report or event, but for `print_event`, which writes to a debug device.
"""

from __future__ import annotations

from erlsim import code
from erlsim.otp.shared import check_report, is_loaded, label_of, wants_single_line
from erlsim.otp.sys_debug import write
from erlsim.terms import Term, chars, format, matchable


def format_log(report: dict[str, Term], options: dict[str, Term] | None = None) -> Term:
    """`format_log(report)`: a format and its arguments; `format_log(report, options)`: the text.

    `report` is one of a server's two reports, that it ends or that it has no `handle_info`; the only option
    that counts is `single_line`.
    """
    single_line = wants_single_line(options)
    check_report(report, "gen_server", "terminate", "no_handle_info")
    layout, args = _line(report) if single_line else _paragraph(report)
    return (chars(layout), args) if options is None else format(layout, args)


async def print_event(device: Term, event: Term, name: Term) -> None:
    """Write one event of the server `name` to a debug device."""
    match matchable(event):
        case ("in", ("$gen_call", (client, _), request)):
            await write(device, "*DBG* ~tp got call ~tp from ~tw~n", [name, request, client])
        case ("in", ("$gen_cast", request)):
            await write(device, "*DBG* ~tp got cast ~tp~n", [name, request])
        case ("in", message):
            await write(device, "*DBG* ~tp got ~tp~n", [name, message])
        case ("out", reply, (client, _), state):
            await write(device, "*DBG* ~tp sent ~tp to ~tw, new state ~tp~n", [name, reply, client, state])
        case ("noreply", state):
            await write(device, "*DBG* ~tp new state ~tp~n", [name, state])
        case _:
            await write(device, "*DBG* ~tp dbg  ~tp~n", [name, event])


def _paragraph(report: dict[str, Term]) -> tuple[str, list[Term]]:
    if report["label"][1] == "no_handle_info":
        layout = "** Undefined handle_info in ~p~n** Unhandled message: ~tp~n"
        return layout, [report["module"], report["message"]]
    log, label = report["log"], label_of(report)
    layout = (
        "** Generic server ~tp terminating \n"
        + "** Process label == ~tp~n" * len(label)
        + "** Last message in was ~tp~n** When Server state == ~tp~n** Reason for termination ==~n** ~tp~n"
    )
    if log:
        layout += "** Log ==~n** [" + ",~n    ".join(["~tp"] * len(log)) + "]~n"
    args = [report["name"], *label, report["last_message"], report["state"], _fixed(report["reason"]), *log]
    match matchable(report["client_info"]):
        case (client, "dead"):
            return layout + "** Client ~p is dead~n", [*args, client]
        case (_, (client, stack)):
            return layout + "** Client ~tp stacktrace~n** ~tp~n", [*args, client, stack]
    return layout, args


def _line(report: dict[str, Term]) -> tuple[str, list[Term]]:
    if report["label"][1] == "no_handle_info":
        layout = "Undefined handle_info in ~0tp. Unhandled message: ~0tp."
        return layout, [report["module"], report["message"]]
    label = label_of(report)
    layout = "Generic server ~0tp terminating" + ". Label: ~0tp" * len(label)
    layout += ". Reason: ~0tp. Last message: ~0tp. State: ~0tp."
    args = [report["name"], *label, _fixed(report["reason"]), report["last_message"], report["state"]]
    if report["log"]:
        layout += " Log: ~0tp"
        args.append(report["log"])
    match matchable(report["client_info"]):
        case (client, "dead"):
            return layout + " Client ~0p is dead.", [*args, client]
        case (_, (client, stack)):
            return layout + " Client ~0tp stacktrace: ~0tp.", [*args, client, stack[:4]]
    return layout, args


def _fixed(reason: Term) -> Term:
    """An `undef` says which it was, a missing module or a missing function."""
    match matchable(reason):
        case ("undef", [(module, function, list(args), location), *rest]):
            frames = [(module, function, args, location), *rest]
            if not is_loaded(module):
                return ("module could not be loaded", frames)
            if not code.function_exported(module, function, len(args)):
                return ("function not exported", frames)
    return reason
