"""Twin of `scn_tree`: what a supervision tree looks like, and ways to hurt it.

The first letter behind `scn_` in a registered name tells what stands there: s supervisor, d director, z gen_tracker.
"""

from __future__ import annotations

from erlsim import code, erlang, terms
from erlsim.errors import ErlangException
from erlsim.terms import Term
from tests.golden.twins.scn_prog import outcome


async def which_children(name: Term) -> Term:
    return await code.call("supervisor", "which_children", [name])


def one(child: Term) -> Term:
    """A child, and whether it is alive."""
    id_, pid, kind, modules = child
    return (id_, pid, isinstance(pid, terms.Pid) and erlang.is_process_alive(pid), kind, modules)


async def seen(name: str, pid: Term) -> Term:
    """What stands under a name."""
    kind = name[4:5]
    if kind not in ("s", "d", "z"):
        return erlang.error("function_clause")
    children = [one(each) for each in await which_children(name)]
    if kind != "s":
        children = terms.sort(children)
    if kind == "z":
        return (pid, children, terms.sort(await code.call("gen_tracker", "list", [name])))
    return (pid, children, await code.call("supervisor", "count_children", [name]))


async def hurt(pid: Term, how: Term) -> None:
    """Do something to a process."""
    match how:
        case ("exit", reason):
            erlang.exit(pid, reason)
        case ("cast", request):
            await code.call("gen_server", "cast", [pid, request])
        case ("send", message):
            erlang.send(pid, message)
        case _:
            erlang.error("function_clause")


@code.module(name="scn_tree")
class ScnTree:
    """The module `scn_tree`."""

    async def shape(names: Term) -> Term:
        return [(name, await ScnTree.look(name)) for name in names]

    async def look(name: Term) -> Term:
        pid = erlang.whereis(name)
        if pid == "undefined":
            return "gone"
        try:
            return await seen(name, pid)
        except ErlangException as exc:
            return (exc.kind, exc.reason)

    async def kid(name: Term, id_: Term) -> Term:
        """The pid of a child by id, or by its place."""
        try:
            children = await which_children(name)
        except ErlangException:
            return "undefined"
        match id_:
            case ("nth", place):
                return children[place - 1][1] if 1 <= place <= len(children) else "undefined"
        return next((each[1] for each in children if terms.eq(each[0], id_)), "undefined")

    async def hit(name: Term, id_: Term, how: Term) -> Term:
        pid = await ScnTree.kid(name, id_)
        if isinstance(pid, terms.Pid):
            await hurt(pid, how)
        return pid

    async def ask(name: Term, id_: Term, request: Term, timeout: Term) -> Term:
        """A call of a child: its outcome."""
        pid = await ScnTree.kid(name, id_)
        return await outcome("gen_server", "call", [pid, request, timeout]) if isinstance(pid, terms.Pid) else pid

    async def start_tracked(name: Term, specs: Term) -> Term:
        """A gen_tracker with its first children."""
        started = await code.call("gen_tracker", "start_link", [name])
        match started:
            case ("ok", pid):
                opened = [await code.call("gen_tracker", "find_or_open", [name, each]) for each in specs]
                return ("ok", pid, [each[0] for each in opened])
        return erlang.error(("badmatch", started))
