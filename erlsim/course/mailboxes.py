"""The tasks of lesson 1: selective receive, waiting for a time, questions and their answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from erlsim import TIMEOUT, erlang, timer
from erlsim.course.answers import Answer, Experiment, Run, check
from erlsim.simulation import current
from erlsim.terms import Pid, Term

MINUTE = 60_000


def check_next_job(next_job: Callable[[], Awaitable[Term]]) -> Answer:
    """`await next_job()` takes the oldest urgent message, or the oldest job if none is, or waits for either."""
    wait = "when nothing is there it is to wait, for whichever of the two comes first"
    return check(
        next_job,
        [
            Experiment(
                "the mailbox holds two jobs, and nothing is urgent",
                _jobs([("job", 1), ("job", 2)], asked=2),
                {"taken": [("job", 1), ("job", 2)], "left in the mailbox": []},
                "receive(pattern, after=0) looks, and does not wait",
            ),
            Experiment(
                "an urgent message lies behind two jobs",
                _jobs([("job", 1), ("job", 2), ("urgent", 3)], asked=3),
                {"taken": [("urgent", 3), ("job", 1), ("job", 2)], "left in the mailbox": []},
                "a pattern takes the oldest message that matches it; several patterns are no order of preference",
            ),
            Experiment(
                "two urgent messages lie among a note and two jobs",
                _jobs([("note", "x"), ("job", 1), ("urgent", 2), ("job", 3), ("urgent", 4)], asked=3),
                {
                    "taken": [("urgent", 2), ("urgent", 4), ("job", 1)],
                    "left in the mailbox": [("note", "x"), ("job", 3)],
                },
                "what does not match stays where it is",
            ),
            Experiment(
                "the mailbox is empty, and a job comes after 50 ms",
                _job_later(("job", 1)),
                {"taken": ("job", 1), "at (ms)": 50},
                wait,
            ),
            Experiment(
                "the mailbox is empty, and something urgent comes after 50 ms",
                _job_later(("urgent", 1)),
                {"taken": ("urgent", 1), "at (ms)": 50},
                wait,
            ),
        ],
    )


def _jobs(messages: list[Term], asked: int) -> Run:
    async def run(next_job: Any) -> dict[str, Term]:
        me = erlang.self()
        for message in messages:
            erlang.send(me, message)
        taken = [await next_job() for _ in range(asked)]
        return {"taken": taken, "left in the mailbox": erlang.process_info(me, "messages")[1]}

    return run


def _job_later(message: Term) -> Run:
    async def run(next_job: Any) -> dict[str, Term]:
        erlang.send_after(50, erlang.self(), message)
        return {"taken": await next_job(), "at (ms)": current().now}

    return run


def check_forgetful(forgetful: Callable[[int], Awaitable[Term]]) -> Answer:
    """A counter, `spawn(forgetful, [0])`, that is 0 again when no message has come for a minute."""
    rule = "receive(..., after=ms) counts anew at each receive, and gives erlsim.TIMEOUT"
    return check(
        forgetful,
        [
            Experiment(
                "incremented three times and asked twice",
                _counted("increment", "increment", "increment", "get", "get"),
                {"counts": [3, 3], "alive": True},
                "the loop goes on after each message",
            ),
            Experiment(
                "incremented, and asked a millisecond before the minute is over, twice",
                _counted("increment", MINUTE - 1, "get", MINUTE - 1, "get"),
                {"counts": [1, 1], "alive": True},
                "times are in milliseconds; " + rule,
            ),
            Experiment(
                "incremented twice, and a message a minute and a millisecond later",
                _counted("increment", "increment", MINUTE + 1, "get", "increment", "get"),
                {"counts": [0, 1], "alive": True},
                rule,
            ),
        ],
    )


def _counted(*acts: Term) -> Run:
    """Do what is listed: send an atom, sleep for a number of ms, ask at `"get"`."""

    async def run(forgetful: Any) -> dict[str, Term]:
        pid = erlang.spawn(forgetful, [0])
        counts = []
        for act in acts:
            if type(act) is int:
                await timer.sleep(act)
            elif act == "get":
                counts.append(await _value_of(pid))
            else:
                erlang.send(pid, act)
        return {"counts": counts, "alive": erlang.is_process_alive(pid)}

    return run


async def _value_of(counter: Pid) -> Term:
    erlang.send(counter, ("get", erlang.self()))
    answer = await erlang.receive(("count", ...), after=100)
    return "no answer" if answer is TIMEOUT else answer[1]


def check_ask(ask: Callable[[Pid, Term, int], Awaitable[Term]]) -> Answer:
    """`await ask(server, question, ms)` gives the answer to this question, or `"timeout"`.

    The server is sent `("ask", sender, ref, question)` and answers `("answer", ref, value)`.
    """
    name = "answers, each after how many ms"
    return check(
        ask,
        [
            Experiment(
                "a server that takes 10 ms is asked, and given 100 ms",
                _asked(name, (10, 100)),
                {name: [(20, 10)]},
                'the server wants ("ask", sender, ref, question); erlang.make_ref() makes a reference',
            ),
            Experiment(
                "a server that takes 300 ms is given 100 ms",
                _asked(name, (300, 100)),
                {name: [("timeout", 100)]},
                "receive(pattern, after=ms) gives erlsim.TIMEOUT when nothing has come by then",
            ),
            Experiment(
                "a question is given up, and another is asked before the late answer to the first comes",
                _asked(name, (300, 100), (250, 1000)),
                {name: [("timeout", 100), (500, 250)]},
                "an answer carries the reference of its question: put it into the pattern",
            ),
        ],
    )


def _asked(name: str, *questions: tuple[int, int]) -> Run:
    """Ask for the doubles of numbers, each with a time that is given."""

    async def run(ask: Any) -> dict[str, Term]:
        server, answers = erlang.spawn(_doubling), []
        for number, ms in questions:
            start = current().now
            answer = await ask(server, number, ms)
            answers.append((answer, current().now - start))
        return {name: answers}

    return run


async def _doubling() -> None:
    """Doubles a number, as many ms after the question as the number is."""
    while True:
        _, sender, ref, number = await erlang.receive(("ask", ..., ..., int))
        erlang.send_after(number, sender, ("answer", ref, number * 2))


__all__ = ["check_ask", "check_forgetful", "check_next_job"]
