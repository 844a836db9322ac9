"""The functions of the module `director`: each starts a director, or asks one something.

A director is addressed by pid, name, `(name, node())`, `("global", term)` or `("via", module, term)`. Every
function that asks takes a timeout in milliseconds (or `"infinity"`) as its last argument; a call that fails
exits with `("call_crash", [("remote_process", director), ("request", request), ("reason", reason)])`, where
`reason` is `noproc`, `timeout`, `calling_self`, what the director died of, or `(error, stack)` for what is no
director or no timeout; what a `via` module throws is `error:("case_clause", term)`. An answer that comes after its
timeout lies in the caller's mailbox as `(tag, answer)`.
"""

from __future__ import annotations

from director import checks
from director.defaults import NOTHING
from director.elements import BadSpec
from erlsim.errors import Error, Exit, Throw, caught, exit_reason, pass_on
from erlsim.otp import gen, proc_lib
from erlsim.terms import ABSENT, Term, matchable

TIMEOUT = 5000


# ---- starting and stopping --------------------------------------------------


async def start_link(name: Term, module: Term, argument: Term = ABSENT, options: Term = ABSENT) -> Term:
    """`start_link(module, argument)`, with `name` before them and `options` behind them if you like.

    `name` is `("local", atom)`, `("global", term)` or `("via", module, term)`; the options are those of OTP's
    behaviours: `("debug", ["trace", ...])`, `("timeout", ms)`, `("spawn_opt", options)`, and one of this library,
    `("watch", fun)`: see `State`. `module.init(argument)`
    returns `("ok", childspecs)`, `("ok", childspecs, default_childspec)`, `"ignore"` or `("stop", reason)`.

    Returns `("ok", pid)`, `"ignore"` or `("error", reason)`: `("already_started", pid)`, what `check_childspec`
    says of a bad childspec, the reason for which a child did not start, `("bad_return", [...])`.
    """
    return await _start("link", name, module, argument, options)


async def start(name: Term, module: Term, argument: Term = ABSENT, options: Term = ABSENT) -> Term:
    """As `start_link`, not linked to the caller."""
    return await _start("nolink", name, module, argument, options)


async def _start(linkage: str, name: Term, module: Term, argument: Term, options: Term) -> Term:
    # As the original tells them apart: two arguments have no name before them, four do, and of three the first is one
    # if it is a tuple.
    if argument is ABSENT or (options is ABSENT and type(name) is not tuple):
        name, module, argument, options = None, name, module, argument
    given = [] if options is ABSENT else options
    return await gen.start("director", linkage, name, module, argument, given)


async def stop(director: Term, reason: Term = "normal", timeout: Term = TIMEOUT) -> str:
    """Stop a director and its children: `"ok"`. Exits with its exit reason if that is not `reason`.

    By pid or registered name; `badarg` for `("global", term)` and `("via", module, term)`, which the original does
    not know here. It is `proc_lib.stop`.
    """
    return await proc_lib.stop(director, reason, timeout)


# ---- children ---------------------------------------------------------------


async def start_child(director: Term, childspec: Term, timeout: Term = TIMEOUT) -> Term:
    """Add a child and start it: `("ok", pid)`, `("ok", pid, extra)`, `("ok", "undefined")` if it ignores.

    `("ok", "restarting")` if its start function says `("restart", ms)`. Errors: `("already_started", pid)`,
    `"already_present"`, what `check_childspec` says, the reason for which it did not start (and is not added).
    """
    return await _call(director, ("start_child", childspec), timeout)


async def restart_child(director: Term, id_: Term, timeout: Term = TIMEOUT) -> Term:
    """Start a child that is not running, returning what `start_child` returns.

    Errors: `"running"`, `"restarting"`, `"not_found"`, or the reason for which it did not start; the child is
    forgotten then.
    """
    return await _call(director, ("restart_child", id_), timeout)


async def terminate_child(director: Term, id_or_pid: Term, timeout: Term = TIMEOUT) -> Term:
    """End a child's process, or its waiting for a restart; `"ok"`, or `("error", "not_found")`."""
    return await _call(director, ("terminate_child", id_or_pid), timeout)


async def delete_child(director: Term, id_: Term, timeout: Term = TIMEOUT) -> Term:
    """Forget a child that is not running (it may wait for a restart): `"ok"`.

    Errors: `"running"`, `"not_found"`.
    """
    return await _call(director, ("delete_child", id_), timeout)


# ---- looking ----------------------------------------------------------------


async def which_children(director: Term, timeout: Term = TIMEOUT) -> Term:
    """`[(id, pid, type, modules), ...]` in the order of adding; `pid` may be `"undefined"` or `"restarting"`."""
    return await _call(director, "which_children", timeout)


async def count_children(director: Term, timeout: Term = TIMEOUT) -> Term:
    """`[("specs", n), ("active", n), ("supervisors", n), ("workers", n)]`."""
    return await _call(director, "count_children", timeout)


async def get_pids(director: Term, timeout: Term = TIMEOUT) -> Term:
    """`[(id, pid), ...]` of the children that run."""
    return await _call(director, "get_pids", timeout)


async def get_pid(director: Term, id_: Term, timeout: Term = TIMEOUT) -> Term:
    """`("ok", pid)`; errors `"not_found"`, `"undefined"` (not running), `"restarting"`."""
    return await _call(director, ("get_pid", id_), timeout)


async def get_childspec(director: Term, id_or_pid: Term, timeout: Term = TIMEOUT) -> Term:
    """`("ok", childspec)` with every key, the default childspec added; `("error", "not_found")`."""
    return await _call(director, ("get_childspec", id_or_pid), timeout)


async def get_plan(director: Term, id_: Term, timeout: Term = TIMEOUT) -> Term:
    """`("ok", plan)` or `("error", "not_found")`."""
    return await _call(director, ("get_plan", id_), timeout)


# ---- changing ---------------------------------------------------------------


async def change_plan(director: Term, id_: Term, plan: Term, timeout: Term = TIMEOUT) -> Term:
    """Give a child another plan, whose runs are counted from 0: `"ok"`.

    Errors: `"not_found"`, `("plan_type", ...)`, `("plan_element_type", ...)`, `("plan_fun_arity", ...)`,
    `("plan_restart_time_integer", ...)`.
    """
    return await _call(director, ("change_plan", id_, plan), timeout)


async def get_default_childspec(director: Term, timeout: Term = TIMEOUT) -> Term:
    """`("ok", default_childspec)`."""
    return await _call(director, "get_default_childspec", timeout)


async def change_default_childspec(director: Term, childspec: Term, timeout: Term = TIMEOUT) -> Term:
    """Put another default childspec in place of a director's: `"ok"`, or what `check_childspec` says is wrong.

    From every child that appends, the old default is taken and the new one added. Such a child is made anew:
    its process goes on but is forgotten, and the child is not running.
    """
    return await _call(director, ("change_default_childspec", childspec), timeout)


def check_childspec(childspec: Term, default_childspec: Term = ABSENT) -> Term:
    """`"ok"`, or `("error", reason)`; plain, as no process is asked.

    Reasons: `("childspec_type", [("childspec", term)])`, `("key_not_found", [("key", key), ("childspec", map)])`,
    `("childspec_value", [("key", key), ("reason", reason)])`.
    """
    try:
        default = NOTHING if default_childspec is ABSENT else checks.default_childspec(default_childspec)
        checks.childspec(childspec, default)
    except BadSpec as bad:
        return ("error", bad.term)
    return "ok"


async def _call(director: Term, request: Term, timeout: Term) -> Term:
    # `case catch gen:call(...) of {ok, Reply} -> ...; {'EXIT', Reason} -> ... end` in the original.
    try:
        return (await gen.call(director, "$gen_call", request, timeout))[1]
    except Throw as thrown:
        outcome = thrown.reason
    except Exception as failure:
        pass_on(failure)
        outcome = ("EXIT", exit_reason(*caught(failure)))
    match matchable(outcome):
        case ("ok", answer):
            return answer
        case ("EXIT", why):
            what = [("remote_process", director), ("request", request), ("reason", why)]
            raise Exit(("call_crash", what))
    raise Error(("case_clause", outcome))
