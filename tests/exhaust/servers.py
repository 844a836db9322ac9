"""Programs of servers and those who use, watch and kill them, drawn by a seed.

A program has a server or a supervisor, or nobody, and up to three actors, each a list of operations. They begin when
all are there. What each observes is its history, and so is what the server is asked; an outcome is all of these.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import erlsim
from erlsim import TIMEOUT, Error, Exit, erlang, ets
from erlsim.otp import gen_server, gen_statem, supervisor, sys
from erlsim.terms import Pid

# Who is there, if anybody, and what it is started with; and what each actor does.
Program = tuple[tuple[str, Any] | None, list[list[tuple[Any, ...]]]]
TABLE, IDLE, PATIENCE = "table", 10_000, 50


@erlsim.module
class Server:
    def init(given):
        traps, seen = given
        if traps:
            erlang.process_flag("trap_exit", True)
        return ("ok", seen)

    def handle_call(request, from_, seen):
        seen.append(request)
        match request:
            case "stop":
                return ("stop", "crashed", "lost", seen)
            case "halt":
                return ("stop", "normal", seen)
            case "crash":
                raise ValueError
            case "early":
                gen_server.reply(from_, "early")
                return ("noreply", seen)
            case "never":
                return ("noreply", seen)
        return ("reply", len(seen), seen)

    def handle_cast(request, seen):
        seen.append(request)
        if request == "crash":
            erlang.exit("cast")
        return ("stop", "cast", seen) if request == "stop" else ("noreply", seen)

    def handle_info(message, seen):
        seen.append(plain(message))
        return ("noreply", seen)

    def terminate(reason, seen):
        seen.append(plain(reason))


@erlsim.module
class Machine:
    def init(given):
        ok, seen = Server.init(given)
        return (ok, "first", seen)

    def callback_mode():
        return "handle_event_function"

    def handle_event(kind, content, state, seen):
        if not isinstance(kind, tuple):
            seen.append((state, kind, plain(content)))
            if kind == "cast" and content == "crash":
                erlang.exit("cast")
            return ("stop", "cast") if (kind, content) == ("cast", "stop") else ("next_state", "second", seen)
        seen.append((state, content))
        match content:
            case "stop":
                return ("stop_and_reply", "crashed", [("reply", kind[1], "lost")])
            case "halt":
                return ("stop", "normal")
            case "crash":
                raise ValueError
            case "early" if state == "first":
                return ("next_state", "second", seen, ["postpone"])
            case "never":
                return "keep_state_and_data"
        return ("next_state", "second" if state == "first" else "first", seen, [("reply", kind[1], state)])


@erlsim.module
class Kid:
    async def start_link(number):
        return await gen_server.start_link(("local", f"kid{number}"), Server, (False, []), [])


@erlsim.module
class Tree:
    def init(given):
        strategy, restart, kids, _ = given
        children = [
            {"id": f"kid{number}", "start": (Kid, "start_link", [number]), "restart": restart, "shutdown": 100}
            for number in range(kids)
        ]
        return ("ok", ({"strategy": strategy, "intensity": 1, "period": 5}, children))


STARTS: dict[str, tuple[Any, Any]] = {
    "server": (gen_server.start, Server),
    "machine": (gen_statem.start, Machine),
    "tree": (supervisor.start_link, Tree),
}


def plain(value: Any, names: Any = ()) -> Any:
    """A term without what differs from run to run: pids are their `names`, references and stacks are none."""
    if isinstance(value, list) and value and all(isinstance(each, tuple) and len(each) in (3, 4) for each in value):
        return "stack"
    if isinstance(value, tuple | list):
        return type(value)(plain(each, names) for each in value)
    if isinstance(value, str | bool | int):
        return value
    return names[value] if isinstance(value, Pid) and value in names else "other"


def running(program: Program) -> Callable[[], Any]:
    """The program as a test; its value is the outcome."""
    first, actors = program

    async def test() -> Any:
        histories: list[list[Any]] = [[] for _ in actors]
        names: dict[Pid, str] = {}
        ets.new(TABLE, ["named_table", "public"])
        if first is not None:
            kind, given = first
            start, module = STARTS[kind]
            histories.append([])
            _, pid = await start(("local", "server"), module, (*given, histories[-1]), *[[]] * (kind != "tree"))
            erlang.unlink(pid)
            names[pid] = "server"
        pids = list(names)
        for number, operations in enumerate(actors):
            pid = erlang.spawn(lambda doing=operations, at=number: _act(doing, histories[at], pids, names))
            names[pid] = f"actor {number}"
            pids.append(pid)
        for pid in pids[-len(actors) :]:
            erlang.send(pid, "go")
        await erlang.receive(("never",), after=IDLE)
        return [[plain(each, names) for each in one] for one in histories], [erlang.is_process_alive(p) for p in pids]

    return test


async def _act(operations: list[tuple[Any, ...]], history: list[Any], pids: list[Pid], names: dict[Pid, str]) -> None:
    await erlang.receive("go")
    for name, *args in operations:
        if name in TO_ONE:
            args[0] = pids[args[0] % len(pids)]
        try:
            value = OPERATIONS[name](*args)
            if hasattr(value, "__await__"):
                value = await value
        except (Exit, Error) as wrong:
            value = (wrong.kind, wrong.reason)
        history.append("after" if value is TIMEOUT else plain(value, names))
    history.append("done")


def _kept(key: str, otherwise: Any, use: Callable[[Any], Any]) -> Any:
    """What the actor has kept under a key, put to use, if it has."""
    value = erlang.get(key)
    return otherwise if value == "undefined" else use(value)


def _exit_by_name(name: str) -> Any:
    pid = erlang.whereis(name)
    return pid if pid == "undefined" else erlang.exit(pid, "kill")


OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": lambda pid, request: gen_server.call(pid, request, PATIENCE),
    "call by name": lambda name, request: gen_server.call(name, request, PATIENCE),
    "cast": gen_server.cast,
    "stop": lambda pid: gen_server.stop(pid, "shutdown", PATIENCE),
    "get_state": lambda pid: sys.get_state(pid, PATIENCE),
    "suspend": lambda pid: sys.suspend(pid, PATIENCE),
    "resume": lambda pid: sys.resume(pid, PATIENCE),
    "exit": erlang.exit,
    "exit by name": _exit_by_name,
    "which_children": supervisor.which_children,
    "terminate_child": lambda pid: supervisor.terminate_child(pid, "kid0"),
    "restart_child": lambda pid: supervisor.restart_child(pid, "kid0"),
    "send": erlang.send,
    "link": erlang.link,
    "unlink": erlang.unlink,
    "monitor": lambda pid: erlang.put("monitor", erlang.monitor("process", pid)) and "ok",
    "demonitor": lambda options: _kept("monitor", "none", lambda ref: erlang.demonitor(ref, list(options))),
    "trap": lambda: erlang.process_flag("trap_exit", True),
    "is_process_alive": erlang.is_process_alive,
    "process_info": erlang.process_info,
    "whereis": erlang.whereis,
    "register": lambda name: erlang.register(name, erlang.self()),
    "unregister": erlang.unregister,
    "receive": lambda: erlang.receive(after=0),
    "wait": lambda ms: erlang.receive(after=ms),
    "insert_new": lambda key: ets.insert_new(TABLE, (key, 1)),
    "spawn_link": lambda: erlang.spawn_link(lambda: erlang.exit("child")) and "ok",
    "spawn_monitor": lambda: erlang.spawn_monitor(lambda: erlang.exit("child")) and "ok",
    "send_after": lambda pid, ms: erlang.put("timer", erlang.send_after(ms, pid, "tick")) and "ok",
    "cancel_timer": lambda: _kept("timer", "none", erlang.cancel_timer),
    "group_leader": lambda pid: erlang.group_leader(erlang.self(), pid),
    "alias": lambda: erlang.put("alias", erlang.alias()) and ets.insert(TABLE, ("alias", erlang.get("alias"))),
    "send to alias": lambda: [erlang.send(ref, "by alias") for _, ref in ets.lookup(TABLE, "alias")],
    "unalias": lambda: _kept("alias", "none", erlang.unalias),
}
# Whose first argument is a number, which stands for a process.
TO_ONE = frozenset(
    "call cast stop get_state suspend resume exit which_children terminate_child restart_child send link unlink "
    "monitor is_process_alive process_info send_after group_leader".split()
)
REQUESTS = ("get", "get", "stop", "halt", "crash", "early", "never")
ITEMS = "links monitors monitored_by registered_name trap_exit message_queue_len messages group_leader status".split()


def drawn(seed: int) -> Program:
    """The program of this number."""
    draw = random.Random(seed)
    kind = draw.choice(("server", "machine", "tree", None))
    first: tuple[str, Any] | None = None
    if kind == "tree":
        strategy = draw.choice(("one_for_one", "one_for_all"))
        first = (kind, (strategy, draw.choice(("permanent", "transient", "temporary")), draw.choice((1, 1, 2))))
    elif kind is not None:
        first = (kind, (draw.random() < 0.4,))
    count = draw.choice((1, 2, 2, 2, 3)) if first else draw.choice((2, 3))
    return first, [[_operation(draw, kind) for _ in range(draw.choice((1, 1, 2, 2, 3)))] for _ in range(count)]


def _operation(draw: random.Random, kind: str | None) -> tuple[Any, ...]:
    to = draw.choice((0, 0, 0, 1, 2)) if kind else draw.choice((0, 1, 2))
    request = draw.choice(REQUESTS)
    if kind == "tree" and draw.random() < 0.5:
        asked = [(name, 0) for name in ("which_children", "terminate_child", "restart_child", "stop")]
        named = [("exit by name", "kid0"), ("exit by name", "kid0"), ("whereis", "kid0")]
        return draw.choice([*asked, *named, ("call by name", "kid0", request)])
    if kind in ("server", "machine") and draw.random() < 0.45:
        told = [("cast", 0, draw.choice(("stop", "crash", "other"))), ("call by name", "server", request)]
        asked = [(name, 0) for name in ("stop", "get_state", "suspend", "resume")]
        return draw.choice([*told, *asked, ("call", 0, request), ("call", 0, request)])
    name = draw.choice(("name", "server"))
    flush = draw.choice(((), ("flush",), ("info",), ("flush", "info")))
    exits = ("exit", to, draw.choice(("kill", "kill", "boom", "normal", "shutdown")))
    return draw.choice(
        [
            *(exits, exits, ("link", to), ("link", to), ("monitor", to), ("monitor", to), ("unlink", to)),
            *(("demonitor", flush), ("trap",), ("is_process_alive", to), ("process_info", to, draw.choice(ITEMS))),
            *(("whereis", "server"), ("register", name), ("unregister", name), ("insert_new", "key")),
            *(("receive",), ("receive",), ("wait", draw.choice((5, 10, 50))), ("send", to, "message")),
            *(("spawn_link",), ("spawn_monitor",), ("send_after", to, draw.choice((5, 10, 50))), ("cancel_timer",)),
            *(("group_leader", to), ("alias",), ("send to alias",), ("unalias",)),
        ]
    )
