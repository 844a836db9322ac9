"""What the tests share: a house that is open, and visitors."""

from turnstile import Clearing, Gate, Tree

import erlsim
from erlsim import erlang, timer

GOOD = ["gold", "silver"]


async def opened():
    """The clearing house and the tree, linked to the test, which survives them: the tree's supervisor."""
    erlang.process_flag("trap_exit", True)
    erlsim.match(("ok", ...), await Clearing.start_link(GOOD))
    tree = erlsim.match(("ok", ...), await Tree.start_link())
    await timer.sleep(1)
    return tree


def visit(gate, ticket):
    """Somebody comes to a gate; the test gets `("visit", gate, answer, when)`."""
    me = erlang.self()

    async def visitor():
        answer = await Gate.admit(gate, ticket)
        erlang.send(me, ("visit", gate, answer, erlang.monotonic_time()))

    return erlang.spawn(visitor)


async def visits(number):
    """What `number` visitors say, in the order in which they were answered."""
    return [(await erlang.receive(("visit", ..., ..., ...), after=10_000))[1:] for _ in range(number)]


def ended(name):
    """Kill the process `name` and say who it was."""
    pid = erlang.whereis(name)
    erlang.exit(pid, "kill")
    return pid
