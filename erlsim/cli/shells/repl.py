"""`erlsim repl`: Python's prompt as the shell of a simulation, with `await`, completion and commands of its own."""

from __future__ import annotations

import ast
import code
import importlib
import sys
import traceback
import types
from pathlib import Path
from typing import Any

import click

import erlsim
from erlsim import hints
from erlsim.cli.shells.erl import read_line, with_history
from erlsim.errors import ErlsimError
from erlsim.explanations.tracebacks import trim

BANNER = "erlsim {version}, Python {python}: the shell of a node in virtual time. help() lists commands, Ctrl-D leaves."
MOST_EVENTS = 40
# What is there without an import.
MODULES = {
    **{name: f"erlsim.{name}" for name in ("erlang", "ets", "io", "terms", "testing", "timer")},
    **{name: f"erlsim.otp.{name}" for name in ("gen_event", "gen_server", "gen_statem")},
    **{name: f"erlsim.otp.{name}" for name in ("proc_lib", "supervisor", "sys")},
    "director": "director",
    "gen_tracker": "gen_tracker",
}
_HELP = """\
i()              the processes
tree()           the supervision tree
flush()          take the messages of the shell, and show them
events()         what the last line did that did anything; events(100) shows up to 100
reports()        the reports of crashes so far
now()            the virtual time in milliseconds
advance(ms)      let time pass, with all that happens in it
reset()          a fresh node: nobody runs, no name is taken
quiet()          print no more reports of crashes (loud() prints them again)
help()           this
Names that are there: erlsim, sim, {modules}.
`await` works at the prompt: await gen_server.call("counter", "get")."""


class Console(code.InteractiveConsole):
    """A prompt on a simulation: `take` lines; what is shown goes to standard output, failures to standard error."""

    def __init__(self, **options: Any) -> None:
        """A prompt on a fresh simulation with these options."""
        super().__init__({"__name__": "__console__", "__doc__": None}, filename="<prompt>")
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self.options = options
        self._seen = 0
        self._before = 0
        self.locals.update({name: importlib.import_module(path) for name, path in MODULES.items()})
        commands = ("i", "tree", "flush", "events", "reports", "now", "advance", "reset", "quiet", "loud", "help")
        self.locals.update({"erlsim": erlsim, **{name: getattr(self, name) for name in commands}})
        self.sim = self._fresh()

    def _fresh(self) -> erlsim.Simulation:
        self.sim = erlsim.shell(**self.options)
        self.locals["sim"] = self.sim
        self._seen = self._before = len(self.sim.trace)
        return self.sim

    @property
    def prompt(self) -> str:
        """What stands before the next line."""
        return "... " if self.buffer else ">>> "

    def take(self, line: str) -> None:
        """Take a line; what is complete is run."""
        if not self.buffer:
            events = len(self.sim.trace)
            if events > self._seen:
                self._before, self._seen = self._seen, events
        self.push(line)

    def load(self, file: Path) -> None:
        """Run a file: its names are there afterwards."""
        source = file.read_text(encoding="utf-8")
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        try:
            compiled = compile(source, str(file), "exec", flags)
        except SyntaxError:
            self.showsyntaxerror(str(file))
            return
        self.runcode(compiled)

    # ---- running

    def runcode(self, code: types.CodeType) -> None:
        """Run what was typed, as the shell of the simulation; what goes wrong is shown."""
        shown, sys.displayhook = sys.displayhook, self.display
        with _Shown(self):
            result = eval(code, self.locals)
            if isinstance(result, types.CoroutineType):
                self._finish(result)
        sys.displayhook = shown

    def _finish(self, coroutine: Any) -> Any:
        """The shell never waits for anybody outside: one step runs it to its end."""
        try:
            foreign = coroutine.send(None)
        except StopIteration as done:
            return done.value
        coroutine.close()
        raise ErlsimError(f"the shell awaited something that is not erlsim's: {foreign!r}; use erlsim.wait_for(event)")

    def display(self, value: Any) -> None:
        """Show a value, and keep it as `_`. An awaitable that nobody awaits is a slip."""
        if value is None:
            return
        if isinstance(value, types.CoroutineType):
            value.close()
            click.echo(f"{value.__name__} may wait: nothing has happened yet. Write: await {value.__name__}(...)")
            return
        self.locals["_"] = value
        click.echo(repr(value))

    def show(self, exc: BaseException) -> None:
        """A failure, without our frames."""
        hints.add_to(exc)
        trim(exc)
        if exc.__traceback__ is not None:
            # The first frame is this prompt's.
            frames = [frame for frame in traceback.extract_tb(exc.__traceback__) if frame.filename != __file__]
            if frames:
                self.write("Traceback (most recent call last):\n")
                self.write("".join(traceback.format_list(frames)))
        self.write("".join(traceback.format_exception_only(exc)))

    # ---- commands

    def i(self) -> None:
        """The processes: pid, name, initial call, and how many messages wait."""
        from erlsim.erl.shell.session import overview

        click.echo("\n".join(overview()))

    def tree(self) -> None:
        """The supervision tree."""
        click.echo(str(self.sim.tree()))

    def flush(self) -> None:
        """Take the messages of the shell, and show them."""
        while (message := self._finish(erlsim.erlang.receive(after=0))) is not erlsim.TIMEOUT:
            click.echo(erlsim.terms.format("Shell got ~tp", [message]))

    def events(self, most: int = MOST_EVENTS) -> None:
        """What happened at the last prompt at which anything did."""
        found = [self.sim.trace[number] for number in range(self._before, self._seen)]
        for event in found[:most]:
            click.echo(event)
        if len(found) > most:
            click.echo(f"and {len(found) - most} more: events({len(found)}) shows all")

    def reports(self) -> None:
        """The reports of crashes so far."""
        click.echo(str(self.sim.reports) or "no reports")

    def now(self) -> int:
        """The virtual time in milliseconds."""
        return int(self.sim.now)

    def advance(self, ms: int) -> None:
        """Let time pass, with all that happens in it."""
        self.sim.advance(ms)

    def reset(self) -> None:
        """A fresh node, on which nobody runs and no name is taken."""
        self._fresh()

    def quiet(self) -> None:
        """Print no more reports of crashes."""
        self.sim.reports.print = False

    def loud(self) -> None:
        """Print reports of crashes as they happen."""
        self.sim.reports.print = True

    def help(self, *about: Any) -> None:
        """What can be typed; `help(something)` is Python's."""
        if about:
            import pydoc

            click.echo(pydoc.plain(pydoc.render_doc(about[0])))
        else:
            click.echo(_HELP.format(modules=", ".join(MODULES)))


class _Shown:
    """What goes wrong inside is shown, all but the end of the program."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, _: Any) -> bool:
        if isinstance(exc, KeyboardInterrupt):
            self.console.write("KeyboardInterrupt: if it struck in the middle of a simulation, go on with reset()\n")
        elif exc is not None and not isinstance(exc, SystemExit):
            self.console.show(exc)
        return not isinstance(exc, SystemExit)


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE.py]...", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seed", type=int, metavar="N", help="Draw the schedule from N instead of first-in first-out.")
@click.option("--reports/--no-reports", default=True, show_default=True, help="Print the reports of crashes.")
def repl(files: tuple[Path, ...], seed: int | None, reports: bool) -> None:
    """A Python prompt that is the shell of a simulation: await works, time is virtual, names are completed.

    The FILEs are run first, and their names are there. help() lists i(), tree(), flush(), events() and the others.
    """
    options: dict[str, Any] = {"reports": reports}
    if seed is not None:
        from erlsim.testing.choosers import RandomWalk

        options |= {"seed": seed, "chooser": RandomWalk(seed)}
    console = Console(**options)
    click.echo(BANNER.format(version=erlsim.__version__, python=".".join(map(str, sys.version_info[:2]))))
    for file in files:
        console.load(file)
    with_history(console.locals)
    while True:
        try:
            line = read_line(console.prompt)
        except EOFError:
            click.echo()
            return
        except KeyboardInterrupt:
            click.echo("\nKeyboardInterrupt")
            console.resetbuffer()
            continue
        console.take(line.rstrip("\n"))
