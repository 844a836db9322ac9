"""A pool of connections: lends them, takes them back from who dies, and replaces those that die.

State: `(idle, lent, waiting, next)`. `idle` are connections, `lent` is `[(monitor, client, conn)]`, `waiting` is
`[(timer, from)]` in the order in which they came, `next` numbers the connections.
"""

from erlsim import erlang
from erlsim.otp import gen_server, supervisor
from erlsim.terms import Pid, Term

WAIT = 200


async def start_link(size: int) -> Term:
    return await gen_server.start_link(("local", "pool"), "pool", size, [])


async def checkout() -> Term:
    return await gen_server.call("pool", "checkout")


def checkin(conn: Pid) -> Term:
    return gen_server.cast("pool", ("checkin", conn))


async def status() -> Term:
    return await gen_server.call("pool", "status")


async def init(size: int) -> Term:
    erlang.process_flag("trap_exit", True)
    return ("ok", ([await connect(number) for number in range(1, size + 1)], [], [], size + 1))


def handle_call(request: Term, from_: Term, state: Term) -> Term:
    idle, lent, waiting, number = state
    match request:
        case "status":
            return ("reply", (len(idle), len(lent), len(waiting)), state)
        case "checkout" if idle == []:
            timer = erlang.start_timer(WAIT, erlang.self(), "busy")
            return ("noreply", (idle, lent, waiting + [(timer, from_)], number))
        case "checkout":
            client, _tag = from_
            ref = erlang.monitor("process", client)
            return ("reply", ("ok", idle[0]), (idle[1:], [(ref, client, idle[0])] + lent, waiting, number))


def handle_cast(message: Term, state: Term) -> Term:
    idle, lent, waiting, number = state
    match message:
        case ("checkin", conn):
            match [each for each in lent if each[2] == conn]:
                case []:
                    return ("noreply", state)
                case [(ref, _client, _conn)]:
                    erlang.demonitor(ref, ["flush"])
                    return ("noreply", give(conn, (idle, [each for each in lent if each[2] != conn], waiting, number)))


async def handle_info(message: Term, state: Term) -> Term:
    idle, lent, waiting, number = state
    match message:
        case ("timeout", timer, "busy"):
            match [each for each in waiting if each[0] == timer]:
                case []:
                    return ("noreply", state)
                case [(_timer, from_)]:
                    gen_server.reply(from_, ("error", "busy"))
                    return ("noreply", (idle, lent, [each for each in waiting if each[0] != timer], number))
        case ("DOWN", ref, "process", _client, _reason):
            match [each for each in lent if each[0] == ref]:
                case []:
                    return ("noreply", state)
                case [(_ref, _pid, conn)]:
                    return ("noreply", give(conn, (idle, [each for each in lent if each[0] != ref], waiting, number)))
        case ("EXIT", conn, _reason):
            fresh = await connect(number)
            left = ([each for each in idle if each != conn], without(conn, lent), waiting, number + 1)
            return ("noreply", give(fresh, left))


async def connect(number: int) -> Term:
    ok, conn = await supervisor.start_child("conn_sup", [number])
    erlang.link(conn)
    return conn


def without(conn: Pid, lent: Term) -> Term:
    match [each for each in lent if each[2] == conn]:
        case []:
            return lent
        case [(ref, _client, _conn)]:
            erlang.demonitor(ref, ["flush"])
            return [each for each in lent if each[2] != conn]


def give(conn: Pid, state: Term) -> Term:
    """A free connection goes to who waits longest, or becomes idle."""
    idle, lent, waiting, number = state
    match waiting:
        case []:
            return ([conn] + idle, lent, waiting, number)
        case [(timer, (client, tag)), *others]:
            erlang.cancel_timer(timer)
            gen_server.reply((client, tag), ("ok", conn))
            ref = erlang.monitor("process", client)
            return (idle, [(ref, client, conn)] + lent, others, number)
