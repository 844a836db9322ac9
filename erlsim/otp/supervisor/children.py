"""Starting, stopping and restarting the children of a supervisor that lists them by id.

Mirrors start_children, shutdown, terminate_children, restart and what they call in OTP's supervisor:
one_for_one, one_for_all and rest_for_one. The counting of restarts and simple_one_for_one live elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from erlsim import erlang, terms
from erlsim.erlang import TIMEOUT
from erlsim.otp import shared
from erlsim.otp.standing import standing
from erlsim.otp.supervisor.report import RESTART, report_error, report_progress
from erlsim.otp.supervisor.spec import Child, restarting
from erlsim.otp.supervisor.state import Children, State
from erlsim.terms import Pid, Term, matchable

__stands_for__ = standing(
    "supervisor",
    {
        "call_start": "do_start_child_i/3",
        "start": "do_start_child/2",
        "start_batch": "-start_children/2-fun-0-/3 children_map/4",
        "restart_one": "restart/3",
        "restart_many": "restart_multiple_children/3 restart/3",
    },
)

# -- starting --------------------------------------------------------------------------------------


async def call_start(mfargs: Term) -> tuple[Term, ...]:
    """Run a start function: `("ok", pid)`, `("ok", pid, extra)`, `("ok", "undefined")` or `("error", reason)`."""
    module, function, args = mfargs
    if isinstance(args, list):
        value = await shared.catch(module, function, *args)
    else:
        value = ("EXIT", ("badarg", [("erlang", "apply", [module, function, args], [])]))
    if type(value) is tuple and len(value) == 2 and value[0] == "ok" and type(value[1]) is Pid:
        return value
    answer: tuple[Term, ...] = ("error", value)
    match matchable(value):
        case ("ok", Pid(), _) | ("error", _):
            answer = value
        case "ignore":
            answer = ("ok", "undefined")
    return answer


async def start(child: Child, name: Term) -> tuple[Term, ...]:
    """As `call_start`, with a progress report when there is a pid."""
    result = await call_start(child.mfargs)
    if type(result[1]) is Pid and result[0] == "ok":
        report_progress(child, result[1], name)
    return result


async def start_batch(children: Children, batch: Iterable[Child], name: Term) -> tuple[Term, Term] | None:
    """Start the children of `batch` one after the other; `(id, reason)` of the first that fails, if any.

    A temporary child whose start function returns `ignore` is forgotten.
    """
    for child in batch:
        result = await start(child, name)
        if result[0] == "error":
            report_error("start_error", result[1], child, name)
            return child.id, result[1]
        if result[1] == "undefined" and child.is_temporary:
            children.remove(child.id)
        else:
            children.put(child.with_pid(result[1]))
    return None


# -- stopping --------------------------------------------------------------------------------------


async def terminate_batch(children: Children, batch: Iterable[Child], name: Term) -> None:
    """Stop the children of `batch` one after the other; the temporary ones are forgotten."""
    for child in batch:
        await terminate(child, name)
        if child.is_temporary:
            children.remove(child.id)
        elif child.pid != "undefined":
            children.put(child.with_pid("undefined"))


async def terminate(child: Child, name: Term) -> None:
    """Stop `child` when it has a pid, and report when it died of something else than it should."""
    if isinstance(child.pid, Pid):
        reason = await _shutdown(child, child.pid)
        if not is_expected(child, reason):
            report_error("shutdown_error", reason, child, name)


async def _shutdown(child: Child, pid: Pid) -> Term:
    """Make the child end; its exit reason.

    The supervisor waits for the monitor's DOWN, not for the link's EXIT: a child that has unlinked
    itself must not hang it.
    """
    monitor = erlang.monitor("process", pid)
    down = ("DOWN", monitor, "process", pid, ...)
    if child.shutdown == "brutal_kill":
        erlang.exit(pid, "kill")
        message = await erlang.receive(down)
    else:
        erlang.exit(pid, "shutdown")
        message = await erlang.receive(down, after=child.shutdown)
        if message is TIMEOUT:
            erlang.exit(pid, "kill")
            message = await erlang.receive(down)
    return await unlink_flush(pid, message[4])


async def unlink_flush(pid: Pid, default: Term) -> Term:
    """The reason in the EXIT of `pid`, taken out of the mailbox, or `default` when it came unlinked.

    A child that was dead before the monitor gives DOWN `noproc`; only the EXIT tells why it died.
    """
    erlang.unlink(pid)
    message = await erlang.receive(("EXIT", pid, ...), after=0)
    return default if message is TIMEOUT else message[2]


def is_expected(child: Child, reason: Term) -> bool:
    """Whether a child that was told to stop may die of `reason` without a report."""
    if reason == ("killed" if child.shutdown == "brutal_kill" else "shutdown"):
        return True
    return not child.is_permanent and shared.is_orderly(reason)


# -- restarting ------------------------------------------------------------------------------------


async def restart_one(child: Child, state: State) -> Term | None:
    """one_for_one: start `child` again; `("try_again", id)` when that fails."""
    result = await start(child, state.name)
    if result[0] == "ok":
        state.children.put(child.with_pid(result[1]))
        return None
    state.children.put(child.with_pid(restarting(child.pid)))
    report_error("start_error", result[1], child, state.name, RESTART)
    return ("try_again", child.id)


async def restart_many(child: Child, batch: list[Child], state: State) -> Term | None:
    """one_for_all and rest_for_one: stop `batch` (newest first), then start it (oldest first).

    When some start fails, the child that failed carries the restart mark and those after it stay stopped.
    """
    children = state.children
    children.put(child.with_pid("undefined"))
    others = [each for each in batch if not terms.exact_eq(each.id, child.id)]
    await terminate_batch(children, others, state.name)
    survivors = [found for each in reversed(batch) if (found := children.get(each.id)) is not None]
    failure = await start_batch(children, survivors, state.name)
    if failure is None:
        return None
    failed = children.get(failure[0])
    assert failed is not None  # it has just been tried
    mark = restarting(child.pid) if terms.exact_eq(failed.id, child.id) else ("restarting", "undefined")
    children.put(failed.with_pid(mark))
    return ("try_again", failed.id)
