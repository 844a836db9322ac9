"""The name of the node, and what one hears of others. Mirrors `net_kernel`.

A simulation begins as `erl` does without `-sname`: its node is `nonode@nohost` and there are no others. `start` gives
it a name; `peer` then starts nodes beside it.
"""

from __future__ import annotations

from erlsim import erlang
from erlsim.errors import ErlsimError
from erlsim.otp.distribution import services
from erlsim.otp.shared import is_atom
from erlsim.terms import ABSENT, Pid, Term, matchable

HOST = "localhost"
"""The one host that there is."""
NONODE = "nonode@nohost"


def start(name: Term, options: Term = ABSENT) -> Term:
    """`start([name[, "shortnames" | "longnames"]])` or `start(name, options)`: `("ok", pid)`.

    The node has that name now; without `@` in it the name is of the host `localhost`. If it had one before it is
    `("error", ("already_started", pid))`.
    """
    # DIVERGES(otp): long and short names are the same here, and `options` change nothing.
    match matchable(name):
        case str():
            chosen = name
        case _ if options is ABSENT and type(name) is list and name and type(name[0]) is str:
            chosen = name[0]
        case _:
            raise ErlsimError(f"net_kernel.start takes ['name', 'shortnames'] or 'name' and options, not {name!r}")
    if erlang.is_alive():
        return ("error", ("already_started", erlang.whereis("net_kernel")))
    erlang.setnode(full_name(chosen))
    services.start(erlang.node())
    return ("ok", erlang.whereis("net_kernel"))


def stop() -> Term:
    """Take the name away, by which all other nodes go down: `"ok"`, or `("error", "not_found")` if there is none."""
    if not erlang.is_alive():
        return ("error", "not_found")
    erlang.setnode(NONODE)
    server = erlang.whereis("net_kernel")
    if type(server) is Pid:
        erlang.exit(server, "kill")
    return "ok"


def monitor_nodes(flag: bool) -> str:
    """With `True` get `("nodeup", node)` and `("nodedown", node)` of every other node, with `False` no more: `"ok"`."""
    return erlang.monitor_nodes(flag)


def connect_node(node: str) -> Term:
    """Whether a node is connected with this one: whether it is up. `"ignored"` while this one has no name."""
    if not erlang.is_alive():
        return "ignored"
    return node in (erlang.node(), *erlang.nodes())


def full_name(name: Term, host: str = HOST) -> str:
    """`name@host`, unless `name` has a host itself."""
    if not is_atom(name):
        raise ErlsimError(f"the name of a node is an atom, not {name!r}")
    return str(name) if "@" in str(name) else f"{name}@{host}"
