"""The end of a generic server: `terminate`, the report, and the exit reason. Mirrors the end of `gen_server`.

Order, as in OTP: the callback `terminate(reason, state)` runs, then the report is logged, then the
process exits (and `proc_lib` logs its crash report). A callback that fails replaces the reason; what it throws is
ignored.
"""

from __future__ import annotations

from types import CoroutineType
from typing import TYPE_CHECKING, NoReturn

from erlsim import code, erlang
from erlsim.errors import Error, Exit, Throw, caught
from erlsim.otp import gen, logger, sys_debug
from erlsim.otp.crash_report import is_orderly
from erlsim.otp.gen_server.report import format_log
from erlsim.otp.shared import stack_here
from erlsim.terms import Pid, Term

if TYPE_CHECKING:
    from erlsim.otp.gen_server.loop import Server


async def terminate(
    server: Server,
    kind: str,
    reason: Term,
    stack: list[Term],
    report_stack: bool,
    from_: Term,
    message: Term,
    state: Term,
) -> NoReturn:
    """End `server` with `reason` of class `kind`.

    `stack` goes into the report when `report_stack`: it would mislead where a callback's value and not a failure ends
    the server. `from_` is the caller whose request was being handled, if any, `message` what was.
    """
    try:
        await _call_terminate(server, (reason, stack) if kind == "error" else reason, state)
    except Exception as failure:
        _, worse, where = caught(failure)
        await error_info(server, worse, where, from_, message, state)
        raise
    if not (kind == "exit" and is_orderly(reason)):
        await error_info(server, reason, stack if report_stack else None, from_, message, state)
    raise (Error if kind == "error" else Exit)(reason, stack)


async def _call_terminate(server: Server, reason: Term, state: Term) -> None:
    if not code.function_exported(server.module, "terminate", 2):
        return
    try:
        value = server.callback("terminate", 2)(reason, state)
        if type(value) is CoroutineType:
            await value
    except Throw:
        return
    # DIVERGES(otp): `None` is no `function_clause` here: a terminate that only cleans up returns nothing in
    # Python, and nobody looks at its value.


async def error_info(
    server: Server, reason: Term, stack: list[Term] | None, from_: Term, message: Term, state: Term
) -> None:
    """Log the end of `server`, its state shown as its `format_status` wants it."""
    if server.name == "application_controller":
        return
    module = server.module
    status = {"reason": reason, "state": state, "message": message, "log": sys_debug.get_log(server.debug)}
    status = await gen.format_status(module, "terminate", status, [erlang.get(), state])
    shown = next(status[key] for key in ("EXIT", "$status", "state") if key in status)
    logger.log(
        "error",
        {
            "label": ("gen_server", "terminate"),
            "name": server.name,
            "last_message": status["message"],
            "state": shown,
            "log": await shown_log(module, status["log"]),
            "reason": status["reason"] if stack is None else (status["reason"], stack),
            "client_info": _client_info(from_),
        },
        {
            "mfa": ("gen_server", "error_info", 8),
            "domain": ["otp"],
            "report_cb": format_log,
            "error_logger": {"tag": "error", "report_cb": format_log},
        },
    )


async def shown_log(module: Term, log: list[Term]) -> list[Term]:
    """The events of a log, the states in them as `format_status/2` wants them; `/1` has seen the log already."""
    if code.function_exported(module, "format_status", 1) or not code.function_exported(module, "format_status", 2):
        return log
    return [await _shown_event(module, event) for event in log]


async def _shown_event(module: Term, event: Term) -> Term:
    match event:
        case ("out", _, _, state) | ("noreply", state):
            status = await gen.format_status(module, "terminate", {"state": state}, [erlang.get(), state])
            return (*event[:-1], status["state"])
    return event


def _client_info(from_: Term) -> Term:
    """Who waits for the reply, and where it stands."""
    if from_ is None:
        return "undefined"
    client = from_[0] if type(from_) is tuple else from_
    if type(client) is not Pid:
        raise Error("function_clause", [("gen_server", "client_stacktrace", [client], [])])
    info = erlang.process_info(client, ["current_stacktrace", "registered_name"])
    if type(info) is not list:
        return (client, "dead")
    (_, stack), (_, name) = info
    return (client, (client if name == [] else name, stack or stack_here("do_call", 4, "gen")))
