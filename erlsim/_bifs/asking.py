"""Asking another process about itself, with the wait that a question has on the BEAM.

A question is a signal: it is answered when the one who is asked has its next turn, and meanwhile others run. Some
things can be read without asking, as long as nothing waits in the other's signal queue; the rest is always asked.
"""

from __future__ import annotations

from erlsim._bifs.common import Term, here, local
from erlsim._bifs.info import check_items, describe_items, is_always_asked, process_info
from erlsim._bifs.operations import PROCESS_INFO
from erlsim._kernel import Question, pause, post, send_unsent, wait_for


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
    question = Question(me, lambda process: describe_items(process, items))
    send_unsent(world, pid)
    post(target, question)
    if world.chooser is None:
        # Who asks stays in the run queue: right behind the one who answers, if that one has been woken for it.
        await pause()
    if question.answer.callbacks is None:
        return question.answer.value
    return await wait_for(question.answer)
