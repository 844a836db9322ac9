"""A connection to the clearing house. It joins the pool when it starts, and dies when the house does not answer."""

from typing import Literal

import erlsim
from erlsim import erlang
from erlsim.otp import gen_server
from erlsim.terms import Pid, Term
from turnstile.clearing import Clearing
from turnstile.pool import Pool

PATIENCE = 100

Request = tuple[Literal["ask"], Term]
Outcome = Literal["timeout"] | tuple[Literal["verdict"], Literal["good", "bad"]]


@erlsim.module
class Connection:
    """A server. State: its number."""

    @staticmethod
    async def start_link(number: int) -> Term:
        return await gen_server.start_link("connection", number, [])

    @staticmethod
    async def ask(connection: Pid, ticket: Term) -> Term:
        """`"good"`, `"bad"` or `("error", "no_answer")`; after the last the connection is gone."""
        return await gen_server.call(connection, ("ask", ticket))

    @staticmethod
    def init(number: int) -> Term:
        Pool.join(erlang.self())
        return ("ok", number)

    @staticmethod
    async def handle_call(request: Request, _from: Term, number: int) -> Term:
        match request:
            case ("ask", ticket):
                match await Connection.checked(ticket):
                    case "timeout":
                        return ("stop", "no_answer", ("error", "no_answer"), number)
                    case ("verdict", verdict):
                        return ("reply", verdict, number)

    @staticmethod
    async def checked(ticket: Term) -> Outcome:
        try:
            match await Clearing.check(ticket, PATIENCE):
                case "good":
                    return ("verdict", "good")
                case "bad":
                    return ("verdict", "bad")
                case other:
                    return erlang.error(("bad_answer", other))
        except erlsim.Exit as exit:
            match exit.reason:
                case tuple(("timeout", _)):
                    return "timeout"
                case reason:
                    return erlang.exit(reason)
