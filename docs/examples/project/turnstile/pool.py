"""A pool: lends each connection to one client at a time.

Clients and connections are monitored: what a dead client held comes back, a dead connection is forgotten, and who
dies while he waits waits no more.
"""

from typing import Literal

import erlsim
from erlsim import erlang
from erlsim.otp import gen_server
from erlsim.terms import Pid, Ref, Term

# What the server knows: connections that are free, loans `(connection, client, ref)`, the queue `(from, client, ref)`.
State = tuple[list[Pid], list[tuple[Pid, Pid, Ref]], list[tuple[Term, Pid, Ref]]]
# What it is told.
Cast = tuple[Literal["join", "forget"], Pid] | tuple[Literal["give_back"], Pid, Pid]


@erlsim.module
class Pool:
    """A server registered as `pool`."""

    @staticmethod
    async def start_link() -> Term:
        return await gen_server.start_link(("local", "pool"), "pool", [], [])

    @staticmethod
    def join(connection: Pid) -> Term:
        """A connection is there."""
        return gen_server.cast("pool", ("join", connection))

    @staticmethod
    async def take(timeout: int) -> tuple[str, Term]:
        """`("ok", connection)`, or `("error", "busy")` when none has become free after `timeout` ms."""
        try:
            return ("ok", await gen_server.call("pool", "take", timeout))
        except erlsim.Exit as exit:
            match exit.reason:
                case tuple(("timeout", _)):
                    gen_server.cast("pool", ("forget", erlang.self()))
                    return ("error", "busy")
                case reason:
                    return erlang.exit(reason)

    @staticmethod
    def give_back(connection: Pid) -> Term:
        """The caller needs it no more."""
        return gen_server.cast("pool", ("give_back", connection, erlang.self()))

    @staticmethod
    async def count() -> Term:
        """`(free, lent, waiting)`."""
        return await gen_server.call("pool", "count")

    @staticmethod
    def init(_args: list[Term]) -> Term:
        return ("ok", ([], [], []))

    @staticmethod
    def handle_call(request: Term, from_: Term, state: State) -> Term:
        free, loans, queue = state
        match request:
            case "take":
                client, _ = from_
                ref = erlang.monitor("process", client)
                return ("noreply", Pool.serve((free, loans, [*queue, (from_, client, ref)])))
            case "count":
                return ("reply", (len(free), len(loans), len(queue)), state)

    @staticmethod
    def handle_cast(request: Cast, state: State) -> Term:
        free, loans, queue = state
        match request:
            case ("join", connection):
                erlang.monitor("process", connection)
                return ("noreply", Pool.serve(([*free, connection], loans, queue)))
            case ("give_back", connection, client):
                ended = [loan for loan in loans if loan[0] == connection and loan[1] == client]
                return ("noreply", Pool.serve(Pool.end_loans(ended, state)))
            case ("forget", client):
                # The connection may have been on its way when the client gave up.
                ended = [loan for loan in loans if loan[1] == client]
                return ("noreply", Pool.serve(Pool.end_loans(ended, (free, loans, Pool.without(client, queue)))))

    @staticmethod
    def handle_info(message: Term, state: State) -> Term:
        free, loans, queue = state
        match message:
            case tuple(("DOWN", _, "process", pid, _)):
                ended = [loan for loan in loans if loan[1] == pid]
                kept = ([each for each in free if each != pid], loans, Pool.without(pid, queue))
                after = Pool.end_loans(ended, kept)
                return ("noreply", Pool.serve(Pool.forget_connection(pid, after)))

    @staticmethod
    def serve(state: State) -> State:
        """Lend what is free to those who wait, the first to come first."""
        match state:
            case ([connection, *free], loans, [(from_, client, ref), *queue]):
                gen_server.reply(from_, connection)
                return Pool.serve((free, [*loans, (connection, client, ref)], queue))
            case _:
                return state

    @staticmethod
    def end_loans(ended: list[tuple[Pid, Pid, Ref]], state: State) -> State:
        free, loans, queue = state
        match ended:
            case [(connection, client, ref), *others]:
                erlang.demonitor(ref, ["flush"])
                kept = [loan for loan in loans if loan != (connection, client, ref)]
                return Pool.end_loans(others, ([*free, connection], kept, queue))
            case _:
                return state

    @staticmethod
    def forget_connection(pid: Pid, state: State) -> State:
        free, loans, queue = state
        for ref in [ref for connection, _, ref in loans if connection == pid]:
            erlang.demonitor(ref, ["flush"])
        return ([each for each in free if each != pid], [loan for loan in loans if loan[0] != pid], queue)

    @staticmethod
    def without(client: Pid, queue: list[tuple[Term, Pid, Ref]]) -> list[tuple[Term, Pid, Ref]]:
        for ref in [ref for _, each, ref in queue if each == client]:
            erlang.demonitor(ref, ["flush"])
        return [entry for entry in queue if entry[1] != client]
