"""The tasks of lesson 12, in Erlang: what a checker is given is the module that a cell has compiled."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import erlsim
from erlsim import Exit, code, erlang, timer
from erlsim.course.answers import Answer, Experiment, Run, check
from erlsim.otp import gen_server, supervisor
from erlsim.simulation import current
from erlsim.terms import Pid, Term

COMPILES = Experiment("the compiler reads it", None, {}, "what it says stands above")  # type: ignore[arg-type]


def _checked(module: ModuleType | None, functions: list[str], experiments: list[Experiment]) -> Answer:
    """Try experiments with a module that exports these functions, if it is one, and if anything is written."""
    if module is None:
        return Answer(failed=COMPILES)
    if not any(hasattr(module, each) for each in functions):
        return Answer(todo=tuple(each.tried for each in experiments))
    return check(module, experiments)


async def _server(module: ModuleType) -> Pid:
    erlang.process_flag("trap_exit", True)
    code.load(module.__name__, module)
    pid: Pid = erlsim.match(("ok", ...), await gen_server.start_link(module.__name__, [], []))
    return pid


def check_stack(stack: ModuleType | None) -> Answer:
    """A gen_server: casts `{push, X}`, calls `pop`."""
    name = "answers"
    return _checked(
        stack,
        ["init", "handle_call", "handle_cast"],
        [
            Experiment(
                "1 is pushed, and one popped",
                _popped([1], 1),
                {name: [("ok", 1)]},
                "handle_call answers {reply, Answer, NewState}, handle_cast {noreply, NewState}",
            ),
            Experiment(
                "1, 2 and 3 are pushed, and three popped",
                _popped([1, 2, 3], 3),
                {name: [("ok", 3), ("ok", 2), ("ok", 1)]},
                "what was put on a stack last comes off first",
            ),
            Experiment(
                "one is popped off a stack with nothing on it",
                _popped([], 1),
                {name: ["empty"]},
                "a list is [Top | Rest] or []: two clauses",
            ),
        ],
    )


def _popped(pushed: list[Term], times: int) -> Run:
    async def run(module: Any) -> dict[str, Term]:
        pid = await _server(module)
        for each in pushed:
            gen_server.cast(pid, ("push", each))
        return {"answers": [await _asked(pid, "pop") for _ in range(times)]}

    return run


async def _asked(pid: Pid, request: Term) -> Term:
    try:
        return await gen_server.call(pid, request)
    except Exit as failure:
        return "no answer" if failure.reason[0] == "timeout" else "the server died"


class Clerk:
    """Somebody with a name: the children of the shop."""

    @staticmethod
    async def start_link(name: str) -> Term:
        """A server of that name."""
        return await gen_server.start_link(("local", name), Clerk, [], [])

    @staticmethod
    def init(_args: Term) -> Term:
        """Nothing to do."""
        return ("ok", [])


def check_shop(shop: ModuleType | None) -> Answer:
    """A supervisor: `stock`, then `till`, rest_for_one, at most 2 restarts in 10 seconds."""
    alive = {"alive": True}
    return _checked(
        shop,
        ["init"],
        [
            Experiment(
                "it is started",
                _struck(),
                {"children": ["stock", "till"], "restarted": [], **alive},
                "{ok, {Flags, ChildSpecs}}, and the children in the order in which they are started",
            ),
            Experiment(
                "the till is killed",
                _struck((0, "till")),
                {"restarted": ["till"], **alive},
                "one_for_one, one_for_all, rest_for_one: who is restarted with the one that died?",
            ),
            Experiment(
                "the stock is killed",
                _struck((0, "stock")),
                {"restarted": ["stock", "till"], **alive},
                "rest_for_one restarts those that were started behind the one that died",
            ),
            Experiment(
                "the till is killed twice within a second",
                _struck((0, "till"), (500, "till")),
                {"restarted": ["till"], **alive},
                "intensity restarts are allowed in period seconds; if nobody says anything, 1 in 5",
            ),
            Experiment(
                "the till is killed at 0, 4 and 8 seconds",
                _struck((0, "till"), (4000, "till"), (4000, "till")),
                {"alive": False},
                "more than intensity restarts in period seconds end the supervisor",
            ),
            Experiment(
                "the till is killed at 0, 6 and 12 seconds",
                _struck((0, "till"), (6000, "till"), (6000, "till")),
                {"restarted": ["till"], **alive},
                "the period is in seconds",
            ),
        ],
    )


def _struck(*kills: tuple[int, str]) -> Run:
    """Kill children, each some ms after the last."""

    async def run(shop: Any) -> dict[str, Term]:
        erlang.process_flag("trap_exit", True)
        code.load("shop", shop)
        code.load("clerk", Clerk)
        pid = erlsim.match(("ok", ...), await supervisor.start_link("shop", []))
        before = await _children(pid)
        for ms, who in kills:
            await timer.sleep(ms)
            if isinstance(found := erlang.whereis(who), Pid):
                erlang.exit(found, "kill")
            await timer.sleep(1)
        is_alive = erlang.is_process_alive(pid)
        after = await _children(pid) if is_alive else before
        restarted = [name for name in before if after.get(name) != before[name]]
        return {"children": list(before), "restarted": restarted, "alive": is_alive}

    return run


async def _children(pid: Pid) -> dict[Term, Term]:
    """Pids by id, in the order in which they were started."""
    return {each[0]: each[1] for each in reversed(await supervisor.which_children(pid))}


def check_pmap(pmap: ModuleType | None) -> Answer:
    """`pmap:map(F, List)`: in parallel, in order, and it crashes if an F does."""
    return _checked(
        pmap,
        ["map"],
        [
            Experiment("no element", _mapped([]), {"result": [], "after (ms)": 0}),
            Experiment(
                "300, 200 and 100 ms are slept, and divided by 100",
                _mapped([300, 200, 100]),
                {"result": [3, 2, 1], "after (ms)": 300},
                "start all of them before you wait for the first; a receive may say whose answer it wants",
            ),
            Experiment(
                "the second of three crashes",
                _mapped([100, "crash", 200]),
                {"result": "it crashed"},
                "a link or a monitor tells of the end of a process",
            ),
        ],
    )


async def _slept(ms: Term) -> Term:
    if ms == "crash":
        erlang.error("crash")
    await timer.sleep(ms)
    return ms // 100


def _mapped(elements: list[Term]) -> Run:
    async def run(pmap: Any) -> dict[str, Term]:
        code.load("pmap", pmap)
        me = erlang.self()

        async def caller() -> None:
            answer = pmap.map(_slept, elements)
            erlang.send(me, ("result", await answer if hasattr(answer, "__await__") else answer))

        _, ref = erlang.spawn_monitor(caller)
        told = await erlang.receive(("result", ...), ("DOWN", ref, "process", ..., ...), after=60_000)
        result = told[1] if told[0] == "result" else "it crashed"
        return {"result": result, "after (ms)": current().now}

    return run


__all__ = ["check_pmap", "check_shop", "check_stack"]
