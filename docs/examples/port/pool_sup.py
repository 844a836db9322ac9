"""The tree: connections first, then the pool, which is nothing without them and starts again with them."""

from erlsim.otp import supervisor
from erlsim.terms import Term


async def start_link(size: int) -> Term:
    return await supervisor.start_link(("local", "pool_sup"), "pool_sup", size)


def init(size: int) -> Term:
    flags = {"strategy": "rest_for_one", "intensity": 2, "period": 5}
    conns = {"id": "conn_sup", "start": ("conn_sup", "start_link", []), "type": "supervisor"}
    pool = {"id": "pool", "start": ("pool", "start_link", [size]), "shutdown": 1000}
    return ("ok", (flags, [conns, pool]))
