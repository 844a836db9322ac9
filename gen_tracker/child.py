"""What a proxy does with its child: start it, clear up when it has died, and end together with the tracker.

A child's attributes are kept until its module's `after_terminate` has returned. Whoever asks for the child's name
meanwhile waits; then the rows are deleted, and the name is free.
"""

from __future__ import annotations

from erlsim import TIMEOUT, code, erlang, ets, supervision
from erlsim.errors import ErlangException, Error, caught, pass_on
from erlsim.otp import gen_server, logger
from erlsim.terms import Pid, Term, key, matchable
from gen_tracker import tables
from gen_tracker.attributes import forget
from gen_tracker.options import Options

DEATH_TIMEOUT = 5_000
"""How many ms a proxy waits for the child to die after the tracker has."""


class Child:
    """What a proxy knows of its child for as long as it lives."""

    def __init__(self, tracker: Pid, zone: Term, name: Term, options: Options) -> None:
        self.tracker = tracker
        self.zone = zone
        self.name = name
        self.options = options

    def row(self) -> tables.Row | None:
        """The row, `None` if it is no longer this proxy's, or if the tables have gone with the tracker."""
        try:
            row = tables.find_row(self.zone, self.name)
        except ErlangException:
            return None
        return row if row is not None and row[tables.PROXY] == erlang.self() else None

    def become(self, state: Term) -> None:
        """Write the child's pid, or the state it is in without one."""
        ets.update_element(self.zone, self.name, (tables.position(tables.PID), state))
        supervision.announce(self.name, state, self.tracker)

    def delay(self, ms: Term) -> None:
        """Write how long the wait for the next try is, or `"undefined"`."""
        ets.update_element(self.zone, self.name, (tables.position(tables.RESTART_DELAY), ms))

    def lost(self, row: tables.Row) -> None:
        """The process of this row, if it has one, is no more: pictures count that."""
        tables.lives(self.zone).change(key(self.name), row[tables.PID], tables.TERMINATING)

    def tell(self, reply: Term) -> None:
        """Have the tracker send `reply` to all who wait for the name."""
        erlang.send(self.tracker, ("launch_ready", erlang.self(), self.name, reply))

    def log(self, level: str, what: dict[Term, Term]) -> None:
        """Log a map that names zone and child."""
        logger.log(level, {"zone": self.zone, "name": self.name, **what})


async def start(mfa: Term) -> tuple[Term, dict[Term, Term] | None]:
    """Run a start function: what to answer and, unless it started a child, what to log (nothing for an error)."""
    module, function, args = mfa
    try:
        result = await code.call(module, function, args)
        if result is None:
            raise Error("function_clause", [(code.name(module), function, args, [])])
    except Exception as failure:
        pass_on(failure)
        _, reason, stack = caught(failure)
        return ("error", reason), {"spawn_error": reason, "stacktrace": stack}
    match matchable(result):
        # DIVERGES(gen_tracker): a child must be a pid. In the original anything goes, and its row is never cleared.
        case ("ok", Pid()):
            return result, None
        case ("error", _):
            return result, {}
    return result, {"spawn_error": result}


async def clear_up(child: Child, reason: Term) -> None:
    """Run `after_terminate`, then delete the rows."""
    row = child.row()
    if row is None:
        return
    child.become(tables.TERMINATING)
    child.lost(row)
    mfa = row[tables.MFA]
    if type(mfa) is tuple:
        await _after_terminate(child, mfa[0], reason)
    if child.row() is not None:
        await forget(child.zone, child.name, child.options, erlang.self())


async def _after_terminate(child: Child, module: Term, reason: Term) -> None:
    """Call it with three arguments or with two, whichever there is. What it raises is logged, and that is all."""
    arity = next((n for n in (3, 2) if code.function_exported(module, "after_terminate", n)), None)
    if arity is None:
        return
    args = [child.name, tables.attributes(child.zone, child.name), reason][:arity]
    erlang.put("name", ("gen_tracker_after_terminate", child.zone, child.name))
    await answer_those_who_wait()
    try:
        await code.call(module, "after_terminate", args)
    except Exception as failure:
        pass_on(failure)
        _, error, stack = caught(failure)
        child.log("info", {"after_terminate_error": error, "stacktrace": stack})


async def answer_those_who_wait() -> None:
    """Reply to all who wait until the row names a dead child no longer: they need not wait for `after_terminate`."""
    while (request := await erlang.receive(("$gen_call", ..., "wait"), after=0)) is not TIMEOUT:
        gen_server.reply(request[1], "ok")


async def end_with_tracker(child: Child, pid: Term, reason: Term) -> None:
    """The tracker dies of `reason`: clear up *first*, then end the child (if there is one), and die of it too."""
    await clear_up(child, reason)
    if type(pid) is Pid:
        erlang.exit(pid, reason)
        await erlang.receive(("DOWN", ..., "process", pid, ...), after=DEATH_TIMEOUT)
    erlang.exit(reason)
