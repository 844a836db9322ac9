"""A call and its answer, each in one step: what behaviours would make of five BIFs.

Not one of Erlang's BIFs. A call is `monitor` with an alias, `send`, `receive` and `demonitor`, and an answer a
`send` to that alias. Here they are done at one go where nobody can tell the difference: no trace, nobody who hears of
operations, no signal on its way to either side, nothing in the caller's mailbox. (A chooser is asked the same, of the
same signals.) Everywhere else they are those steps. Nearly every message of a supervised system is sent by these two
functions, hence their care for speed.
"""

from __future__ import annotations

from typing import Any

from erlsim._bifs.common import Term
from erlsim._bifs.links import demonitor, monitor
from erlsim._bifs.messages import send
from erlsim._bifs.nodes import node
from erlsim._bifs.processes import self
from erlsim._kernel import (
    CHOSEN,
    MAX_TIMEOUT,
    TIMEOUT,
    WATCHED,
    AliasMessage,
    Message,
    Monitor,
    Monitors,
    MonitorSignal,
    Process,
    is_asleep,
    park_until,
    post,
    put,
    receive,
    thread,
)
from erlsim.errors import Error, Exit
from erlsim.terms import ATOMIC, Improper, Pid, Ref, copy
from erlsim.terms.atoms import DemonitorOption, MonitorOption

ALIAS = ("alias",)
ALIASED: list[MonitorOption] = [("alias", "demonitor")]
FLUSH: list[DemonitorOption] = ["flush"]


async def ask(pid: Pid, label: str, request: Term, timeout: Term) -> Term:
    """Send `(label, (self(), tag), request)` to `pid`, wait for `(tag, reply)` and return `reply`.

    `timeout` is in ms or `"infinity"`. Raises `exit` with the reason that `pid` died of (`noproc` if it was dead),
    with `timeout`, or with `calling_self`. Under a finite timeout, and of a process of another node,
    `tag` is `[alias|Ref]`, and a reply that comes too late is dropped; else it is the bare reference.
    """
    world = thread.world
    process = pid.home
    if world is None or process is None or not timeout or process.world is not world:
        return await ask_by_steps(pid, label, request, timeout)
    me, chosen = world.current, world.slow
    if process is me or me.mailbox or me.inq or (chosen and (chosen == WATCHED or world.unsent is not None)):
        return await ask_by_steps(pid, label, request, timeout)
    if process.nsig and not chosen:
        return await ask_by_steps(pid, label, request, timeout)
    ref = world.new_ref()
    number = ref.number
    record = Monitor(ref, me, pid)
    watched = me.monitors if me.monitors is not None else _new_monitors(me)
    watched[number] = record
    if process.nsig or (process.patterns and is_asleep(process) and not chosen):
        post(process, MonitorSignal(record))
    else:
        record.target = process
        (process.monitored_by if process.monitored_by is not None else _new_watchers(process))[number] = record
    tag: Any = ref
    if type(timeout) is int or (world.nodes is not None and _is_aliased(pid, timeout)):
        tag = Improper.__new__(Improper)
        tag.items, tag.tail = ALIAS, ref
        record.alias = "demonitor"
        ref.home = record
    message = (label, (me.pid, tag), request if type(request) in ATOMIC else copy(request))
    if chosen:
        post(process, Message(me, message))
    else:
        put(process, message)
    patterns = ((tag, ...), ("DOWN", ref, ..., ..., ...))
    if type(timeout) is int:
        if timeout > MAX_TIMEOUT:
            # The request has been sent, as in OTP.
            raise Error("timeout_value")
        park_until(me, patterns, timeout)
    message = await receive(*patterns)
    if message is not TIMEOUT and message[0] is tag and record.active:
        # The alias and the monitor go, on both sides. (A monitor that has fired has left a message to be flushed.)
        ref.home = record.alias = None
        record.active = False
        watched.pop(number, None)
        if watched:
            watched.went(number, world.last_ref)
        if process.monitored_by is not None:
            process.monitored_by.pop(number, None)
        if process.parked and not chosen:
            # As `wake_for_note`, inline: to end a monitor is a signal.
            process.parked = False
            world.ready.append(process)
        return message[1]
    return await _outcome(message, ref, tag, pid)


def _new_monitors(process: Process) -> Monitors:
    fresh = Monitors()
    process.monitors = fresh
    return fresh


def _new_watchers(process: Process) -> dict[int, Monitor]:
    fresh: dict[int, Monitor] = {}
    process.monitored_by = fresh
    return fresh


def answer(tag: Improper, reply: Term) -> None:
    """Send `(tag, reply)` to the alias in `tag`, `[alias|Ref]`."""
    ref = tag.tail
    record = ref.home
    if type(record) is Monitor and record.alias == "demonitor":
        owner = record.owner
        world = owner.world
        if not world.slow:
            # An owner that is parked can have taken nothing back: the alias holds when the message arrives.
            if owner.parked and not owner.nsig:
                put(owner, (tag, reply if type(reply) in ATOMIC else copy(reply)))
                return
        elif world.slow == CHOSEN and world is thread.world:
            post(owner, AliasMessage(world.current, ref, (tag, reply if type(reply) in ATOMIC else copy(reply))))
            return
    send(ref, (tag, reply))


async def ask_by_steps(process: Pid | tuple[Term, str], label: str, request: Term, timeout: Term) -> Term:
    """As `ask`, of a pid or of `(name, node)`, step by step."""
    me = self()
    if process == me:
        raise Exit("calling_self")
    if _is_aliased(process, timeout):
        ref = monitor("process", process, ALIASED)
        tag: Ref | Improper = Improper(ALIAS, ref)
    else:
        ref = monitor("process", process)
        tag = ref
    send(process, (label, (me, tag), request))
    message = await receive((tag, ...), ("DOWN", ref, ..., ..., ...), after=timeout)
    return await _outcome(message, ref, tag, process)


def _is_aliased(process: Pid | tuple[Term, str], timeout: Term) -> bool:
    """Whether a reply may come when nobody waits for it any more: the connection may break before it comes, too."""
    return timeout != "infinity" or _node_of(process) != node()


def _node_of(process: Pid | tuple[Term, str]) -> str:
    return process[1] if type(process) is tuple else node(process)


async def _outcome(message: Term, ref: Ref, tag: Term, process: Pid | tuple[Term, str]) -> Term:
    """What a call comes to that was not answered at once."""
    if message is TIMEOUT:
        demonitor(ref, FLUSH)
        # The alias is gone, but a reply may have come before it went.
        message = await receive((tag, ...), after=0)
        if message is TIMEOUT:
            raise Exit("timeout")
    elif len(message) == 5:
        if message[4] == "noconnection" and tag is not ref:
            raise Exit(("nodedown", _node_of(process)))
        raise Exit(message[4])
    else:
        demonitor(ref, FLUSH)
    return message[1]
