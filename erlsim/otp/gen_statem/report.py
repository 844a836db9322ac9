"""What a state machine prints: its report as text, and its events when it is traced.

Mirrors `gen_statem:format_log` and its `print_event`. Pure functions of the report or event, but for
`print_event`, which writes to a debug device.
"""

from __future__ import annotations

from erlsim import code, erlang
from erlsim.otp.io_lib import limit_term
from erlsim.otp.reports.limits import limits_of, old_limits, told
from erlsim.otp.shared import check_report, is_loaded, label_of
from erlsim.otp.sys_debug import write
from erlsim.terms import Term, exact_eq, format, matchable

Parts = list[tuple[str, list[Term]]]


def format_log(report: dict[str, Term], options: dict[str, Term] | None = None) -> Term:
    """`format_log(report)`: a format and its arguments; `format_log(report, options)`: the text.

    `report` is the one that a machine logs when it ends; of the options `depth`, `single_line` and `encoding` count.
    """
    limits = old_limits() if options is None else limits_of(options)
    check_report(report, "gen_statem", "terminate")
    if options is None:
        return told(limits, *_joined(_paragraph(_limited(report, limits.depth))))
    return limits.text(*_joined((_line if limits.single_line else _paragraph)(report)))


def _joined(parts: Parts) -> tuple[str, list[Term]]:
    return "".join(text for text, _ in parts), [each for _, some in parts for each in some]


def _limited(report: dict[str, Term], depth: Term) -> dict[str, Term]:
    """The report without what lies too deep in its terms."""
    cut = {name: limit_term(report[name], depth) for name in ("postponed", "modules", "state", "timeouts")}
    if not report["timeouts"][0]:
        del cut["timeouts"]
    if report["queue"]:
        first, *others = report["queue"]
        cut["queue"] = [limit_term(first, depth), *limit_term(others, depth)]
    kind, reason, stack = report["reason"]
    client = report["client_info"]
    match matchable(client):
        case (pid, (name, frames)):
            client = (pid, (name, limit_term(frames, depth)))
    cut["reason"] = (kind, limit_term(reason, depth), limit_term(stack, depth))
    return {**report, **cut, "log": [limit_term(each, depth) for each in report["log"]], "client_info": client}


async def print_event(device: Term, event: Term, name: Term) -> None:
    """Write one event of the machine `name` to a debug device."""
    match matchable(event):
        case ("in", what, state):
            await write(device, "*DBG* ~tp receive ~ts in state ~tp~n", [name, _event(what), state])
        case ("out", reply, (to, _)):
            await write(device, "*DBG* ~tp send ~tp to ~tw~n", [name, reply, to])
        case ("enter" | "module" | "start_timer" | "terminate" as tag, what, state):
            await write(device, f"*DBG* ~tp {tag} ~tp in state ~tp~n", [name, what, state])
        case (tag, what, state, following):
            states = "~tp" if exact_eq(state, following) else "~tp => ~tp"
            shown = format(states, [state] if exact_eq(state, following) else [state, following])
            await write(device, "*DBG* ~tp ~tw ~ts in state ~ts~n", [name, tag, _event(what), shown])


def _event(event: Term) -> str:
    text: str
    match matchable(event):
        case (("call", (pid, _)), request):
            text = format("call ~tp from ~tw", [request, pid])
        case (kind, content):
            text = format("~tw ~tp", [kind, content])
    return text


def _paragraph(report: dict[str, Term]) -> Parts:
    kind, reason, stack = report["reason"]
    reason, stack = _fixed(kind, reason, stack)
    queue, mode = report["queue"], report["callback_mode"]
    parts: Parts = [("** State machine ~tp terminating~n", [report["name"]])]
    parts += [("** Process label = ~tp~n", [label]) for label in label_of(report)]
    if queue:
        parts.append(("** Last event = ~tp~n", [queue[0]]))
    parts += [
        ("** When server state  = ~tp~n", [report["state"]]),
        ("** Reason for termination = ~tp:~tp~n", [kind, reason]),
        ("** Callback modules = ~tp~n", [report["modules"]]),
        ("** Callback mode = ~tp~n", [[mode, "state_enter"] if report["state_enter"] else mode]),
    ]
    if len(queue) > 1:
        parts.append(("** Queued = ~tp~n", [queue[1:]]))
    if report["postponed"]:
        parts.append(("** Postponed = ~tp~n", [report["postponed"]]))
    if stack:
        parts.append(("** Stacktrace =~n**  ~tp~n", [stack]))
    if report["timeouts"][0]:
        parts.append(("** Time-outs: ~tp~n", [report["timeouts"]]))
    if report["log"]:
        parts.append(("** Log =~n**  ~tp~n", [report["log"]]))
    match matchable(report["client_info"]):
        case (client, "dead"):
            parts.append(("** Client ~p is dead~n", [client]))
        case (client, "remote"):
            parts.append(("** Client ~p is remote on node ~p~n", [client, erlang.node(client)]))
        case (_, (client, frames)):
            parts.append(("** Client ~tp stacktrace~n** ~tp~n", [client, frames]))
    return parts


def _line(report: dict[str, Term]) -> Parts:
    kind, reason, stack = report["reason"]
    reason, stack = _fixed(kind, reason, stack)
    parts: Parts = [("State machine ~0tp terminating", [report["name"]])]
    parts += [(". Label: ~0tp", [label]) for label in label_of(report)]
    parts.append((". Reason: ~0tp", [reason]))
    if stack:
        parts.append((". Stack: ~0tp", [stack]))
    if report["queue"]:
        parts.append((". Last event: ~0tp", [report["queue"][0]]))
    parts.append((". State: ~0tp", [report["state"]]))
    if report["log"]:
        parts.append((". Log: ~0tp", [report["log"]]))
    parts.append((".", []))
    match matchable(report["client_info"]):
        case (client, "dead"):
            parts.append((" Client ~0p is dead.", [client]))
        case (client, "remote"):
            parts.append((" Client ~0p is remote on node ~0p.", [client, erlang.node(client)]))
        case (_, (client, frames)):
            parts.append((" Client ~0tp stacktrace: ~0tp.", [client, frames[:4]]))
    return parts


def _fixed(kind: str, reason: Term, stack: Term) -> tuple[Term, Term]:
    """An `undef` says which it was, a missing module or a missing function."""
    if kind != "error" or type(reason) is not str or reason != "undef" or not stack:
        return reason, stack
    module, function, args, _ = stack[0]
    if not is_loaded(module):
        return ("module could not be loaded", module), stack[1:]
    arity = len(args) if type(args) is list else args
    if not code.function_exported(module, function, arity):
        return ("function not exported", (module, function, arity)), stack[1:]
    return reason, stack
