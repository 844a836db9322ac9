"""The clearing house: the world outside. It knows the tickets, takes its time, and is out of order now and then."""

from typing import Literal

import erlsim
from erlsim import terms, timer
from erlsim.otp import gen_server
from erlsim.terms import Pid, Term

LATENCY = 20

Health = Literal["up", "down", "broken"]
State = tuple[Health, list[Term], int]
Request = tuple[Literal["check"], Term] | tuple[Literal["set_health"], Health]


@erlsim.module
class Clearing:
    """A server registered as `clearing`. State: `(health, good, latency)`; `good` lists the tickets that it knows."""

    @staticmethod
    async def start_link(good: list[Term]) -> Term:
        return await gen_server.start_link(("local", "clearing"), "clearing", good, [])

    @staticmethod
    async def check(ticket: Term, timeout: int) -> Term:
        """`"good"` or `"bad"`; exits with a timeout while the house is out of order."""
        return await gen_server.call("clearing", ("check", ticket), timeout)

    @staticmethod
    async def set_health(health: Health) -> Term:
        """`"up"`; `"down"` (it never answers); `"broken"` (it crashes whoever asks)."""
        return await gen_server.call("clearing", ("set_health", health))

    @staticmethod
    def init(good: list[Term]) -> Term:
        return ("ok", ("up", good, LATENCY))

    @staticmethod
    def handle_call(request: Request, from_: tuple[Pid, Term], state: State) -> Term:
        health, good, latency = state
        match request:
            case ("check", ticket) if health == "up":
                erlsim.erlang.spawn_link(Clearing.answer, [latency, from_, Clearing.judge(ticket, good)])
                return ("noreply", state)
            case ("check", _) if health == "down":
                return ("noreply", state)
            case ("check", _):
                return ("reply", "garbage", state)
            case ("set_health", new):
                return ("reply", "ok", (new, good, latency))

    @staticmethod
    def judge(ticket: Term, good: list[Term]) -> Term:
        return "good" if [each for each in good if terms.exact_eq(each, ticket)] != [] else "bad"

    @staticmethod
    async def answer(latency: int, from_: tuple[Pid, Term], verdict: Term) -> None:
        await timer.sleep(latency)
        gen_server.reply(from_, verdict)
