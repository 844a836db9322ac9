"""A session of the shell: what is bound, what was typed, and the process that evaluates."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from erlsim import Deadlock, Simulation, erlang, terms
from erlsim.erl.loading import SourceError, lint_text, load, load_text, module_of
from erlsim.erl.running.calls import compiled, finish
from erlsim.erl.running.cells import outward
from erlsim.erl.running.failures import caught
from erlsim.erl.shell.expressions import (
    MODULE,
    Wrong,
    calls_of_commands,
    first_form,
    local_call,
    module_forms,
    parsed,
)
from erlsim.errors import pass_on
from erlsim.otp.erl_internal import AUTO_IMPORTED
from erlsim.otp.reports import format_exception
from erlsim.terms import Pid, Term

__in_stacks__ = False

BANNER = "Eshell on erlsim, in virtual time (q(). to leave, help(). for help)"
# How a text begins that is no expression but a module's source.
MODULE_ATTRIBUTE = re.compile(r"(?:\s|%.*\n)*-\s*module\(\s*'?(\w+)'?\s*\)")
_DEPTH = 30
_HELP = """\
** shell internal commands **
b()        -- display all variable bindings
e(N)       -- repeat the expression in query <N>
f()        -- forget all variable bindings
f(X)       -- forget the binding of variable X
h()        -- history
rd(R,D)    -- define a record
rf()       -- remove all record information
v(N)       -- use the value of query <N>
** commands in module c **
c(Mod)     -- compile and load the source <Mod>.erl
flush()    -- flush any messages sent to the shell
help()     -- help info
i()        -- information about the system
now_ms()   -- the virtual time in milliseconds
q()        -- quit
tree()     -- the supervision tree"""


class Session:
    """The shell on a simulation: `enter` lines, and see what it prints in `output`.

    `sim` is a fresh `Simulation` unless one is given; `folder` is where `c(Mod)` finds sources.
    """

    def __init__(self, sim: Simulation | None = None, folder: Path | None = None) -> None:
        self.sim = Simulation(trace=False) if sim is None else sim
        self.folder = Path() if folder is None else folder
        self.number = 1
        self.bindings: dict[str, Term] = {}
        self.history: dict[int, tuple[str, list[Any], Term]] = {}
        self.records: dict[Term, Any] = {}
        self.output: list[str] = []
        # What the source that was entered last has become, if anything.
        self.module: ModuleType | None = None
        self.is_over = False
        self._typed = ""
        self._evaluator: Pid | None = None

    @property
    def prompt(self) -> str:
        """Number and `>`, or what stands before a line that goes on."""
        return f"{' ' * (len(str(self.number)) - 1)} .. " if self._typed else f"{self.number}> "

    def enter(self, line: str, is_all: bool = False) -> list[str]:
        """Take a line, or several; returns what the shell prints, nothing while an expression is not complete.

        If the text `is_all` of it, as a cell of a notebook is, the last expression needs no dot.
        """
        self._typed += line if line.endswith("\n") else line + "\n"
        self.output = []
        while self._typed and not self.is_over:
            found, left = first_form(self._typed, is_all)
            if found is None:
                break
            text, self._typed = self._typed[: len(self._typed) - len(left)].strip(), left
            try:
                if isinstance(found, Wrong):
                    raise found
                if found:
                    self._run(text, parsed(found))
            except Wrong as wrong:
                self.output.append(str(wrong))
        if not self._typed.strip():
            self._typed = ""
        return self.output

    def enter_module(self, text: str) -> list[str]:
        """Compile and load the source of a module, as `c(Mod)` does a file; returns what the shell prints."""
        declared = MODULE_ATTRIBUTE.match(text)
        file = f"{declared[1]}.erl" if declared is not None else "nofile.erl"
        self.output = lint_text(text, file)
        self.module = None
        try:
            self.module = self.sim.run(lambda: load_text(text, file))
        except SourceError:
            self.output.append("error")
        else:
            self.output += self.shown(("ok", self.module.__name__)).split("\n")
        return self.output

    def drop(self) -> None:
        """Forget what was typed of an expression that is not complete."""
        self._typed = ""

    def _run(self, text: str, expressions: list[Any]) -> None:
        command = local_call(expressions)
        if command is not None and (known := _COMMANDS.get((command[0], len(command[1])))) is not None:
            value = known(self, command[1])
            if command[0] == "e" and value is not None:
                # What is repeated is printed where it was evaluated.
                return
        else:
            value = self._evaluated(expressions)
        if value is not None:
            self._keep(text, expressions, value[0])

    def _keep(self, text: str, expressions: list[Any], value: Term) -> None:
        self.history[self.number] = (text, expressions, value)
        self.number += 1
        if not self.is_over:
            self.output += self.shown(value).split("\n")

    def shown(self, value: Term) -> str:
        """A value as the shell prints it."""
        text: str = terms.format("~tP", [value, _DEPTH])
        return text

    # ---- evaluation

    def _evaluated(self, expressions: list[Any]) -> tuple[Term] | None:
        """`(value,)` of expressions; what goes wrong is printed, and the number moves on."""
        for name, arity in calls_of_commands(expressions, AUTO_IMPORTED):
            self._failed(f"** exception error: undefined shell command {terms.format('~tw', [name])}/{arity}")
            return None
        try:
            answer = self.sim.run(lambda: self._asked(expressions))
        except Deadlock as stuck:
            self._failed(f"** {str(stuck).splitlines()[0]}")
            self._abandon()
            return None
        match answer:
            case ("value", value, bindings):
                self.bindings = {str(name): each for name, each in bindings}
                return (value,)
            case ("wrong", text):
                self._failed(text)
            case (kind, reason, stack):
                self._failed("** " + format_exception(4, kind, reason, stack, MODULE))
        return None

    def _abandon(self) -> None:
        """Let another evaluator take the place of one that waits for ever."""
        waiting, self._evaluator = self._evaluator, None
        if waiting is not None:
            self.sim.run(lambda: erlang.exit(waiting, "kill"))

    def _failed(self, text: str) -> None:
        self.output += text.split("\n")
        self.number += 1

    async def _asked(self, expressions: list[Any]) -> Term:
        """What the evaluator answers; a new one takes the place of one that dies."""
        bound = sorted(self.bindings)
        try:
            forms = module_forms(expressions, bound, [*self.records.values()])
            made: Any = compiled(module_of(forms, "shell", is_evaluated=True))
        except Wrong as wrong:
            return ("wrong", str(wrong))
        except SourceError as wrong:
            return ("wrong", "* " + wrong.lines[0].removeprefix("shell:"))
        if self._evaluator is None or not erlang.is_process_alive(self._evaluator):
            self._evaluator = erlang.spawn(eval_loop)
        monitor = erlang.monitor("process", self._evaluator)
        given = [self.bindings[name] for name in bound]
        job = _Job(made["value", len(bound)], given)
        erlang.send(self._evaluator, ("$erlsim_shell", erlang.self(), job))
        answer = await erlang.receive(
            ("$erlsim_shell", self._evaluator, ...), ("DOWN", monitor, "process", self._evaluator, ...)
        )
        erlang.demonitor(monitor, ["flush"])
        if answer[0] == "DOWN":
            return ("exit", answer[4], [])
        if answer[2][0] != "value":
            # As in Erlang: who has failed goes, and another one goes on without his mailbox.
            erlang.exit(self._evaluator, "kill")
        return answer[2]

    # ---- commands

    def forget(self, args: list[Any]) -> tuple[Term] | None:
        """`f()`, `f(X)`."""
        if args:
            if args[0][0] != "var":
                raise Wrong("* 1:1: illegal command: f takes a variable")
            self.bindings.pop(args[0][2], None)
        else:
            self.bindings = {}
        return ("ok",)

    def bound(self, _args: list[Any]) -> tuple[Term]:
        """`b()`."""
        for name in sorted(self.bindings):
            self.output += f"{name} = {terms.format(f'~80.{len(name) + 4}tp', [self.bindings[name]])}".split("\n")
        return ("ok",)

    def value(self, args: list[Any]) -> tuple[Term] | None:
        """`v(N)`: the value of a query."""
        return (self._query(args)[2],)

    def _query(self, args: list[Any]) -> tuple[str, list[Any], Term]:
        number = args[0][2] if args[0][0] == "integer" else None
        if type(number) is int and number in self.history:
            return self.history[number]
        raise Wrong("* 1: command not found")

    def repeated(self, args: list[Any]) -> tuple[Term] | None:
        """`e(N)`: evaluate a query once more."""
        text, expressions, _ = self._query(args)
        self._run(text, expressions)
        return ("ok",)

    def told(self, _args: list[Any]) -> tuple[Term]:
        """`h()`: what was typed and what came of it."""
        for number, (text, _, value) in self.history.items():
            self.output += [f"{number}: {text.removesuffix('.')}", *f"-> {self.shown(value)}".split("\n")]
        return ("ok",)

    def defined(self, args: list[Any]) -> tuple[Term]:
        """`rd(R, {F1, F2 = Default})`: define a record."""
        name, fields = args
        if name[0] != "atom" or fields[0] != "tuple":
            raise Wrong("* 1:1: illegal record definition")
        made: list[Any] = []
        for each in fields[2]:
            if each[0] == "match":
                made.append(("record_field", each[1], ("atom", each[1], _field(each[2])), each[3]))
            else:
                made.append(("record_field", each[1], ("atom", each[1], _field(each))))
        self.records[name[2]] = ("attribute", name[1], "record", (name[2], made))
        return (name[2],)

    def no_records(self, _args: list[Any]) -> tuple[Term]:
        """`rf()`."""
        self.records = {}
        return ("ok",)

    def loaded(self, args: list[Any]) -> tuple[Term]:
        """`c(Mod)`: compile and load a source."""
        given = args[0][2]
        name = str(given) if type(given) is str else "".join(map(chr, given))
        file = self.folder / name if name.endswith(".erl") else self.folder / f"{name}.erl"
        if not file.exists():
            self.output.append(f"{file.name}: no such file or directory")
            return ("error",)
        try:
            made: Any = self.sim.run(lambda: load(file).__name__)
        except SourceError as wrong:
            self.output += wrong.lines
            return ("error",)
        return (("ok", made),)

    def flushed(self, _args: list[Any]) -> tuple[Term]:
        """`flush()`: print the messages of the shell."""
        while self._evaluator is not None:
            found = self.sim.run(self._next_message)
            if found is None:
                break
            self.output += f"Shell got {self.shown(found[0])}".split("\n")
        return ("ok",)

    async def _next_message(self) -> tuple[Term] | None:
        if self._evaluator is None or not erlang.is_process_alive(self._evaluator):
            return None
        erlang.send(self._evaluator, ("$erlsim_shell", erlang.self(), "flush"))
        answer = await erlang.receive(("$erlsim_shell", self._evaluator, ...))
        found: tuple[Term] | None = answer[2]
        return found

    def overview(self, _args: list[Any]) -> tuple[Term]:
        """`i()`: the processes."""
        self.output += self.sim.run(overview)
        return ("ok",)

    def tree(self, _args: list[Any]) -> tuple[Term]:
        """`tree()`: the supervision tree."""
        self.output += str(self.sim.tree()).split("\n")
        return ("ok",)

    def time(self, _args: list[Any]) -> tuple[Term]:
        """`now_ms()`: virtual milliseconds since the beginning."""
        return (self.sim.now,)

    def help(self, _args: list[Any]) -> tuple[Term]:
        """`help()`."""
        self.output += _HELP.split("\n")
        return (True,)

    def quit(self, _args: list[Any]) -> tuple[Term]:
        """`q()`."""
        self.is_over = True
        return ("ok",)


class _Job:
    """What an evaluator is to do; it is handed over as it is."""

    def __init__(self, function: Any, given: list[Term]) -> None:
        self.function = function
        self.given = given


async def eval_loop() -> None:
    """The process of the shell: `self()` of what is typed in."""
    while True:
        _, caller, job = await erlang.receive(("$erlsim_shell", Pid, ...))
        if job == "flush":
            found = await erlang.receive(lambda m: not (type(m) is tuple and m and m[0] == "$erlsim_shell"), after=0)
            erlang.send(caller, ("$erlsim_shell", erlang.self(), None if found is erlang.TIMEOUT else (found,)))
            continue
        try:
            value, bindings = outward(await finish(job.function(*job.given)))
            answer: Term = ("value", value, bindings)
        except Exception as exc:
            pass_on(exc)
            kind, reason, stack = caught(exc)
            answer = (kind, outward(reason), outward(stack))
        erlang.send(caller, ("$erlsim_shell", erlang.self(), answer))


def overview() -> list[str]:
    """`i()`: a line for each process, and one for its name."""
    rows = ["Pid                   Initial Call                          Messages"]
    for pid in erlang.processes():
        info = erlang.process_info(pid, ["registered_name", "initial_call", "message_queue_len"])
        if info == "undefined":
            continue
        rows_of = dict(info)
        call = terms.format("~tw:~tw/~w", list(rows_of["initial_call"]))
        rows.append(f"{terms.format('~p', [pid]):<22}{call:<38}{rows_of['message_queue_len']:>8}")
        if rows_of["registered_name"] != []:
            rows.append(terms.format("~tw", [rows_of["registered_name"]]))
    return rows


def _field(node: Any) -> Term:
    if node[0] != "atom":
        raise Wrong("* 1:1: illegal record definition")
    return node[2]


_Command = Callable[[Session, list[Any]], tuple[Term] | None]
_COMMANDS: dict[tuple[Any, int], _Command] = {
    ("f", 0): Session.forget,
    ("f", 1): Session.forget,
    ("b", 0): Session.bound,
    ("v", 1): Session.value,
    ("e", 1): Session.repeated,
    ("h", 0): Session.told,
    ("rd", 2): Session.defined,
    ("rf", 0): Session.no_records,
    ("c", 1): Session.loaded,
    ("flush", 0): Session.flushed,
    ("i", 0): Session.overview,
    ("tree", 0): Session.tree,
    ("now_ms", 0): Session.time,
    ("help", 0): Session.help,
    ("q", 0): Session.quit,
}
