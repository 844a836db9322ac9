"""The tasks of lesson 4: a strategy, a restart intensity, an end in order."""

from __future__ import annotations

from typing import Any

from erlsim import code, erlang, timer
from erlsim.course.answers import Answer, Experiment, Run, check
from erlsim.matching import match
from erlsim.otp import supervisor
from erlsim.simulation import current, storage
from erlsim.terms import Pid, Term

NAMES = ("a", "b", "c")


def child(name: str) -> Term:
    """The childspec of a worker that is registered as `name`."""
    return {"id": name, "start": ("gen_server", "start_link", [("local", name), _Worker, name, []])}


def check_one_for_all(module: Any) -> Answer:
    """A supervisor of `child("a")`, `child("b")` and `child("c")`, all of which are new when one of them dies."""
    rule = "one_for_one, one_for_all, rest_for_one: who is started again with the one that has died"
    return check(
        module,
        [
            Experiment("b is killed at 0 ms", _killed("b"), _all_new(), rule),
            Experiment("a is killed at 0 ms", _killed("a"), _all_new(), rule),
            Experiment("c is killed at 0 ms", _killed("c"), _all_new(), rule),
            Experiment(
                "b is killed at 0 and at 1000 ms",
                _killed("b", "b"),
                _all_new(),
                "the defaults are intensity 1 in 5 seconds; here it is to be 2",
            ),
            Experiment(
                "b is killed at 0, 1000 and 2000 ms",
                _killed("b", "b", "b"),
                {"new": "nobody is left", "the supervisor": "dead"},
                "more restarts than the intensity within the period (in seconds) are too many",
            ),
        ],
    )


def _all_new() -> dict[str, Term]:
    return {"new": list(NAMES), "the supervisor": "alive"}


def _killed(*names: str) -> Run:
    """Kill who has these names, one after the other, a second apart."""

    async def run(module: Any) -> dict[str, Term]:
        pid = await _started(module)
        before = {name: erlang.whereis(name) for name in NAMES}
        for name in names:
            await _kill(name)
            await timer.sleep(999)
        if not erlang.is_process_alive(pid):
            return {"new": "nobody is left", "the supervisor": "dead"}
        new = [name for name in NAMES if erlang.whereis(name) not in (before[name], "undefined")]
        return {"new": new, "the supervisor": "alive"}

    return run


async def _started(module: Any) -> Pid:
    erlang.process_flag("trap_exit", True)
    pid: Pid = match(("ok", ...), await supervisor.start_link(module, "undefined"))
    return pid


async def _kill(name: str) -> None:
    """Kill who has the name, if anybody has it, and let a millisecond pass."""
    pid = erlang.whereis(name)
    if isinstance(pid, Pid):
        erlang.exit(pid, "kill")
    await timer.sleep(1)


def check_patience(flags: dict[str, Term]) -> Answer:
    """The flags of a supervisor that bears three deaths within ten seconds, and not a fourth."""
    return check(
        flags,
        [
            Experiment(
                "a child dies three times at once",
                _deaths(3, 0),
                {"the supervisor": "alive"},
                "that many it is to bear",
            ),
            Experiment(
                "a child dies four times at once",
                _deaths(4, 0),
                {"the supervisor": "dead"},
                "the intensity is the number of restarts that is borne; one more is too many",
            ),
            Experiment(
                "a child dies at 0, 3000, 6000 and 9000 ms",
                _deaths(4, 3000),
                {"the supervisor": "dead"},
                "from the first to the fourth it is nine seconds",
            ),
            Experiment(
                "a child dies every 4000 ms, twenty times",
                _deaths(20, 4000),
                {"the supervisor": "alive"},
                "the period is in seconds, and no four of these fall into ten",
            ),
        ],
    )


def _deaths(count: int, gap: int) -> Run:
    async def run(flags: Any) -> dict[str, Term]:
        pid = await _started(_Sup(flags))
        for number in range(count):
            await _kill("a")
            if number < count - 1:
                await timer.sleep(max(gap - 1, 0))
        return {"the supervisor": "alive" if erlang.is_process_alive(pid) else "dead"}

    return run


def check_closing(module: Any) -> Answer:
    """A supervisor of `FILE` and `BUFFER`: the buffer writes to the file for 8 seconds when it ends."""
    name = "what was done, at which ms"
    return check(
        module,
        [
            Experiment(
                "the supervisor is told to end at 0 ms",
                _closed(8000),
                {name: [("the buffer is written", 8000), ("the file is closed", 8000)], "the supervisor": "dead"},
                "children end in the reverse order of their start; shutdown in a childspec says how long one may take",
            ),
            Experiment(
                "the same with a buffer that hangs: after 30 seconds",
                _closed(1_000_000),
                {"the supervisor": "dead"},
                "whoever is given all the time of the world may take it",
            ),
        ],
    )


def _closed(takes: int) -> Run:
    async def run(module: Any) -> dict[str, Term]:
        notes = storage(_NOTES, list)
        notes.append(takes)
        pid = await _started(module)
        erlang.exit(pid, "shutdown")
        await erlang.receive(("EXIT", pid, ...), after=30_000)
        dead = not erlang.is_process_alive(pid)
        return {"what was done, at which ms": notes[1:], "the supervisor": "dead" if dead else "alive"}

    return run


class _Sup:
    """The supervisor of a worker `a`, with flags."""

    def __init__(self, flags: Term) -> None:
        self._flags = flags

    def init(self, _: Term) -> Term:
        return ("ok", (self._flags, [child("a")]))


@code.module(name="erlsim_course_worker")
class _Worker:
    def init(name: Term) -> Term:
        return ("ok", name)


# What was done in a simulation; first of all, how long the buffer takes.
_NOTES = "erlsim.course.supervisors"


@code.module(name="erlsim_course_closing")
class _Closing:
    """A file or a buffer: what is left to do is done at the end, and noted."""

    def init(name: Term) -> Term:
        erlang.process_flag("trap_exit", True)
        return ("ok", name)

    async def terminate(_reason: Term, name: Term) -> None:
        notes = storage(_NOTES, list)
        if name == "file":
            notes.append(("the file is closed", current().now))
            return
        await timer.sleep(notes[0])
        is_open = erlang.whereis("file") != "undefined"
        notes.append(("the buffer is written" if is_open else "the buffer found no file", current().now))


FILE = ("gen_server", "start_link", [("local", "file"), _Closing, "file", []])
BUFFER = ("gen_server", "start_link", [("local", "buffer"), _Closing, "buffer", []])

__all__ = ["BUFFER", "FILE", "check_closing", "check_one_for_all", "check_patience", "child"]
