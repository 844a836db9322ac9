"""What every BIF needs: who calls, and the errors of bad arguments."""

from __future__ import annotations

from typing import Any, NoReturn

from erlsim._kernel import Process, Scheduler, here
from erlsim.errors import Error
from erlsim.terms import Pid

Term = Any


def badarg() -> NoReturn:
    """`error:badarg`, what a BIF answers to arguments of the wrong kind."""
    raise Error("badarg")


def local(pid: Term) -> Process | None:
    """The process behind `pid`, `None` if it is dead; `badarg` for what is no pid."""
    if type(pid) is not Pid:
        badarg()
    process: Process | None = pid.home
    return process


def still_alive(world: Scheduler, process: Process) -> None:
    """Leave the caller's code if what it has just done has ended it."""
    if not process.alive:
        if process.is_shell:
            world.shell_died()
        else:
            world.unwind()


def settle(world: Scheduler, target: Process) -> None:
    """Handle what is in transit to `target`, as asking it a question does; the asker handles his own too."""
    me = world.current
    if target is not me and (target.nsig or target.inq):
        world.fetch(target)
        if target.alive and target.patterns is not None and target.mailbox:
            _look_again(world, target)
    if me.nsig:
        world.fetch(me)
        still_alive(world, me)


def _look_again(world: Scheduler, target: Process) -> None:
    # It waits in a receive, and what was in transit to it now lies in its mailbox, where a process that
    # goes on does not look: back with it into the queue, so that it is looked at.
    assert target.mailbox is not None
    target.inq = [*target.mailbox, *target.inq]
    target.mailbox.clear()
    world.wake(target)


def plain_list(term: Term) -> list[Term]:
    """`term` if it is a proper list, else `badarg`."""
    if type(term) is not list:
        badarg()
    items: list[Term] = term
    return items


__all__ = ["Term", "badarg", "here", "local", "plain_list", "settle", "still_alive"]
