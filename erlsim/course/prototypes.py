"""The tasks of lesson 8: how many workers, how to try again, how to write what ports."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from erlsim import NotPortable, code, erlang, timer
from erlsim.course.answers import Answer, Experiment, Run, check
from erlsim.matching import match
from erlsim.otp import gen_server
from erlsim.simulation import Simulation, current
from erlsim.terms import Term

BURST, EVERY, TAKES = 6, 100, 40


def check_workers(workers: int) -> Answer:
    """The least number of workers with which no request takes longer than 50 ms."""
    slowest = "the slowest request took (ms)"
    return check(
        workers,
        [
            Experiment(
                "ten bursts of six requests, one every 100 ms",
                _bursts(0),
                {slowest: TAKES},
                "count what one worker can do within 50 ms, and what comes in one burst",
            ),
            Experiment(
                "the same with one worker less",
                _bursts(1),
                {"still fast enough": False},
                "it is to be the least number",
            ),
        ],
    )


def _bursts(less: int) -> Run:
    async def run(workers: Any) -> dict[str, Term]:
        pool = [match(("ok", ...), await gen_server.start_link(_Worker, [], [])) for _ in range(workers - less)]
        times: list[int] = []

        async def client(number: int) -> None:
            start = current().now
            await gen_server.call(pool[number % len(pool)], "request", "infinity")
            times.append(current().now - start)

        for burst in range(10):
            for number in range(BURST):
                erlang.spawn(client, [burst * BURST + number])
            await timer.sleep(EVERY)
        await timer.sleep(10_000)
        worst = max(times, default=0)
        return {"the slowest request took (ms)": worst, "still fast enough": bool(times) and worst <= 50}

    return run


@code.module(name="erlsim_course_pool")
class _Worker:
    def init(state: Term) -> Term:
        return ("ok", state)

    async def handle_call(_request: Term, _from: Term, state: Term) -> Term:
        await timer.sleep(TAKES)
        return ("reply", "ok", state)


def check_try_again(try_again: Callable[[Callable[[], Awaitable[Term]]], Awaitable[Term]]) -> Answer:
    """`await try_again(request)` asks up to four times, after pauses of 100, 200 and 400 ms, while it is busy."""
    busy, row = ("error", "busy"), ("ok", "row")
    return check(
        try_again,
        [
            Experiment(
                "the database answers at once",
                _asked([row]),
                {"answer": row, "asked at (ms)": [0]},
                "what has an answer is not asked again",
            ),
            Experiment(
                "it is busy twice",
                _asked([busy, busy, row]),
                {"answer": row, "asked at (ms)": [0, 100, 300]},
                "each pause is twice as long as the one before",
            ),
            Experiment(
                "it is busy all the time",
                _asked([busy] * 10),
                {"answer": busy, "asked at (ms)": [0, 100, 300, 700]},
                "four times in all, and then the answer is what it is; no pause after the last",
            ),
            Experiment(
                "the request itself is wrong",
                _asked([("error", "no_such_table")] * 10),
                {"answer": ("error", "no_such_table"), "asked at (ms)": [0]},
                "only what may be otherwise the next time is worth asking again",
            ),
        ],
    )


def _asked(answers: list[Term]) -> Run:
    async def run(try_again: Any) -> dict[str, Term]:
        at: list[int] = []

        async def request() -> Term:
            at.append(current().now)
            return answers[min(len(at), len(answers)) - 1]

        return {"answer": await try_again(request), "asked at (ms)": at}

    return run


def check_words(module: Any) -> Answer:
    """A server that answers `("add", word)` and `"words"`, written so that it ports to Erlang."""
    return check(
        module,
        [
            Experiment(
                "pear, apple and pear again are added",
                _words_added,
                {"words": ["apple", "pear"]},
                "each word once, in order",
            ),
            Experiment(
                "the same in strict mode",
                _strictly,
                {"does not port": []},
                "a set is no term of Erlang; a state is given back anew, and not changed in place",
            ),
        ],
    )


async def _words_of(module: Any) -> Term:
    server = match(("ok", ...), await gen_server.start_link(module, "undefined", []))
    for word in ("pear", "apple", "pear"):
        await gen_server.call(server, ("add", word))
    return await gen_server.call(server, "words")


async def _words_added(module: Any) -> dict[str, Term]:
    return {"words": await _words_of(module)}


async def _strictly(module: Any) -> dict[str, Term]:
    sim = Simulation(strict=True)
    try:
        sim.run(_words_of, module)
    except NotPortable as found:
        return {"does not port": [f"line {each.line}: {each.sentence}" for each in found.findings]}
    finally:
        sim.close()
    return {"does not port": []}


__all__ = ["check_try_again", "check_words", "check_workers"]
