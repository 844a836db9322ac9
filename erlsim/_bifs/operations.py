"""The visible operations of the BIFs: what each touches as the world stands, and how the trace shows it.

A BIF names its operation to the world on the slow path, before it looks at anything that others may change. What the
kinds of things and modes are is in the kernel's `steps/records`. Arguments may be anything here: what is wrong
with them is found out by the BIF.
"""

from __future__ import annotations

from typing import Any

from erlsim._bifs.common import Term
from erlsim._kernel import CrashSignal, ExitSignal, Monitors, Operation, Process, Touch
from erlsim.terms import Pid, Ref
from erlsim.terms.ids import OF_NODE

Touches = list[Touch]
# All that is ever written of an alias: so the order of two who do is all one.
ENDED = "ended"


def _life(steps: Any, pid: Term, mode: str) -> Touches:
    return [(("life", steps.who(pid)), mode, None)] if isinstance(pid, Pid) else []


def _asked(steps: Any, pid: Term) -> Touches:
    """What a question to `pid` touches: it lets signals that are on their way arrive first."""
    return [(("exit", steps.who(pid)), "q", None)] if isinstance(pid, Pid) else []


def _about(kind: str, steps: Any, pid: Term, mode: str) -> Touches:
    return [((kind, steps.who(pid)), mode, None)] if isinstance(pid, Pid) else []


def _link(steps: Any, process: Process, pid: Term = None, *_: Term) -> Touches:
    if not isinstance(pid, Pid):
        return []
    pair = sorted((process.stand.name, steps.who(pid)))
    return [*_life(steps, pid, "m"), (("link", *pair), "w", None), *steps.way(process, pid), *_node_of(process, pid)]


def _link_to(steps: Any, process: Process, pid: Term = None, *_: Term) -> Touches:
    # It comes before or behind a signal that ends whom it is to.
    return [*_link(steps, process, pid), *_asked(steps, pid)]


def _unlink(steps: Any, process: Process, pid: Term = None, *_: Term) -> Touches:
    # Who traps exits, and unlinks himself from the dead, has its EXIT at once; else there is nothing to be told apart.
    mode = "m" if process.trap_exit else "h"
    touches: Touches = [
        (thing, mode if thing[0] == "life" else how, None) for thing, how, _ in _link(steps, process, pid)
    ]
    # In transit it sets out to who has been sent what ends him, and is done at once with others.
    return [*touches, *(_asked(steps, pid) if steps.transit else ())]


def _named(steps: Any, process: Process, item: Term) -> tuple[Process | None, Touches]:
    """Who is meant by a pid, a name or `(name, node)`, and what it touches to find out."""
    if isinstance(item, Pid):
        return item.home, []
    world = process.world
    if isinstance(item, tuple) and len(item) == 2:
        name, where = item
        known = world.node_named(where)
        # Whether that node is there is what others may change.
        seen: Touches = [] if known is world.node_of(process.pid) else [(("nodes",), "r", None)]
    else:
        name, known, seen = item, world.node_of(process.pid), []
    if not isinstance(name, str | bool) or known is None:
        return None, seen
    return known.registry.get(name), [(known.registry.thing(name), "r", None), *seen]  # type: ignore[arg-type]


def _node_of(process: Process, pid: Term) -> Touches:
    """Whether the node of a pid is there decides what the dead are missed by."""
    is_other = isinstance(pid, Pid) and (pid.number ^ process.pid.number) >> OF_NODE
    return [(("nodes",), "r", None)] if is_other else []


def _sets_out(steps: Any, pid: Term) -> Touches:
    """What is sent to `pid` is on its way for a while if that is alive: else nothing will arrive there."""
    return _life(steps, pid, "r") if steps.transit else []


def _to_inactive_alias(steps: Any, ref: Ref, message: Term) -> Touches:
    """It comes too late, and could have come before."""
    alias = steps.aliases.get(ref.number)
    if alias is None:
        return []
    return [(alias, "r", None), (("life", alias[1]), "r", None), (("mailbox", alias[1]), "d", (None, message))]


def _send(steps: Any, process: Process, dest: Term = None, message: Term = None, *_: Term) -> Touches:
    if isinstance(dest, Ref):
        record = dest.home
        owner = getattr(record, "owner", None)
        if not isinstance(owner, Process):
            return _to_inactive_alias(steps, dest, message)
        return [(steps.aliases[dest.number], "r", None), *steps.mail(owner, message), *_sets_out(steps, owner.pid)]
    target, touches = _named(steps, process, dest)
    touches += _sets_out(steps, dest if target is None else target.pid)
    if target is not None and target.alive:
        touches += steps.mail(target, message)
    elif isinstance(dest, Pid):
        # It comes too late, and could have come before.
        touches.append((("mailbox", steps.who(dest)), "d", (None, message)))
    return touches


def _monitor(steps: Any, process: Process, kind: Term = None, item: Term = None, *_: Term) -> Touches:
    target, touches = _named(steps, process, item)
    pid = item if isinstance(item, Pid) else target.pid if target is not None else None
    # It comes before or behind a signal that ends whom it is to watch.
    touches += [*_life(steps, pid, "m"), *_asked(steps, pid), *steps.way(process, pid)]
    return [*touches, *_node_of(process, item)]


def _demonitor(steps: Any, process: Process, ref: Term = None, options: Term = None, *_: Term) -> Touches:
    me = process.stand.name
    touches = _unalias(steps, process, ref)
    # With flush, and without info, nobody can tell afterwards whether there was a DOWN.
    flushes = isinstance(options, list) and "flush" in options and "info" not in options
    record = (process.monitors or Monitors()).get(getattr(ref, "number", -1))
    if record is not None and (record.target is not None or isinstance(record.item, Pid)):
        watched = record.target.stand.name if record.target is not None else steps.who(record.item)
        touches += [(("life", watched), "h", None), (("watch", me, watched), "f" if flushes else "w", None)]
    elif not (isinstance(options, list) and "flush" in options):
        # Its DOWN has come, and might not have; one that is flushed is taken out of the mailbox, which says as much.
        touches.append((("watchers", me), "w", None))
    if record is not None and record.target is None:
        # What it was to watch was dead: its DOWN is on its way.
        touches.append((("watchers", me), "w", None))
    if flushes:
        touches.append((("mailbox", me), "f", getattr(ref, "number", None)))
    return touches


def _unalias(steps: Any, process: Process, ref: Term = None, *_: Term) -> Touches:
    alias = steps.aliases.get(getattr(ref, "number", -1))
    return [] if alias is None else [(alias, "w", ENDED)]


# There is one name more, or one less.
_NAMES: Touch = (("names",), "w", None)


def _register(steps: Any, process: Process, name: Term = None, pid: Term = None, *_: Term) -> Touches:
    target = getattr(pid, "home", None)
    names = process.world.names_of(process.pid)
    free = isinstance(name, str | bool) and names.get(name) is None  # type: ignore[arg-type]
    works = free and target is not None and target.name is None
    return [
        (names.thing(name), "w" if works else "r", None),
        *([_NAMES] if works else ()),
        *_life(steps, pid, "r"),
        *_about("info", steps, pid, "w" if works else "r"),
    ]


def _unregister(steps: Any, process: Process, name: Term = None, *_: Term) -> Touches:
    target, touches = _named(steps, process, name)
    if target is None:
        return touches
    return [(touches[0][0], "w", None), _NAMES, (("info", target.stand.name), "w", None)]


def _whereis(steps: Any, process: Process, name: Term = None, *_: Term) -> Touches:
    return [(process.world.names_of(process.pid).thing(name), "r", None)]


def _registered(steps: Any, process: Process, *_: Term) -> Touches:
    return [(("names",), "r", None)]


def _spawn(steps: Any, process: Process, where: Any = None, *_: Term) -> Touches:
    return [(("procs",), "w", None), *([] if where is None else [(("nodes",), "r", None)])]


def _processes(steps: Any, process: Process, *_: Term) -> Touches:
    return [(("procs",), "r", None)]


def _exit_of_the_dead(steps: Any, process: Process, pid: Term, reason: Term) -> Touches:
    """It comes too late, and could have come before."""
    traps = isinstance(pid, Pid) and pid.number in steps.died_trapping
    if steps.transit or reason == "kill" or not (traps or reason == "normal"):
        # It might have ended the process.
        return _life(steps, pid, "r")
    touches = _about("trap", steps, pid, "r")
    if traps:
        touches.append((("mailbox", steps.who(pid)), "d", (None, ("EXIT", process.pid, reason))))
    return touches


def _exit(steps: Any, process: Process, pid: Term = None, reason: Term = None, *_: Term) -> Touches:
    target = getattr(pid, "home", None)
    if target is None:
        return _exit_of_the_dead(steps, process, pid, reason)
    touches = [*_sets_out(steps, pid), *steps.touches_of_signal(target, ExitSignal(process, reason, False), None)]
    if target is process:
        touches.append((("exit", process.stand.name), "w", None))
    return touches


def _alive(steps: Any, process: Process, pid: Term = None, *_: Term) -> Touches:
    return [*_life(steps, pid, "r"), *_asked(steps, pid), *steps.way(process, pid, "b")]


# Of these nothing is changed but by operations that say so. All else that a process is asked for may be its own doing.
SEEN_TO_CHANGE = frozenset(("registered_name", "messages", "message_queue_len", "trap_exit", "group_leader", "parent"))


def _info(steps: Any, process: Process, pid: Term = None, items: Term = None, *_: Term) -> Touches:
    touches = [*_life(steps, pid, "i"), *_asked(steps, pid), *_about("info", steps, pid, "r")]
    touches += steps.way(process, pid, "b")
    asked = items if isinstance(items, list) else [items]
    if items is None or "messages" in asked:
        touches += _about("mailbox", steps, pid, "i")
    elif "message_queue_len" in asked or "status" in asked:
        touches += _about("mailbox", steps, pid, "n")
    if items is None or "trap_exit" in asked:
        touches += _about("trap", steps, pid, "r")
    if pid is not process.pid and not SEEN_TO_CHANGE.issuperset(each for each in asked if isinstance(each, str)):
        touches += _about("exit", steps, pid, "p")
    return touches


def _flag(steps: Any, process: Process, flag: Term = None, value: Term = None, *_: Term) -> Touches:
    return [(("trap" if flag == "trap_exit" else "info", process.stand.name), "w", None)]


def _leader(steps: Any, process: Process, leader: Term = None, pid: Term = None, *_: Term) -> Touches:
    if leader is None:
        return [(("info", process.stand.name), "r", None)]
    return [*_about("info", steps, pid, "w"), *_life(steps, pid, "r")]


def _suspend(steps: Any, process: Process, pid: Term = None, *_: Term) -> Touches:
    return [*_life(steps, pid, "w"), *_asked(steps, pid), *_about("exit", steps, pid, "w")]


def _timer(steps: Any, process: Process, time: Term = None, dest: Term = None, *_: Term) -> Touches:
    return [*_life(steps, dest, "r"), *_time(steps, process)]


def _time(steps: Any, process: Process, *_: Term) -> Touches:
    """When it is now: that depends on the order of things only where time goes on while processes can run."""
    return [(("time",), "r", None)] if steps.late_clock else []


def _cancel(steps: Any, process: Process, ref: Term = None, *_: Term) -> Touches:
    return [(("timer", steps.timers.get(getattr(ref, "number", -1))), "w", None), *_time(steps, process)]


def _left(steps: Any, process: Process, ref: Term = None, *_: Term) -> Touches:
    return [(("timer", steps.timers.get(getattr(ref, "number", -1))), "r", None), *_time(steps, process)]


def _see_nodes(steps: Any, process: Process, *_: Term) -> Touches:
    return [(("nodes",), "r", None)]


def _start_node(steps: Any, process: Process, *_: Term) -> Touches:
    return [(("nodes",), "w", None)]


def _stop_node(steps: Any, process: Process, name: Term = None, *_: Term) -> Touches:
    world = process.world
    touches: Touches = [(("nodes",), "w", None)]
    going = world.node_named(name)
    for pid in going.pids() if going is not None else ():
        # All that runs there ends, in the middle of whatever it does; who has ended before might not have.
        each = world.table.get(pid.number)
        if each is None:
            touches += _life(steps, pid, "r")
        else:
            touches += steps.touches_of_signal(each, CrashSignal("noconnection"), None)
    for watcher, wanted in world.node_watchers:
        if watcher.alive and wanted in (name, None):
            touches += steps.mail(watcher, ("nodedown", name))
    return touches


SEND = Operation("erlang:send", _send)
REGISTER = Operation("erlang:register", _register)
UNREGISTER = Operation("erlang:unregister", _unregister)
WHEREIS = Operation("erlang:whereis", _whereis, lambda process, name: ("whereis", name))
REGISTERED = Operation("erlang:registered", _registered)
SPAWN = Operation("erlang:spawn", _spawn)
EXIT = Operation("erlang:exit", _exit)
LINK = Operation("erlang:link", _link_to)
UNLINK = Operation("erlang:unlink", _unlink)
MONITOR = Operation("erlang:monitor", _monitor)
DEMONITOR = Operation("erlang:demonitor", _demonitor)
UNALIAS = Operation("erlang:unalias", _unalias, lambda process, ref: ("unalias", ref))
PROCESSES = Operation("erlang:processes", _processes)
IS_PROCESS_ALIVE = Operation("erlang:is_process_alive", _alive, lambda process, pid: ("ask", pid, "is_process_alive"))
PROCESS_INFO = Operation(
    "erlang:process_info", _info, lambda process, pid, items=None: ("ask", pid, items or "process_info")
)
PROCESS_FLAG = Operation("erlang:process_flag", _flag, lambda process, flag, value: ("flag", flag, value))
GROUP_LEADER = Operation("erlang:group_leader", _leader)
SUSPEND_PROCESS = Operation("erlang:suspend_process", _suspend)
RESUME_PROCESS = Operation("erlang:resume_process", _suspend)
START_TIMER = Operation("erlang:start_timer", _timer)
CANCEL_TIMER = Operation("erlang:cancel_timer", _cancel)
READ_TIMER = Operation("erlang:read_timer", _left)
READ_TIME = Operation("erlang:monotonic_time", _time)
NODES = Operation("erlang:nodes", _see_nodes)
MONITOR_NODE = Operation("erlang:monitor_node", _see_nodes)
START_NODE = Operation("erlang:start_node", _start_node)
STOP_NODE = Operation("erlang:halt", _stop_node)
