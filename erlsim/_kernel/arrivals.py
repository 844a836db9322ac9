"""Arrivals: what each signal does to the living process that handles it.

A process handles its signals when it is scheduled, when it receives, and when somebody asks about it. One signal may
end it; those behind that one then find it dead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim._kernel.choice import Chooser
from erlsim._kernel.lifecycle import bounce_in_turns, terminate
from erlsim._kernel.mailbox import NOTHING, Mailbox, matches_any
from erlsim._kernel.sending import bounce, post, wake_for_signals
from erlsim._kernel.signals import (
    AliasMessage,
    CrashSignal,
    DownSignal,
    Due,
    ExitSignal,
    LinkSignal,
    Message,
    MonitorSignal,
    NoLink,
    Question,
    Signal,
    UnlinkedSignal,
    UnlinkSignal,
    add_link,
    add_watcher,
    drop_alias,
    drop_monitor,
    end_alias_after_reply,
    remove_link,
)
from erlsim._kernel.world import CHOSEN, EMPTY, Process, World
from erlsim.terms import ATOMIC, copy


def handle_signals(process: Process, receives: bool = False) -> bool:
    """Handle all that is in transit to `process`: messages to the mailbox, signals acted on in order.

    One that runs and `receives` goes no further than to a signal that ends it: `True` then, and it is to end by that in
    its next turn.
    """
    inq, process.inq, process.nsig = process.inq, EMPTY, 0
    steps = process.world.steps
    for index, item in enumerate(inq):
        action = ACTIONS.get(type(item))
        if action is None:
            _store(process, item)
            continue
        if receives and _is_deadly(process, item):
            process.inq = [*inq[index:], *process.inq]
            process.nsig = sum(isinstance(each, Signal) for each in process.inq)
            return True
        if steps is not None:
            steps.arriving(item)
        action(process, item)
        if not process.alive:
            bounce_in_turns(process, inq[index + 1 :])
            return False
    return False


def _is_deadly(process: Process, signal: Signal) -> bool:
    """Whether `signal` will end `process`."""
    if type(signal) is ExitSignal:
        word = signal.reason if type(signal.reason) is str else None
        if signal.linked:
            return not process.trap_exit and word != "normal" and _is_linked(process, signal.sender)
        return word == "kill" or (not process.trap_exit and word != "normal")
    if type(signal) is NoLink:
        return not process.trap_exit and _is_linked(process, signal.sender)
    return type(signal) is CrashSignal


def _is_linked(process: Process, peer: Process) -> bool:
    return process.links is not None and peer.pid.number in process.links


def handle_signals_but_late_ones(process: Process) -> None:
    """As `handle_signals`, but a chooser may say that one sender's signals are late.

    Those land when the run queue has run dry, in order, and are not late again; and before that when somebody goes on
    yielding (`land_late`).
    """
    world = process.world
    chooser = world.chooser
    late = chooser is not None and (world.steps is None or not world.steps.transit)
    held = _held_back(chooser, process) if late and chooser is not None else []
    handle_signals(process)
    if held and process.alive:
        process.inq = [*held, *process.inq]
        process.nsig += len(held)
        _wait_for_late(process)
    elif held:
        for late in held:
            bounce(process, late)


def take_only_message(process: Process, patterns: tuple[Any, ...]) -> Any:
    """As `handle_signals_but_late_ones` and a look at the mailbox, which is empty: one signal has come, a message.

    The message, or `NOTHING` if it does not match, or is late. That is what nearly always happens under a chooser where
    nobody watches.
    """
    signal = process.inq[0]
    sender, chooser = signal.sender, process.world.chooser
    if sender is not process and sender is not None and not signal.held and chooser is not None:
        if chooser.choose("signal", ["all", sender.pid]):
            signal.held = True
            _wait_for_late(process)
            return NOTHING
    process.inq, process.nsig = EMPTY, 0
    if type(signal) is AliasMessage:
        record = signal.ref.home
        if record is None:
            return NOTHING
        end_alias_after_reply(record)
    box = process.mailbox
    if box is None:
        box = process.mailbox = Mailbox()
    box.append(signal.term)
    if patterns and not matches_any(patterns, signal.term):
        box.unseen = 0
        return NOTHING
    box.gone += 1
    return box.popleft()


def _wait_for_late(process: Process) -> None:
    """`process` has late signals: they land when the run queue has run dry."""
    world = process.world
    if process not in world.late:
        world.late.append(process)
        world.clock.soon(lambda _event: land_late(world))


def land_late(world: World) -> None:
    """Late signals are late no longer."""
    late, world.late, world.yields = world.late, [], 0
    for process in late:
        if process.alive:
            wake_for_signals(process)


def _held_back(chooser: Chooser, process: Process) -> list[Any]:
    """Take the signals of the sender that the chooser makes late out of the signal queue."""
    senders: list[Any] = []
    for signal in process.inq:
        if isinstance(signal, Signal) and not signal.held:
            sender = signal.sender
            if sender is not None and sender is not process and sender not in senders:
                senders.append(sender)
    if not senders:
        return []
    index = chooser.choose("signal", ["all", *[sender.pid for sender in senders]])
    if index == 0:
        return []
    late = senders[index - 1]
    held = [s for s in process.inq if isinstance(s, Signal) and s.sender is late]
    process.inq = [s for s in process.inq if not isinstance(s, Signal) or s.sender is not late]
    for signal in held:
        signal.held = True
    return held


# ---- what each does ---------------------------------------------------------------


def _message(process: Process, signal: Message) -> None:
    if process.world.slow == CHOSEN and process.mailbox is not None:
        # It is `_store` inline, where nobody watches.
        process.mailbox.append(signal.term)
    else:
        _store(process, signal.term, signal)


def _due(process: Process, signal: Due) -> None:
    _store(process, signal.term)


def _alias_message(process: Process, signal: AliasMessage) -> None:
    record = signal.ref.home
    if record is None:
        process.world.note("drop", process.pid, signal.term)
        return
    end_alias_after_reply(record)
    _store(process, signal.term, signal)


def _exit(process: Process, signal: ExitSignal) -> None:
    reason = signal.reason
    if signal.linked:
        links = process.links
        if links and process.world.steps is not None:
            process.world.steps.hears_of_end(process, signal)
        if links is None or not links.drop(signal.sender.pid.number):
            return
    elif reason == "kill" and type(reason) is str:
        terminate(process, "killed", by=signal.sender)
        return
    if process.trap_exit:
        if process.world.blame is not None:
            process.world.blame.heard(process, signal.sender, reason)
        # Who else hears of it gets the reason too: each gets one of its own.
        own = reason if type(reason) in ATOMIC else copy(reason)
        _store(process, ("EXIT", signal.sender.pid, own), signal)
    elif type(reason) is not str or reason != "normal":
        terminate(process, reason, by=signal.sender)


def _no_link(process: Process, signal: NoLink) -> None:
    if process.world.steps is not None:
        process.world.steps.hears_of_end(process, signal)
    if not remove_link(process, signal.sender):
        return
    if process.trap_exit:
        _store(process, ("EXIT", signal.sender.pid, signal.reason), signal)
    else:
        terminate(process, signal.reason, by=signal.sender)


def _link(process: Process, signal: LinkSignal) -> None:
    add_link(process, signal.sender)


def _unlink(process: Process, signal: UnlinkSignal) -> None:
    remove_link(process, signal.sender)
    if signal.sender.alive and process.world.chooser is None:
        post(signal.sender, UnlinkedSignal(process))


def _unlinked(process: Process, signal: UnlinkedSignal) -> None:
    """Nothing comes of it."""


def _monitor(process: Process, signal: MonitorSignal) -> None:
    if signal.monitor.active:
        add_watcher(process, signal.monitor)
    elif process.stand is not None:
        process.stand.former.append(signal.monitor)


def _down(process: Process, signal: DownSignal) -> None:
    monitor = signal.monitor
    if not monitor.active:
        return
    drop_monitor(monitor)
    if monitor.alias is not None and monitor.alias != "explicit_unalias":
        drop_alias(monitor)
    reason = signal.reason if type(signal.reason) in ATOMIC else copy(signal.reason)
    _store(process, (monitor.tag, monitor.ref, "process", monitor.item, reason), signal)


def _crash(process: Process, signal: CrashSignal) -> None:
    terminate(process, signal.reason)


def _question(process: Process, signal: Question) -> None:
    # It has been woken to answer: who waits in a receive still counts as waiting.
    parked, process.parked = process.parked, process.patterns is not None or process.waiting is not None
    try:
        signal.answer.give(signal.ask(process))
    finally:
        process.parked = parked


ACTIONS: dict[type[Signal], Callable[[Process, Any], None]] = {
    Message: _message,
    Due: _due,
    AliasMessage: _alias_message,
    ExitSignal: _exit,
    NoLink: _no_link,
    LinkSignal: _link,
    UnlinkSignal: _unlink,
    UnlinkedSignal: _unlinked,
    MonitorSignal: _monitor,
    DownSignal: _down,
    CrashSignal: _crash,
    Question: _question,
}


def _store(process: Process, message: Any, signal: Signal | None = None) -> None:
    """`message` is in the mailbox now. If a `signal` has brought it, the trace has mostly not seen it being sent."""
    world = process.world
    if signal is not None and world.tracer is not None:
        place = len(process.mailbox) if process.mailbox else 0
        sender = signal.sender
        world.note("arrive", process.pid, message, None if sender is None else sender.pid, place)
    if process.mailbox is None:
        process.mailbox = Mailbox()
    process.mailbox.append(message)
    if world.steps is not None:
        world.steps.arrived(process, message)
