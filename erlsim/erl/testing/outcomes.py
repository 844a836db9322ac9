"""What a test comes to, and how a step of one is run: in a process of its own, for so long at most."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from erlsim import erlang, terms
from erlsim.erl.running.calls import finish
from erlsim.erl.running.cells import outward
from erlsim.erl.running.failures import caught
from erlsim.errors import pass_on
from erlsim.terms import Term, matchable

__in_stacks__ = False


@dataclass(frozen=True, slots=True)
class Passed:
    """It passed, perhaps with a comment."""

    comment: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """It was not run: `reason` is what the suite says."""

    reason: Term

    def __str__(self) -> str:
        return terms.format("~0tp", [self.reason])


@dataclass(frozen=True, slots=True)
class Failed:
    """It failed `where` (`"test"`, `"setup"`, `"init_per_suite"`, ...): with a class, a reason and a stack."""

    where: str
    kind: str
    reason: Term
    stack: list[Term] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The failure as text, a line for each part."""
        found = [terms.format("~ts:~0tp", [terms.chars(self.kind), self.reason])]
        if self.where != "test":
            found[0] = f"in {self.where}: {found[0]}"
        return found + [f"  at {_entry(each)}" for each in self.stack]


Outcome = Passed | Skipped | Failed


def _entry(entry: Term) -> str:
    module, function, arity, place = entry
    count = arity if type(arity) is int else len(arity)
    rows = dict(place)
    where = f" ({terms.format('~ts', [rows['file']])}:{rows['line']})" if "line" in rows and "file" in rows else ""
    return terms.format("~tw:~tw/~w", [module, function, count]) + where


class Stopped(Exception):
    """A step that did not come to a value."""

    def __init__(self, failure: Failed) -> None:
        super().__init__(failure)
        self.failure = failure


async def in_process(where: str, step: Callable[[], Awaitable[Term]], limit: float) -> Term:
    """The value of a step that runs in a process of its own for at most `limit` ms; raises `Stopped`."""

    async def body() -> None:
        erlang.exit(("$erlsim_step", await attempt(step)))

    pid, monitor = erlang.spawn_monitor(body)
    after = "infinity" if limit == math.inf else int(limit)
    message = await erlang.receive(("DOWN", monitor, "process", pid, ...), after=after)
    if type(message) is not tuple:
        erlang.exit(pid, "kill")
        erlang.demonitor(monitor, ["flush"])
        raise Stopped(Failed(where, "timeout", (int(limit), "ms")))
    match matchable(message[4]):
        case ("$erlsim_step", ("value", value)):
            return value
        case ("$erlsim_step", (kind, reason, stack)):
            raise Stopped(Failed(where, kind, reason, stack))
        case reason:
            raise Stopped(Failed(where, "exit", reason))


async def attempt(step: Callable[[], Awaitable[Term]]) -> Term:
    """`("value", Value)`, or the class, the reason and the stack of the failure."""
    try:
        return ("value", outward(await step()))
    except Exception as exc:
        pass_on(exc)
        kind, reason, stack = caught(exc)
        return (kind, outward(reason), outward(stack))


async def called(function: Any, *args: Term) -> Term:
    """The value of a function of Erlang, whether it waits or not."""
    return await finish(function(*args))
