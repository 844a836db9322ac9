"""The tasks of lesson 3: a stack, a lock that answers later, and a client that bears failing servers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from erlsim import Exit, code, erlang, timer
from erlsim.course.answers import Answer, Experiment, Run, check
from erlsim.matching import match
from erlsim.otp import gen_server
from erlsim.simulation import current
from erlsim.terms import Pid, Term

MINUTE = 60_000


def check_stack(module: Any) -> Answer:
    """A callback module that answers `("push", item)`, `"pop"` and `"size"`, and ends when unused for a minute."""
    return check(
        module,
        [
            Experiment(
                "push 1, push 2, size",
                _requests(("push", 1), ("push", 2), "size"),
                {"answers": ["ok", "ok", 2], "alive": True},
                'an answer and the next state: ("reply", answer, state)',
            ),
            Experiment(
                "push 1, push 2, pop, pop",
                _requests(("push", 1), ("push", 2), "pop", "pop"),
                {"answers": ["ok", "ok", ("ok", 2), ("ok", 1)], "alive": True},
                "what was pushed last is popped first",
            ),
            Experiment(
                "pop on an empty stack, then push 1 and pop",
                _requests("pop", ("push", 1), "pop"),
                {"answers": ["empty", "ok", ("ok", 1)], "alive": True},
                "that a stack is empty is nobody's mistake: an answer, and no crash",
            ),
            Experiment(
                "used once in 59 seconds, three times",
                _requests(MINUTE - 1000, ("push", 1), MINUTE - 1000, "size", MINUTE - 1000, "size"),
                {"answers": ["ok", 1, 1], "alive": True},
                "init and each answer may end in a time in ms; it counts anew from each message on",
            ),
            Experiment(
                "used, and then not for a minute",
                _requests(("push", 1), MINUTE + 1),
                {"answers": ["ok"], "alive": False, "its reason": "normal"},
                'when the time is over "timeout" comes to handle_info, which may return ("stop", "normal", state)',
            ),
        ],
    )


async def _started(module: Any, argument: Term = "undefined") -> Pid:
    """A server that is given time to end: the shell traps its exit."""
    erlang.process_flag("trap_exit", True)
    pid: Pid = match(("ok", ...), await gen_server.start_link(module, argument, []))
    return pid


async def _answer(server: Pid, request: Term, ms: int = 5000) -> Term:
    """What a call gives: the answer, or the reason of the failure without the call."""
    try:
        return await gen_server.call(server, request, ms)
    except Exit as exit:
        reason = exit.reason[0]
        return ("failed", reason[0] if type(reason) is tuple else reason)


def _requests(*requests: Term) -> Run:
    """Ask each in turn; a number is a time to wait, in ms."""

    async def run(module: Any) -> dict[str, Term]:
        server = await _started(module)
        answers = []
        for each in requests:
            if type(each) is int:
                await timer.sleep(each)
            else:
                answers.append(await _answer(server, each))
        found = {"answers": answers, "alive": erlang.is_process_alive(server)}
        ended = await erlang.receive(("EXIT", server, ...), after=0)
        return {**found, "its reason": ended[2] if type(ended) is tuple else "none"}

    return run


def check_lock(module: Any) -> Answer:
    """A callback module that gives one client at a time the lock: `"acquire"` and `"release"` both answer `"ok"`."""
    first = {"who had it, from when to when (ms)": [("a", 0, 100)]}
    queue = {"who had it, from when to when (ms)": [("a", 0, 100), ("b", 100, 200), ("c", 200, 300)]}
    return check(
        module,
        [
            Experiment(
                "one client acquires the lock and releases it after 100 ms",
                _clients({"a": 100}),
                first,
                '("reply", "ok", state) answers at once',
            ),
            Experiment(
                "three clients ask for it at once, a before b before c, and each keeps it for 100 ms",
                _clients({"a": 100, "b": 100, "c": 100}),
                queue,
                '("noreply", state) lets a client wait; keep its from_, and gen_server.reply(from_, "ok") later',
            ),
            Experiment(
                "the client that has it is killed after 50 ms, and another waits",
                _clients({"a": -50, "b": 100}),
                {"who had it, from when to when (ms)": [("b", 50, 150)]},
                "a monitor tells of a client's end: the pid in from_ is from_[0], and DOWN comes to handle_info",
            ),
        ],
    )


def _clients(keeps: dict[str, int]) -> Run:
    """Each client asks at once and keeps the lock so many ms; a number below 0: it is killed after so many."""

    async def run(module: Any) -> dict[str, Term]:
        lock, had = await _started(module), []

        async def client(name: str, ms: int) -> None:
            await gen_server.call(lock, "acquire", "infinity")
            start = current().now
            await timer.sleep(max(ms, 0) or "infinity")
            had.append((name, start, current().now))
            await gen_server.call(lock, "release")

        for name, ms in keeps.items():
            pid = erlang.spawn(client, [name, ms])
            if ms < 0:
                timer.kill_after(-ms, pid)
        await timer.sleep(2000)
        return {"who had it, from when to when (ms)": had}

    return run


def check_ask_kindly(ask_kindly: Callable[[Pid, Term, int], Awaitable[Term]]) -> Answer:
    """`await ask_kindly(server, request, ms)`: `("ok", answer)` or `("error", "timeout" | "noproc" | "crashed")`."""
    return check(
        ask_kindly,
        [
            Experiment(
                "a server that answers at once",
                _kindly(0, 100),
                {"answer": ("ok", "here"), "at (ms)": 0},
                "a call gives the answer itself",
            ),
            Experiment(
                "a server that needs 300 ms is given 100",
                _kindly(300, 100),
                {"answer": ("error", "timeout"), "at (ms)": 100},
                'the time is the third argument of call; its reason is ("timeout", (gen_server, "call", [...]))',
            ),
            Experiment(
                "a server that is not there",
                _kindly("nobody", 100),
                {"answer": ("error", "noproc"), "at (ms)": 0},
                'a call exits with a pair: ("noproc", (gen_server, "call", [...]))',
            ),
            Experiment(
                "a server that crashes on the request",
                _kindly("crash", 100),
                {"answer": ("error", "crashed"), "at (ms)": 0},
                "a call exits with the reason that the server died of, and the call: ((reason, stack), call)",
            ),
        ],
    )


def _kindly(how: Term, ms: int) -> Run:
    async def run(ask_kindly: Any) -> dict[str, Term]:
        server: Term = "nobody"
        if how != "nobody":
            server = await _started(_Server)
        answer = await ask_kindly(server, how, ms)
        return {"answer": answer, "at (ms)": current().now}

    return run


@code.module(name="erlsim_course_server")
class _Server:
    """Answers so many ms after the request, or crashes."""

    def init(_: Term) -> Term:
        return ("ok", "state")

    def handle_call(request: Term, from_: Term, state: Term) -> Term:
        if request == "crash":
            erlang.error("broken")
        erlang.send_after(request, erlang.self(), ("answer", from_))
        return ("noreply", state)

    def handle_info(message: Term, state: Term) -> Term:
        gen_server.reply(message[1], "here")
        return ("noreply", state)


__all__ = ["check_ask_kindly", "check_lock", "check_stack"]
