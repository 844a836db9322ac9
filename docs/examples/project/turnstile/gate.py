"""A gate: opened when the first visitor comes, counted in the tracker's table, kept in the ledger when it goes."""

from typing import Literal

import erlsim
import gen_tracker
from erlsim import ets
from erlsim.otp import gen_server
from erlsim.terms import Pid, Term
from turnstile.breaker import Breaker
from turnstile.connection import Connection
from turnstile.pool import Pool

WAIT = 500

Request = tuple[Literal["admit"], Term]


@erlsim.module
class Gate:
    """A server under the tracker `gates`. State: its name."""

    @staticmethod
    async def start_link(name: Term) -> Term:
        return await gen_server.start_link("gate", name, [])

    @staticmethod
    async def admit(name: Term, ticket: Term) -> Term:
        """`"welcome"`, `"refused"`, or `("error", reason)` when nobody can tell."""
        match await gen_tracker.find_or_open("gates", Gate.spec(name)):
            case tuple(("ok", gate)):
                return await gen_server.call(gate, ("admit", ticket))
            case tuple(("error", reason)):
                return ("error", reason)

    @staticmethod
    def visitors(name: Term) -> int:
        """How many a gate has let in since it was opened."""
        count: int = erlsim.match(("ok", ...), gen_tracker.getattr("gates", name, "visitors"))
        return count

    @staticmethod
    def spec(name: Term) -> Term:
        return (name, ("gate", "start_link", [name]), "temporary", 200, "worker", ["gate"])

    @staticmethod
    async def init(name: Term) -> Term:
        await gen_tracker.setattr("gates", name, [("visitors", 0)])
        return ("ok", name)

    @staticmethod
    async def handle_call(request: Request, _from: Term, name: Term) -> Term:
        match request:
            case ("admit", ticket):
                match await Breaker.guard(lambda: Gate.ask(ticket)):
                    case "good":
                        gen_tracker.increment("gates", name, "visitors", 1)
                        return ("reply", "welcome", name)
                    case "bad":
                        return ("reply", "refused", name)
                    case tuple(("error", reason)):
                        return ("reply", ("error", reason), name)

    @staticmethod
    async def ask(ticket: Term) -> Term:
        match await Pool.take(WAIT):
            case ("ok", connection):
                return await Gate.over(connection, ticket)
            case ("error", "busy"):
                return ("error", "busy")

    @staticmethod
    async def over(connection: Pid, ticket: Term) -> Term:
        try:
            return await Connection.ask(connection, ticket)
        except erlsim.Exit:
            return ("error", "lost")
        finally:
            Pool.give_back(connection)

    @staticmethod
    def after_terminate(name: Term, attributes: Term) -> Term:
        """The tracker calls it when the gate is dead."""
        return ets.update_counter("ledger", name, dict(attributes)["visitors"], (name, 0))
