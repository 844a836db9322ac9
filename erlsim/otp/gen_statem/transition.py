"""One event of a state machine: the state call, its actions, state enter calls, the transition.

Mirrors `gen_statem` from `loop_state_callback` to `loop_done`. The loop around it is in `loop`.

Invariant: until `_transit` the machine keeps its old state, postponed events and timeouts; what the
callback wants is collected in a `Transition`. The event being handled stays at the head of the queue until then, for
reports to show it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn

from erlsim import code, hints
from erlsim.errors import caught_within, pass_on
from erlsim.otp import gen
from erlsim.otp.gen_statem.machine import Event, Machine, Queue, call, terminate, use
from erlsim.otp.gen_statem.timeouts import Wanted, is_type, wanted
from erlsim.otp.shared import by_name, stack_here
from erlsim.otp.standing import is_calling, standing
from erlsim.terms import Pid, Term, exact_eq, matchable

_VALUES = (
    '("next_state", state, data[, actions]), ("keep_state", data[, actions]), "keep_state_and_data", '
    '("keep_state_and_data", actions), the same with repeat_state, "stop", ("stop", reason[, data]) and '
    '("stop_and_reply", reason, replies[, data])'
)
_BAD_ACTION = "bad_action_from_state_function"
_BAD_ENTER_ACTION = "bad_state_enter_action_from_state_function"
_BAD_REPLY = "bad_reply_action_from_state_function"
_ACTIONS = "loop_actions_list/12"


def _in_use(_frame: FrameType, inner: FrameType | None) -> str:
    return _ACTIONS if is_calling(inner, "use") else ""


__stands_for__ = standing("gen_statem", {"begin": "", "run": "", "_use": _in_use})


@dataclass(slots=True)
class Transition:
    """What the callbacks of one event want. `enter` asks for a state enter call."""

    state: Term
    data: Term
    enter: bool = False
    hibernate: bool = False
    postpone: bool = False
    next_events: list[Event] = field(default_factory=list)
    timeouts: list[Wanted] = field(default_factory=list)


class Step:
    """The work on the event at the head of `queue`; `state_call` is false within state enter calls."""

    __slots__ = ("machine", "queue", "state_call", "wish")

    def __init__(self, machine: Machine, queue: Queue, wish: Transition) -> None:
        self.machine = machine
        self.queue = queue
        self.wish = wish
        self.state_call = True

    # ---- the two ways to begin ------------------------------------------------------

    async def begin(self, actions: Term) -> None:
        """A machine's first step: no event, the actions that `init` returned, and the first state enter call."""
        self.wish.enter = True
        # The made-up first event is to be dropped, whatever the actions say.
        await self._act([*_listed(actions), ("postpone", False)])
        await self._enter_and_transit()

    async def run(self) -> None:
        """Handle the event."""
        await self._call(*self.queue[0])
        await self._enter_and_transit()

    async def _enter_and_transit(self) -> None:
        self.state_call = False
        while self.wish.enter and self.machine.state_enter:
            await self._call("enter", self.machine.state)
        await self._transit()

    # ---- calling back -----------------------------------------------------------------

    async def _call(self, kind: Term, content: Term) -> None:
        machine, wish = self.machine, self.wish
        wish.enter = False
        module = machine.modules[0]
        try:
            if machine.callback_mode == "state_functions":
                answer = await call(module, wish.state, [kind, content, wish.data])
            else:
                answer = await call(module, "handle_event", [kind, content, wish.state, wish.data])
        except Exception as failure:
            pass_on(failure)
            # The machine is shown as it was: nothing of this transition has happened.
            await terminate(machine, *caught_within(failure), self.queue)
        await self._result(answer)

    async def _result(self, answer: Term) -> None:
        wish = self.wish
        actions: Term = []
        match matchable(answer):
            case ("next_state", state, data, *more) if len(more) < 2:
                changes = not exact_eq(state, wish.state)
                if changes and not self.state_call:
                    await self._fail(("bad_state_enter_return_from_state_function", answer))
                wish.state, wish.data, wish.enter = state, data, changes
                actions = more[0] if more else []
            case ("keep_state" | "repeat_state" as tag, data, *more) if len(more) < 2:
                wish.data, wish.enter = data, tag == "repeat_state"
                actions = more[0] if more else []
            case "keep_state_and_data" | "repeat_state_and_data":
                wish.enter = answer == "repeat_state_and_data"
            case ("keep_state_and_data" | "repeat_state_and_data" as tag, actions):
                wish.enter = tag == "repeat_state_and_data"
            case _:
                await self._stop(answer)
        await self._act(_listed(actions))

    async def _stop(self, answer: Term) -> NoReturn:
        match matchable(answer):
            case "stop":
                await self._fail("normal", "exit")
            case ("stop", reason):
                await self._fail(reason, "exit")
            case ("stop", reason, data):
                self.wish.data = data
                await self._fail(reason, "exit")
            case ("stop_and_reply", reason, replies, *more) if len(more) < 2:
                self.wish.data = more[0] if more else self.wish.data
                for each in _listed(replies):
                    match matchable(each):
                        case ("reply", from_, answer) if is_from(from_):
                            await self._reply(from_, answer)
                        case _:
                            await self._fail((_BAD_REPLY, each), decides="do_reply_then_terminate/8")
                await self._fail(reason, "exit")
        bad = ("bad_return_from_state_function", answer)
        function, arity = (
            ("handle_event", 4) if self.machine.callback_mode != "state_functions" else (self.wish.state, 3)
        )
        hints.tell(bad, hints.bad_return(self.machine.modules[0], function, arity, answer, _VALUES))
        await self._fail(bad)

    async def _fail(
        self, reason: Term, kind: str = "error", decides: str = "loop_state_callback_result/11"
    ) -> NoReturn:
        """End the machine, which is shown with its new state and data; `decides` is the function of OTP that does."""
        self.machine.state, self.machine.data = self.wish.state, self.wish.data
        stack = stack_here(decides, "gen_statem")
        await terminate(self.machine, kind, reason, stack, self.queue)

    # ---- actions ----------------------------------------------------------------------

    async def _act(self, actions: list[Term]) -> None:
        wish = self.wish
        for action in actions:
            match matchable(action):
                case ("reply", from_, answer):
                    if not is_from(from_):
                        await self._fail((_BAD_ACTION, action), decides="loop_actions_reply/14")
                    await self._reply(from_, answer)
                case ("hibernate", bool(hibernate)):
                    wish.hibernate = hibernate
                case "hibernate":
                    wish.hibernate = True
                case ("postpone", bool(postpone)) if self.state_call or not postpone:
                    wish.postpone = postpone
                case "postpone":
                    if not self.state_call:
                        await self._fail((_BAD_ENTER_ACTION, action), decides=_ACTIONS)
                    wish.postpone = True
                case ("next_event", kind, content):
                    await self._next_event(kind, content)
                case ("change_callback_module" | "push_callback_module" as tag, module) if code.is_module(module):
                    kept = self.machine.modules[1:] if tag == "change_callback_module" else self.machine.modules
                    await self._use([by_name(module), *kept], action)
                case "pop_callback_module" if len(self.machine.modules) > 1:
                    await self._use(self.machine.modules[1:], action)
                case _:
                    timeout = wanted(action)
                    if timeout is None:
                        await self._fail((_BAD_ACTION, action), decides="loop_actions_list/13")
                    wish.timeouts.append(timeout)

    async def _reply(self, from_: Term, answer: Term) -> None:
        gen.reply(from_, answer)
        await self.machine.note(("out", answer, from_))

    async def _next_event(self, kind: Term, content: Term) -> None:
        if not self.state_call or not is_event_type(kind):
            bad = _BAD_ACTION if self.state_call else _BAD_ENTER_ACTION
            await self._fail((bad, ("next_event", kind, content)), decides="loop_actions_next_event_bad/9")
        await self.machine.note(("in", (kind, content), self.wish.state))
        self.wish.next_events.append((kind, content))

    async def _use(self, modules: list[Term], action: Term) -> None:
        machine = self.machine
        if not self.state_call:
            await self._fail((_BAD_ENTER_ACTION, action), decides=_ACTIONS)
        try:
            await use(machine, modules)
        except Exception as failure:
            pass_on(failure)
            machine.state, machine.data = self.wish.state, self.wish.data
            await terminate(machine, *caught_within(failure), self.queue)
        await machine.note(("module", code.name(modules[0]), self.wish.state))

    # ---- the transition -----------------------------------------------------------------

    async def _transit(self) -> None:
        """Become what the callbacks wanted; the queue is left with the events to come."""
        machine, wish, queue = self.machine, self.wish, self.queue
        event = queue.popleft()
        await machine.note(("postpone" if wish.postpone else "consume", event, machine.state, wish.state))
        if wish.postpone:
            machine.postponed.append(event)
        if not exact_eq(wish.state, machine.state):
            queue.extendleft(reversed(machine.postponed))
            machine.postponed = []
            await machine.timeouts.cancel("state_timeout")
        await machine.timeouts.cancel("timeout")
        for what, time, content, options in await machine.timeouts.start_all(wish.timeouts):
            await machine.note(("start_timer", (what, time, content, options), wish.state))
        machine.state, machine.data, machine.hibernate = wish.state, wish.data, wish.hibernate
        queue.extendleft(reversed(wish.next_events))


def is_from(term: Term) -> bool:
    """Whether `term` may be who made a call: a pair that begins with a pid."""
    return type(term) is tuple and len(term) == 2 and type(term[0]) is Pid


def is_event_type(term: Term) -> bool:
    """Whether `term` is the type of an event that may be inserted."""
    match matchable(term):
        case ("call", from_):
            return is_from(from_)
        case "cast" | "info" | "internal":
            return True
    return is_type(term)


def _listed(one_or_more: Term) -> list[Term]:
    return one_or_more if type(one_or_more) is list else [one_or_more]
