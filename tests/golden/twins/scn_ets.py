"""Twin of `scn_ets`: processes that do as they are told and answer, and walks over tables by portions."""

from __future__ import annotations

from collections.abc import Callable

import erlsim
from erlsim import code, erlang, ets, terms
from erlsim.terms import Term
from tests.golden.twins.scn_prog import know, outcome, pid_of

END = "$end_of_table"
MOST = 100
# What depends on the emulator.
UNTOLD = ("memory", "id", "node", "decentralized_counters")


async def loop(how: Term) -> None:
    """One request a message; everything else is kept for `msgs`."""
    if how == "trap":
        erlang.process_flag("trap_exit", True)
    messages: list[Term] = []
    while True:
        message = await erlang.receive()
        match message if isinstance(message, tuple) else ():
            case ("rpc", asker, ref, module, function, args):
                erlang.send(asker, (ref, await outcome(module, function, args)))
            case ("msgs", asker, ref):
                erlang.send(asker, (ref, messages))
                messages = []
            case ("die", reason):
                erlang.exit(reason)
            case _:
                messages.append(message)


def process(name: Term) -> Term:
    """A pid, or the process that `name` stands for."""
    if isinstance(name, terms.Pid):
        return name
    pid = pid_of(name)
    return erlang.error(("badmatch", [])) if pid == "undefined" else pid


async def ask(pid: Term, request: Callable[[Term], Term]) -> Term:
    """What a process answers to a request; what it died of; or `hangs`."""
    ref = erlang.monitor("process", pid)
    erlang.send(pid, request(ref))
    answer = await erlang.receive((ref, ...), ("DOWN", ref, "process", ..., ...), after=3000)
    if answer is not erlsim.TIMEOUT and answer[0] == "DOWN":
        return ("died", answer[4])
    erlang.demonitor(ref, ["flush"])
    return "hangs" if answer is erlsim.TIMEOUT else answer[1]


def keep(key: Term, result: Term) -> Term:
    """A portion; what comes after it is kept in the dictionary."""
    match result:
        case (portion, continuation) if isinstance(result, tuple):
            erlang.put(("cont", key), continuation)
            return ("portion", portion)
        case "$end_of_table":
            erlang.erase(("cont", key))
    return result


async def portions(function: str, result: Term, most: int) -> list[Term]:
    """All portions, at most so many."""
    found = []
    while result != END:
        if len(found) == most:
            return [*found, ["endless"]]
        portion, continuation = result
        found.append(portion)
        result = await code.call("ets", function, [continuation])
    return found


def walk_from(table: Term, key: Term, step: Callable[[Term, Term], Term]) -> list[Term]:
    """All keys from `key` on."""
    found: list[Term] = []
    while key != END:
        if len(found) == MOST:
            return [*found, "endless"]
        found.append(key)
        key = step(table, key)
    return found


@code.module(name="scn_ets")
class ScnEts:
    """The module `scn_ets`."""

    def start(name: Term, how: Term = "plain") -> Term:
        pid = erlang.spawn(lambda: loop(how))
        know(name, pid)
        return pid

    def tell(pid: Term, message: Term) -> Term:
        erlang.send(process(pid), message)
        return "ok"

    async def in_(pid: Term, module: Term, function: Term, args: Term) -> Term:
        me = erlang.self()
        return await ask(process(pid), lambda ref: ("rpc", me, ref, module, function, args))

    async def msgs(pid: Term) -> Term:
        me = erlang.self()
        return await ask(process(pid), lambda ref: ("msgs", me, ref))

    async def page(key: Term, function: Term, args: Term) -> Term:
        return keep(key, await code.call("ets", function, args))

    async def more(key: Term, function: Term) -> Term:
        continuation = erlang.get(("cont", key))
        if continuation == "undefined":
            return "no_continuation"
        return keep(key, await code.call("ets", function, [continuation]))

    async def pages(function: Term, args: Term, kind: Term, most: Term = 50) -> Term:
        found = await portions(function, await code.call("ets", function, args), most)
        if kind == "ordered":
            return found
        flat = terms.sort([each for portion in found for each in portion])
        return ([len(each) for each in found], flat) if kind == "sizes" else flat

    def walk(table: Term) -> Term:
        return walk_from(table, ets.first(table), ets.next)

    def walk_back(table: Term) -> Term:
        return walk_from(table, ets.last(table), ets.prev)

    def info(table: Term) -> Term:
        rows = ets.info(table)
        return rows if rows == "undefined" else terms.sort([row for row in rows if row[0] not in UNTOLD])

    async def sorted(module: Term, function: Term, args: Term) -> Term:
        found = await code.call(module, function, args)
        return terms.sort(found) if isinstance(found, list) else found
