"""The tree: what starts before what, and what falls with it.

The connections stand under a director: one that dies is started again at once, then after a tenth of a second, then
after a second, and when all of that has not helped the director gives up. They must know the pool, and a pool
that is started again must know them: `rest_for_one`.
"""

import director
import erlsim
from erlsim import ets
from erlsim.otp import supervisor
from erlsim.terms import Term

CONNECTIONS = 3


@erlsim.module
class Tree:
    """The supervisor `turnstile`; it owns the table `ledger`, which outlives every gate."""

    @staticmethod
    async def start_link() -> Term:
        return await supervisor.start_link(("local", "turnstile"), "tree", [])

    @staticmethod
    def init(_args: list[Term]) -> Term:
        ets.new("ledger", ["named_table", "public"])
        flags = {"strategy": "rest_for_one", "intensity": 2, "period": 60}
        children: list[Term] = [
            {"id": "breaker", "start": ("breaker", "start_link", [])},
            {"id": "pool", "start": ("pool", "start_link", [])},
            {"id": "connections", "start": ("connections", "start_link", []), "type": "supervisor"},
            ("gates", ("gen_tracker", "start_link", ["gates"]), "permanent", "infinity", "supervisor", []),
        ]
        return ("ok", (flags, children))


@erlsim.module
class Connections:
    """The director `connections`."""

    @staticmethod
    async def start_link() -> Term:
        return await director.start_link(("local", "connections"), "connections", [])

    @staticmethod
    def init(_args: list[Term]) -> Term:
        return ("ok", [Connections.spec(number) for number in range(1, CONNECTIONS + 1)])

    @staticmethod
    def spec(number: int) -> Term:
        return {
            "id": ("connection", number),
            "start": ("connection", "start_link", [number]),
            "plan": ["restart", ("restart", 100), ("restart", 1000)],
            "count": 2,
            "terminate_timeout": 500,
        }
