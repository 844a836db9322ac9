"""What a generic server prints: its reports as text, and its events when it is traced. Mirrors `gen_server:format_log`.

Pure functions of the report or event, but for `print_event`, which writes to a debug device.
"""

from __future__ import annotations

from erlsim import code, erlang
from erlsim.otp.io_lib import limit_term
from erlsim.otp.reports.limits import limits_of, old_limits, told
from erlsim.otp.shared import check_report, is_loaded, label_of
from erlsim.otp.sys_debug import write
from erlsim.terms import Term, matchable


def format_log(report: dict[str, Term], options: dict[str, Term] | None = None) -> Term:
    """`format_log(report)`: a format and its arguments; `format_log(report, options)`: the text.

    `report` is one of a server's two reports, that it ends or that it has no `handle_info`; of the options `depth`,
    `single_line` and `encoding` count.
    """
    limits = old_limits() if options is None else limits_of(options)
    check_report(report, "gen_server", "terminate", "no_handle_info")
    if options is None:
        return told(limits, *_paragraph(_limited(report, limits.depth)))
    return limits.text(*(_line if limits.single_line else _paragraph)(report))


def _limited(report: dict[str, Term], depth: Term) -> dict[str, Term]:
    """The report without what lies too deep in its terms."""
    if report["label"][1] == "no_handle_info":
        return {**report, "message": limit_term(report["message"], depth)}
    cut = {name: limit_term(report[name], depth) for name in ("last_message", "state", "reason")}
    client = report["client_info"]
    match matchable(client):
        case (pid, (name, stack)):
            client = (pid, (name, limit_term(stack, depth)))
    return {**report, **cut, "log": [limit_term(each, depth) for each in report["log"]], "client_info": client}


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
        case (client, "remote"):
            return layout + "** Client ~p is remote on node ~p~n", [*args, client, erlang.node(client)]
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
        case (client, "remote"):
            return layout + " Client ~0p is remote on node ~0p.", [*args, client, erlang.node(client)]
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
