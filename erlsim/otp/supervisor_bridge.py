"""A supervisor's handle on a subsystem that is no OTP process. OTP's module supervisor_bridge.

The bridge is a gen_server that links itself to the subsystem's main process. Its callback module has

    init(arg)                  ("ok", pid, state), "ignore" or ("error", reason)
    terminate(reason, state)   stops the subsystem; what it returns does not matter

Invariants: the bridge dies of the reason its process died of, and then does not call terminate; whatever
else ends the bridge does. Texts of its reports in SASL's layout live with the logger.
"""

from __future__ import annotations

from erlsim import code, erlang, supervision
from erlsim.errors import Error
from erlsim.otp import gen_server, logger
from erlsim.otp.io_lib import limit_term
from erlsim.otp.reports.limits import laid_out
from erlsim.otp.shared import is_orderly
from erlsim.otp.standing import standing
from erlsim.terms import ABSENT, Pid, Term, chars, matchable

__stands_for__ = standing(
    "supervisor_bridge",
    {
        "init": "init/1",
        "handle_call": "handle_call/3",
        "handle_cast": "handle_cast/2",
        "handle_info": "handle_info/2",
        "terminate": "terminate/2",
        "code_change": "code_change/3",
    },
)

# -- the interface ---------------------------------------------------------------------------------


async def start_link(name: Term, module: Term, arg: Term = ABSENT) -> Term:
    """`start_link(module, arg)` or `start_link(name, module, arg)`: a bridge linked to the caller.

    Returns `("ok", pid)`, `"ignore"` or `("error", reason)`; reason is what `init` gave, or
    `("already_started", pid)`. `supervisor_bridge:start_link/2,3`.
    """
    if arg is ABSENT:
        module, arg = name, module
        return await gen_server.start_link("supervisor_bridge", [module, arg, "self"], [])
    return await gen_server.start_link(name, "supervisor_bridge", [module, arg, name], [])


# -- gen_server's callbacks; the state is ("state", module, pid, child_state, name) ------------------


async def init(args: Term) -> Term:
    """Start the subsystem through the callback module and link to its process."""
    module, arg, given = args
    erlang.process_flag("trap_exit", True)
    name = (erlang.self(), _module_name(module)) if given == "self" else given
    answer = await code.call(module, "init", [arg])
    match matchable(answer):
        case ("ok", Pid() as pid, child_state) if isinstance(answer, tuple):
            erlang.link(pid)
            _report_progress(pid, module, arg, name)
            supervision.publish(lambda: [supervision.Child(_module_name(module), pid)], "supervisor_bridge")
            return ("ok", ("state", module, pid, child_state, name))
        case ("error", reason) if isinstance(answer, tuple):
            return ("stop", reason)
        case "ignore":
            return "ignore"
    raise Error(("case_clause", answer))


def handle_call(request: Term, _from: Term, state: Term) -> Term:
    """A supervisor must answer which_children; a bridge has no children that anyone else knows of."""
    return ("reply", [] if request == "which_children" else ("error", "badcall"), state)


def handle_cast(_message: Term, state: Term) -> Term:
    return ("noreply", state)


def handle_info(message: Term, state: Term) -> Term:
    """The bridge follows its process into death; everything else is ignored."""
    _, module, pid, child_state, name = state
    match matchable(message):
        case ("EXIT", Pid() as dead, reason) if isinstance(message, tuple) and dead == pid:
            if not is_orderly(reason):
                _report_error("child_terminated", reason, state)
            return ("stop", reason, ("state", module, "undefined", child_state, name))
    return ("noreply", state)


async def terminate(reason: Term, state: Term) -> Term:
    """Let the callback module stop the subsystem, unless its process is dead already."""
    _, module, pid, child_state, _ = state
    return "ok" if pid == "undefined" else await code.call(module, "terminate", [reason, child_state])


def code_change(_old_version: Term, state: Term, _extra: Term) -> Term:
    return ("ok", state)


# -- reports ---------------------------------------------------------------------------------------


def format_log(report: Term, options: Term = None) -> Term:
    """The text of a report: `(format, args)`, or the characters when `options` is given.
    `supervisor_bridge:format_log/1,2`.
    """
    return laid_out(report, options, _multi_line, _single_line, _limited)


def _limited(report: Term, depth: Term) -> Term:
    """The report without what lies too deep in its terms; of a child that was started only its arguments are cut."""
    first, *others = report["report"]
    return {**report, "report": [first, *((name, _cut(name, term, depth)) for name, term in others)]}


def _cut(name: Term, term: Term, depth: Term) -> Term:
    if name != "started":
        return limit_term(term, depth)
    module, function, args = dict(term)["mfa"]
    return [("pid", dict(term)["pid"]), ("mfa", (module, function, [limit_term(each, depth) for each in args]))]


def _multi_line(report: Term) -> tuple[str, list[Term]]:
    rows = report["report"]
    return "".join(f"    {title}: ~tp~n" for title, _ in rows), [term for _, term in rows]


def _single_line(report: Term) -> tuple[str, list[Term]]:
    rows = dict(report["report"])
    if "started" in rows:
        child = dict(rows["started"])
        args = [rows["supervisor"], chars("Started:"), child["pid"], child["mfa"]]
        return "Supervisor: ~0tp. ~s pid=~w,mfa=~0tp.", args
    child = dict(rows["offender"])
    heads = [rows[title] for title in ("supervisor", "errorContext", "reason")]
    text = "Supervisor: ~0tp. Context: ~0tp. Reason: ~0tp. ~s pid=~w,mod=~w."
    # The word is an argument, which may be cut as the others.
    return text, [*heads, chars("Offender:"), child["pid"], child["mod"]]


def _report_progress(pid: Pid, module: Term, arg: Term, name: Term) -> None:
    started = [("pid", pid), ("mfa", (module, "init", [arg]))]
    report = {"label": ("supervisor", "progress"), "report": [("supervisor", name), ("started", started)]}
    logger.info(report, _meta("report_progress", 4, "PROGRESS REPORT", "info_report", "progress"))


def _report_error(error: str, reason: Term, state: Term) -> None:
    _, module, pid, _, name = state
    offender = [("pid", pid), ("mod", module)]
    rows = [("supervisor", name), ("errorContext", error), ("reason", reason), ("offender", offender)]
    meta = _meta("report_error", 3, "SUPERVISOR REPORT", "error_report", "supervisor_report")
    logger.error({"label": ("supervisor", "error"), "report": rows}, meta)


def _meta(function: str, arity: int, title: str, tag: str, type: str) -> dict[Term, Term]:
    return {
        "mfa": ("supervisor_bridge", function, arity),
        "domain": ["otp", "sasl"],
        "report_cb": format_log,
        "logger_formatter": {"title": chars(title)},
        "error_logger": {"tag": tag, "type": type, "report_cb": format_log},
    }


def _module_name(module: Term) -> Term:
    return module if isinstance(module, str) else code.name(module)
