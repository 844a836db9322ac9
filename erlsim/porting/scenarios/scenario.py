"""A scenario: what is done to a program from outside, step by step, and what each step is expected to show.

Written in Python with the methods of `Scenario`, or as text or JSON (`load`). Modules have the names that they have in
the Erlang port; where they are in the prototype and in an Elixir port is said beside the steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from erlsim.errors import ErlsimError
from erlsim.porting.scenarios import steps as ops
from erlsim.porting.scenarios.steps import Call, Expected, Step, Var, used, variables
from erlsim.terms import Term

ABSENT: Any = object()


class Scenario:
    """Steps in order. Each method adds one, and returns what later steps may need.

    `python` says where modules are in the prototype: `"package.module"`, `"package.module:Class"`, `"file.py"` or
    `"file.py:Class"` (in `folder`), or the module itself; one that is not named is what `@erlsim.module` declared under
    the name, or is imported. `elixir` has the names of an Elixir port's modules (`"Elixir.Pool"`). `applications` are
    specifications, `("application", name, [...])`, for ports and prototypes that have no `.app` of their own.
    """

    def __init__(
        self,
        name: str,
        python: Mapping[str, Any] | None = None,
        elixir: Mapping[str, str] | None = None,
        applications: list[Term] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.name = name
        self.python: dict[str, Any] = dict(python or {})
        self.elixir: dict[str, str] = dict(elixir or {})
        self.applications: list[Term] = list(applications or [])
        self.folder = folder
        self.steps: list[Step] = []
        self._names: dict[str, None] = {}
        # Values that have a name as soon as somebody uses it: which step's.
        self._offered: dict[str, int] = {}

    def __repr__(self) -> str:
        return f"<scenario {self.name!r}, {len(self.steps)} steps>"

    # ---- steps ----------------------------------------------------------------------

    def start(self, module: str, function: str = "start_link", *args: Term, name: str | None = None) -> Var:
        """`module:function(args...)`, which must return `{ok, Pid}`: the name of the pid."""
        pid = self._new(name, "P")
        self.add(Step(ops.CALL, (Call(module, function, args),), expected=Expected("ok", ("ok", pid))))
        return pid

    def call(
        self,
        module: str,
        function: str,
        *args: Term,
        expect: Any = ABSENT,
        expect_exit: Any = ABSENT,
        expect_error: Any = ABSENT,
        expect_throw: Any = ABSENT,
        is_sorted: bool = False,
        label: str = "",
    ) -> Var:
        """`module:function(args...)`: the name of its value.

        `expect` is a pattern for the value, `expect_exit`, `expect_error` and `expect_throw` are for the reason of a
        failure. What is `is_sorted` is a list whose order does not count.
        """
        given = {"ok": expect, "exit": expect_exit, "error": expect_error, "throw": expect_throw}
        wanted = [Expected(kind, pattern) for kind, pattern in given.items() if pattern is not ABSENT]
        if len(wanted) > 1:
            raise ErlsimError(f"a call ends in one way, not in {len(wanted)}: {wanted!r}")
        value = self._new(None, "V")
        expected = wanted[0] if wanted else None
        self.add(Step(ops.CALL, (Call(module, function, args),), 0, None, expected, is_sorted, label))
        if expected is None:
            self._offered[value.name] = len(self.steps) - 1
        return value

    def exit(self, pid: Term, reason: Term) -> None:
        """`exit(Pid, Reason)` from outside."""
        self.add(Step(ops.CALL, (Call("erlang", "exit", (pid, reason)),), expected=Expected("ok", True)))

    def kill(self, pid: Term) -> None:
        """`exit(Pid, kill)`."""
        self.exit(pid, "kill")

    def client(self, module: str, function: str, *args: Term) -> Var:
        """A process that makes this call, tells the driver how it ended and lives on: the name of its pid."""
        return self._bound(Step(ops.CLIENT, (Call(module, function, args),)), "C")

    def race(self, *calls: tuple[Any, ...], ms: int = 100, expect: Any = ABSENT) -> list[Var]:
        """A client for each `(module, function, *args)`, started at once: the names of their pids.

        Shows `{Client, Outcome}` of each, where an outcome is `{ok, Value}`, `{Class, Reason}`, or `waiting` for who
        has none after `ms`. `expect` is a list of patterns for the outcomes.
        """
        clients = [self._new(None, "C") for _ in calls]
        outcomes = [...] * len(calls) if expect is ABSENT else list(expect)
        if len(outcomes) != len(calls):
            raise ErlsimError(f"{len(calls)} calls have as many outcomes, not {len(outcomes)}")
        pattern = [(client, outcome) for client, outcome in zip(clients, outcomes, strict=True)]
        made = tuple(Call(module, function, tuple(args)) for module, function, *args in calls)
        self.add(Step(ops.RACE, made, ms, expected=Expected("ok", pattern)))
        return clients

    def sleep(self, ms: int) -> None:
        """Let `ms` milliseconds pass."""
        self.add(Step(ops.SLEEP, ms=ms))

    def receive(self, pattern: Any, within: int = 100) -> None:
        """The first message that matches, for at most so many milliseconds; others stay where they are."""
        self.add(Step(ops.RECEIVE, ms=within, expected=Expected("ok", pattern)))

    def flush(self, expect: Any = ABSENT) -> Var:
        """All messages in the driver's mailbox, in order: the name of the list."""
        return self._looked(ops.FLUSH, expect)

    def reports(self, expect: Any = ABSENT) -> Var:
        """Reports since the last look: `{Level, {Label, Report}}` each."""
        return self._looked(ops.REPORTS, expect)

    def tree(self, supervisor: Term, expect: Any = ABSENT) -> Var:
        """The children of a supervisor, and theirs: `{Id, Pid, Type, Modules, Children}` each."""
        return self._looked(ops.TREE, expect, supervisor)

    def whereis(self, name: str, expect: Any = ABSENT) -> Var:
        """The pid that is registered under a name, or `undefined`."""
        return self.call("erlang", "whereis", name, expect=expect)

    def alive(self, pid: Term, expect: Any = ABSENT) -> Var:
        """Whether a process lives."""
        return self.call("erlang", "is_process_alive", pid, expect=expect)

    def monitor(self, pid: Term) -> Var:
        """Let the driver monitor a process: the name of the reference."""
        return self._bound(Step(ops.CALL, (Call("erlang", "monitor", ("process", pid)),)), "R")

    def var(self, name: str) -> Var:
        """A name for patterns."""
        self._names.setdefault(name)
        return Var(name)

    def new_name(self, letter: str) -> Var:
        """A name that is not in use: the letter, and a number."""
        return self._new(None, letter)

    def add(self, step: Step) -> None:
        """A step that is made already."""
        for name in used(step):
            if name in self._offered:
                at = self._offered.pop(name)
                self.steps[at] = replace(self.steps[at], expected=Expected("ok", Var(name)))
        if step.expected is not None:
            self._names |= dict.fromkeys(variables(step.expected.pattern))
        self.steps.append(step)

    # ---- their names -------------------------------------------------------------------

    def _new(self, wanted: str | None, letter: str) -> Var:
        """A name that is not in use."""
        name = wanted
        number = 1
        while name is None or (name in self._names and wanted is None):
            name = f"{letter}{number}"
            number += 1
        return self.var(name)

    def _bound(self, step: Step, letter: str) -> Var:
        name = self._new(None, letter)
        self.add(replace(step, expected=Expected("ok", name)))
        return name

    def _looked(self, op: str, expect: Any, subject: Term = None) -> Var:
        value = self._new(None, "V")
        self.add(Step(op, subject=subject, expected=None if expect is ABSENT else Expected("ok", expect)))
        if expect is ABSENT:
            self._offered[value.name] = len(self.steps) - 1
        return value
