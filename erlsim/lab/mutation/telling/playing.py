"""Scenarios in a copy of pytest: a test of the user's as the load, and what is done to its processes meanwhile.

A scenario names a test and has actions, each some ms after the one before:

    {"do": "kill", "who": ["name", "pool"], "after": 10, "times": 3, "gap": 0}

`kill` sends the signal that nobody survives; `crash` and `quit` end a process with `reason` as if its own code had done
so; `exit` sends it an exit signal with `reason`, which it may trap; `stop` asks it to end by a system message;
`suspend` makes it take system messages only, until `resume`; `deaf` lets it ignore exit signals from now on. The test
runs as the shell does, once, first-in first-out; how it ends is not judged but noted. When all is done, and `settle` ms
later, it is looked at what there is.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, Protocol

import pytest
from _pytest.runner import runtestprotocol

from erlsim import erlang, timer
from erlsim.errors import ErlsimError
from erlsim.lab.mutation.telling.observing import ANSWERS, Line, Witness, shown
from erlsim.otp import proc_lib, sys
from erlsim.pytest_plugin import body_of, simulation_of
from erlsim.simulation import Simulation
from erlsim.terms import Pid
from erlsim.testing import ignore_shutdown
from erlsim.trace import live


class Wire(Protocol):
    """Whoever asks for scenarios."""

    def hear(self, alone: bool = False) -> dict[str, Any] | None:
        """What is asked for next, after it has been answered; `None` if nothing is any more."""

    def tell(self, what: object) -> None:
        """Answer."""


class Player:
    """The plugin that plays: pytest sets a test up and takes it down, and what lies between is the scenario."""

    def __init__(self) -> None:
        self.scenario: dict[str, Any] = {}
        self.answer: dict[str, Any] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> object | None:
        """Play instead of a test's body."""
        self.answer = play(simulation_of(pyfuncitem), body_of(pyfuncitem), self.scenario)
        return True


def serve(wire: Wire, items: list[pytest.Item]) -> None:
    """Play what is asked for until nothing is any more."""
    player = Player()
    there = {each.nodeid: each for each in items}
    while (asked := wire.hear(alone=True)) is not None and asked.get("do") != "end":
        item = there[asked["test"]]
        item.config.pluginmanager.register(player, "erlsim-mutate-player")
        player.scenario, player.answer = asked, {"unusable": "its fixtures fail"}
        runtestprotocol(item, log=False, nextitem=None)
        item.config.pluginmanager.unregister(player)
        wire.tell(player.answer)


def play(sim: Simulation, body: Callable[[], Any], scenario: dict[str, Any]) -> dict[str, Any]:
    """Run `body` as the shell while the actions are taken: what could be seen, and who was there."""
    witness = Witness(sim)
    actions = scenario["actions"]
    saboteur = sim.run(lambda: erlang.spawn(lambda: _sabotage(sim, actions)))
    witness.ours[saboteur.number] = None
    ended = ""
    try:
        sim.run(body)
    except BaseException as exc:
        ended = _ending(exc)
    lines = [Line(sim.now, ANSWERS, f"the test {ended or 'returns'}")]
    end = sum(each["after"] + each.get("gap", 0) * each.get("times", 1) for each in actions) + scenario["settle"]
    try:
        sim.advance(max(0, end - sim.now))
    except ErlsimError as exc:
        lines.append(Line(sim.now, ANSWERS, f"time cannot go on: {type(exc).__name__}"))
    lines += witness.lines()
    return {"lines": lines, "who": witness.who()}


def _ending(exc: BaseException) -> str:
    """How a test has ended: where in its file, and with what; not what it says, which may have pids in it."""
    frames = traceback.extract_tb(exc.__traceback__)
    where = next((each for each in reversed(frames) if each.name.startswith("test_")), None)
    place = "" if where is None else f" at line {where.lineno}: {where.line}"
    return f"fails with {type(exc).__name__}{place}"


# ---- what is done -------------------------------------------------------------------


async def _sabotage(sim: Simulation, actions: list[dict[str, Any]]) -> None:
    for action in actions:
        if action["after"]:
            await timer.sleep(action["after"])
        for _ in range(action.get("times", 1)):
            _act(sim, action)
            if action.get("gap"):
                await timer.sleep(action["gap"])


def _act(sim: Simulation, action: dict[str, Any]) -> None:
    pid = _found(action["who"])
    if pid is None:
        return
    match action["do"]:
        case "kill":
            erlang.exit(pid, "kill")
        case "crash" | "quit":
            sim.crash(pid, action["reason"])
        case "exit":
            erlang.exit(pid, action["reason"])
        case "stop":
            erlang.spawn(lambda: proc_lib.stop(pid, action["reason"]))
        case "suspend":
            erlang.spawn(lambda: sys.suspend(pid))
        case "resume":
            erlang.spawn(lambda: sys.resume(pid))
        case "deaf":
            ignore_shutdown(pid, certain=True, optional=True)


def _found(who: list[str]) -> Pid | None:
    """The process that is meant, if it lives."""
    if who[0] == "name":
        pid = erlang.whereis(who[1])
        return pid if isinstance(pid, Pid) else None
    overseer = erlang.whereis(who[1])
    known = live.look().overseers.get(overseer.number) if isinstance(overseer, Pid) else None
    children = [] if known is None else known.in_order()
    found = [each.state for each in children if shown(each.id, repr) == who[2] and isinstance(each.state, Pid)]
    return found[0] if found else None
