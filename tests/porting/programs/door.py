"""A door with a code: a machine whose states are functions. It locks itself again after a while."""

import erlsim
from erlsim.otp import gen_statem
from erlsim.terms import Term

OPEN_MS = 1000


@erlsim.module(name="door")
class Door:
    """Data: `(code, buttons that were pressed)`."""

    async def start_link(code: list[int]) -> Term:
        return await gen_statem.start_link(("local", "door"), "door", code, [])

    def press(button: int) -> Term:
        return gen_statem.cast("door", ("press", button))

    async def ask() -> Term:
        """`("locked", presses)`, or `"open"`."""
        return await gen_statem.call("door", "ask")

    def callback_mode():
        return ["state_functions", "state_enter"]

    def init(code: list[int]):
        return ("ok", "locked", (code, []))

    def locked(kind, event, data: tuple[list[int], list[int]]):
        code, pressed = data
        match (kind, event):
            case ("enter", _):
                return ("keep_state", (code, []))
            case ("cast", ("press", button)):
                now = [*pressed, button]
                if now == code:
                    return ("next_state", "open", data)
                if len(now) >= len(code):
                    return ("keep_state", (code, []))
                return ("keep_state", (code, now), [("state_timeout", 5000, "forget")])
            case ("state_timeout", "forget"):
                return ("keep_state", (code, []))
            case (("call", from_), "ask"):
                return ("keep_state_and_data", [("reply", from_, ("locked", len(pressed)))])

    def open(kind, event, data):
        match (kind, event):
            case ("enter", "locked"):
                return ("keep_state_and_data", [("state_timeout", OPEN_MS, "lock")])
            case ("state_timeout", "lock"):
                return ("next_state", "locked", data)
            case ("cast", ("press", _)):
                return ("keep_state_and_data", ["postpone"])
            case (("call", from_), "ask"):
                return ("keep_state_and_data", [("reply", from_, "open")])
