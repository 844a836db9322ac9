"""A circuit breaker: after some failures in a row nobody is let through for a while, then one, to see.

A machine with the states `closed` (all is well; data: failures in a row), `open` and `half_open`. Who was let through
says how it went; the one who is let through half open is watched, for it may die before it does.
"""

from collections.abc import Awaitable, Callable

import erlsim
from erlsim import erlang
from erlsim.otp import gen_statem
from erlsim.terms import Term

LIMIT = 3
PAUSE = 1000


@erlsim.module
class Breaker:
    """A machine registered as `breaker`."""

    @staticmethod
    async def start_link() -> Term:
        return await gen_statem.start_link(("local", "breaker"), "breaker", [], [])

    @staticmethod
    async def guard(what: Callable[[], Awaitable[Term]]) -> Term:
        """The value of `what()`, a failure if it is `("error", _)`; `("error", "out_of_order")` if it is not tried."""
        match await gen_statem.call("breaker", "enter"):
            case "yes":
                result = await what()
                gen_statem.cast("breaker", Breaker.judged(result))
                return result
            case "no":
                return ("error", "out_of_order")

    @staticmethod
    def judged(result: Term) -> Term:
        match result:
            case tuple(("error", _)):
                return "failed"
            case _:
                return "worked"

    @staticmethod
    async def state() -> Term:
        """`"closed"`, `"open"` or `"half_open"`."""
        return await gen_statem.call("breaker", "state")

    @staticmethod
    def callback_mode() -> Term:
        return "state_functions"

    @staticmethod
    def init(_args: list[Term]) -> Term:
        return ("ok", "closed", 0)

    @staticmethod
    def closed(kind: Term, event: Term, failures: int) -> Term:
        match (kind, event):
            case (("call", from_), "enter"):
                return ("keep_state_and_data", [("reply", from_, "yes")])
            case (("call", from_), "state"):
                return ("keep_state_and_data", [("reply", from_, "closed")])
            case ("cast", "worked"):
                return ("keep_state", 0)
            case ("cast", "failed") if failures + 1 < LIMIT:
                return ("keep_state", failures + 1)
            case ("cast", "failed"):
                return Breaker.opened()
            case ("info", _):
                return "keep_state_and_data"

    @staticmethod
    def open(kind: Term, event: Term, _data: Term) -> Term:
        match (kind, event):
            case (("call", from_), "enter"):
                return ("keep_state_and_data", [("reply", from_, "no")])
            case (("call", from_), "state"):
                return ("keep_state_and_data", [("reply", from_, "open")])
            case ("state_timeout", "try_again"):
                return ("next_state", "half_open", "nobody")
            case (_, _):
                # Those who were let through before it opened have nothing new to say.
                return "keep_state_and_data"

    @staticmethod
    def half_open(kind: Term, event: Term, probe: Term) -> Term:
        match (kind, event):
            case (("call", from_), "state"):
                return ("keep_state_and_data", [("reply", from_, "half_open")])
            case (("call", from_), "enter") if probe == "nobody":
                client, _ = from_
                return ("keep_state", erlang.monitor("process", client), [("reply", from_, "yes")])
            case (("call", from_), "enter"):
                return ("keep_state_and_data", [("reply", from_, "no")])
            case ("cast", "worked"):
                Breaker.release(probe)
                return ("next_state", "closed", 0)
            case ("cast", "failed"):
                Breaker.release(probe)
                return Breaker.opened()
            case ("info", tuple(("DOWN", ref, "process", _, _))) if ref == probe:
                return Breaker.opened()
            case ("info", _):
                return "keep_state_and_data"

    @staticmethod
    def opened() -> Term:
        return ("next_state", "open", "nobody", [("state_timeout", PAUSE, "try_again")])

    @staticmethod
    def release(probe: Term) -> Term:
        match probe:
            case "nobody":
                return True
            case ref:
                return erlang.demonitor(ref, ["flush"])
