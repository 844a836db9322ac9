"""Small programs of processes that use what Erlang has to race with, and every interleaving of them by brute force.

A program is a list of operations for each process. Each waits first until all are there; what it observes is its
history, and an outcome is the histories of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from erlsim import TIMEOUT, Error, erlang, ets
from erlsim.testing import Run, run_once

Program = list[list[tuple[Any, ...]]]
TABLE, IDLE = "table", 10_000


def running(program: Program) -> Callable[[], Any]:
    """The program as a test; its value is the outcome."""

    async def test() -> Any:
        seen: list[list[Any]] = [[] for _ in program]
        ets.new(TABLE, ["named_table", "public"])
        pids = [erlang.spawn(lambda at=at: _process(program[at], seen[at])) for at in range(len(program))]
        for pid in pids:
            erlang.send(pid, ("pids", pids))
        await erlang.receive(("never",), after=IDLE)
        order = {pid: number for number, pid in enumerate(pids)}
        return [[_plain(each, order) for each in one] for one in seen]

    return test


async def _process(operations: Sequence[tuple[Any, ...]], seen: list[Any]) -> None:
    _, pids = await erlang.receive(("pids", list))
    try:
        for name, *args in operations:
            try:
                value = OPERATIONS[name](pids, *args)
                if hasattr(value, "__await__"):
                    value = await value
            except Error as error:
                value = ("error", error.reason if isinstance(error.reason, str) else "other")
            if name not in SILENT:
                seen.append("after" if value is TIMEOUT else value)
        seen.append("done")
    finally:
        pass


def _plain(value: Any, order: dict[Any, int]) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(each, order) for each in value]
    if isinstance(value, str | bool | int):
        return value
    return order.get(value, "ref")


SILENT = ("send", "insert", "trap", "kill", "stop", "unlink", "monitor", "pause")
OPERATIONS: dict[str, Callable[..., Any]] = {
    "send": lambda pids, to, message: erlang.send(pids[to], message),
    "take": lambda pids, *patterns: erlang.receive(*patterns, after=0),
    "wait": lambda pids, *patterns: erlang.receive(*patterns),
    "late": lambda pids, ms: erlang.receive(after=ms),
    "insert": lambda pids, key, value: ets.insert(TABLE, (key, value)),
    "insert_new": lambda pids, key, value: ets.insert_new(TABLE, (key, value)),
    "lookup": lambda pids, key: ets.lookup(TABLE, key),
    "count": lambda pids, key: ets.update_counter(TABLE, key, 1),
    "delete": lambda pids, key: ets.delete(TABLE, key),
    "all": lambda pids: sorted(ets.tab2list(TABLE), key=repr),
    "register": lambda pids, name: erlang.register(name, erlang.self()),
    "whereis": lambda pids, name: erlang.whereis(name),
    "tell": lambda pids, name, message: erlang.send(name, message),
    "trap": lambda pids: erlang.process_flag("trap_exit", True),
    "link": lambda pids, to: erlang.link(pids[to]),
    "unlink": lambda pids, to: erlang.unlink(pids[to]),
    "monitor": lambda pids, to: erlang.put("monitor", erlang.monitor("process", pids[to])),
    "kill": lambda pids, to: erlang.exit(pids[to], "kill"),
    "stop": lambda pids, to: erlang.exit(pids[to], "stop"),
    "alive": lambda pids, to: erlang.is_process_alive(pids[to]),
    "within": lambda pids, ms, *patterns: erlang.receive(*patterns, after=ms),
    "exit": lambda pids, to, reason: erlang.exit(pids[to], reason),
    "spawn_link": lambda pids, reason: erlang.spawn_link(erlang.exit, [reason]) and "ok",
    "watch": lambda pids, name: erlang.put("monitor", erlang.monitor("process", name)) and "ok",
    "demonitor": lambda pids, *options: _kept("monitor", lambda ref: erlang.demonitor(ref, list(options))),
    "unregister": lambda pids, name: erlang.unregister(name),
    "timer": lambda pids, to, ms: erlang.put("timer", erlang.send_after(ms, pids[to], "tick")) and "ok",
    "cancel": lambda pids: _kept("timer", erlang.cancel_timer),
    "alias": lambda pids, mode: erlang.put("alias", erlang.alias([mode])) and _show(erlang.get("alias")),
    "unalias": lambda pids: _kept("alias", erlang.unalias),
    "to alias": lambda pids, message: [erlang.send(ref, message) for _, ref in ets.lookup(TABLE, "alias")],
    "info": lambda pids, to, item: erlang.process_info(pids[to], item),
}


def _kept(key: str, use: Callable[[Any], Any]) -> Any:
    """What the process has kept under a key, put to use, if it has."""
    value = erlang.get(key)
    return "none" if value == "undefined" else use(value)


def _show(ref: Any) -> str:
    ets.insert(TABLE, ("alias", ref))
    return "ok"


class Given:
    """A chooser with the answers to the first questions; the shell goes first, and it notes what it was asked."""

    def __init__(self, answers: Sequence[int]) -> None:
        self._answers = answers
        self.asked: list[tuple[int, int]] = []

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        if kind != "step":
            return 0
        for index, option in enumerate(options):
            if option.process == "P" or option.operation in ("begin", "go_on"):
                return index
        at = len(self.asked)
        answer = self._answers[at] if at < len(self._answers) else 0
        self.asked.append((answer, len(options)))
        return answer


def interleavings(test: Callable[[], Any], limit: int) -> Iterator[Run] | None:
    """The runs of every interleaving after the beginning; `None` if they are more than `limit`."""
    runs: list[Run] = []
    answers: list[int] = []
    for _ in range(limit):
        chooser = Given(answers)
        runs.append(run_once(test, chooser, preempt=True))
        asked = chooser.asked
        while asked and asked[-1][0] + 1 == asked[-1][1]:
            asked.pop()
        if not asked:
            return iter(runs)
        answers = [answer for answer, _ in asked[:-1]] + [asked[-1][0] + 1]
    return None
