"""What a director tells the world: supervisor and progress reports, its own debug lines, its final message.

DIVERGES(director): the original's reports have a domain of their own each, which the default handler of OTP's
logger drops unless it is told otherwise; here they are in `[otp, sasl]`, as a supervisor's are, and printed as those.
"""

from __future__ import annotations

from collections.abc import Iterable

from director.child import Child
from erlsim.ets.table_order import in_table_order
from erlsim.otp import error_logger, logger
from erlsim.otp.sys_debug import write
from erlsim.terms import Term, matchable

DOMAIN = ["otp", "sasl"]

FINAL_MESSAGE = (
    '** Director "~p" terminating \n** Reason for termination == "~p"~n'  # the original has a "\n" there
    '** Children == "~p"~n** State == "~p"~n'
)


def progress(director: Term, child: Child) -> None:
    """A child has been started."""
    if logger.allow("notice", "director"):
        report = [("supervisor", director), ("started", child.properties())]
        _log("notice", "info_report", "progress", report)


def trouble(director: Term, context: str, reason: Term, child: Child) -> None:
    """A supervisor report: `child_terminated`, `start_child`, `shutdown_error`, `reached_max_restart_plan`."""
    if logger.allow("error", "director"):
        report = [("errorContext", context), ("reason", reason), ("offender", child.properties())]
        _log("error", "error_report", "supervisor_report", [("supervisor", director), *report])


def _log(level: str, tag: str, type_: str, report: Term) -> None:
    """Log as `error_logger` does, in SASL's domain."""
    meta = {"report_cb": error_logger.report_to_format, "error_logger": {"tag": tag, "type": type_}, "domain": DOMAIN}
    logger.log(level, {"label": ("error_logger", tag), "report": report}, meta)


def final_message(director: Term, reason: Term, children: Iterable[Child], state: Term) -> None:
    """The director ends, for whatever reason; `children` are those that it had."""
    if logger.allow("error", None):
        shown = [child.properties() for child in in_table_order(children, lambda child: child.id)]
        error_logger.error_msg(FINAL_MESSAGE, [director, reason, shown, state])


def unexpected(director: Term, message: Term) -> None:
    """A message that means nothing to a director."""
    error_logger.error_msg('Director "~p" received unexpected message: "~p"~n', [director, message])


def unexpected_call(director: Term, request: Term) -> None:
    """A request that a director does not know."""
    layout = 'Director "~p" received unexpected call: "\n                           ~p"~n'  # broken so in the original
    error_logger.error_msg(layout, [director, request])


async def debug_line(device: Term, event: Term, director: Term) -> None:
    """Print an event of a director that is being traced."""
    layout, args = _line(event)
    await write(device, f'*DBG* director "~p" {layout}', [director, *args])


def _line(event: Term) -> tuple[str, list[Term]]:
    match matchable(event):
        case ("in", ("call", (sender, _), request)):
            return 'got request "~p" from "~w" ~n', [request, sender]
        case ("out", receiver, reply):
            return 'sent "~p" to "~w"~n', [reply, receiver]
        case ("in", ("exit", pid, reason)):
            return 'got exit signal for pid "~p" with reason "~p"~n', [pid, reason]
    _, timer, id_ = event
    return 'got timer event for child-id "~p" with timer reference "~p"~n', [id_, timer]
