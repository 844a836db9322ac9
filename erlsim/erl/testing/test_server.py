"""The module `test_server`, as far as the macros of `ct.hrl` need it."""

from __future__ import annotations

import sys

import erlsim
from erlsim import code, timer
from erlsim.otp import peer
from erlsim.terms import Term

__in_stacks__ = False


def lookup_config(key: Term, config: Term) -> Term:
    """What `?config(Key, Config)` is: the value of a key, or undefined."""
    return next((each[1] for each in config if type(each) is tuple and each[0] == key), "undefined")


def seconds(count: Term) -> Term:
    """Milliseconds."""
    return count * 1000


def minutes(count: Term) -> Term:
    """Milliseconds."""
    return count * 60_000


def hours(count: Term) -> Term:
    """Milliseconds."""
    return count * 3_600_000


def is_cover() -> bool:
    """Nobody counts which lines are run."""
    return False


def timetrap_scale_factor() -> int:
    """Virtual time is never too short for a machine."""
    return 1


async def do_times(count: Term, *call: Term) -> str:
    """`do_times/2,4`: a fun, or a function of a module, so many times; ok."""
    for _ in range(count):
        await code.finish(call[0]() if len(call) == 1 else code.call(call[0], call[1], call[2]))
    return "ok"


async def sleep(time: Term) -> Term:
    """Milliseconds."""
    return await timer.sleep(time)


def peer_name(module: Term, case: Term) -> Term:
    """A name for a node of a case."""
    words = [each if type(each) is str else "".join(map(chr, each)) for each in (module, case)]
    return peer.random_name("-".join(words))


async def start_peer(options: Term, module: Term, case: Term) -> Term:
    """What `?CT_PEER(Options)` is: a node for a case, linked to it; a list is of arguments for `erl`."""
    given = options if isinstance(options, dict) else {}
    return await peer.start_link({"name": peer_name(module, case), **given})


erlsim.module(name="test_server")(sys.modules[__name__])
