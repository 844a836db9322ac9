"""Asking another process about itself, with the wait that a question has on the BEAM.

A question is a signal: it is answered when the one who is asked has its next turn, and meanwhile others run. Some
things can be read without asking, as long as nothing waits in the other's signal queue; the rest is always asked.
"""

from __future__ import annotations

from erlsim._bifs.common import Term, here, local
from erlsim._bifs.info import check_items, describe_items, process_info
from erlsim._bifs.operations import PROCESS_INFO
from erlsim._kernel import Question, pause, post, send_unsent, wait_for

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


async def ask_process_info(pid: Term, items: Term) -> Term:
    """`process_info(pid, items)` as the BEAM gives it to another process: by asking, which lets others run.

    The caller waits until `pid` has its next turn, if one of `items` can only be asked for or if there is anything in
    the signal queue of `pid`. The value is that of `process_info/2` at that moment.
    """
    target = local(pid)
    check_items(items)
    world = here()
    if world.slow:
        world.visible(PROCESS_INFO, pid, items)
        target = pid.home
    me = world.current
    asked = ALWAYS_ASKED.intersection(items if type(items) is list else [items])
    if target is None or target is me or not (asked or target.inq):
        return process_info(pid, items)
    question = Question(me, lambda process: describe_items(process, items))
    send_unsent(world, pid)
    post(target, question)
    if world.chooser is None:
        # Who asks stays in the run queue: right behind the one who answers, if that one has been woken for it.
        await pause()
    if question.answer.callbacks is None:
        return question.answer.value
    return await wait_for(question.answer)
