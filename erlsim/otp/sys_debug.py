"""Debug options of special processes: trace, log, statistics, installed funs. Mirrors the second half of `sys`.

A process keeps its options as OTP does: a list of pairs, `("trace", True)`, `("log", nlog)`,
`("log_to_file", file)`, `("statistics", data)`, `(fun, state)` or `(id, (fun, state))`. Functions that may
print are `async`: printing waits for the group leader.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CoroutineType
from typing import Any

from erlsim import erlang, io
from erlsim.errors import Error, Throw, pass_on
from erlsim.otp.reports.dates import date_time
from erlsim.terms import Term, eq, exact_eq, format, matchable

Debug = list[Term]
DEFAULT_LOG = 10


def debug_options(options: list[Term]) -> Debug:
    """The debug list of start options: trace, log, `("log", n)`, statistics, `("log_to_file", name)`, install."""
    if type(options) is not list:
        raise Error("function_clause", [("sys", "debug_options", [options, []], [])])
    debug: Debug = []
    for option in options:
        match matchable(option):
            case "trace":
                debug = _installed("trace", True, debug)
            case "log":
                debug = _installed("log", nlog_new(), debug)
            case ("log", int(size)) if size > 0 and type(size) is int:
                debug = _installed("log", nlog_new(size), debug)
            case "statistics":
                debug = _installed("statistics", _new_statistics(), debug)
            case ("log_to_file", name):
                file = _open(name)
                debug = debug if file is None else _installed("log_to_file", file, debug)
            case ("install", (fun, state)):
                debug = _installed(fun, state, debug)
            case ("install", (key, fun, state)):
                debug = _installed(key, (fun, state), debug)
    return debug


async def handle_debug(debug: Debug, form_fun: Callable[..., Term], extra: Term, event: Term) -> Debug:
    """Let every option act on `event`: the next debug list.

    `form_fun(device, event, extra)` prints an event; `extra` is the process's name or whatever it wants to print.
    """
    after: Debug = []
    for option in debug:
        key, value = option
        if key == "trace" and value is True:
            await _print("standard_io", (event, extra, form_fun))
        elif key == "log":
            option = ("log", nlog_put((event, extra, form_fun), value))
        elif key == "log_to_file":
            await _print(value, (event, extra, form_fun))
        elif key == "statistics":
            option = ("statistics", _count(event, value))
        else:
            option = await _call_installed(key, value, event, extra)
        if option is not None:
            after.append(option)
    return after


async def write(device: Term, layout: str, args: list[Term]) -> None:
    """Print to a debug device: the group leader (`"standard_io"`) or an open file."""
    if device == "standard_io":
        await io.format(layout, args)
    else:
        device.write(format(layout, args))
        device.flush()


async def command(what: Term, debug: Debug) -> tuple[Term, Debug]:
    """What a `("debug", what)` system message asks for: its reply and the next debug list."""
    match matchable(what):
        case ("trace", bool(flag)):
            return "ok", _installed("trace", True, debug) if flag else _removed("trace", debug)
        case ("log", flag):
            return await _log_command(flag, debug)
        case ("log_to_file", name):
            return _file_command(name, debug)
        case ("statistics", flag):
            return _statistics_command(flag, debug)
        case "no_debug":
            _close_file(debug)
            return "ok", []
        case ("install", (fun, state)):
            return "ok", _installed(fun, state, debug)
        case ("install", (key, fun, state)):
            return "ok", _installed(key, (fun, state), debug)
        case ("remove", key):
            return "ok", _removed(key, debug)
    return "unknown_debug", debug


def get_debug(item: Term, debug: Debug, default: Term) -> Term:
    """The data of one option, or `default`."""
    if type(debug) is not list:
        raise Error("badarg")
    found = next((each for each in debug if type(each) is tuple and each and eq(each[0], item)), ())
    # As in OTP, an equal item (1.0 for 1) hides those behind it, but has no data under this name.
    return found[1] if len(found) == 2 and exact_eq(found[0], item) else default


async def print_log(debug: Debug) -> str:
    """Print the events that are kept; `"ok"`."""
    for item in nlog_get(get_debug("log", debug, nlog_new())):
        await _print("standard_io", item)
    return "ok"


def get_log(debug: Debug) -> list[Term]:
    """The events that are kept, oldest first."""
    return [event for event, _, _ in nlog_get(get_debug("log", debug, nlog_new()))]


def nlog_new(size: int = DEFAULT_LOG, items: list[Term] | None = None) -> list[Term]:
    """An event log for `size` events that holds `items`: a count of free places and the events, newest first."""
    log: list[Term] = [size]
    for item in items or []:
        log = nlog_put(item, log)
    return log


def nlog_put(item: Term, log: list[Term]) -> list[Term]:
    """The log with one more event; a full log, `[newest, ...]` in a list before the oldest ones, drops its oldest."""
    head, rest = log[0], log[1:]
    if type(head) is int:
        return [[item, *rest]] if head == 1 else [head - 1, item, *rest]
    if rest:
        return [[item, *head], *rest[1:]]
    return [[], *[*reversed(head), item][1:]]


def nlog_get(log: list[Term]) -> list[Term]:
    """The events of a log, oldest first."""
    head, rest = log[0], log[1:]
    return rest[::-1] if type(head) is int else [*rest, *reversed(head)]


async def _print(device: Term, item: Term) -> None:
    event, extra, form_fun = item
    result = form_fun(device, event, extra)
    if type(result) is CoroutineType:
        await result


async def _call_installed(key: Term, value: Term, event: Term, extra: Term) -> Term:
    """What becomes of an installed fun: its entry with the next state, or `None` when it is done or failed."""
    # As in OTP, a pair is a named fun and its state, even if it is the next state of a fun without a name.
    named = type(value) is tuple and len(value) == 2
    fun, state = value if named else (key, value)
    try:
        state = fun(state, event, extra)
        if type(state) is CoroutineType:
            state = await state
    except Throw as thrown:
        state = thrown.reason
    except Exception as failure:
        pass_on(failure)
        return None
    if state is None or (type(state) is str and state == "done"):
        return None
    return (key, (fun, state)) if named else (fun, state)


async def _log_command(flag: Term, debug: Debug) -> tuple[Term, Debug]:
    kept = nlog_get(get_debug("log", debug, nlog_new()))
    match matchable(flag):
        case True:
            return "ok", _installed("log", nlog_new(DEFAULT_LOG, kept), debug)
        case (True, int(size)) if size >= 1:
            return "ok", _installed("log", nlog_new(size, kept), debug)
        case False:
            return "ok", _removed("log", debug)
        case "print":
            await print_log(debug)
            return "ok", debug
        case "get":
            return ("ok", get_log(debug)), debug
    return "unknown_debug", debug


def _file_command(name: Term, debug: Debug) -> tuple[Term, Debug]:
    debug = _close_file(debug)
    if name is False:
        return "ok", debug
    file = _open(name)
    if file is None:
        return ("error", "open_file"), debug
    return "ok", _installed("log_to_file", file, debug)


def _statistics_command(flag: Term, debug: Debug) -> tuple[Term, Debug]:
    match flag:
        case True:
            return "ok", _installed("statistics", _new_statistics(), debug)
        case False:
            return "ok", _removed("statistics", debug)
        case "get":
            return ("ok", _statistics(get_debug("statistics", debug, None))), debug
    return "unknown_debug", debug


def _installed(key: Term, value: Term, debug: Debug) -> Debug:
    return debug if any(eq(key, other) for other, _ in debug) else [(key, value), *debug]


def _removed(key: Term, debug: Debug) -> Debug:
    for index, (other, _) in enumerate(debug):
        if eq(key, other):
            return [*debug[:index], *debug[index + 1 :]]
    return debug


def _open(name: Term) -> Any:
    try:
        path = name if isinstance(name, str) else "".join(map(chr, name))
        return open(path, "w", encoding="utf-8")
    except (OSError, TypeError):
        return None


def _close_file(debug: Debug) -> Debug:
    file = get_debug("log_to_file", debug, None)
    if file is not None:
        file.close()
    return _removed("log_to_file", debug)


def _local_time() -> Term:
    when = date_time(erlang.system_time("microsecond"))
    return ((when.year, when.month, when.day), (when.hour, when.minute, when.second))


def _reductions() -> Term:
    return erlang.process_info(erlang.self(), "reductions")


def _new_statistics() -> Term:
    return (_local_time(), _reductions(), 0, 0)


def _statistics(data: Term) -> Term:
    if data is None:
        return "no_statistics"
    start, (_, reductions), received, sent = data
    return [
        ("start_time", start),
        ("current_time", _local_time()),
        ("reductions", _reductions()[1] - reductions),
        ("messages_in", received),
        ("messages_out", sent),
    ]


def _count(event: Term, data: Term) -> Term:
    start, reductions, received, sent = data
    kind = event[0] if type(event) is tuple and event else None
    if kind == "in" and len(event) in (2, 3):
        return (start, reductions, received + 1, sent)
    if kind == "out" and len(event) in (3, 4):
        return (start, reductions, received, sent + 1)
    return data
