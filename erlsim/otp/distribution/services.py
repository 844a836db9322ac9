"""The processes that each node has from the start: `net_kernel`, `rex`, `global_name_server`.

They wait for their first message, and a search has nothing to decide as long as nobody sends one. No OTP module stands
behind this one; `rex` is the server of `rpc`.
"""

from __future__ import annotations

from erlsim import erlang
from erlsim.errors import ErlangException, Error
from erlsim.otp import gen, global_
from erlsim.otp.distribution import erpc, rpc
from erlsim.terms import Pid, Term, matchable

# DIVERGES(otp): a node that has no name has these processes, too; here they come with the name, and know no system
# messages.
SERVICES = ("net_kernel", rpc.SERVER, "global_name_server")


def start(node: str) -> None:
    """Start those that the node does not have yet."""
    for name in SERVICES:
        try:
            erlang.start_sleeper(node, name, _RUNS[name], name != rpc.SERVER)
        except Error:
            # It is there from the time when the node had a name before.
            continue


def start_relay(node: str, leader: Pid) -> None:
    """What is printed by way of `user` on the node is printed by `leader`."""

    async def relay() -> None:
        while True:
            erlang.send(leader, await erlang.receive())

    erlang.start_sleeper(node, "user", relay)


async def _net_kernel() -> None:
    while True:
        await erlang.receive()


async def _global_name_server() -> None:
    while True:
        match matchable(await erlang.receive()):
            case ("$gen_call", from_, "info"):
                gen.reply(from_, ("state", global_.registered_names()))


async def _rex() -> None:
    while True:
        match matchable(await erlang.receive()):
            case ("$gen_call", from_, ("block_call", module, function, args, leader)):
                gen.reply(from_, await _called(module, function, args, leader))
            case (Pid() as client, ("sbcast", name, message)):
                _pass_on(client, name, message)


async def _called(module: Term, function: Term, args: list[Term], leader: Pid) -> Term:
    """What a blocking call comes to; the next has to wait."""
    mine = erlang.group_leader()
    erlang.group_leader(leader, erlang.self())
    try:
        told = await erpc.call(erlang.node(), module, function, args)
    except ErlangException as failure:
        told = rpc.told(failure)
    erlang.group_leader(mine, erlang.self())
    return told


def _pass_on(client: Pid, name: Term, message: Term) -> None:
    try:
        erlang.send(name, message)
        answer: Term = erlang.node()
    except Error:
        answer = ("nonexisting_name", name)
    erlang.send(client, (rpc.SERVER, erlang.node(), answer))


_RUNS = {"net_kernel": _net_kernel, rpc.SERVER: _rex, "global_name_server": _global_name_server}
