"""What a state machine is made of while it runs, its callback mode, and its end. Mirrors parts of `gen_statem`.

The end, as in OTP: the callback `terminate(reason, state, data)` runs, then the report is logged, then the process
exits (and `proc_lib` logs its crash report). A callback that fails replaces the reason; what it throws is ignored.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from types import FrameType
from typing import NoReturn

from erlsim import code, erlang, hints
from erlsim.errors import Error, Exit, Throw, caught_within, pass_on
from erlsim.otp import gen, logger, sys, sys_debug
from erlsim.otp.gen_statem.report import format_log, print_event
from erlsim.otp.gen_statem.timeouts import Timeouts
from erlsim.otp.shared import by_name, is_orderly, labelled, stack_here
from erlsim.otp.standing import entry, is_within, standing
from erlsim.terms import Pid, Term


def _calling(frame: FrameType, _inner: FrameType | None) -> str:
    # `init` and `callback_mode`, which have fewer arguments than states, are called elsewhere.
    return "loop_state_callback/11" if len(frame.f_locals["args"]) > 1 else ""


def _asking_for_mode(frame: FrameType, inner: FrameType | None) -> str:
    return "get_callback_mode/2" if is_within(frame, inner) else ""


def _ending(frame: FrameType, inner: FrameType | None) -> str:
    """Whoever ends has been left for good by OTP, but calls the callback itself."""
    return "" if is_within(frame, inner) else "terminate/7"


__stands_for__ = standing(
    "gen_statem", {"call": _calling, "use": _asking_for_mode, "terminate": _ending, "error_info": ""}
)

Event = tuple[Term, Term]
"""The type of an event and its content."""


class Machine:
    """A state machine. `modules` has the callback module first; `postponed` the events that wait, oldest first."""

    __slots__ = (
        "callback_mode",
        "data",
        "debug",
        "hibernate",
        "hibernate_after",
        "modules",
        "name",
        "parent",
        "postponed",
        "state",
        "state_enter",
        "timeouts",
    )

    def __init__(self, parent: Term, name: Term, module: Term, hibernate_after: Term, debug: list[Term]) -> None:
        self.parent = parent
        self.name = name
        self.modules = [by_name(module)]
        self.hibernate_after = hibernate_after
        self.debug = debug
        self.callback_mode = "state_functions"
        self.state_enter = False
        self.state: Term = "undefined"
        self.data: Term = "undefined"
        self.postponed: list[Event] = []
        self.timeouts = Timeouts()
        self.hibernate = False

    @property
    def shown_modules(self) -> list[Term]:
        """The atoms of the callback modules."""
        return [code.name(each) for each in self.modules]

    async def note(self, event: Term) -> None:
        """Show an event to the debug options, if there are any."""
        if self.debug:
            self.debug = await sys.handle_debug(self.debug, print_event, self.name, event)


# ---- callbacks --------------------------------------------------------------------


async def call(module: Term, function: Term, args: list[Term]) -> Term:
    """The value of a callback, or what it threw."""
    if isinstance(function, bool):
        function = "true" if function else "false"
    try:
        answer = await code.finish(code.function(module, function, len(args), args)(*args))
    except Throw as thrown:
        return thrown.reason
    if answer is None:
        frames = stack_here()
        place = hints.location(module, function)
        raise Error("function_clause", [(code.name(module), function, args, place), *frames])
    return answer


async def use(machine: Machine, modules: list[Term]) -> None:
    """Let the first of `modules` be the callback module, in the mode that it wants; raises what is wrong with it."""
    answer = await call(modules[0], "callback_mode", [])
    mode, state_enter = None, False
    for each in answer if type(answer) is list else [answer]:
        match each:
            case "state_functions" | "handle_event_function":
                mode = each
            case "state_enter":
                state_enter = True
            case _:
                mode = None
                break
    if mode is None:
        stack = stack_here("callback_mode_result/6", "gen_statem")
        raise Error(("bad_return_from_callback_mode", answer), stack)
    machine.modules, machine.callback_mode, machine.state_enter = modules, mode, state_enter


# ---- the end ----------------------------------------------------------------------


async def terminate(machine: Machine, kind: str, reason: Term, stack: list[Term], queue: Iterable[Event]) -> NoReturn:
    """End `machine` with `reason` of class `kind`; `queue` has the event being handled and those behind it."""
    waiting = list(queue)
    module, state = machine.modules[0], machine.state
    if code.function_exported(module, "terminate", 3):
        # DIVERGES(otp): a terminate that returns nothing is fine; in Python one that only cleans up does.
        try:
            await code.finish(code.function(module, "terminate", 3)(reason, state, machine.data))
        except Throw:
            pass
        except Exception as failure:
            pass_on(failure)
            await error_info(machine, *caught_within(failure), waiting)
            raise
    if is_orderly(reason):
        await machine.note(("terminate", reason, state))
    else:
        await error_info(machine, kind, reason, stack, waiting)
    raise (Error if kind == "error" else Exit)(reason, stack)


async def error_info(machine: Machine, kind: str, reason: Term, stack: list[Term], queue: list[Event]) -> None:
    """Log the end of `machine`, its state and data shown as its `format_status` wants them."""
    number, timeouts = machine.timeouts.listed()
    status = {
        "reason": reason,
        "state": machine.state,
        "data": machine.data,
        "queue": queue,
        "postponed": machine.postponed[::-1],
        "timeouts": timeouts,
        "log": sys_debug.get_log(machine.debug),
    }
    args = [erlang.get(), machine.state, machine.data]
    status = await gen.format_status(machine.modules[0], "terminate", status, args)
    report = {
        "label": ("gen_statem", "terminate"),
        "name": machine.name,
        "queue": status["queue"],
        "postponed": status["postponed"],
        "modules": machine.shown_modules,
        "callback_mode": machine.callback_mode,
        "state_enter": machine.state_enter,
        "state": status["$status"] if "$status" in status else (status["state"], status["data"]),
        "timeouts": (number, status["timeouts"]),
        "log": status["log"],
        "reason": (kind, status["reason"], stack),
        "client_info": await _client_info(queue),
    }
    meta = {
        "mfa": ("gen_statem", "error_info", 7),
        "domain": ["otp"],
        "report_cb": format_log,
        "error_logger": {"tag": "error", "report_cb": format_log},
    }
    logger.log("error", labelled(report), meta)


async def _client_info(queue: list[Event]) -> Term:
    """Who waits for the reply to the event being handled, and where it stands."""
    match queue:
        case [(("call", (Pid() as client, _)), _), *_]:
            if erlang.node(client) != erlang.node():
                return (client, "remote")
            info = await erlang.ask_process_info(client, ["current_stacktrace", "registered_name"])
            if type(info) is not list:
                return (client, "dead")
            (_, stack), (_, name) = info
            return (client, (client if name == [] else name, stack or [entry("gen", "do_call/4")]))
    return "undefined"


Queue = deque[Event]
