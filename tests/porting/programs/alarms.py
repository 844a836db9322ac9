"""Alarms: an event manager with two handlers, one that counts and one that leaves when it has heard enough."""

import erlsim
from erlsim import erlang
from erlsim.otp import gen_event
from erlsim.terms import Pid, Term


@erlsim.module(name="alarm_manager")
class Manager:
    """The manager, and those who use it."""

    async def start_link() -> Term:
        return await gen_event.start_link(("local", "alarms"))

    async def watch(patience: int) -> Term:
        await gen_event.add_handler("alarms", "alarm_counter", [])
        return await gen_event.add_handler("alarms", ("alarm_teller", "first"), (erlang.self(), patience))

    def raise_alarm(what: Term) -> Term:
        return gen_event.notify("alarms", ("alarm", what))

    async def counted() -> Term:
        return await gen_event.call("alarms", "alarm_counter", "count")

    async def handlers() -> Term:
        """How many there are."""
        return len(await gen_event.which_handlers("alarms"))


@erlsim.module(name="alarm_counter")
class Counter:
    """Counts alarms. State: `{kind: number}`."""

    def init(_args):
        return ("ok", {})

    def handle_event(event, counts: dict[Term, int]):
        match event:
            case ("alarm", what):
                return ("ok", {**counts, what: counts.get(what, 0) + 1})
            case _:
                return ("ok", counts)

    def handle_call(request, counts):
        match request:
            case "count":
                return ("ok", counts, counts)

    def terminate(_reason, _counts):
        return "ok"


@erlsim.module(name="alarm_teller")
class Teller:
    """Tells somebody of alarms, as many as he has patience for."""

    def init(args: tuple[Pid, int]):
        return ("ok", args)

    def handle_event(event, state):
        whom, patience = state
        match event:
            case ("alarm", _) if patience <= 0:
                return "remove_handler"
            case ("alarm", what):
                erlang.send(whom, ("told", what, patience))
                return ("ok", (whom, patience - 1))

    def handle_call(_request, state):
        return ("ok", "what", state)

    def terminate(reason, state):
        whom, _ = state
        erlang.send(whom, ("bye", reason))
        return "ok"
