"""Asking another process about itself, with the wait that a question has on the BEAM.

A question is a signal: it is answered when the one who is asked has its next turn, and meanwhile others run. Some
things can be read without asking, as long as nothing waits in the other's signal queue; the rest is always asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim._bifs.common import Term, here, local
from erlsim._bifs.info import check_items, describe_items, process_info
from erlsim._kernel import Process, Signal, wait_for

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


class Answer:
    """What a process that has asked waits for; to the kernel it is an event like simpy's."""

    def __init__(self) -> None:
        self.callbacks: list[Callable[[Any], None]] | None = []
        self.ok = True
        self.value: Term = None

    def give(self, value: Term) -> None:
        """The question is answered."""
        self.value = value
        waiting, self.callbacks = self.callbacks or [], None
        for callback in waiting:
            callback(self)

    def __repr__(self) -> str:
        return "an answer to process_info"


class Question(Signal):
    """`process_info` asked by another process: of a dead one the answer is `"undefined"`."""

    __slots__ = ("answer", "items")

    def __init__(self, sender: Process, items: Term, answer: Answer) -> None:
        self.sender = sender
        self.items = items
        self.answer = answer

    def arrive(self, process: Process) -> None:
        # It has been woken to answer: who waits in a receive still counts as waiting.
        parked, process.parked = process.parked, process.patterns is not None or process.waiting is not None
        try:
            self.answer.give(describe_items(process, self.items))
        finally:
            process.parked = parked

    def bounce(self, process: Process) -> None:
        self.answer.give("undefined")


async def ask_process_info(pid: Term, items: Term) -> Term:
    """`process_info(pid, items)` as the BEAM gives it to another process: by asking, which lets others run.

    The caller waits until `pid` has its next turn, if one of `items` can only be asked for or if there is anything in
    the signal queue of `pid`. The value is that of `process_info/2` at that moment.
    """
    target = local(pid)
    check_items(items)
    world = here()
    me = world.current
    asked = ALWAYS_ASKED.intersection(items if type(items) is list else [items])
    if target is None or target is me or not (asked or target.inq):
        return process_info(pid, items)
    answer = Answer()
    world.send_unsent(pid)
    world.post(target, Question(me, items, answer))
    return await wait_for(answer)
