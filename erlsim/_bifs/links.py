"""Links, monitors and aliases."""

from __future__ import annotations

from collections.abc import Sequence

from erlsim._bifs.common import Term, badarg, behind, here, is_atom, plain_list
from erlsim._bifs.nodes import is_alive
from erlsim._bifs.operations import DEMONITOR, LINK, MONITOR, UNALIAS, UNLINK
from erlsim._kernel import (
    Alias,
    CrashSignal,
    LinkSignal,
    Monitor,
    Monitors,
    MonitorSignal,
    Process,
    UnlinkSignal,
    World,
    add_link,
    add_watcher,
    drop_alias,
    drop_monitor,
    is_asleep,
    post,
    post_message,
    post_noproc,
    remove_link,
    send_unsent,
    wake_for_note,
    why_absent,
)
from erlsim.errors import Error
from erlsim.terms import Pid, Ref
from erlsim.terms.atoms import AliasOption, DemonitorOption, MonitorKind, MonitorOption
from erlsim.terms.ids import OF_NODE

ALIAS_MODES = ("explicit_unalias", "demonitor", "reply_demonitor")


def link(pid: Pid) -> bool:
    """Link the caller to `pid`: `True`.

    A dead `pid` is `error:noproc`, or an `("EXIT", pid, "noproc")` message when the caller traps
    exits. That of another node makes it an exit signal, `noconnection` if the node is not there any more.
    `badarg` for what is no pid. Mirrors `erlang:link/1`.
    """
    target = behind(pid)
    world = here()
    if world.slow:
        world.visible(LINK, pid)
        target = pid.home
    me = world.current
    if target is me or (me.links and pid.number in me.links):
        return True
    if target is None:
        reason = why_absent(world, pid)
        if me.trap_exit:
            post_message(me, ("EXIT", pid, reason))
        elif (pid.number ^ me.pid.number) >> OF_NODE:
            # DIVERGES(otp): it ends the caller even if he traps exits by the time that it comes.
            post(me, CrashSignal(reason))
        else:
            raise Error("noproc")
        return True
    _trace(world, "link", pid)
    add_link(me, target)
    if _is_behind(world, target):
        post(target, LinkSignal(me))
    else:
        add_link(target, me)
        wake_for_note(target)
    return True


def link_new(target: Process) -> None:
    """Link the caller to a process that it has just spawned."""
    world = target.world
    me = world.current
    if world.tracer is not None:
        world.note("link", me.pid, target.pid)
    add_link(me, target)
    add_link(target, me)


def unlink(pid: Pid) -> bool:
    """Remove the link between the caller and `pid`, if any: `True`. Mirrors `erlang:unlink/1`.

    An exit message that has arrived stays in the mailbox; no later one will come.
    """
    target = behind(pid)
    world = here()
    if world.slow:
        world.visible(UNLINK, pid)
        target = pid.home
    me = world.current
    if world.steps is not None and me.links and pid.number in me.links:
        world.steps.unlinks(me, me.links.get(pid.number))
    if not me.links or not me.links.drop(pid.number):
        return True
    _trace(world, "unlink", pid)
    if target is None:
        # It is dead, and its exit signal still on the way: that will find no link any more.
        return True
    if world.chooser is None or _is_behind(world, target):
        # It will answer, which gives the caller a turn.
        post(target, UnlinkSignal(me))
    else:
        remove_link(target, me)
    return True


def monitor(kind: MonitorKind, item: Term, options: Sequence[MonitorOption] | None = None) -> Ref:
    """Watch a process: a reference; `("DOWN", ref, "process", item, reason)` comes when it ends.

    `kind` is `"process"` (or `"port"`: there are none); `item` a pid, a name or `(name, node())`. Options:
    `("tag", term)` in place of `"DOWN"`, and `("alias", mode)` with mode `"explicit_unalias"`, `"demonitor"` or
    `"reply_demonitor"`, which makes the reference an alias of the caller. `badarg` for anything
    else. Mirrors `erlang:monitor/2,3`. `"time_offset"` is accepted and never fires.
    """
    world = here()
    tag, mode = monitor_options(options) if options is not None else ("DOWN", None)
    if world.slow:
        world.visible(MONITOR, kind, item)
    me = world.current
    if kind == "time_offset" and item == "clock_service":
        return _watch(world, Monitor(world.new_ref(), me, item, tag), me)
    if kind != "process":
        return _watch_port(world, kind, Monitor(world.new_ref(), me, item, tag), mode)
    target: Process | None
    if type(item) is Pid:
        target = behind(item)
    else:
        target, item = _named(world, item)
    if world.unsent is not None and (target is not None or type(item) is Pid):
        send_unsent(world)
    return _watch_as(world, item, target, tag, mode)


def monitor_new(target: Process, options: Term) -> Ref:
    """Monitor a process that the caller has just spawned."""
    tag, mode = monitor_options(options) if options else ("DOWN", None)
    return _watch_as(here(), target.pid, target, tag, mode)


def _watch_as(world: World, item: Term, target: Process | None, tag: Term, mode: str | None) -> Ref:
    """Let the caller watch `target`, which it calls `item`, by a monitor that is an alias too if there is a `mode`."""
    record = Monitor(world.new_ref(), world.current, item, tag)
    if mode is not None:
        _make_alias(record, mode)
    return _watch(world, record, target)


def _watch(world: World, record: Monitor, target: Process | None) -> Ref:
    me = record.owner
    ref: Ref = record.ref
    if target is me:
        # No monitor comes of it, and no alias either.
        if record.alias is not None:
            drop_alias(record)
        return ref
    if me.monitors is None:
        me.monitors = Monitors()
    me.monitors[ref.number] = record
    if world.tracer is not None:
        world.note("monitor", me.pid, record.item, ref)
    if target is None:
        if type(record.item) is not Pid:
            post_noproc(record)
        elif world.steps is not None:
            world.steps.channels.set_out_noproc(record)
        else:
            world.unsent = record
    elif _is_behind(world, target):
        post(target, MonitorSignal(record))
    else:
        add_watcher(target, record)
        if target.parked and world.steps is None:
            world.unsent = record
    return ref


def _watch_port(world: World, kind: Term, record: Monitor, mode: str | None) -> Ref:
    """Ports have names, but here there are no ports."""
    if kind != "port":
        badarg("badtype")
    _, item = _named(world, record.item)
    if mode == "explicit_unalias":
        _make_alias(record, mode)
    ref: Ref = record.ref
    post_message(record.owner, (record.tag, ref, "port", item, "noproc"))
    return ref


def _named(world: World, item: Term) -> tuple[Process | None, Term]:
    """Who goes by a name, or by `(name, node)`, and that pair. Who has no name himself knows no other node."""
    if type(item) is not tuple:
        item = (item, world.node_of(world.current.pid).name)
    if len(item) != 2 or not is_atom(item[0]) or not is_atom(item[1]):
        badarg()
    where = world.node_named(item[1])
    if where is None and not is_alive():
        badarg()
    return None if where is None else where.registry.get(item[0]), item


def monitor_options(options: Term) -> tuple[Term, str | None]:
    """The tag and the alias mode that monitor's options say; `badarg` for what is none."""
    tag: Term = "DOWN"
    mode: str | None = None
    for option in plain_list(options, "badopt"):
        if type(option) is not tuple or len(option) != 2:
            badarg("badopt")
        if option[0] == "tag":
            tag = option[1]
        elif option[0] == "alias" and option[1] in ALIAS_MODES:
            mode = option[1]
        else:
            badarg("badopt")
    return tag, mode


def demonitor(ref: Ref, options: Sequence[DemonitorOption] | None = None) -> bool:
    """Stop watching: `True`.

    Options: `"flush"` also removes a DOWN message that has arrived; `"info"` makes the value tell
    whether the monitor was still there (`False` with `"flush"` when a message had to be removed).
    A reference that is no monitor of the caller is `True` too, as in OTP 25; `badarg` for what is no
    reference or option. Mirrors `erlang:demonitor/1,2`.
    """
    if type(ref) is not Ref:
        badarg()
    if options is not None:
        for option in plain_list(options):
            if option not in ("flush", "info"):
                badarg()
    world = here()
    if world.slow:
        world.visible(DEMONITOR, ref, options)
    me = world.current
    record: Monitor | None = me.monitors.get(ref.number) if me.monitors else None
    if record is None:
        return _was_no_monitor(me, ref, options or ())
    if world.tracer is not None:
        world.note("demonitor", me.pid, record.item, ref)
    if record is world.unsent:
        send_unsent(world)
    if record.target is not None:
        wake_for_note(record.target)
    if world.steps is not None and options and "flush" in options and "info" not in options:
        me.stand.flushed.append(record)
    drop_monitor(record)
    if record.alias is not None and record.alias != "explicit_unalias":
        drop_alias(record)
    return True


def _was_no_monitor(me: Process, ref: Ref, options: Sequence[DemonitorOption]) -> bool:
    """`ref` was no active monitor: perhaps its DOWN has arrived."""
    if "flush" in options and me.mailbox:
        for index, message in enumerate(me.mailbox):
            if type(message) is tuple and len(message) == 5 and message[1] == ref and message[2] == "process":
                me.mailbox.remove_at(index)
                if me.world.steps is not None:
                    me.world.steps.flushed(me, message, "info" in options)
                me.world.note("drop", me.pid, message)
                break
    # DIVERGES(otp): with `flush`, and neither a monitor nor a DOWN to find, OTP lets everybody else that can run have
    # a turn before the call returns. Here it is no wait, and the caller goes on.
    return "info" not in options


def alias(options: Sequence[AliasOption] | None = None) -> Ref:
    """A reference that messages to the caller can be sent to, until `unalias`.

    Options: `"explicit_unalias"` (the default) or `"reply"`, which ends it with the first message.
    `badarg` for others. Mirrors `erlang:alias/0,1`.
    """
    mode = "explicit_unalias"
    for option in plain_list([] if options is None else options):
        if option not in ("reply", "explicit_unalias"):
            badarg()
        mode = option
    world = here()
    record = Alias(world.new_ref(), world.current, mode)
    _make_alias(record, mode)
    ref: Ref = record.ref
    return ref


def _make_alias(record: Alias | Monitor, mode: str) -> None:
    record.alias = mode
    record.ref.home = record
    steps = record.owner.world.steps
    if steps is not None:
        steps.name_alias(record.ref.number)


def unalias(ref: Ref) -> bool:
    """End an alias of the caller: `True` if it was active. Messages in transit to it are lost.

    `badarg` for what is no reference. Mirrors `erlang:unalias/1`.
    """
    if type(ref) is not Ref:
        badarg()
    world = here()
    if world.slow:
        world.visible(UNALIAS, ref)
    record = ref.home
    if not isinstance(record, Alias | Monitor) or record.owner is not world.current:
        return False
    drop_alias(record)
    return True


def _is_behind(world: World, target: Process) -> bool:
    """Whether a signal of the caller to `target` comes behind others, before which it cannot be noted there.

    To one that only lets time pass it is sent in any case: that one sees then what else has come (`Mailbox.unseen`).

    In a world with steps these are what is on its way, and what ends the receiver. Whether he has handled others yet is
    all one.
    """
    if world.steps is None:
        return target.nsig > 0 or (world.chooser is None and is_asleep(target))
    return bool(world.steps.channels.is_behind(world.current, target))


def _trace(world: World, kind: str, pid: Pid) -> None:
    world.note(kind, world.current.pid, pid)
