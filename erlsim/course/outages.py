"""The tasks of lesson 9: the shape of a tree, a client that bears its server's failure, a demand on a service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from erlsim import Exit, code, erlang, timer
from erlsim.course.answers import Answer, Experiment, Run, check
from erlsim.course.supervisors import child
from erlsim.matching import match
from erlsim.otp import gen_server, supervisor, sys
from erlsim.simulation import current
from erlsim.terms import Pid, Term

NAMES = ("store", "cart", "mailer")


def worker(name: str) -> Term:
    """The childspec of a worker that is registered as `name`."""
    return child(name)


def check_shape(tree: Callable[[], Awaitable[Term]]) -> Answer:
    """`await tree()` starts a supervisor of store, cart and mailer: the cart falls with the store, the mailer never."""
    return check(
        tree,
        [
            Experiment(
                "the store is killed at 0 ms",
                _struck("store"),
                {"new": ["store", "cart"], "gone": []},
                "rest_for_one restarts those that were started after the one that died",
            ),
            Experiment(
                "the cart is killed at 0 ms",
                _struck("cart"),
                {"new": ["cart"], "gone": []},
                "who needs nobody's death is not to be restarted for it",
            ),
            Experiment("the mailer is killed at 0 ms", _struck("mailer"), {"new": ["mailer"], "gone": []}),
            Experiment(
                "the store is killed at 0, 900, 1800, 2700 and 3600 ms",
                _struck("store", "store", "store", "store", "store"),
                {"new": ["store", "cart"], "gone": []},
                "who gives up takes all its children along; under a supervisor of their own the two fall alone",
            ),
        ],
    )


def _struck(*names: str) -> Run:
    async def run(tree: Any) -> dict[str, Term]:
        erlang.process_flag("trap_exit", True)
        _ = match(("ok", ...), await tree())
        before = {name: erlang.whereis(name) for name in NAMES}
        for name in names:
            pid = erlang.whereis(name)
            if isinstance(pid, Pid):
                erlang.exit(pid, "kill")
            await timer.sleep(900)
        after = {name: erlang.whereis(name) for name in NAMES}
        gone = [name for name in NAMES if after[name] == "undefined"]
        return {"new": [name for name in NAMES if name not in gone and after[name] != before[name]], "gone": gone}

    return run


def check_cart(module: Any) -> Answer:
    """A callback module whose server asks `store` for a thing, and bears it if the store is not able to answer."""
    return check(
        module,
        [
            Experiment(
                "the store answers",
                _carted("well"),
                {"answer": ("ok", "apple"), "within (ms)": 0, "the cart": "alive"},
                "the cart gives on what the store answers",
            ),
            Experiment(
                "the store hangs",
                _carted("hangs"),
                {"answer": ("error", "store"), "within (ms)": 500, "the cart": "alive"},
                "a call takes 5000 ms at most if nothing else is said, and this one's client waits for 1000",
            ),
            Experiment(
                "there is no store",
                _carted("gone"),
                {"answer": ("error", "store"), "within (ms)": 0, "the cart": "alive"},
                "a call that fails is an erlsim.Exit; who does not catch it ends",
            ),
        ],
    )


def _carted(store: str) -> Run:
    async def run(module: Any) -> dict[str, Term]:
        erlang.process_flag("trap_exit", True)
        if store != "gone":
            await gen_server.start_link(("local", "store"), _Store, [], [])
        if store == "hangs":
            await sys.suspend("store")
        cart = match(("ok", ...), await gen_server.start_link(module, [], []))
        try:
            answer = await gen_server.call(cart, "apple", 1000)
        except Exit as exit:
            reason = exit.reason[0]
            answer = ("failed", reason[0] if type(reason) is tuple else reason)
        taken = current().now
        await timer.sleep(10_000)
        alive = erlang.is_process_alive(cart)
        return {"answer": answer, "within (ms)": taken, "the cart": "alive" if alive else "dead"}

    return run


@code.module(name="erlsim_course_store")
class _Store:
    def init(state: Term) -> Term:
        return ("ok", state)

    def handle_call(what: Term, _from: Term, state: Term) -> Term:
        return ("reply", ("ok", what), state)


def check_demand(demand: Callable[[], Any]) -> Answer:
    """`demand()` raises `AssertionError` if `store` was away for over 100 ms at a time, or restarted over thrice."""
    return check(
        demand,
        [
            Experiment(
                "a minute with two restarts at once",
                _demanded([0, 0]),
                {"the demand": "is met"},
                "nothing was over the budget",
            ),
            Experiment(
                "a minute with one restart that took two seconds",
                _demanded([2000]),
                {"the demand": "is not met"},
                "testing.budget has repair: how long it may be away at a time, in ms",
            ),
            Experiment(
                "a minute with five restarts at once",
                _demanded([0] * 5),
                {"the demand": "is not met"},
                "testing.budget has restarts: how many there may be",
            ),
            Experiment(
                "a minute with three restarts of 90 ms",
                _demanded([90] * 3),
                {"the demand": "is met"},
                "that much is allowed",
            ),
        ],
    )


def _demanded(away: list[int]) -> Run:
    async def run(demand: Any) -> dict[str, Term]:
        erlang.process_flag("trap_exit", True)
        await supervisor.start_link(_Shop(away), [])
        for _ in away:
            await timer.sleep(5000)
            pid = erlang.whereis("store")
            if isinstance(pid, Pid):
                erlang.exit(pid, "kill")
        await timer.sleep(60_000 - current().now)
        try:
            demand()
        except AssertionError:
            return {"the demand": "is not met"}
        return {"the demand": "is met"}

    return run


class _Shop:
    """The supervisor of a store; each restart of it takes so many ms."""

    def __init__(self, away: list[int]) -> None:
        self._takes = [0, *away]

    def init(self, _: Term) -> Term:
        async def start() -> Term:
            await timer.sleep(self._takes.pop(0))
            return await gen_server.start_link(("local", "store"), _Store, [], [])

        spec: Term = {"id": "store", "start": (_Starting(start), "start_link", [])}
        return ("ok", ({"intensity": 10, "period": 60}, [spec]))


class _Starting:
    """A module of one start function."""

    def __init__(self, start: Callable[[], Awaitable[Term]]) -> None:
        self.start_link = start


__all__ = ["check_cart", "check_demand", "check_shape", "worker"]
