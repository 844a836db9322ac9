"""What every BIF needs: who calls, and the errors of bad arguments."""

from __future__ import annotations

from typing import NoReturn

from erlsim._kernel import Process, World, handle_signals, here, look_again, see_all, send_unsent, thread, unwind
from erlsim.errors import Error, ForeignPid, WrongThread
from erlsim.terms import Pid, Term
from erlsim.terms.ids import OF_NODE
from erlsim.terms.matching import Guard, NotInGuard


def badarg(cause: Term = None) -> NoReturn:
    """`error:badarg`, what a BIF answers to arguments of the wrong kind; `cause` is what OTP's BIF tells of why."""
    raise Error.known("badarg", cause=cause)


def is_atom(term: Term) -> bool:
    """Whether `term` is an atom; `True` and `False` are."""
    return type(term) is str or type(term) is bool


def behind(pid: Term, cause: Term = None) -> Process | None:
    """The process behind `pid`, on whatever node, `None` if it is dead; `badarg` for what is no pid."""
    if type(pid) is not Pid:
        badarg(cause)
    process: Process | None = pid.home
    if process is not None and process.world is not thread.world:
        refuse(pid)
    return process


def local(pid: Term, cause: Term = None) -> Process | None:
    """As `behind`, and `badarg` for a pid of another node than the caller's: of these one cannot ask that."""
    process = behind(pid, cause)
    world = thread.world
    if world is not None and world.nodes is not None and (pid.number ^ world.current.pid.number) >> OF_NODE:
        badarg(cause)
    return process


def refuse(pid: Pid) -> NoReturn:
    """The process behind `pid` is of a simulation that is not current in this thread."""
    world: object = thread.world
    if isinstance(world, Guard):
        raise NotInGuard(f"a predicate acts on {pid!r}")
    if world is None:
        raise WrongThread(f"the simulation of {pid!r} is not current in this thread")
    raise ForeignPid(pid)


def leave_if_dead(world: World, process: Process) -> None:
    """Leave the caller's code if what it has just done has ended it."""
    if not process.alive:
        if process.is_shell:
            # Whatever the shell waits for, it hears of its process's death first.
            world.drive(())
        else:
            unwind(world)


def handle_signals_to(target: Process, world: World) -> None:
    """Handle what is in transit to `target`, as asking it a question does; the asker handles his own too."""
    # DIVERGES(otp): there who asks waits for the answer, and others may run meanwhile; here nobody runs, but for
    # `ask_process_info`, which waits.
    me = world.current
    if world.steps is not None and target is not me:
        world.steps.channels.let_arrive(me, target)
    if target is not me and (target.nsig or target.inq):
        send_unsent(world)
        handle_signals(target)
        if target.alive:
            look_again(target)
    if me.nsig:
        handle_signals(me)
        see_all(me)
        leave_if_dead(world, me)


def plain_list(term: Term, cause: Term = None) -> list[Term]:
    """`term` if it is a proper list, else `badarg`."""
    if type(term) is not list:
        badarg(cause)
    items: list[Term] = term
    return items


__all__ = [
    "Term",
    "badarg",
    "behind",
    "handle_signals_to",
    "here",
    "is_atom",
    "leave_if_dead",
    "local",
    "plain_list",
]
