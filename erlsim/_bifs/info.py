"""`process_info`: what can be asked of a process, with the wait that a question has on the BEAM.

A question is a signal: it is answered when the one who is asked has its next turn, and meanwhile others run. Some
things can be read without asking, as long as nothing waits in the other's signal queue; the rest is always asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

from erlsim import releases
from erlsim._bifs.common import Term, badarg, handle_signals_to, here, local
from erlsim._bifs.flags import DEFAULT_FLAGS
from erlsim._bifs.operations import PROCESS_INFO
from erlsim._bifs.stacks import stacktrace
from erlsim._bifs.suspending import suspending
from erlsim._kernel import Process, Question, pause, post, see_all, send_unsent, wait_for
from erlsim.terms import Pid, copy, key
from erlsim.terms.atoms import ProcessItem

NOMINAL_WORDS = 233

# What another process alone can say of itself. All else is read from outside while its signal queue is empty.
ALWAYS_ASKED = frozenset(
    {
        "binary",
        "backtrace",
        "current_function",
        "current_location",
        "current_stacktrace",
        "dictionary",
        "links",
        "magic_ref",
        "memory",
        "messages",
        "monitored_by",
        "monitors",
        "suspending",
        "total_heap_size",
    }
)


@overload
def process_info(pid: Pid, /) -> Term: ...
@overload
def process_info(pid: Pid, item: ProcessItem | Sequence[ProcessItem], /) -> Term: ...
def process_info(*args: Term) -> Term:
    """`process_info(pid)`, `process_info(pid, item)` or `process_info(pid, [item, ...])`.

    A pair, a list of pairs, or `"undefined"` for a dead process. What was sent to `pid` before has
    arrived when it is answered. An unnamed process has `[]` in place of a pair for
    `registered_name`. `badarg` for an unknown item or what is no pid. Mirrors `process_info/1,2`.
    """
    if len(args) not in (1, 2):
        badarg()
    target = local(args[0])
    items = DEFAULT if len(args) == 1 else args[1]
    check_items(items)
    world = here()
    if world.slow:
        world.visible(PROCESS_INFO, *args)
        target = args[0].home
    if target is not world.current and is_always_asked(items):
        # Who asks another process waits for the answer.
        send_unsent(world, None if target is not None else args[0])
    if target is not None:
        handle_signals_to(target, world)
    if target is None or not target.alive:
        return "undefined"
    if target is not world.current:
        see_all(world.current)
    found = describe_items(target, items)
    return found if len(args) == 2 else [pair for pair in found if pair != ("registered_name", [])]


async def ask_process_info(pid: Term, items: Term) -> Term:
    """`process_info(pid, items)` as the BEAM gives it to another process: by asking, which lets others run.

    The caller waits until `pid` has its next turn, if one of `items` can only be asked for or if there is anything in
    the signal queue of `pid`. The value is that of `process_info/2` at that moment.

    Reports are made so. In a simulation with `preempt=True` it is no visible operation and waits for nobody: others may
    go first wherever the process does anything else, and a search need not tell apart what only a report shows.
    """
    target = local(pid)
    check_items(items)
    world = here()
    if world.steps is not None:
        return describe_items(target, items) if target is not None else "undefined"
    if world.slow:
        world.visible(PROCESS_INFO, pid, items)
        target = pid.home
    me = world.current
    if target is None or target is me or not (is_always_asked(items) or target.inq):
        return process_info(pid, items)
    see_all(me)
    question = Question(me, lambda process: describe_items(process, items))
    send_unsent(world, pid)
    post(target, question)
    if world.chooser is None:
        # Who asks stays in the run queue: right behind the one who answers, if that one has been woken for it.
        await pause()
    if question.answer.callbacks is None:
        return question.answer.value
    return await wait_for(question.answer)


def is_always_asked(items: Term) -> bool:
    """Whether one of `items` can only be told by the process itself."""
    return not ALWAYS_ASKED.isdisjoint(items if type(items) is list else [items])


def check_items(items: Term) -> None:
    """`badarg` for what is no item and no list of items."""
    for item in items if type(items) is list else [items]:
        if (type(item) is not str or item not in ITEMS) and not _is_key(item):
            badarg()


def _is_key(item: Term) -> bool:
    """Whether `item` is `("dictionary", key)`, one value of a dictionary: since OTP 26.2."""
    return type(item) is tuple and len(item) == 2 and item[0] == "dictionary" and releases.since(26)


def describe_items(process: Process, items: Term) -> Term:
    """What `process` says of itself: a pair for an item, a list of pairs for a list of them."""
    if type(items) is list:
        return [(item, _value(item, process)) for item in items]
    value = _value(items, process)
    return [] if items == "registered_name" and value == [] else (items, value)


def _value(item: Term, process: Process) -> Term:
    if type(item) is str:
        return ITEMS[item](process)
    return copy((process.dictionary or {}).get(key(item[1]), (item[1], "undefined"))[1])


def _status(process: Process) -> str:
    if process.suspended:
        return "suspended"
    if process is process.world.current and not process.parked:
        return "running"
    return "waiting" if process.parked else "runnable"


def _current_function(process: Process) -> Term:
    return _current_location(process)[:3]


def _current_location(process: Process) -> Term:
    if process.parked and process.body is not None:
        # It has left its code and not yet begun anew: it hibernates.
        return ("erlang", "hibernate", 3, [])
    frames = stacktrace(process)
    return frames[0] if frames else (*process.initial_call, [])


def _messages(process: Process) -> list[Term]:
    box = process.mailbox
    if not box or process.inq:
        return process.messages() + [m for m in process.inq if not process.nsig]
    if process is process.world.current:
        # DIVERGES(otp): who has once sent himself a message and later sleeps sees what came meanwhile in OTP, even if
        # that message is gone; here only while it is there.
        return box.seen()
    # The question is such a signal.
    box.unseen = 0
    return process.messages()


def _copy_of_messages(process: Process) -> Term:
    return copy(_messages(process))


def _monitors(process: Process) -> list[Term]:
    # What the BEAM finds on its way through the tree of monitors, the last found first, as with links.
    return [("process", m.item) for m in reversed(process.monitors.in_order_of_end())] if process.monitors else []


def _monitored_by(process: Process) -> list[Term]:
    return [m.owner.pid for m in (process.monitored_by or {}).values()]


def _flag(name: str) -> Callable[[Process], Term]:
    return lambda process: (process.flags or {}).get(name, DEFAULT_FLAGS.get(name, False))


def _words(process: Process) -> int:
    return NOMINAL_WORDS


def _reductions(process: Process) -> int:
    # DIVERGES(otp): work is not counted; the number only keeps its shape.
    return 0


def _collection(process: Process) -> list[Term]:
    names = ("max_heap_size", "min_bin_vheap_size", "min_heap_size", "fullsweep_after")
    return [*[(name, _flag(name)(process)) for name in names], ("minor_gcs", 0)]


def _links(process: Process) -> list[Term]:
    # What the BEAM finds on its way through the tree of links, the last found first.
    return [peer.pid for peer in reversed(process.links.in_order_of_end())] if process.links else []


def _dictionary(process: Process) -> list[Term]:
    pairs: list[Term] = copy(list((process.dictionary or {}).values()))
    return pairs


ITEMS: dict[str, Callable[[Process], Term]] = {
    "registered_name": lambda p: p.name if p.name is not None else [],
    "current_function": _current_function,
    "current_location": _current_location,
    "current_stacktrace": stacktrace,
    "initial_call": lambda p: p.initial_call,
    "status": _status,
    "message_queue_len": lambda p: len(_messages(p)),
    "messages": _copy_of_messages,
    "links": _links,
    "monitors": _monitors,
    "monitored_by": _monitored_by,
    "dictionary": _dictionary,
    "trap_exit": lambda p: p.trap_exit,
    "error_handler": _flag("error_handler"),
    "priority": _flag("priority"),
    "group_leader": lambda p: p.group_leader,
    "total_heap_size": _words,
    "heap_size": _words,
    "stack_size": lambda p: 0,
    "memory": lambda p: NOMINAL_WORDS * 8,
    "reductions": _reductions,
    "garbage_collection": _collection,
    "garbage_collection_info": lambda p: [("old_heap_block_size", 0), ("heap_block_size", NOMINAL_WORDS)],
    "suspending": suspending,
    "parent": lambda p: p.parent if p.parent is not None else "undefined",
    "binary": lambda p: [],
    "backtrace": lambda p: b"",
    "catchlevel": lambda p: 0,
    "last_calls": lambda p: False,
    "magic_ref": lambda p: [],
    "trace": lambda p: 0,
    "sequential_trace_token": lambda p: [],
    "min_heap_size": _flag("min_heap_size"),
    "min_bin_vheap_size": _flag("min_bin_vheap_size"),
    "max_heap_size": _flag("max_heap_size"),
    "fullsweep_after": _flag("fullsweep_after"),
    "message_queue_data": _flag("message_queue_data"),
}

DEFAULT = [
    "registered_name",
    "current_function",
    "initial_call",
    "status",
    "message_queue_len",
    "links",
    "dictionary",
    "trap_exit",
    "error_handler",
    "priority",
    "group_leader",
    "total_heap_size",
    "heap_size",
    "stack_size",
    "reductions",
    "garbage_collection",
    "suspending",
]
