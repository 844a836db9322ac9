"""Sending, and the registry of names."""

from __future__ import annotations

from erlsim._bifs.common import Term, badarg, here, is_atom, local, refuse
from erlsim._bifs.operations import REGISTER, REGISTERED, SEND, UNREGISTER, WHEREIS
from erlsim._kernel import (
    Alias,
    AliasMessage,
    Message,
    Monitor,
    Process,
    World,
    check,
    end_alias_after_reply,
    post,
    put,
    thread,
)
from erlsim.terms import ATOMIC, Pid, Ref, copy


def send(dest: Term, message: Term, options: Term = None) -> Term:
    """Send `message`: the message itself, or `"ok"` when `options` are given.

    `dest` is a pid, an alias, a registered name or `(name, node)`. Dead pids, inactive aliases, `(unknown, node)`
    and nodes that are not there are silent; an unregistered name is `badarg`. Lists and maps inside the
    message are copied. Mirrors `Dest ! Message` and `erlang:send/2,3`.
    """
    # The hot path: `put`, inline, unless somebody watches (tracing, other schedules).
    if type(dest) is Pid and options is None:
        process = dest.home
        if process is not None:
            world: World = process.world
            if world is not thread.world:
                refuse(dest)
            if world.slow:
                if world.closing or world.seen is not None:
                    _send_seen(process, message)
                else:
                    post_watched(process, message)
                return message
            inq = process.inq
            if inq:
                inq.append(message if type(message) in ATOMIC else copy(message))
            else:
                process.inq = [message if type(message) in ATOMIC else copy(message)]
            if process.parked:
                process.parked = False
                world.ready.append(process)
            return message
    return _send_elsewhere(dest, message, options)


def _send_seen(process: Process, message: Term) -> None:
    """Send in a world that is shut, or where somebody hears of operations."""
    world = process.world
    if world.closing:
        check(world)
        return
    world.visible(SEND, process.pid, message)
    if process.alive:
        post_watched(process, message)
    else:
        _send_to_the_dead(process.pid, message)


def post_watched(process: Process, message: Term) -> None:
    """Send `message` to a living process in a world where somebody watches."""
    world = process.world
    given = message
    if type(message) not in ATOMIC:
        message = copy(message)
    if world.tracer is not None:
        # The receiver may change what it gets: the trace has one of its own.
        world.sent = message if message is given else copy(message)
        world.tracer((world.clock._now, "send", world.current.pid, process.pid, world.sent))
    if world.chooser is not None or world.diversion is not None:
        post(process, Message(world.current, message))
        return
    # It is `put` inline, as in `send`.
    inq = process.inq
    if inq:
        inq.append(message)
    else:
        process.inq = [message]
    if process.parked:
        process.parked = False
        world.ready.append(process)


def _send_elsewhere(dest: Term, message: Term, options: Term) -> Term:
    answer = message if options is None else _sent(options)
    kind = type(dest)
    if kind is Pid:
        if dest.home is not None:
            send(dest, message)
        else:
            world = thread.world
            if world is not None and world.slow and not world.closing:
                world.visible(SEND, dest, message)
            _send_to_the_dead(dest, message)
    elif kind is Ref:
        _send_to_alias(dest, message)
    elif kind is str or kind is bool:
        world = thread.world
        if world is None or world.closing:
            world = here()
        if world.slow:
            world.visible(SEND, dest, message)
        process = (world.registry if world.nodes is None else world.names_of(world.current.pid)).get(dest)
        if process is None:
            badarg()
        _send_to_found(world, process, message)
    elif kind is tuple and len(dest) == 2 and is_atom(dest[0]) and is_atom(dest[1]):
        world = here()
        if world.slow:
            world.visible(SEND, dest, message)
        where = world.node_named(dest[1])
        process = None if where is None else where.registry.get(dest[0])
        if process is not None:
            _send_to_found(world, process, message)
    else:
        badarg()
    return answer


def _send_to_found(world: World, process: Process, message: Term) -> None:
    """Send to who has a name, now."""
    if world.slow:
        post_watched(process, message)
    else:
        send(process.pid, message)


def _sent(options: Term) -> str:
    if type(options) is not list or any(option not in ("nosuspend", "noconnect") for option in options):
        badarg("badopt")
    return "ok"


def send_nosuspend(dest: Term, message: Term, options: Term = None) -> bool:
    """Send without ever being suspended for it: `True`, for nobody ever is here. Mirrors `send_nosuspend/2,3`."""
    send(dest, message, options)
    return True


def _send_to_the_dead(dest: Pid, message: Term) -> None:
    world = thread.world
    if world is not None and not world.closing:
        world.note("send", world.current.pid, dest, message)


def _send_to_alias(dest: Ref, message: Term) -> None:
    record = dest.home
    if type(record) is not Monitor and type(record) is not Alias:
        present = thread.world
        if present is not None and present.steps is not None:
            # It comes too late for whom it was to reach, and could have come before.
            present.visible(SEND, dest, message)
        return
    world = record.owner.world
    if world is not thread.world:
        refuse(record.owner.pid)
    if world.closing:
        check(world)
        return
    if world.slow:
        world.visible(SEND, dest, message)
        if not record.owner.alive:
            return
    if type(message) not in ATOMIC:
        message = copy(message)
    world.note("send", world.current.pid, record.owner.pid, message)
    owner = record.owner
    if owner.parked and not owner.nsig and world.chooser is None and world.diversion is None:
        # Its owner will look at this before it can do anything else: the alias may be judged now.
        end_alias_after_reply(record)
        put(owner, message)
    else:
        post(owner, AliasMessage(world.current, dest, message))


def register(name: str, pid: Pid) -> bool:
    """Give `pid` a name: `True`.

    `badarg` if the name is taken, is no atom or is `undefined`, or if the process is dead or has a
    name already. Mirrors `erlang:register/2`.
    """
    world = here()
    if world.slow:
        world.visible(REGISTER, name, pid)
    process = local(pid, "none")
    if process is None:
        badarg("notalive")
    if not is_atom(name) or name == "undefined" or name in world.names_of(pid):
        badarg("none")
    if process.name is not None:
        badarg("registered_name")
    world.names_of(pid).add(name, process)
    world.note("register", pid, name)
    return True


def unregister(name: str) -> bool:
    """Take a name away: `True`; `badarg` if nobody has it. Mirrors `erlang:unregister/1`."""
    world = here()
    if world.slow:
        world.visible(UNREGISTER, name)
    names = world.names_of(world.current.pid)
    process = names.get(name) if is_atom(name) else None
    if process is None:
        badarg()
    names.remove(process)
    world.note("unregister", process.pid, name)
    return True


def whereis(name: str) -> Pid | str:
    """The pid that goes by `name`, or `"undefined"`; `badarg` for what is no atom. Mirrors the BIF."""
    if not is_atom(name):
        badarg()
    world = here()
    if world.slow:
        world.visible(WHEREIS, name)
    process = (world.registry if world.nodes is None else world.names_of(world.current.pid)).get(name)
    return "undefined" if process is None else process.pid


def registered() -> list[str]:
    """All names that are registered on the caller's node. Mirrors `erlang:registered/0`."""
    world = here()
    if world.slow:
        world.visible(REGISTERED)
    return world.names_of(world.current.pid).names()
