"""What every BIF needs: who calls, and the errors of bad arguments."""

from __future__ import annotations

from typing import NoReturn

from erlsim._kernel import Process, Scheduler, here
from erlsim.errors import Error
from erlsim.terms import Pid, Term


def badarg() -> NoReturn:
    """`error:badarg`, what a BIF answers to arguments of the wrong kind."""
    raise Error("badarg")


def is_atom(term: Term) -> bool:
    """Whether `term` is an atom; `True` and `False` are."""
    return type(term) is str or type(term) is bool


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
    # DIVERGES(otp): there who asks waits for the answer, and others may run meanwhile; here nobody runs.
    me = world.current
    if target is not me and (target.nsig or target.inq):
        world.send_unsent()
        world.fetch(target)
        if target.alive and target.patterns is not None and target.mailbox:
            look_again(world, target)
    if me.nsig:
        world.fetch(me)
        still_alive(world, me)


def look_again(world: Scheduler, target: Process) -> None:
    """Let `target`, which waits in a receive, look at the messages that have moved to its mailbox meanwhile.

    A process that goes on with a receive looks at what is new alone: back with them into the queue.
    """
    assert target.mailbox is not None
    target.inq = [*target.mailbox, *target.inq]
    target.mailbox = None
    world.wake(target)


def plain_list(term: Term) -> list[Term]:
    """`term` if it is a proper list, else `badarg`."""
    if type(term) is not list:
        badarg()
    items: list[Term] = term
    return items


__all__ = ["Term", "badarg", "here", "is_atom", "local", "look_again", "plain_list", "settle", "still_alive"]
