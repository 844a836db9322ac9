"""The process that takes a scenario's steps in a simulation.

It traps exits, has a group leader of its own (what is written goes nowhere) and a handler of the logger. `tests.golden`
has another one for its recordings, which have steps of their own; what both observe with is in `sink` and `tagged`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import erlsim
from erlsim import code, erlang, terms, timer
from erlsim.errors import ErlangException, pass_on
from erlsim.otp import supervisor
from erlsim.porting.scenarios import sink, tagged
from erlsim.porting.scenarios import steps as ops
from erlsim.porting.scenarios.patterns import filled, matched
from erlsim.porting.scenarios.steps import Call, Step
from erlsim.terms import Pid, Term, matchable

# So long the driver waits after a step, in ms. On the BEAM a wait ends at the first tick of a millisecond after its
# time: who waits again and again, as the driver does, is a millisecond later each time. So are the driver's waits here.
SETTLE_MS = 6
TICK_MS = 1
# What a look for a message shows if none came, and the pattern that says that none is to come.
TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one step showed: its number in the scenario (from 0), the observation, and how long the step took, in ms.

    `is_met` says whether it was what the step expects, `has_directors` whether there is one in the tree that it shows.
    """

    step: int
    tree: Any
    ms: int
    is_met: bool = True
    has_directors: bool = False


@dataclass
class Driver:
    """Takes steps, and keeps what they show in `seen`."""

    render: Any
    """How an event of the logger becomes text."""
    seen: list[Seen] = field(default_factory=list)
    has_directors: bool = False
    names: dict[str, Term] = field(default_factory=dict)
    encoder: tagged.Encoder = field(default_factory=tagged.Encoder)
    sink: Any = None

    async def main(self, steps: list[Step]) -> None:
        """Take every step."""
        self.sink = erlang.spawn(sink.collect)
        erlang.group_leader(self.sink, erlang.self())
        erlang.process_flag("trap_exit", True)
        # Who logs sends to the sink: more to be searched through, so only if somebody looks.
        sink.listen(self.sink, self.render, "notice" if any(step.op == ops.REPORTS for step in steps) else "none")
        for number, step in enumerate(steps):
            begun = erlang.monotonic_time("millisecond")
            observed = await self._take(step)
            ms = erlang.monotonic_time("millisecond") - begun
            if observed is None:
                continue
            kind, value = observed
            is_met = self._meets(step, kind, value)
            has_directors = kind == "tree" and self.has_directors
            self.seen.append(Seen(number, {kind: self.encoder.encode(value)}, ms, is_met, has_directors))
            await timer.sleep(SETTLE_MS + TICK_MS)

    def _meets(self, step: Step, kind: str, value: Term) -> bool:
        if step.expected is None:
            return True
        wanted = ops.KINDS[step.op] if step.expected.kind == "ok" else step.expected.kind
        if wanted != kind:
            return False
        if kind == "received" and value == TIMEOUT:
            return bool(step.expected.pattern == TIMEOUT)
        found = matched(step.expected.pattern, value, self.names)
        if found is None:
            return False
        self.names = found
        return True

    async def _take(self, step: Step) -> tuple[str, Term] | None:
        match step.op:
            case ops.CALL:
                kind, value = await outcome(self._filled(step.calls[0]))
                return kind, terms.sort(value) if step.is_sorted and isinstance(value, list) else value
            case ops.CLIENT:
                return "ok", self._client(step.calls)
            case ops.RACE:
                return "race", await self._race(step)
            case ops.RECEIVE:
                return "received", await self._receive(step)
            case ops.FLUSH:
                return "flush", await _messages()
            case ops.REPORTS:
                return "reports", await sink.take(self.sink, "reports")
            case ops.TREE:
                self.has_directors = False
                return "tree", await self._children(filled(step.subject, self.names, erlang.self()))
        await timer.sleep(step.ms + TICK_MS)
        return None

    def _filled(self, call: Call) -> Call:
        return call._replace(args=filled(call.args, self.names, erlang.self()))

    def _client(self, calls: tuple[Call, ...]) -> Pid:
        return erlang.spawn(partial(client, [self._filled(call) for call in calls], erlang.self()))

    async def _race(self, step: Step) -> Term:
        clients = [self._client((call,)) for call in step.calls]
        until = erlang.monotonic_time("millisecond") + step.ms
        found = []
        for each in clients:
            left = max(0, until - erlang.monotonic_time("millisecond"))
            message = await erlang.receive((each, ...), after=left)
            found.append((each, "waiting" if message is erlsim.TIMEOUT else message[1]))
        return found

    async def _receive(self, step: Step) -> Term:
        pattern = ... if step.expected is None or step.expected.pattern == TIMEOUT else step.expected.pattern
        names = self.names

        def fits(message: Term) -> bool:
            return matched(pattern, message, names) is not None

        message = await erlang.receive(fits, after=step.ms)
        return TIMEOUT if message is erlsim.TIMEOUT else message

    async def _children(self, of: Term) -> Term:
        """The children of a supervisor and theirs; the reason of its failure if it does not answer."""
        try:
            found = await supervisor.which_children(of)
        except ErlangException as exc:
            return exc.kind, exc.reason
        if _is_director(of):
            self.has_directors = True
            found = terms.sort(found)
        rows = []
        for id_, pid, kind, modules in found:
            below = await self._children(pid) if kind == "supervisor" and isinstance(pid, Pid) else []
            rows.append((id_, pid, kind, modules, below))
        return rows


async def outcome(call: Call) -> tuple[str, Term]:
    """How a call ends: `ok` and its value, or the class and the reason of its failure."""
    try:
        return "ok", await code.call(call.module, call.function, list(call.args))
    except ErlangException as exc:
        return exc.kind, exc.reason
    except Exception as exc:
        pass_on(exc)
        return "error", exc


async def client(calls: list[Call], driver: Pid) -> None:
    """The body of a client."""
    for call in calls:
        erlang.send(driver, (erlang.self(), await outcome(call)))
    await erlang.receive(lambda _: False)


async def _messages() -> list[Term]:
    found = []
    while (message := await erlang.receive(after=0)) is not erlsim.TIMEOUT:
        found.append(message)
    return found


def _is_director(of: Term) -> bool:
    """Whether this is a director: on the BEAM its children come in the order of a hash table."""
    pid = erlang.whereis(of) if isinstance(of, str) else of
    match matchable(erlang.process_info(pid, "current_function") if isinstance(pid, Pid) else "undefined"):
        case ("current_function", ("director", _, _)):
            return True
    return False
