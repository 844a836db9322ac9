"""A scenario cut out of a recorded run: what the shell did to the program, and what came of it.

A trace has messages and signals, no calls of functions. What the shell asked a server is a `gen_server:call` here,
whatever function asked it: that ports if the port's servers understand the same requests. How something was started is
in no trace either, and has to be said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from erlsim.errors import ErlsimError
from erlsim.porting.scenarios import steps as ops
from erlsim.porting.scenarios.driver import SETTLE_MS, TICK_MS
from erlsim.porting.scenarios.scenario import Scenario
from erlsim.porting.scenarios.steps import SELF, Call, Expected, Step, Var, rebuilt
from erlsim.terms import Pid, Ref, Term, exact_eq, matchable
from erlsim.trace.events import SHELL, Event

# What passes between two steps of a scenario by itself.
PAUSE = SETTLE_MS + TICK_MS


def cut(trace: Any, starts: Iterable[Sequence[Any]], name: str = "a recorded run", **places: Any) -> Scenario:
    """The scenario of a trace: what its shell called, cast, sent, monitored and killed, and how long it waited.

    `starts` says how what the shell started was started, in order: `(module, function, *args)` each. `places` are
    `python`, `elixir`, `applications` and `folder` of the `Scenario`. `ErlsimError` if a start is missing, or for a
    pid that the shell was never told.
    """
    cutter = _Cutter(trace, Scenario(name, **places), [Call(each[0], each[1], tuple(each[2:])) for each in starts])
    for event in trace:
        cutter.take(event)
    if cutter.starts:
        raise ErlsimError(f"nothing was started by {cutter.starts[0]!r} in this trace")
    return cutter.scenario


class _Cutter:
    def __init__(self, trace: Any, scenario: Scenario, starts: list[Call]) -> None:
        self.scenario = scenario
        self.starts = starts
        self.shell: Pid = next((pid for pid, role, _ in trace.present if role == SHELL), Pid(0))
        self.registered: dict[Pid, str] = {}
        self.vars: dict[Pid | Ref, Var] = {}
        # What the shell waits for: by the tag of a call, or the reference of a monitor that may become one's.
        self.calls: list[tuple[Term, Call, int]] = []
        self.monitors: dict[Ref, Pid] = {}
        self.started: list[Pid] = []
        self.at: int = 0

    def take(self, event: Event) -> None:
        """Make steps of one event."""
        match event.kind:
            case "shell":
                self.shell = event.pid
            case "register":
                self.registered[event.pid] = event.data[0]
            case "exit":
                self.registered.pop(event.pid, None)
        if event.pid != self.shell:
            return
        match event.kind:
            case "spawn":
                self.started.append(event.data[0])
            case "monitor" if isinstance(event.data[0], Pid):
                self.monitors[event.data[1]] = event.data[0]
            case "demonitor":
                self.monitors.pop(event.data[1], None)
            case "send":
                self.sent(event, *event.data)
            case "exit_signal":
                self.wait(event)
                self.add(Call("erlang", "exit", (self.target(event.data[0], False), self.named(event.data[1]))))
            case "receive":
                self.received(event, event.data[0])

    def sent(self, event: Event, to: Any, message: Term) -> None:
        self.wait(event)
        match matchable(message):
            case ("$gen_call", (_, tag), request):
                reference = tag[-1] if isinstance(tag, list) else getattr(tag, "tail", tag)
                self.monitors.pop(reference, None)
                self.note_monitors(event)
                call = Call("gen_server", "call", (self.target(to), self.named(request)))
                self.calls.append((tag, call, event.time))
            case ("$gen_cast", request):
                self.add(Call("gen_server", "cast", (self.target(to), self.named(request))))
            case _:
                self.add(Call("erlang", "send", (self.target(to), self.named(message))))

    def received(self, event: Event, message: Term) -> None:
        match matchable(message):
            case ("ack", Pid() as pid, ("ok", Pid() as same)) if pid == same and pid in self.started:
                self.start(pid)
            case (tag, reply) if self.calls and exact_eq(self.calls[0][0], tag):
                _, call, _ = self.calls.pop(0)
                self.add(call, Expected("ok", self.patterned(reply)))
            case ("DOWN", Ref(), "process", _, reason) if self.calls and self.of_call(message[1]):
                _, call, _ = self.calls.pop(0)
                self.add(call, Expected("exit", (self.patterned(reason), ...)))
            case _:
                self.wait(event)
                self.note_monitors(event)
                expected = Expected("ok", self.patterned(message))
                self.scenario.add(Step(ops.RECEIVE, ms=max(1, event.time - self.at), expected=expected))
        self.at = event.time

    def of_call(self, reference: Ref) -> bool:
        """Whether a monitor is that of the call that is under way."""
        tag = self.calls[0][0]
        return bool(exact_eq(tag[-1] if isinstance(tag, list) else getattr(tag, "tail", tag), reference))

    def start(self, pid: Pid) -> None:
        if not self.starts:
            who = f"{pid!r} ({self.registered[pid]})" if pid in self.registered else repr(pid)
            raise ErlsimError(f"the shell started {who}: say how, starts=[(module, function, *args)]")
        call = self.starts.pop(0)
        self.add(call, Expected("ok", ("ok", self.patterned(pid))))

    def note_monitors(self, event: Event) -> None:
        """Monitors that turned out to be the shell's own, before what comes next."""
        for reference, pid in self.monitors.items():
            if reference not in self.vars:
                target = self.target(pid, False)
                self.add(Call("erlang", "monitor", ("process", target)), Expected("ok", self.patterned(reference)))

    def wait(self, event: Event) -> None:
        """Let the time pass that has passed, as far as steps do not take it themselves."""
        gap = event.time - self.at
        if gap > PAUSE:
            self.scenario.sleep(gap - PAUSE)
        self.at = event.time

    def add(self, call: Call, expected: Expected | None = None) -> None:
        self.scenario.add(Step(ops.CALL, (call,), expected=expected))

    def target(self, to: Any, by_name: bool = True) -> Term:
        """Whom something is sent to: by name if there is one."""
        return self.registered[to] if by_name and to in self.registered else self.named(to)

    def named(self, term: Term) -> Term:
        """What the shell said, with names for pids that it has been told."""

        def leaf(part: Any) -> Any:
            if not isinstance(part, Pid | Ref):
                return part
            if part == self.shell:
                return SELF
            if part not in self.vars:
                raise ErlsimError(f"the shell knew {part!r}, and nothing that it was told had it")
            return self.vars[part]

        return rebuilt(term, leaf)

    def patterned(self, term: Term) -> Term:
        """What the shell was told, with names for all pids and references."""

        def leaf(part: Any) -> Any:
            if isinstance(part, Pid) and part == self.shell:
                return ...
            if isinstance(part, Pid | Ref):
                if part not in self.vars:
                    self.vars[part] = self.scenario.new_name("P" if isinstance(part, Pid) else "R")
                return self.vars[part]
            return part

        return rebuilt(term, leaf)
