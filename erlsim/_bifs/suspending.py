"""Suspending and resuming other processes, as debuggers do.

A suspended process runs no code, however much it has to do; messages, links and exit signals reach it
all the same. While it is suspended it counts as not parked and lies in no run queue, so that nobody
who sends to it can wake it. Who suspends is remembered here: only he can resume, and when he dies it
counts as if he had.
"""

from __future__ import annotations

from erlsim._bifs.common import Term, badarg, handle_signals_to, here, local, plain_list
from erlsim._bifs.operations import RESUME_PROCESS, SUSPEND_PROCESS
from erlsim._kernel import Process, World, at_exit, look_again, post_message, wake
from erlsim.terms import Pid

# The number of a suspender's pid -> the numbers of those whom he suspends -> (the process, how often).
Suspensions = dict[int, dict[int, list[Term]]]


def suspend_process(pid: Pid, options: Term = None) -> bool:
    """Let `pid` run no more until the caller resumes it as often as he has suspended it: `True`.

    Options: `"unless_suspending"`, which does nothing and returns `False` if the caller suspends `pid`
    already; `"asynchronous"` and `("asynchronous", tag)`, with which a dead `pid` is no error, the
    latter followed by a message `(tag, "suspended" | "not_suspended" | "badarg")`. `badarg` for the caller
    himself and for a dead pid. Mirrors `erlang:suspend_process/1,2`.
    """
    target = local(pid)
    unless, asynchronous, tags = _options([] if options is None else options)
    world = here()
    if world.slow:
        world.visible(SUSPEND_PROCESS, pid)
        target = pid.home
    me = world.current
    if target is me:
        badarg()
    if target is not None:
        handle_signals_to(target, world)
    if target is None or not target.alive:
        if not asynchronous:
            badarg()
        _tell(world, tags, "badarg")
        return True
    mine = _suspensions(world).setdefault(me.pid.number, {})
    if target.pid.number in mine and unless:
        return False
    _suspend(world, target)
    mine.setdefault(target.pid.number, [target, 0])[1] += 1
    at_exit(me.pid, "suspending", lambda dead: _resume_all(world, dead))
    _tell(world, tags, "suspended")
    return True


def _options(options: Term) -> tuple[bool, bool, list[Term]]:
    unless = asynchronous = False
    tags: list[Term] = []
    for option in plain_list(options, "badopt"):
        if option == "unless_suspending":
            unless = True
        elif option == "asynchronous":
            asynchronous = True
        elif type(option) is tuple and len(option) == 2 and option[0] == "asynchronous":
            asynchronous = True
            tags = [option[1]]
        else:
            badarg("badopt")
    return unless, asynchronous, tags


def _tell(world: World, tags: list[Term], result: str) -> None:
    for tag in tags:
        post_message(world.current, (tag, result))


def _suspend(world: World, target: Process) -> None:
    if not target.suspended:
        if target in world.ready:
            world.ready.remove(target)
        target.parked = False
    target.suspended += 1


def resume_process(pid: Pid) -> bool:
    """Take back one `suspend_process` of the caller: `True`. `badarg` if there is none, or if `pid` is dead.

    Mirrors `erlang:resume_process/1`.
    """
    target = local(pid)
    world = here()
    if world.slow:
        world.visible(RESUME_PROCESS, pid)
        target = pid.home
    mine = _suspensions(world).get(world.current.pid.number, {})
    if target is None or pid.number not in mine:
        badarg()
    entry = mine[pid.number]
    entry[1] -= 1
    if not entry[1]:
        del mine[pid.number]
    _resume(target, 1)
    return True


def _resume(target: Process, times: int) -> None:
    target.suspended -= times
    if target.suspended or not target.alive:
        return
    target.parked = True
    look_again(target)
    wake(target)


def _resume_all(world: World, dead: Pid) -> None:
    for target, times in _suspensions(world).pop(dead.number, {}).values():
        _resume(target, times)


def suspending(process: Process) -> list[Term]:
    """Whom `process` suspends, and how often: `[(pid, times, 0), ...]`, as `process_info` shows it."""
    mine = _suspensions(process.world).get(process.pid.number, {})
    return [(target.pid, times, 0) for target, times in mine.values() if target.alive]


def _suspensions(world: Term) -> Suspensions:
    found: Suspensions = world.extension("suspending", dict)
    return found
