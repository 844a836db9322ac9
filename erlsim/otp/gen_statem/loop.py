"""The life of a state machine: its first steps and its loop. Mirrors the middle part of `gen_statem`.

The functions for others are in `api`, one event in `transition`, the end in `machine`.

Events come first from the queue (inserted, or postponed before a change of state), then from timeouts of 0 ms, and
only then from the mailbox; system messages are heard when the mailbox is.
"""

from __future__ import annotations

from collections import deque
from typing import NoReturn

from erlsim import erlang, releases, supervision
from erlsim.erlang import TIMEOUT
from erlsim.errors import Exit, caught_within, pass_on
from erlsim.otp import gen, proc_lib, sys
from erlsim.otp.gen_statem.machine import Event, Machine, Queue, call, error_info, terminate, use
from erlsim.otp.gen_statem.transition import Step, Transition
from erlsim.otp.shared import stack_here, tell_failure, tell_reason
from erlsim.otp.standing import is_calling, is_waiting, standing
from erlsim.terms import Pid, Term, matchable

__stands_for__ = standing(
    "gen_statem",
    {
        "init_it": lambda _frame, inner: "init_it/6" if is_calling(inner, "call") else "",
        "become": "",
        "_enter": lambda _frame, inner: "enter/8" if is_calling(inner, "use") else "",
        "loop": "",
        "wakeup_from_hibernate": "",
        "_next_message": lambda _frame, inner: "loop_receive/3" if is_waiting(inner) else "",
    },
)

# ---- starting ---------------------------------------------------------------


async def init_it(starter: Pid, parent: Term, name0: Term, module: Term, args: Term, options: Term) -> NoReturn:
    """Run `init`, tell the starter, and go on as a state machine or end."""
    parent = erlang.self() if parent == "self" else parent
    name = await gen.get_proc_name(name0)
    machine = Machine(parent, name, module, gen.hibernate_after(options), gen.debug_options(name, options))
    try:
        answer = await call(module, "init", [args])
    except Exception as failure:
        pass_on(failure)
        kind, reason, stack = caught_within(failure)
        await gen.unregister_name(name0)
        if not releases.since(26):
            tell_failure(starter, ("error", reason))
        await error_info(machine, kind, reason, stack, [])
        if releases.since(26):
            # The report comes before the starter goes on.
            tell_failure(starter, ("error", reason))
        raise
    match matchable(answer):
        case ("ok", state, data):
            proc_lib.init_ack(starter, ("ok", erlang.self()))
            await become(machine, state, data, [])
        case ("ok", state, data, actions):
            proc_lib.init_ack(starter, ("ok", erlang.self()))
            await become(machine, state, data, actions)
    # The name goes first: the starter may try again the moment it hears.
    await gen.unregister_name(name0)
    stack = stack_here("init_result/8", "gen_statem")
    match matchable(answer):
        case ("stop", reason):
            tell_reason(starter, reason)
            raise Exit(reason, stack)
        case "ignore":
            tell_failure(starter, "ignore")
            raise Exit("normal", stack)
        case ("error", _) if releases.since(26):
            tell_failure(starter, answer)
            raise Exit("normal", stack)
    bad = ("bad_return_from_init", answer)
    tell_reason(starter, bad)
    await error_info(machine, "error", bad, stack, [])
    raise Exit(bad, stack)


async def become(machine: Machine, state: Term, data: Term, actions: Term) -> NoReturn:
    """Let the calling process be `machine`."""
    machine.state, machine.data = state, data
    await proc_lib.become(lambda: _enter(machine, actions))
    raise AssertionError("unreachable")


async def _enter(machine: Machine, actions: Term) -> NoReturn:
    queue: Queue = deque([("internal", "init_state")])
    try:
        await use(machine, machine.modules)
    except Exception as failure:
        pass_on(failure)
        await terminate(machine, *caught_within(failure), queue)
    await machine.note(("enter", machine.shown_modules[0], machine.state))
    await Step(machine, queue, Transition(machine.state, machine.data)).begin(actions)
    await loop(machine, queue)


# ---- the loop ---------------------------------------------------------------


async def loop(machine: Machine, queue: Queue | None = None, awake: bool = False) -> NoReturn:
    """Take an event, handle it, and again; `awake` when the first one is in the mailbox already."""
    supervision.disclose(lambda: (machine.state, machine.data))
    events: Queue = deque() if queue is None else queue
    while True:
        if not events:
            event = machine.timeouts.due() or await _next_message(machine, awake)
            awake = False
            if event is None:
                continue
            await machine.note(("in", event, machine.state))
            events.append(event)
        await Step(machine, events, Transition(machine.state, machine.data)).run()


async def wakeup_from_hibernate(machine: Machine) -> NoReturn:
    """A hibernating machine has got a message."""
    await loop(machine, awake=True)


async def _next_message(machine: Machine, awake: bool) -> Event | None:
    """The next message as an event, or `None` when it was no business of the callbacks."""
    if machine.hibernate and not awake:
        await _hibernate(machine)
    message = await erlang.receive(after=machine.hibernate_after)
    if message is TIMEOUT:
        await _hibernate(machine)
    match matchable(message):
        case ("$gen_call", from_, request):
            return ("call", from_), request
        case ("$gen_cast", request):
            return "cast", request
        case ("timeout", timer, what):
            return machine.timeouts.fired(timer, what) or ("info", message)
        case ("system", from_, request):
            await _system(machine, from_, request)
            return None
        case ("EXIT", parent, reason) if parent == machine.parent:
            await terminate(machine, "exit", reason, stack_here("loop_receive/3", "gen_statem"), [])
    return "info", message


async def _hibernate(machine: Machine) -> None:
    await proc_lib.hibernate("gen_statem", "wakeup_from_hibernate", [machine])


async def _system(machine: Machine, from_: Term, request: Term) -> None:
    step = await sys.serve(request, from_, machine.parent, "gen_statem", machine.debug, machine, machine.hibernate)
    machine.debug = step[-2]
    if step[0] == "terminate":
        await terminate(machine, "exit", step[1], stack_here("system_terminate/4", "gen_statem"), [])
