"""The crash report, gathered by the dying process while its mailbox and dictionary are there, and its text."""

from __future__ import annotations

from erlsim import code, erlang, releases
from erlsim.errors import Error
from erlsim.otp import logger
from erlsim.otp.proc_lib.initial_calls import dummy_args
from erlsim.otp.reports import crash
from erlsim.otp.reports.exceptions import Printer
from erlsim.otp.shared import is_orderly
from erlsim.terms import Pid, Term
from erlsim.terms.atoms import ProcessItem

MAX_NEIGHBOURS = 15


def format(report: Term, encoding: str = "latin1", depth: Term = "unlimited") -> str:
    """The text of a crash report `[own, linked]`, as SASL prints it below its heading.

    `encoding` is `"latin1"`, `"unicode"` or `"utf8"`; terms are cut below `depth`, an integer from 1 up.
    """
    # DIVERGES(otp): a `str`, as every text of this library; OTP's is a list of characters and lists of such.
    if type(report) is not list or len(report) != 2:
        raise Error("function_clause", [("proc_lib", "format", [report], [])])
    return crash.format_report(report, printer=Printer(depth, encoding != "latin1"))


def report_cb(report: dict[str, Term], config: dict[str, Term]) -> str:
    """The logger's report callback of crash reports: of its options `single_line`, `depth` and `encoding` count."""
    printer = Printer(config.get("depth", "unlimited"), config.get("encoding", "utf8") != "latin1")
    return crash.format_report(report["report"], config.get("single_line", False), printer)


async def crash_report(kind: str, reason: Term, initial_call: Term, stack: list[Term]) -> None:
    """Log the crash of the calling process, unless it ends in good order.

    The others are asked for what they say of themselves, and each question waits for its answer: those who are asked
    get their turns before the report is logged, and may end the caller before it comes to that.
    """
    if kind == "exit" and is_orderly(reason):
        return
    own = await _own_report(kind, reason, stack)
    if initial_call:
        own.insert(0, ("initial_call", initial_call))
    logger.log(
        "error",
        {"label": ("proc_lib", "crash"), "report": [own, await _neighbours(erlang.self())]},
        {
            "mfa": ("proc_lib", "crash_report", 4),
            "domain": ["otp", "sasl"],
            "report_cb": report_cb,
            "logger_formatter": {"title": "CRASH REPORT"},
            "error_logger": {"tag": "error_report", "type": "crash_report"},
        },
    )


async def _own_report(kind: str, reason: Term, stack: list[Term]) -> list[Term]:
    me, ancestors = erlang.self(), erlang.get("$ancestors")
    items: tuple[ProcessItem, ...] = ("trap_exit", "status", "heap_size", "stack_size", "reductions")
    hidden = ["$ancestors", "$initial_call", *(["$process_label"] if releases.since(27) else [])]
    return [
        ("pid", me),
        _pair("registered_name", erlang.process_info(me, "registered_name")),
        *_label(erlang.get("$process_label")),
        ("error_info", (kind, reason, stack)),
        ("ancestors", [] if ancestors == "undefined" else ancestors),
        await _info(me, "message_queue_len"),
        await _info(me, "messages"),
        await _info(me, "links"),
        ("dictionary", [pair for pair in erlang.get() if pair[0] not in hidden]),
        *[await _info(me, item) for item in items],
    ]


async def _neighbours(me: Pid) -> list[Term]:
    """Reports of the processes that will die too: linked, directly or not, and not trapping exits."""
    visited = [me]
    await _visit(await _adjacents(me), visited)
    reports = [await _neighbour(pid) for pid in reversed(visited[1:])]
    return [("neighbour", report) for report in reports if "undefined" not in report]


async def _visit(pids: list[Pid], visited: list[Pid]) -> None:
    """Siblings first, then what each of them is linked to, the last sibling first."""
    around = []
    for pid in pids:
        if len(visited) > MAX_NEIGHBOURS:
            break
        if pid not in visited:
            visited.append(pid)
            around.append(await _adjacents(pid))
    for peers in reversed(around):
        await _visit(peers, visited)


async def _adjacents(pid: Pid) -> list[Pid]:
    links = await _ask(pid, "links")
    peers = links[1] if type(links) is tuple else []
    return [peer for peer in peers if await _ask(peer, "trap_exit") == ("trap_exit", False)]


async def _neighbour(pid: Pid) -> list[Term]:
    return [
        ("pid", pid),
        await _info(pid, "registered_name"),
        *(_label((await _dictionary(pid)).get("$process_label", "undefined")) if releases.since(27) else ()),
        await _initial_call(pid),
        await _info(pid, "current_function"),
        ("ancestors", (await _dictionary(pid)).get("$ancestors", [])),
        await _info(pid, "message_queue_len"),
        await _info(pid, "links"),
        await _info(pid, "trap_exit"),
        await _info(pid, "status"),
        await _info(pid, "heap_size"),
        await _info(pid, "stack_size"),
        await _info(pid, "reductions"),
        await _info(pid, "current_stacktrace"),
    ]


async def _initial_call(pid: Pid) -> Term:
    call = (await _dictionary(pid)).get("$initial_call")
    if type(call) is tuple and len(call) == 3:
        return ("initial_call", (call[0], call[1], dummy_args(call[2])))
    return await _info(pid, "initial_call")


async def _info(pid: Pid, item: ProcessItem) -> Term:
    return _pair(item, await _ask(pid, item))


def _label(label: Term) -> list[Term]:
    return [("process_label", label)] if releases.since(27) else []


def _pair(item: str, info: Term) -> Term:
    return (item, []) if type(info) is list else info


async def _ask(pid: Pid, item: ProcessItem) -> Term:
    """As `process_info`, of a process on another node, too."""
    if erlang.node(pid) == erlang.node():
        return await erlang.ask_process_info(pid, item)
    info = await code.call("rpc", "call", [erlang.node(pid), "erlang", "process_info", [pid, item]])
    return "undefined" if type(info) is tuple and info[0] == "badrpc" else info


async def _dictionary(pid: Pid) -> dict[str, Term]:
    info = await _ask(pid, "dictionary")
    return {k: v for k, v in info[1] if type(k) is str} if type(info) is tuple else {}
