"""Sending: how a signal gets into its receiver's queue and wakes him.

`put` is the one way into a queue. `post` is how a `Signal` is sent, to a receiver who may be dead. Both and
`erlang.send`, traced or not, have the lines that append and wake inline, for speed (see `scheduler`).
"""

from __future__ import annotations

from typing import Any

from erlsim._kernel.signals import DownSignal, LinkSignal, Message, MonitorSignal, NoLink, Question, Signal
from erlsim._kernel.world import Monitor, Process, World
from erlsim.terms import Pid


def put(process: Process, item: Any) -> None:
    """Put a message or a signal at the end of the signal queue of a living `process`, and wake it.

    It is `wake` inline: whatever is sent, but by `erlang.send`, comes by here.
    """
    inq = process.inq
    if inq:
        inq.append(item)
    else:
        process.inq = [item]
    if process.parked:
        process.parked = False
        process.world.ready.append(process)


def wake(process: Process) -> None:
    """`process` may have something to do: put it in the run queue."""
    if process.parked:
        process.parked = False
        process.world.ready.append(process)


def wake_for_signals(process: Process) -> None:
    """As `wake`, but also if `process` is suspended: it handles its signals then, though it runs no code."""
    if process.suspended and process.alive and process not in process.world.ready:
        process.parked = True
    wake(process)


def see_all(process: Process) -> None:
    """A signal has come to `process` that is no message, or an answer: no message is in its outer queue any more."""
    if process.mailbox:
        process.mailbox.unseen = 0


def wake_for_note(process: Process) -> None:
    """`process` would have handled a signal that has been noted already: it has the turn that this would have given it.

    A chooser lets everybody run in any order, whoever has been woken.
    """
    see_all(process)
    if process.parked and process.world.chooser is None:
        process.parked = False
        process.world.ready.append(process)


def post(process: Process, signal: Signal, lands: bool = False) -> None:
    """Send `signal` to `process`; it lands now or, unless it `lands` in any case, where a test wants it so, later."""
    world = process.world
    if world.diversion is not None and not lands and world.diversion(process, signal):
        return
    if not process.alive:
        bounce(process, signal)
        return
    process.nsig += 1
    # It is `put` inline.
    inq = process.inq
    if inq:
        inq.append(signal)
    else:
        process.inq = [signal]
    if process.parked:
        process.parked = False
        world.ready.append(process)
    if process.suspended:
        wake_for_signals(process)


def bounce(process: Process, signal: Signal) -> None:
    """`signal` finds `process` dead: a request and a question are answered, anything else is lost."""
    if type(signal) is LinkSignal:
        if signal.sender.alive:
            post(signal.sender, NoLink(process, why_absent(process.world, process.pid)))
        elif process.world.steps is not None:
            process.world.steps.finds_dead(signal.sender)
    elif type(signal) is MonitorSignal and signal.monitor.active:
        post(signal.monitor.owner, DownSignal(process, signal.monitor, why_absent(process.world, process.pid)))
    elif type(signal) is Question:
        signal.answer.give("undefined")


def post_message(process: Process, message: Any) -> None:
    """Let `message`, which nobody has sent, arrive when `process` next looks."""
    post(process, Message(None, message))


def take_inbox(world: World) -> None:
    """What other threads have sent by now arrives; what goes to nobody is lost."""
    while world.inbox:
        dest, message = world.inbox.popleft()
        # Names are those of the first node.
        process = world.registry.get(dest) if type(dest) is str else dest.home
        if process is not None:
            post_message(process, message)


def post_noproc(monitor: Monitor) -> None:
    """What `monitor` was to watch does not exist: let its owner hear so when it next looks."""
    post(monitor.owner, absent_down(monitor))


def absent_down(monitor: Monitor) -> DownSignal:
    """What the owner of `monitor` hears if nobody is there to be watched."""
    return DownSignal(None, monitor, why_absent(monitor.owner.world, monitor.item))


def why_absent(world: World, item: Any) -> str:
    """Why nobody is found by `item`, a pid or `(name, node)`: `"noconnection"` if its node is not there, either."""
    name = world.node_of(item).name if type(item) is Pid else item[1]
    return "noconnection" if world.node_named(name) is None else "noproc"


def send_unsent(world: World, to: Pid | None = None) -> None:
    """The running process waits, or signals `to` (somebody, if `None`): its last monitor goes out before that.

    A scheduler of the BEAM keeps the last monitor signal of the process that it runs, to send it together with
    the message that mostly follows. So who monitors a dead pid hears of it only when he has let others run, and a
    living one is woken no sooner.
    """
    monitor = world.unsent
    if monitor is not None and (to is None or to == monitor.item):
        world.unsent = None
        if monitor.target is None:
            post_noproc(monitor)
        else:
            wake_for_note(monitor.target)
