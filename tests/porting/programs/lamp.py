"""A lamp on a timer: a machine with one function for all states, whose state is a term."""

import erlsim
from erlsim.otp import gen_statem
from erlsim.terms import Term


@erlsim.module(name="lamp")
class Lamp:
    """States: `"off"`, `("on", level)`. Data: how often it was switched on."""

    async def start_link(name: Term) -> Term:
        return await gen_statem.start_link("lamp", name, [])

    async def stop(lamp: Term) -> Term:
        return await gen_statem.stop(lamp)

    def callback_mode():
        return "handle_event_function"

    def init(_name):
        return ("ok", "off", 0)

    def handle_event(kind, event, state, count: int):
        match (kind, event, state):
            case ("cast", "push", "off"):
                return ("next_state", ("on", 1), count + 1, [(("timeout", "sleep"), 10_000, "tired")])
            case ("cast", "push", ("on", level)) if isinstance(level, int) and level < 3:
                return ("next_state", ("on", level + 1), count)
            case ("cast", "push", ("on", _)):
                return ("next_state", "off", count, [(("timeout", "sleep"), "cancel")])
            case (("timeout", "sleep"), "tired", _):
                return ("next_state", "off", count)
            case (("call", from_), "look", _):
                return ("keep_state_and_data", [("reply", from_, (state, count))])
            case ("info", "explode", _):
                return ("stop", ("shutdown", "exploded"))
            case ("info", _, _):
                return "keep_state_and_data"
