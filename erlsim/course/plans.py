"""The tasks of lesson 5: a plan, a function in a plan, a child that waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import director
from erlsim import TIMEOUT, code, erlang, timer
from erlsim.course.answers import Answer, Experiment, Run, check
from erlsim.matching import match
from erlsim.otp import gen_server
from erlsim.terms import Pid, Term

BACK, END = "back after (ms)", "the director"
MINUTE = 60_000


def check_cache(childspec: dict[str, Term]) -> Answer:
    """Restarted at once at the first two crashes, after a second at the third, then the director ends."""
    return check(
        childspec,
        [
            Experiment(
                "three crashes",
                _crashed(["killed"] * 3),
                {BACK: [0, 0, 1000], END: "alive"},
                'a plan has an element for each crash: "restart", ("restart", ms), ... ; times are in ms',
            ),
            Experiment(
                "a fourth crash",
                _crashed(["killed"] * 4),
                {BACK: [0, 0, 1000, "never"], END: ("ended", "cache_is_broken")},
                'an element ("stop", reason) ends the director for that reason',
            ),
        ],
    )


def check_backoff(backoff: Callable[[Term, int], Term]) -> Answer:
    """A plan's function: wait 100 ms when the connection was lost, then 200, 400 ... up to 5000; stop for all else."""
    return check(
        backoff,
        [
            Experiment(
                "the connection is lost eight times",
                _crashed_with(["connection_lost"] * 8),
                {BACK: [100, 200, 400, 800, 1600, 3200, 5000, 5000], END: "alive"},
                "the function is given the reason and how many restarts there were, this one included: 1, 2, ...",
            ),
            Experiment(
                "the connection is lost once, then the password is wrong",
                _crashed_with(["connection_lost", "bad_password"]),
                {BACK: [100, "never"], END: ("ended", "bad_password")},
                'for any other reason: ("stop", that_reason)',
            ),
        ],
    )


def check_device(childspec: dict[str, Term]) -> Answer:
    """A child that is down until somebody calls `restart_child`, and is forgotten when it was unplugged."""
    name = "after each crash, and after restart_child"
    return check(
        childspec,
        [
            Experiment(
                "it crashes",
                _by_hand(["jammed"]),
                {name: ["down, then runs"], END: "alive"},
                'a plan\'s element "wait" leaves it down',
            ),
            Experiment(
                "it crashes five times",
                _by_hand(["jammed"] * 5),
                {name: ["down, then runs"] * 5, END: "alive"},
                'a plan is run "count" times, once if nothing else is said; "infinity" is a count, too',
            ),
            Experiment(
                'it crashes, and then ends with "unplugged"',
                _by_hand(["jammed", "unplugged"]),
                {name: ["down, then runs", "forgotten"], END: "alive"},
                'an element may be a function of (reason, count); "delete" forgets the child',
            ),
        ],
    )


def _crashed_with(reasons: list[Term]) -> Run:
    """The same as `_crashed` for a function, which is all of the plan."""

    async def run(backoff: Any) -> dict[str, Term]:
        return await _crashed(reasons)({"id": "client", "plan": [backoff], "count": "infinity"})

    return run


def _crashed(reasons: list[Term]) -> Run:
    """Let the child end for each reason in turn: when it was back, and what became of the director."""

    async def run(childspec: Any) -> dict[str, Term]:
        sup = await _directed(childspec)
        pid: Pid = (await erlang.receive(("started", ...)))[1]
        found: list[Term] = []
        for reason in reasons:
            died = erlang.monotonic_time()
            erlang.exit(pid, "kill" if reason == "killed" else reason)
            answer = await erlang.receive(("started", ...), ("EXIT", sup, ...), after=MINUTE)
            if type(answer) is tuple and answer[0] == "started":
                pid = answer[1]
                found.append(erlang.monotonic_time() - died)
                # So that each crash is one of its own.
                await timer.sleep(10)
                continue
            found.append("never")
            end = ("ended", _short(answer[2])) if type(answer) is tuple else "alive"
            return {BACK: found, END: end}
        return {BACK: found, END: "alive"}

    return run


def _by_hand(reasons: list[Term]) -> Run:
    """After each end look at the child, and start it again by hand if it is there."""

    async def run(childspec: Any) -> dict[str, Term]:
        sup = await _directed(childspec)
        found: list[Term] = []
        for reason in reasons:
            started = await erlang.receive(("started", ...), after=0)
            if started is TIMEOUT:
                break
            erlang.exit(started[1], reason)
            await timer.sleep(MINUTE)
            if not erlang.is_process_alive(sup):
                break
            found.append(await _restarted(sup, childspec["id"]))
        alive = erlang.is_process_alive(sup)
        return {"after each crash, and after restart_child": found, END: "alive" if alive else "dead"}

    return run


async def _restarted(sup: Pid, id: Term) -> Term:
    match [each[1] for each in await director.which_children(sup) if each[0] == id]:
        case []:
            return "forgotten"
        case [Pid()]:
            return "runs by itself"
    answer = await director.restart_child(sup, id)
    return "down, then runs" if type(answer) is tuple and answer[0] == "ok" else ("down", answer)


async def _directed(childspec: dict[str, Term]) -> Pid:
    """A director of the child; each start of the child is told to the shell."""
    erlang.process_flag("trap_exit", True)
    started = {**childspec, "start": (_Child, "start_link", [erlang.self()])}
    pid: Pid = match(("ok", ...), await director.start_link(_Sup, started))
    return pid


def _short(reason: Term) -> Term:
    """The reason of a director's end without the child's particulars."""
    return reason[0] if type(reason) is tuple else reason


@code.module(name="erlsim_course_director")
class _Sup:
    def init(childspec: Term) -> Term:
        return ("ok", [childspec])


@code.module(name="erlsim_course_child")
class _Child:
    async def start_link(shell: Term) -> Term:
        return await gen_server.start_link(_Child, shell, [])

    def init(shell: Term) -> Term:
        erlang.send(shell, ("started", erlang.self()))
        return ("ok", "state")


__all__ = ["check_backoff", "check_cache", "check_device"]
