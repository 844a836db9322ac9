"""Crash reports of `proc_lib`: what is gathered from a dying process.

Invariant: the dying process itself gathers (its mailbox and dictionary are still there). The text of
a report is in `crash_report_text`.
"""

from __future__ import annotations

from erlsim import erlang
from erlsim.errors import ErlangException
from erlsim.otp import logger
from erlsim.terms import Pid, Term

MAX_NEIGHBOURS = 15


def log(kind: str, reason: Term, initial_call: Term, stack: list[Term]) -> None:
    """Log the crash of the calling process, unless it ends in good order."""
    if kind == "exit" and is_orderly(reason):
        return
    from erlsim.otp import proc_lib  # a report names its own printer

    own = _own_report(kind, reason, stack)
    if initial_call:
        own.insert(0, ("initial_call", initial_call))
    logger.log(
        "error",
        {"label": ("proc_lib", "crash"), "report": [own, _neighbours(erlang.self())]},
        {
            "mfa": ("proc_lib", "crash_report", 4),
            "domain": ["otp", "sasl"],
            "report_cb": proc_lib.report_cb,
            "logger_formatter": {"title": "CRASH REPORT"},
            "error_logger": {"tag": "error_report", "type": "crash_report"},
        },
    )


def is_orderly(reason: Term) -> bool:
    """Whether a process that exits with `reason` ends in good order: normal, shutdown, `("shutdown", _)`."""
    if type(reason) is tuple:
        return len(reason) == 2 and type(reason[0]) is str and reason[0] == "shutdown"
    return type(reason) is str and reason in ("normal", "shutdown")


def _own_report(kind: str, reason: Term, stack: list[Term]) -> list[Term]:
    me = erlang.self()
    return [
        ("pid", me),
        _info(me, "registered_name"),
        ("error_info", (kind, reason, stack)),
        ("ancestors", _dictionary(me).get("$ancestors", [])),
        _info(me, "message_queue_len"),
        _info(me, "messages"),
        _info(me, "links"),
        ("dictionary", [pair for pair in erlang.get() if pair[0] not in ("$ancestors", "$initial_call")]),
        *(_info(me, item) for item in ("trap_exit", "status", "heap_size", "stack_size", "reductions")),
    ]


def _neighbours(me: Pid) -> list[Term]:
    """Reports of the processes that will die too: linked, directly or not, and not trapping exits."""
    visited = [me]
    _visit(_adjacents(me), visited)
    reports = (_neighbour(pid) for pid in reversed(visited[1:]))
    return [("neighbour", report) for report in reports if "undefined" not in report]


def _visit(pids: list[Pid], visited: list[Pid]) -> None:
    """Siblings first, then what each of them is linked to, the last sibling first."""
    fresh = []
    for pid in pids:
        if len(visited) > MAX_NEIGHBOURS:
            break
        if pid not in visited:
            visited.append(pid)
            fresh.append(pid)
    for pid in reversed(fresh):
        if len(visited) <= MAX_NEIGHBOURS:
            _visit(_adjacents(pid), visited)


def _adjacents(pid: Pid) -> list[Pid]:
    links = _info(pid, "links")
    peers = links[1] if type(links) is tuple else []
    return [peer for peer in peers if type(peer) is Pid and _info(peer, "trap_exit") == ("trap_exit", False)]


def _neighbour(pid: Pid) -> list[Term]:
    call = _dictionary(pid).get("$initial_call")
    if type(call) is tuple and len(call) == 3:
        first = ("initial_call", (call[0], call[1], [f"Argument__{i}" for i in range(1, call[2] + 1)]))
    else:
        first = _info(pid, "initial_call")
    items = ("message_queue_len", "links", "trap_exit", "status", "heap_size", "stack_size", "reductions")
    return [
        ("pid", pid),
        _info(pid, "registered_name"),
        first,
        _info(pid, "current_function"),
        ("ancestors", _dictionary(pid).get("$ancestors", [])),
        *(_info(pid, item) for item in items),
        _info(pid, "current_stacktrace"),
    ]


def _info(pid: Pid, item: str) -> Term:
    try:
        info = erlang.process_info(pid, item)
    except ErlangException:
        return "undefined"
    return (item, []) if type(info) is list else info


def _dictionary(pid: Pid) -> dict[str, Term]:
    info = _info(pid, "dictionary")
    return {k: v for k, v in info[1] if type(k) is str} if type(info) is tuple else {}
