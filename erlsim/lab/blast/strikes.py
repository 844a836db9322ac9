"""Strikes: how a process is made to fail, and when.

- `"kill"`: `exit(Pid, kill)`, as somebody at a shell would.
- `"crash"`: its own code fails, with reason `crashed`.
- `"shutdown"`: it ends as if its supervisor had told it to: who traps exits gets `{'EXIT', Parent, shutdown}`.
- `"hang"`: it goes on living and does nothing any more (`erlang:suspend_process/1`): it answers nobody and takes no
  message; what kills it, kills it.
- any other term: its own code ends with that reason.

A moment is `"rest"` (everybody waits, and there is no load), a number of ms since the load began (when all that can
happen at that instant has happened), or `("message", n)`: the nth message to the process is on its way.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from erlsim import erlang, terms
from erlsim.lab.questions import WrongQuestion
from erlsim.simulation import Simulation
from erlsim.terms import Pid, Term
from erlsim.trace.facts import show

REASONS = ("kill", "crash", "shutdown", "hang")
REST = "rest"
MOMENTS = (REST, "instants", "messages", "all")
# A message is on its way for less than an instant: only what strikes in the middle of a step can strike then.
BETWEEN_STEPS = ("shutdown", "hang")
CRASHED = "crashed"

Moment = Any
"""`"rest"`, a number of ms, or `("message", n)`."""


class Strike(NamedTuple):
    """One strike: whom (the path of the process), how, when."""

    path: tuple[str, ...]
    reason: Term
    moment: Moment


def moment_text(moment: Moment) -> str:
    """A moment in words."""
    if isinstance(moment, tuple):
        return f"message {moment[1]}"
    return "at rest" if isinstance(moment, str) else f"at {moment:,} ms"


def reason_text(reason: Term) -> str:
    """A reason as tables show it."""
    return reason if isinstance(reason, str) else show(reason)


def strikes_at_messages(reason: Term) -> bool:
    """Whether it can strike while a message is on its way."""
    return not (isinstance(reason, str) and reason in BETWEEN_STEPS)


def strike_between_steps(sim: Simulation, pid: Pid, reason: Term) -> None:
    """Strike now; the simulation stands still, and the shell is the one who strikes."""
    with sim:
        if not isinstance(reason, str) or reason not in ("kill", "shutdown", "hang"):
            strike_in_a_step(sim, pid, reason)
        elif reason == "hang":
            erlang.suspend_process(pid)
        elif reason == "shutdown" and _traps(pid):
            erlang.send(pid, ("EXIT", _parent(pid), "shutdown"))
        else:
            erlang.exit(pid, reason)


def strike_in_a_step(sim: Simulation, pid: Pid, reason: Term) -> None:
    """Strike in the middle of somebody's step: behind all that is on its way to `pid`, before it takes any of it."""
    word = reason if isinstance(reason, str) else ""
    sim.crash(pid, "killed" if word == "kill" else CRASHED if word == "crash" else terms.copy(reason))


def _traps(pid: Pid) -> bool:
    return bool(erlang.process_info(pid, "trap_exit")[1])


def _parent(pid: Pid) -> Term:
    """Whose word counts: of several ancestors the first."""
    dictionary = erlang.process_info(pid, "dictionary")[1]
    ancestors: list[Term] = next((value for key, value in dictionary if key == "$ancestors"), [])
    parent = ancestors[0] if ancestors else erlang.self()
    return parent if isinstance(parent, Pid) else erlang.whereis(parent)


def check_reasons(reasons: Any) -> tuple[Term, ...]:
    """The reasons that were asked for."""
    found = tuple(reasons) if isinstance(reasons, list | tuple) else (reasons,)
    if not found:
        raise WrongQuestion(f"reasons is a list of {', '.join(REASONS)} or other exit reasons, not {reasons!r}")
    return found


def check_moments(at: Any, has_load: bool) -> tuple[Moment, ...]:
    """The moments that were asked for, kinds still to be spelt out."""
    if at is None:
        return ("rest", "instants", "messages") if has_load else ("rest",)
    given = list(at) if isinstance(at, list | tuple) and not _is_message(at) else [at]
    for each in given:
        known = (isinstance(each, str) and each in MOMENTS) or (type(each) is int and each >= 0) or _is_message(each)
        if not known:
            raise WrongQuestion(
                f"at is {', '.join(map(repr, MOMENTS))}, a number of ms since the load began, ('message', n), "
                f"or a list of these, not {each!r}"
            )
        if not has_load and each != REST:
            raise WrongQuestion(f"at={each!r} is a moment of a load, and there is no load: give load=")
    if "all" in given:
        return ("rest", "instants", "messages")
    return tuple(given)


def _is_message(moment: Any) -> bool:
    return isinstance(moment, tuple) and len(moment) == 2 and moment[0] == "message" and type(moment[1]) is int
