"""The tasks of lesson 6: a counter in a table, a table that outlives its owner, streams that are watched."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import gen_tracker
from erlsim import TIMEOUT, code, erlang, ets, timer
from erlsim.course.answers import Answer, Experiment, Run, check
from erlsim.matching import match
from erlsim.otp import gen_server
from erlsim.terms import Pid, Term


def spec(name: Term) -> Term:
    """How the tracker `streams` opens the stream `name`."""
    return (name, (_Stream, "start_link", [name]), "temporary")


def check_hit(hit: Callable[[Term], int]) -> Answer:
    """`hit(page)` adds one to the page's number in the table `hits`, whether it is there or not, and returns it."""
    return check(
        hit,
        [
            Experiment(
                "a page is hit for the first time",
                _hits("home"),
                {"returned": [1], "the table": [("home", 1)]},
                "update_counter fails if the key is not there, unless it is given an object to begin with",
            ),
            Experiment(
                "one page is hit three times, another once",
                _hits("home", "home", "about", "home"),
                {"returned": [1, 2, 1, 3], "the table": [("about", 1), ("home", 3)]},
                "insert puts an object in the place of the one that has its key",
            ),
        ],
    )


def _hits(*pages: str) -> Run:
    async def run(hit: Any) -> dict[str, Term]:
        ets.new("hits", ["named_table", "public"])
        returned = [hit(page) for page in pages]
        return {"returned": returned, "the table": sorted(ets.tab2list("hits"))}

    return run


def check_owner(owner: Callable[[Pid], Awaitable[None]]) -> Answer:
    """`spawn(owner, [heir])` makes the table `stock` with `("apple", 3)`; when it dies the heir gets the table."""
    return check(
        owner,
        [
            Experiment(
                "as long as it lives",
                _owned(kill=False),
                {"the rows": [("apple", 3)], "the owner": "the process", "the heir was told": "nothing"},
                "a table lives as long as its owner: the process must not end",
            ),
            Experiment(
                "when it is killed",
                _owned(kill=True),
                {"the rows": [("apple", 3)], "the owner": "the heir", "the heir was told": ("stock", "in stock")},
                'an option of ets.new, ("heir", pid, data), with "in stock" as data',
            ),
        ],
    )


def _owned(kill: bool) -> Run:
    async def run(owner: Any) -> dict[str, Term]:
        me = erlang.self()
        pid = erlang.spawn(owner, [me])
        await timer.sleep(10)
        if kill:
            erlang.exit(pid, "kill")
            await timer.sleep(1)
        told = await erlang.receive(("ETS-TRANSFER", ..., pid, ...), after=0)
        return {
            "the rows": ets.tab2list("stock") if ets.whereis("stock") != "undefined" else "there is no table",
            "the owner": {pid: "the process", me: "the heir"}.get(ets.info("stock", "owner"), "nobody"),
            "the heir was told": "nothing" if told is TIMEOUT else (told[1], told[3]),
        }

    return run


def check_watch(watch: Callable[[Term], Awaitable[None]]) -> Answer:
    """`await watch(name)` opens the stream if it is not there, and adds one to its attribute `viewers`."""
    return check(
        watch,
        [
            Experiment(
                "one viewer of a stream that is not open",
                _watched({b"tv1": 1}),
                {"viewers": [(b"tv1", 1)], "streams": 1},
                "find_or_open(tracker, spec(name)) opens; increment(tracker, name, key, by, default) needs a default",
            ),
            Experiment(
                "ten viewers of one stream at once",
                _watched({b"tv1": 10}),
                {"viewers": [(b"tv1", 10)], "streams": 1},
                "between reading a number and writing it others read the same one; increment is one step",
            ),
            Experiment(
                "a hundred viewers of three streams at once",
                _watched({b"tv1": 40, b"tv2": 30, b"tv3": 30}),
                {"viewers": [(b"tv1", 40), (b"tv2", 30), (b"tv3", 30)], "streams": 3},
                "a name that is asked for at the same time is opened once",
            ),
        ],
    )


def _watched(viewers: dict[bytes, int]) -> Run:
    async def run(watch: Any) -> dict[str, Term]:
        _ = match(("ok", ...), await gen_tracker.start_link("streams"))
        for name, count in viewers.items():
            for _ in range(count):
                erlang.spawn(watch, [name])
        await timer.sleep(1000)
        found = [(name, gen_tracker.getattr("streams", name, "viewers")) for name in viewers]
        counts = [(name, answer[1] if type(answer) is tuple else answer) for name, answer in found]
        return {"viewers": counts, "streams": len(gen_tracker.which_children("streams"))}

    return run


@code.module(name="erlsim_course_stream")
class _Stream:
    async def start_link(name: Term) -> Term:
        return await gen_server.start_link(_Stream, name, [])

    async def init(name: Term) -> Term:
        await timer.sleep(20)
        return ("ok", name)


__all__ = ["check_hit", "check_owner", "check_watch", "spec"]
