"""The connections: made when they are asked for, never restarted, for the pool replaces them."""

from erlsim.otp import supervisor
from erlsim.terms import Term


async def start_link() -> Term:
    return await supervisor.start_link(("local", "conn_sup"), "conn_sup", [])


def init(_args: Term) -> Term:
    conn = {"id": "conn", "start": ("conn", "start_link", []), "restart": "temporary", "shutdown": 1000}
    return ("ok", ({"strategy": "simple_one_for_one"}, [conn]))
