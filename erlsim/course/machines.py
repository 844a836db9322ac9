"""The tasks of lesson 10: a turnstile, the light of a staircase, a connection that is being made."""

from __future__ import annotations

from typing import Any

import erlsim
from erlsim import Exit, erlang, timer
from erlsim.course.answers import Answer, Experiment, Run, check
from erlsim.otp import gen_statem
from erlsim.simulation import current
from erlsim.terms import Pid, Term

MINUTE = 60_000


async def _started(machine: Any) -> Pid:
    """A machine of the module; it may die without us."""
    erlang.process_flag("trap_exit", True)
    pid: Pid = erlsim.match(("ok", ...), await gen_statem.start_link(machine, [], []))
    return pid


async def _asked(pid: Pid, request: Term, ms: int = 5000) -> Term:
    """The answer to a call, or what took its place."""
    try:
        return await gen_statem.call(pid, request, ms)
    except Exit as failure:
        return "no answer" if failure.reason[0] == "timeout" else "the machine died"


def check_turnstile(turnstile: Any) -> Answer:
    """A module of `gen_statem`: casts `"coin"`, calls `"push"`."""
    return check(
        turnstile,
        [
            Experiment(
                "a push, and nothing was paid",
                _turned("push", "push"),
                {"answers": ["blocked", "blocked"]},
                'a call is answered by the action ("reply", client, answer)',
            ),
            Experiment(
                "a coin, then two pushes",
                _turned("coin", "push", "push"),
                {"answers": ["enter", "blocked"]},
                'the answer is an action; where the machine is then is said by ("next_state", state, data, actions)',
            ),
            Experiment(
                "two coins, then two pushes",
                _turned("coin", "coin", "push", "push"),
                {"answers": ["enter", "blocked"]},
                "each state needs a clause for each event",
            ),
            Experiment(
                "a push, a coin, a push, a coin, a push",
                _turned("push", "coin", "push", "coin", "push"),
                {"answers": ["blocked", "enter", "enter"]},
            ),
        ],
    )


def _turned(*events: str) -> Run:
    async def run(turnstile: Any) -> dict[str, Term]:
        pid, answers = await _started(turnstile), []
        for event in events:
            if event == "push":
                answers.append(await _asked(pid, "push"))
            else:
                gen_statem.cast(pid, event)
        return {"answers": answers}

    return run


SAID = "at (ms), and what it says"


def check_staircase(staircase: Any) -> Answer:
    """A module of `gen_statem`: casts `"press"`, calls `"state"`; three minutes after the last press it is off."""
    last = "a state timeout that is set again in its state takes the place of the one before"
    return check(
        staircase,
        [
            Experiment("nobody has pressed", _lit(0, 5 * MINUTE), {SAID: [(0, "off"), (5 * MINUTE, "off")]}),
            Experiment(
                "a press at 0 ms, and a question when it is still on",
                _lit(3 * MINUTE - 1, press=(0,)),
                {SAID: [(3 * MINUTE - 1, "on")]},
            ),
            Experiment(
                "a press at 0 ms, and no question before it should be off",
                _lit(3 * MINUTE, press=(0,)),
                {SAID: [(3 * MINUTE, "off")]},
                'the action ("state_timeout", ms, content) comes as the event kind "state_timeout"',
            ),
            Experiment(
                "a press at 0 ms, and a question after a minute",
                _lit(MINUTE, 3 * MINUTE, press=(0,)),
                {SAID: [(MINUTE, "on"), (3 * MINUTE, "off")]},
                "any event cancels an event timeout, a question, too; a state timeout ends with its state",
            ),
            Experiment(
                "a press at 0 ms and another at 100,000 ms",
                _lit(280_000 - 1, 280_000, press=(0, 100_000)),
                {SAID: [(280_000 - 1, "on"), (280_000, "off")]},
                last,
            ),
            Experiment(
                "pressed, off, and pressed again after ten minutes",
                _lit(13 * MINUTE - 1, 13 * MINUTE, press=(0, 10 * MINUTE)),
                {SAID: [(13 * MINUTE - 1, "on"), (13 * MINUTE, "off")]},
                last,
            ),
        ],
    )


def _lit(*asked: int, press: tuple[int, ...] = ()) -> Run:
    """Press at some times, and ask at others; what happens by itself at such a time happens before."""

    async def run(staircase: Any) -> dict[str, Term]:
        pid, said = await _started(staircase), []
        for at in sorted({*press, *asked}):
            await timer.sleep(at - current().now)
            if at in press:
                gen_statem.cast(pid, "press")
            if at in asked:
                said.append((at, await _asked(pid, "state")))
        return {SAID: said}

    return run


ANSWERED = "answers, each after how many ms"


def check_connection(connection: Any) -> Answer:
    """A module of `gen_statem`: the message `"connected"` within a second, calls `("send", what)`."""
    return check(
        connection,
        [
            Experiment(
                "connected at once, then a request",
                _connected(at=0, requests=(10,)),
                {ANSWERED: [(("sent", 1), 0)]},
                'a message that is no call and no cast has the kind "info"',
            ),
            Experiment(
                "two requests at 100 and 200 ms, connected after 500 ms",
                _connected(at=500, requests=(100, 200)),
                {ANSWERED: [(("sent", 1), 400), (("sent", 2), 300)]},
                'the action "postpone" keeps an event until the state has changed',
            ),
            Experiment(
                "two requests at 100 and 200 ms, never connected",
                _connected(at=None, requests=(100, 200)),
                {ANSWERED: [(("error", "timeout"), 900), (("error", "timeout"), 800)]},
                "any event cancels an event timeout; init, too, may give actions: a state timeout, say",
            ),
            Experiment(
                "never connected, and a request after two seconds",
                _connected(at=None, requests=(2000,)),
                {ANSWERED: [(("error", "timeout"), 0)]},
                "the state failed answers, too",
            ),
        ],
    )


def _connected(at: int | None, requests: tuple[int, ...]) -> Run:
    """Let it be connected at a time, or never, and several clients ask, each at a time of its own."""

    async def run(connection: Any) -> dict[str, Term]:
        pid, me = await _started(connection), erlang.self()
        if at is not None:
            erlang.send_after(at, pid, "connected")

        async def client(number: int, ms: int) -> None:
            await timer.sleep(ms)
            begun = current().now
            answer = await _asked(pid, ("send", number))
            erlang.send(me, (number, (answer, current().now - begun)))

        for number, ms in enumerate(requests, 1):
            erlang.spawn(client, [number, ms])
        return {ANSWERED: [(await erlang.receive((number, ...)))[1] for number in range(1, len(requests) + 1)]}

    return run


__all__ = ["check_connection", "check_staircase", "check_turnstile"]
