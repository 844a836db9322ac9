"""The server and the special processes that the cases of sys_SUITE look into."""

from __future__ import annotations

import erlsim
from erlsim import erlang
from erlsim.otp import gen_server, proc_lib, sys
from erlsim.otp.sys_debug import write
from tests.otp_suites.kit import suite

case = suite("sys_SUITE")
SERVER = "sys_suite_server"


@erlsim.module(name="sys_suite")
class Server:
    """Counts its requests."""

    def init(_):
        return ("ok", 0)

    def handle_call(request, from_, count):
        if request == "stop":
            return ("stop", "normal", "ok", count)
        return ("reply", ("ok", -request[1]), count + 1)


async def start():
    kind, pid = await gen_server.start_link(("local", SERVER), "sys_suite", [], [])
    assert kind == "ok"
    return pid


async def ask(number):
    return await gen_server.call(SERVER, ("req", number), 1000)


async def stop():
    assert await gen_server.call(SERVER, "stop", 1000) == "ok"


# -- special processes -----------------------------------------------------------------------------


class Channels:
    """A special process by hand that lends numbers; `pack` and `unpack` make its state of what is lent and free."""

    name: str

    @classmethod
    async def start_link(cls, count):
        return await proc_lib.start_link(cls, "init", [erlang.self(), count])

    @classmethod
    async def init(cls, parent, count):
        erlang.register(cls.name, erlang.self())
        proc_lib.init_ack(parent, ("ok", erlang.self()))
        await cls.loop(parent, sys.debug_options([]), cls.pack([], list(range(1, count + 1))))

    @classmethod
    async def alloc(cls):
        erlang.send(cls.name, (erlang.self(), "alloc"))
        return (await erlang.receive((cls.name, ...)))[1]

    @classmethod
    def free(cls, number):
        erlang.send(cls.name, ("free", number))
        return "ok"

    @classmethod
    async def loop(cls, parent, debug, state):
        while True:
            message = await erlang.receive()
            if message[0] == "system":
                await sys.handle_system_msg(message[2], message[1], parent, cls, debug, state)
            debug, state = await cls.handle(message, debug, state)

    @classmethod
    async def handle(cls, message, debug, state):
        lent, free = cls.unpack(state)
        if message[1] == "alloc":
            client = message[0]
            debug = await sys.handle_debug(debug, cls.write_debug, cls.name, ("in", "alloc", client))
            number, *free = free
            erlang.send(client, (cls.name, number))
            debug = await sys.handle_debug(debug, cls.write_debug, cls.name, ("out", (cls.name, number), client))
            return debug, cls.pack([number, *lent], free)
        debug = await sys.handle_debug(debug, cls.write_debug, cls.name, ("in", message))
        return debug, cls.pack([n for n in lent if n != message[1]], [message[1], *free])

    async def write_debug(device, event, name):
        await write(device, "~p event = ~p~n", [name, event])

    @classmethod
    async def system_continue(cls, parent, debug, state):
        await cls.loop(parent, debug, state)

    def system_terminate(reason, parent, debug, state):
        erlang.exit(reason)


@erlsim.module(name="sys_sp1")
class Plain(Channels):
    """Has nothing to say of its state, a pair, which is what sys shows then."""

    name = "sys_sp1"

    def pack(lent, free):
        return (lent, free)

    def unpack(state):
        return state


@erlsim.module(name="sys_sp2")
class Careful(Channels):
    """Shows and replaces its state, a record, itself: an empty list cannot be shown, an empty tuple not be set."""

    name = "sys_sp2"

    def pack(lent, free):
        return ("state", lent, free)

    def unpack(state):
        return state[1:]

    def system_get_state(state):
        return ("ok", state) if state != [] else erlang.throw("fail")

    def system_replace_state(fun, state):
        new = fun(state)
        return ("ok", new, new) if new != () else erlang.throw("fail")
