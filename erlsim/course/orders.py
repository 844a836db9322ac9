"""The tasks of lesson 7: a start in order, an update that is not lost, a schedule that shows a race."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from erlsim import TIMEOUT, code, erlang, ets, testing, timer
from erlsim.course.answers import Answer, Experiment, Run, check
from erlsim.matching import match
from erlsim.otp import gen_server
from erlsim.terms import Pid, Term

SCHEDULES = 60


def check_in_order(in_order: Callable[[Any, Any], Awaitable[Term]]) -> Answer:
    """`await in_order(loader, worker)`: the worker's answer, or `("error", reason)` if the loader has failed."""
    answer = {"outcomes": ["{ready,8080}"]}
    return check(
        in_order,
        [
            Experiment(f"under {SCHEDULES} schedules", _loaded(0), answer, "who is to be first has to be waited for"),
            Experiment(
                f"a loader that takes 500 ms, under {SCHEDULES} schedules",
                _loaded(500),
                answer,
                "to wait for a time is to hope; a monitor tells when it is so",
            ),
            Experiment(
                'a loader that ends with "no_file"',
                _loaded(None),
                {"outcomes": ["{error,no_file}"]},
                "a monitor tells the reason as well: normal, if all went well",
            ),
        ],
    )


def _loaded(ms: int | None) -> Run:
    async def loader() -> None:
        if ms is None:
            erlang.exit("no_file")
        await timer.sleep(ms)
        ets.insert("settings", ("port", 8080))

    def worker(parent: Pid) -> None:
        [(_, port)] = ets.lookup("settings", "port")
        erlang.send(parent, ("ready", port))

    async def run(in_order: Any) -> dict[str, Term]:
        async def test() -> Term:
            ets.new("settings", ["named_table", "public"])
            return await _within(5000, in_order, loader, worker)

        return {"outcomes": _outcomes(test)}

    return run


async def _within(ms: int, function: Any, *args: Any) -> Term:
    """What a function gives in a process of its own, or how it went otherwise."""

    async def body(shell: Pid) -> None:
        erlang.send(shell, ("gave", await function(*args)))

    _, ref = erlang.spawn_monitor(body, [erlang.self()])
    answer = await erlang.receive(("gave", ...), ("DOWN", ref, ..., ..., ...), after=ms)
    if answer is TIMEOUT:
        return "no answer"
    if answer[0] == "gave":
        return answer[1]
    reason = answer[4]
    return ("died of", reason[0] if type(reason) is tuple else reason)


def _outcomes(test: Callable[[], Any]) -> list[str]:
    """All that came of a test under some schedules, each once; the commonest first."""
    found = testing.explore(test, schedules=SCHEDULES, stop=False, progress=False)
    return sorted(found.outcomes, key=lambda outcome: (-found.outcomes[outcome], outcome))


def check_add_one(add_one: Callable[[Pid], Awaitable[None]]) -> Answer:
    """`await add_one(cell)` adds one to the number of a server that knows `get`, `put` and `swap`, and no `add`."""
    rule = 'what was read may be old when it is written; ("swap", old, new) writes only if it is not: "ok" or "changed"'
    return check(
        add_one,
        [
            Experiment("one client", _added(1), {"the numbers that come out": ["1"]}, rule),
            Experiment(
                f"two clients at once, under {SCHEDULES} schedules",
                _added(2),
                {"the numbers that come out": ["2"]},
                rule,
            ),
            Experiment(
                f"four clients at once, under {SCHEDULES} schedules",
                _added(4),
                {"the numbers that come out": ["4"]},
                "if it has changed, read again and try again",
            ),
        ],
    )


def _added(clients: int) -> Run:
    async def run(add_one: Any) -> dict[str, Term]:
        async def test() -> Term:
            cell = match(("ok", ...), await gen_server.start_link(_Cell, 0, []))
            refs = [erlang.spawn_monitor(add_one, [cell])[1] for _ in range(clients)]
            for ref in refs:
                await erlang.receive(("DOWN", ref, ..., ..., ...))
            return await gen_server.call(cell, "get")

        return {"the numbers that come out": _outcomes(test)}

    return run


@code.module(name="erlsim_course_cell")
class _Cell:
    def init(value: Term) -> Term:
        return ("ok", value)

    def handle_call(request: Term, _from: Term, value: Term) -> Term:
        if request == "get":
            return ("reply", value, value)
        if request[0] == "swap":
            return ("reply", "ok", request[2]) if request[1] == value else ("reply", "changed", value)
        return ("reply", "ok", request[1])


async def booking() -> None:
    """Two customers and one seat. Each looks whether it is free, and then tells the desk, which writes it down."""
    ets.new("seats", ["named_table", "public"])
    ets.insert("seats", ("seat", "free"))
    tickets = []

    async def desk() -> None:
        while True:
            _, customer = await erlang.receive(("book", ...))
            ets.insert("seats", ("seat", "taken"))
            erlang.send(customer, "ticket")

    async def customer(shell: Pid, counter: Pid) -> None:
        if ets.lookup_element("seats", "seat", 2) == "free":
            erlang.send(counter, ("book", erlang.self()))
            erlang.send(shell, await erlang.receive("ticket"))

    counter = erlang.spawn(desk)
    erlang.spawn(customer, [erlang.self(), counter])
    # The second one comes through the door.
    erlang.spawn(lambda shell: erlang.spawn(customer, [shell, counter]), [erlang.self()])
    while await erlang.receive("ticket", after=1000) is not TIMEOUT:
        tickets.append("ticket")
    assert len(tickets) == 1, "sold twice"


def check_schedule(schedule: Any) -> Answer:
    """A schedule under which `booking` sells the seat twice, as short as can be."""
    return check(
        schedule,
        [
            Experiment(
                "booking is run under it",
                _replayed,
                {"the seat was": "sold twice"},
                "testing.explore(booking) finds failures; each has a schedule",
            ),
            Experiment(
                "its deviations from the usual order are counted",
                _counted,
                {"deviations": 1},
                "testing.shrink(booking, schedule) leaves out what is not needed",
            ),
        ],
    )


async def _replayed(schedule: Any) -> dict[str, Term]:
    outcome = testing.replay(booking, schedule).outcome
    if outcome == "ok":
        outcome = "sold once"
    return {"the seat was": "sold twice" if "sold twice" in outcome else outcome}


async def _counted(schedule: Any) -> dict[str, Term]:
    return {"deviations": len(testing.Schedule.parse(str(schedule)))}


__all__ = ["booking", "check_add_one", "check_in_order", "check_schedule"]
