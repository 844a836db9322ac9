"""The end of a process, part by part: what `lifecycle.terminate` does at one go, in the same order.

First it is alive no longer: nobody finds it by its pid or its name, which is free, its timers are cancelled, it watches
nobody any more, its code is left. Then, each a step of its own: what it owns goes, table by table; an exit signal to
each of its links; a DOWN to each of its monitors. Until its turn comes each is as it was: a table is there yet, say.
Who of several hears of it first is open, as with any signals to several; so the order in which links and monitors were
made is nothing that a search has to tell apart. The parts do not depend on how far others are: one that has become idle
meanwhile, since somebody has unlinked himself, say, is a step that does nothing.

DIVERGES(otp): there the tables go first, and who asks meanwhile whether the process is alive waits for the answer
until its name is free; here (and in Concuerror) the answer comes at once, and the tables may be there yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from erlsim._kernel.lifecycle import bounce_what_comes_too_late
from erlsim._kernel.links import Links
from erlsim._kernel.sending import post
from erlsim._kernel.signals import DownSignal, ExitSignal, LinkSignal, Message, MonitorSignal, Question
from erlsim._kernel.steps.records import Operation, Touch
from erlsim._kernel.steps.stands import touches_of_bounce
from erlsim._kernel.world import Monitor, Process, World
from erlsim.terms import Pid

Part = tuple[Operation, tuple[Any, ...]]
# What takes apart the end of what a process owns: it yields each part before it does it.
Parts = Callable[[Pid], Iterator[Part]]

IN_PARTS: Final = "ends in parts"


def touches_of_end(steps: Any, process: Process, reason: Any) -> list[Touch]:
    """That `process` is alive no longer."""
    name = process.stand.name
    touches: list[Touch] = [(("life", name), "w", None), (("procs",), "w", None)]
    # Whose exit signal has come before gets none: that matters if it would end him, or if he traps exits.
    # Who gives it a name or takes it away, and comes too late, could have come before.
    touches.append((("info", name), "w", None))
    if steps.late_clock and (process.timers or process.timer is not None):
        # They go with it, and one of them may have been the next.
        touches.append((("time",), "r", None))
    touches.append((("links", name), "n" if reason == "normal" else "a", None))
    if process.rare is not None and process.name is not None:
        name_of = process.world.names_of(process.pid).thing(process.name)
        touches += [(name_of, "w", None), (("names",), "w", None)]
    return touches


def _touches_of_owned(steps: Any, process: Process, key: str) -> list[Touch]:
    return [(("anything",), "w", None)]


def _touches_of_link(steps: Any, process: Process, peer: Process, reason: Any) -> list[Touch]:
    mine, others = process.stand.name, peer.stand.name
    touches: list[Touch] = [(("link", *sorted((mine, others))), "r", None)]
    if not process.links or peer.pid.number not in process.links:
        return touches
    touches.append((("life", others), "h", None))
    touches.append((("links", others), "t" if process.trap_exit else "u", None))
    if peer.alive:
        touches += steps.touches_of_arrival(peer, ExitSignal(process, reason, True), None)
    elif peer.trap_exit:
        touches.append((("mailbox", others), "d", (None, ("EXIT", process.pid, reason))))
    elif reason != "normal":
        # It would have ended the peer, had that been alive.
        touches.append((("life", others), "r", None))
    return touches


def _touches_of_down(steps: Any, process: Process, monitor: Monitor, reason: Any) -> list[Touch]:
    owner = monitor.owner
    name = owner.stand.name
    touches: list[Touch] = [(("watch", name, process.stand.name), "r", None), (("watchers", name), "r", None)]
    touches.append((("life", name), "h", None))
    if monitor.alias != "explicit_unalias" and monitor.ref.number in steps.aliases:
        # With the monitor goes the alias.
        touches.append((steps.aliases[monitor.ref.number], "w", "ended"))
    if owner.alive and monitor.ref.number in (process.monitored_by or ()):
        touches += steps.touches_of_arrival(owner, DownSignal(process, monitor, reason), None)
    elif monitor in owner.stand.watching or monitor in owner.stand.flushed:
        # Had the owner not ended before, or flushed it, there would be a DOWN, and maybe in time.
        down = (monitor.tag, monitor.ref, "process", monitor.item, reason)
        touches.append((("mailbox", name), "d", (None, down)))
    return touches


EXIT: Final = Operation("exit", touches_of_end)
DIE: Final = Operation("die", lambda steps, process: touches_of_end(steps, process, "killed"))
EXIT_OWNED: Final = Operation("exit:owned", _touches_of_owned)
EXIT_LINK: Final = Operation("exit:link", _touches_of_link)
EXIT_DOWN: Final = Operation("exit:down", _touches_of_down)
EXIT_QUEUE: Final = Operation("exit:queue", lambda steps, process: touches_of_bounce(process))
# Signals that are answered though they find their receiver dead.
ANSWERED: Final = frozenset((LinkSignal, MonitorSignal, Question))


def end_in_parts(process: Process, reason: Any) -> Iterator[Part]:
    """The parts of an end after the first; each is yielded before it is done."""
    world = process.world
    # Who unlinks himself meanwhile, or watches no longer, is passed over when it is his turn: whenever that was.
    peers = _peers(process)
    watchers = [*(process.monitored_by or {}).values(), *process.stand.former]
    for key, hook in list((process.at_exit or {}).items()):
        parts: Parts | None = owned_in_parts(world).get(key)
        if parts is not None:
            yield from parts(process.pid)
        else:
            yield EXIT_OWNED, (key,)
            hook(process.pid)
    for peer in peers:
        world.steps.channels.set_out_end(process, peer, EXIT_LINK, (peer, reason))
    for monitor in watchers:
        world.steps.channels.set_out_end(process, monitor.owner, EXIT_DOWN, (monitor, reason))
    if any(type(item) in ANSWERED for item in process.inq):
        yield EXIT_QUEUE, ()
    bounce_what_comes_too_late(process)


def tell_peer(process: Process, peer: Process, reason: Any) -> ExitSignal | None:
    """What goes to a link of `process`, which has ended, now that it is its turn; `None` if that is linked no more."""
    if process.links and process.links.drop(peer.pid.number):
        return ExitSignal(process, reason, True)
    return None


def tell_watcher(process: Process, monitor: Monitor, reason: Any) -> DownSignal | None:
    """What goes to whom had a monitor; `None` if he has taken it back."""
    if process.monitored_by and process.monitored_by.pop(monitor.ref.number, None) is not None:
        return DownSignal(process, monitor, reason)
    return None


def hear_before_unlink(process: Process, dead: Process) -> None:
    """`process` unlinks itself from who is dead: if the exit signal is still to be sent, it comes now.

    OTP's supervisor relies on that: who has seen that a child is dead, and unlinks it, has its `EXIT` or had it.
    """
    heard = Message(dead, ("EXIT", dead.pid, dead.value))
    # It is not late.
    heard.held = True
    for place, signal in enumerate(process.inq):
        if type(signal) is ExitSignal and signal.linked and signal.sender is dead:
            # It is there, and would find no link any more when it is looked at.
            heard.serial = getattr(signal, "serial", None)
            process.inq[place] = heard
            return
    if dead.links and dead.links.drop(process.pid.number):
        post(process, heard)


def _peers(process: Process) -> list[Process]:
    """Whom the end of `process` goes to over links; then those who hear nothing, since they are linked no more."""
    links = process.links or Links()
    former = {peer.pid.number: peer for peer in process.stand.heard if peer.pid.number not in links}
    return [*links.in_order_of_end(), *former.values()]


def owned_in_parts(world: World) -> dict[str, Parts]:
    """By key of `lifecycle.at_exit`: what does the work of that hook in parts."""
    found: dict[str, Parts] = world.extension(IN_PARTS, dict)
    return found
