"""A connection: a server that answers one request after another, and goes away when nobody has asked for a while."""

from erlsim.otp import gen_server
from erlsim.terms import Pid, Term

IDLE = 2000


async def start_link(name: Term) -> Term:
    return await gen_server.start_link("conn", name, [])


async def query(conn: Pid, what: Term) -> Term:
    return await gen_server.call(conn, ("query", what))


async def close(conn: Pid) -> Term:
    return await gen_server.stop(conn)


def init(name: Term) -> Term:
    return ("ok", (name, 0), IDLE)


def handle_call(request: Term, _from: Term, state: Term) -> Term:
    name, count = state
    match request:
        case ("query", "crash"):
            return ("stop", ("crashed", name), ("error", "lost"), state)
        case ("query", what):
            return ("reply", ("ok", (name, what, count + 1)), (name, count + 1), IDLE)


def handle_cast(_message: Term, state: Term) -> Term:
    return ("noreply", state, IDLE)


def handle_info(message: Term, state: Term) -> Term:
    match message:
        case "timeout":
            return ("stop", ("shutdown", "idle"), state)
        case _:
            return ("noreply", state, IDLE)
