"""The old interface to the logger: messages and reports with error_logger's tags. Mirrors `error_logger`.

Everything goes through `logger`; the tags in the metadata are what SASL's layout goes by. Event handlers of
the old kind are handlers of the event manager `error_logger`, which runs as long as one of them is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from erlsim import code, erlang
from erlsim.errors import Error, caught, pass_on
from erlsim.otp import io_lib, logger
from erlsim.otp.reports import log_text
from erlsim.otp.shared import arity, finish_now
from erlsim.terms import ABSENT, Term, chars, matchable
from erlsim.terms import format as io_format

# A directive that wants an argument of some type, without its letters.
_TYPED = re.compile(r"(~(?:\*|-?\d+)?(?:\.(?:\*|\d+)?)?(?:\.(?:\*|.))?)[tl]*([sceEfgGbBxX#+p])")
NAME = "error_logger"
_STANDARD = {"error_report": "std_error", "warning_report": "std_warning", "info_report": "std_info"}


def error_msg(format: Term, args: Term = ()) -> str:
    """Log a text at level error: `format` as in `io_lib:format`, and its arguments; `"ok"`."""
    return _message("error", "error_msg", "error", format, args)


def format(format: Term, args: Term) -> str:
    """As `error_msg`."""
    return error_msg(format, args)


def warning_msg(format: Term, args: Term = ()) -> str:
    """Log a text at level warning; `"ok"`."""
    return _message("warning", "warning_msg", "warning_msg", format, args)


def info_msg(format: Term, args: Term = ()) -> str:
    """Log a text at level notice; `"ok"`."""
    return _message("notice", "info_msg", "info_msg", format, args)


def error_report(type_: Term, report: Term = ABSENT) -> str:
    """`error_report(report)` or `error_report(type, report)`: log a report at level error; `"ok"`."""
    return _report("error", "error_report", type_, report)


def warning_report(type_: Term, report: Term = ABSENT) -> str:
    """`warning_report(report)` or `warning_report(type, report)`: at level warning; `"ok"`."""
    return _report("warning", "warning_report", type_, report)


def info_report(type_: Term, report: Term = ABSENT) -> str:
    """`info_report(report)` or `info_report(type, report)`: at level notice; `"ok"`."""
    return _report("notice", "info_report", type_, report)


def error_info(error: Term) -> str:
    """Log `error` at level notice under a domain of its own; `"ok"`."""
    layout, args = (error, []) if log_text.printable(error) else (chars("~p"), [error])
    return logger.log("notice", layout, args, {"error_logger": {"tag": "info", "type": error}, "domain": [error]})


def report_to_format(report: Term) -> tuple[Term, list[Term]]:
    """The report callback of everything logged here."""
    match matchable(report):
        case {"label": ("error_logger", _), "report": dict(mine)}:
            return (chars("~tp\n"), [mine])
        case {"label": ("error_logger", _), "format": layout, "args": args}:
            return (layout, args) if _fits(layout, args) else (chars("ERROR: ~tp - ~tp"), [layout, args])
    return log_text.format_otp_report(report)


async def add_report_handler(module: Term, args: Term = ABSENT) -> Term:
    """Add an event handler for what behaviours and this module log; what `gen_event:add_handler` gives."""
    _check(module, "add_report_handler", 2)
    if erlang.whereis(NAME) == "undefined":
        await code.call("gen_event", "start", [("local", NAME)])
    logger.add_handler(NAME, NAME, {"level": "info", "filter_default": "log"})
    # By name: what behaviours report by is this module.
    return await code.call("gen_event", "add_handler", [NAME, module, [] if args is ABSENT else args])


async def delete_report_handler(module: Term) -> Term:
    """Take an event handler away; what `gen_event:delete_handler` gives. The last one takes the manager with it."""
    _check(module, "delete_report_handler", 1)
    if erlang.whereis(NAME) == "undefined":
        return "ok"
    found = await code.call("gen_event", "delete_handler", [NAME, module, []])
    if not await which_report_handlers():
        await _stop()
        logger.remove_handler(NAME)
    return found


async def which_report_handlers() -> list[Term]:
    """The event handlers that there are."""
    if erlang.whereis(NAME) == "undefined":
        return []
    found: list[Term] = await code.call("gen_event", "which_handlers", [NAME])
    return found


def removing_handler(_config: Term) -> str:
    """As a handler of `logger`: the manager goes with it; `"ok"`."""
    # Who waits for its end is another process: nothing of the logger waits.
    erlang.spawn(_stop)
    return "ok"


def log(event: dict[str, Term], _config: Term) -> str:
    """As a handler of `logger`: send the manager what an event is in the old shape, if it has one; `"ok"`."""
    meta = event["meta"]
    mine = meta.get("error_logger")
    if type(mine) is not dict or "tag" not in mine:
        return "ok"
    kind, body = event["msg"]
    if kind != "report":
        pair = (kind, body) if type(kind) is list else None
    elif "type" in mine:
        pair = (mine["type"], body["report"] if isinstance(body, dict) and {"label", "report"} <= body.keys() else body)
    elif isinstance(body, dict) and {"label", "format", "args"} <= body.keys():
        pair = (body["format"], body["args"])
    else:
        # Callbacks that are meant for this take the report alone.
        callback = mine.get("report_cb") or meta.get("report_cb") or logger.format_report
        pair = _told(body, callback, "report_cb" in mine or arity(callback) == 1)
    if pair is not None and erlang.whereis(NAME) != "undefined":
        who = "emulator" if mine.get("emulator") is True else meta["pid"]
        finish_now(code.function("gen_event", "notify", 2)(NAME, (mine["tag"], meta["gl"], (who, *pair))))
    return "ok"


async def _stop() -> None:
    if erlang.whereis(NAME) != "undefined":
        await code.call("gen_event", "stop", [NAME, ("shutdown", "stopped"), "infinity"])


def _check(module: Term, function: str, arity: int) -> None:
    if not code.is_module(module):
        raise Error("function_clause", [("error_logger", function, arity, [])])


def _told(report: Term, callback: Callable[..., Term], is_alone: bool) -> tuple[Term, Term]:
    """A format and its arguments, as the report's callback has them."""
    try:
        if is_alone:
            told = finish_now(callback(report))
            if type(told) is tuple and len(told) == 2 and type(told[0]) is str:
                told = (chars(told[0]), told[1])
            is_told = type(told) is tuple and len(told) == 2 and type(told[0]) is list and type(told[1]) is list
        else:
            limits = {"depth": get_format_depth(), "chars_limit": "unlimited", "single_line": False}
            text = finish_now(callback(report, limits))
            is_told = isinstance(text, str | list | bytes)
            told = (chars("~ts"), [chars(text) if isinstance(text, str) else text]) if is_told else text
    except Exception as failure:
        pass_on(failure)
        # As `error_logger:do_log/3` has it: with the stack for the one, without for the other.
        return chars("REPORT_CB CRASH: ~tp; Reason: ~tp"), [report, caught(failure)[: 3 if is_alone else 2]]
    return told if is_told else (chars("REPORT_CB ERROR: ~tp; Returned: ~tp"), [report, told])


def get_format_depth() -> Term:
    """How deep terms are printed: `"unlimited"`, or what kernel's `error_logger_format_depth` says, but at least 10."""
    found = code.function("application", "get_env", 2)("kernel", "error_logger_format_depth")
    match matchable(found):
        case ("ok", int(depth)) if not isinstance(depth, bool):
            return max(10, depth)
        case "undefined" | ("ok", "unlimited"):
            return "unlimited"
    raise Error(("case_clause", found))


def limit_term(term: Term) -> Term:
    """`term` as deep as it is printed."""
    return io_lib.limit_term(term, get_format_depth())


def warning_map() -> str:
    """`"warning"`: how warnings are shown."""
    return "warning"


def _fits(layout: Term, args: Term) -> bool:
    """Whether a format has no unknown directive and as many arguments as it takes, whatever their types."""
    try:
        text = io_format("~ts", [layout])
        io_format(_TYPED.sub(lambda found: found[1] + ("w~w" if found[2] in "xX" else "w"), text), args)
    except Exception as failure:
        pass_on(failure)
        return False
    return True


def _message(level: str, name: str, tag: str, layout: Term, args: Term) -> str:
    layout = chars(layout) if isinstance(layout, str) else layout
    given = list(args) if type(args) is tuple else args
    report = {"label": ("error_logger", name), "format": layout, "args": given}
    return logger.log(level, report, {"report_cb": report_to_format, "error_logger": {"tag": tag}})


def _report(level: str, tag: str, type_: Term, report: Term) -> str:
    if report is ABSENT:
        type_, report = _STANDARD[tag], type_
    meta: dict[str, Term] = {"report_cb": report_to_format, "error_logger": {"tag": tag, "type": type_}}
    if not isinstance(type_, str) or type_ != _STANDARD[tag]:
        meta["domain"] = [type_]
    return logger.log(level, {"label": ("error_logger", tag), "report": report}, meta)
