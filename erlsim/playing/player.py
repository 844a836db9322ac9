"""The player: a position in a run, ways to move it, and things to do there."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from erlsim._kernel import here
from erlsim.errors import ErlsimError
from erlsim.playing.acts import Act, find
from erlsim.playing.again import Program, Run, check_same
from erlsim.terms import Pid, Term
from erlsim.trace import Event, Moment, Trace, Tree
from erlsim.trace.facts import is_normal, show


class Player:
    """A run of a program that can be stepped through, rewound, and gone on with differently.

    `event` is how many events have happened at the position, `time` the virtual time there in ms. What is done there
    (`kill`, `exit`, `send`, `suspend`, `resume`) lets the program run again, with its schedule, up to that event; there
    it is done, by the shell, and the run goes on with it. The position stays. `undo` takes the last of it back, and
    `code` is all of it as Python.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._acts: list[Act] = []
        self._extra = 0
        self._run = program.run()
        self.event = 0
        self.time: int = 0

    # ---- the run ---------------------------------------------------------------------

    @property
    def sim(self) -> Any:
        """The simulation of the run, as it is at its end."""
        return self._run.sim

    @property
    def trace(self) -> Trace:
        """All events of the run."""
        found: Trace = self._run.sim.trace
        return found

    @property
    def value(self) -> Any:
        """What the program has returned; raises what it has raised."""
        if self._run.error is not None:
            raise self._run.error
        return self._run.value

    @property
    def error(self) -> Exception | None:
        """What the program has raised, or `None`."""
        return self._run.error

    @property
    def acts(self) -> tuple[Act, ...]:
        """What was done."""
        return tuple(self._acts)

    # ---- moving ----------------------------------------------------------------------

    def goto(self, event: int) -> Player:
        """To where `event` events have happened: the number that the page shows."""
        if type(event) is not int or not 0 <= event <= len(self.trace):
            raise ErlsimError(f"there is no event {event!r}: the run has {len(self.trace)}")
        self.event = event
        self.time = self.trace[event - 1].time if event else 0
        return self

    def rewind(self) -> Player:
        """To the start."""
        return self.goto(0)

    def step(self, events: int = 1) -> Player:
        """So many events on (or back, if negative), as far as there are any."""
        return self.goto(min(max(self.event + events, 0), len(self.trace)))

    def back(self, events: int = 1) -> Player:
        """So many events back."""
        return self.step(-events)

    def turn(self) -> Player:
        """To where another process runs: to the end of what the next one does."""
        event = min(self.event + 1, len(self.trace))
        while event < len(self.trace) and self._same_turn(self.trace[event - 1], self.trace[event]):
            event += 1
        return self.goto(event)

    @staticmethod
    def _same_turn(one: Event, other: Event) -> bool:
        return bool(one.pid == other.pid and one.time == other.time)

    def advance(self, ms: int = 1) -> Player:
        """So many virtual ms on, whether anything happens in them or not; if need be the run is made longer."""
        if type(ms) is not int or ms < 0:
            raise ErlsimError(f"time passes in whole milliseconds, and not back: advance({ms!r})")
        until = self.time + ms
        if until > self.sim.now:
            self._extra += until - self.sim.now
            self._again(self._acts, len(self.trace))
        while self.event < len(self.trace) and self.trace[self.event].time <= until:
            self.event += 1
        self.time = until
        return self

    def to_crash(self) -> Player:
        """To the next crash or restart, or to the end."""
        had: set[str] = set()
        for number, each in enumerate(self.trace, 1):
            found = each.kind == "exit" and not is_normal(each.data[0])
            if each.kind == "child" and isinstance(each.data[1], Pid):
                slot = f"{each.pid!r} {show(each.data[0])}"
                found = slot in had
                had.add(slot)
            if found and number > self.event:
                return self.goto(number)
        return self.goto(len(self.trace))

    def follow(self, who: Term) -> Player:
        """To the next event of a process: a pid, its text, a registered name or a child's id."""
        with self.sim:
            pid = who if isinstance(who, Pid) else find(here(), who)
        later = (n for n in range(self.event, len(self.trace)) if self.trace[n].pid.number == pid.number)
        return self.goto(next(later, len(self.trace) - 1) + 1)

    # ---- looking ---------------------------------------------------------------------

    @property
    def last(self) -> Event | None:
        """The event that has just happened."""
        return self.trace[self.event - 1] if self.event else None

    @property
    def moment(self) -> Moment:
        """The tree and the mailboxes here."""
        return self.trace.at(self.event - 1)

    def tree(self) -> Tree:
        """The supervision tree here."""
        return self.moment.tree

    # ---- doing -----------------------------------------------------------------------

    def kill(self, who: Term) -> Player:
        """Kill a process here. `who` is a pid, its text (`"<0.88.0>"`), a registered name or a child's id."""
        return self._do("kill", who)

    def exit(self, who: Term, reason: Term) -> Player:
        """Send it an exit signal with `reason`."""
        return self._do("exit", who, reason)

    def send(self, who: Term, message: Term) -> Player:
        """Send it a message."""
        return self._do("send", who, message)

    def suspend(self, who: Term) -> Player:
        """Let it run no more, until it is resumed."""
        return self._do("suspend", who)

    def resume(self, who: Term) -> Player:
        """Let it run again."""
        return self._do("resume", who)

    def undo(self) -> Player:
        """Take back what was done last."""
        if not self._acts:
            raise ErlsimError("nothing was done that could be taken back")
        return self._again(self._acts[:-1], min(self._acts[-1].event, len(self.trace)))

    def _do(self, what: str, who: Term, term: Term = None) -> Player:
        if not self.event:
            raise ErlsimError("before the first event there is nobody to do anything to: step(), or goto(event)")
        late = self.time - self.trace[self.event - 1].time
        act = Act(self.event, late, what, who, term)
        # What was done later belongs to a future that is not to come.
        kept = [each for each in self._acts if (each.event, each.late) <= (act.event, act.late)]
        return self._again([*kept, act], self.event)

    def _again(self, acts: list[Act], same: int) -> Player:
        """Run the program with `acts`; the first `same` events must come again."""
        run: Run = self._program.run(acts, self._extra, self._run)
        check_same(self.trace, run.sim.trace, min(same, len(run.sim.trace)) if not acts else same)
        self._run, self._acts = run, list(acts)
        self.event = min(self.event, len(self.trace))
        return self

    # ---- showing ---------------------------------------------------------------------

    @property
    def code(self) -> str:
        """What was done, as the code that does it, and the position."""
        lines = self._done()
        late = self.time - (self.trace[self.event - 1].time if self.event else 0)
        lines.append(f"player.goto({self.event})")
        return "\n".join([*lines, f"player.advance({late})"] if late else lines) + "\n"

    def _done(self) -> list[str]:
        name = getattr(self._program.main, "__name__", "main")
        arguments = [name, *map(repr, self._program.args)]
        lines = [f"player = erlsim.player({', '.join(arguments)})"]
        for act in self._acts:
            lines.append(f"player.goto({act.event})")
            if act.late:
                lines.append(f"player.advance({act.late})")
            lines.append(act.code)
        return lines

    def to_html(self, path: Any = None, title: str = "A run of erlsim") -> str:
        """The page of the run, which opens at the position; see `Simulation.to_html`."""
        from erlsim.trace.page import page

        text = page(self.trace, self.sim.reports, title, self.event, self._done())
        if path is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return text

    def __repr__(self) -> str:
        at = f"event {self.event:,} of {len(self.trace):,}, {self.time:,} ms"
        happened = "before the first event" if self.last is None else " ".join(str(self.last).split())
        done = "".join(f"\n  {act.code}  # after event {act.event}" for act in self._acts)
        failed = f"\nthe program has raised {self._run.error!r}" if self._run.error is not None else ""
        return f"{at}: {happened}{done}{failed}\n{self.tree()}"

    def widget(self) -> Any:
        """The player's buttons, for a notebook with ipywidgets (the extra `widgets`): they act in the kernel."""
        from erlsim.playing import widget

        if not widget.is_there():
            raise ErlsimError("the buttons need ipywidgets: pip install 'erlsim[widgets]'")
        return widget.Buttons(self).box

    def _repr_html_(self) -> str:
        from erlsim.trace.page import embedded

        return embedded(self.to_html())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """The buttons where there is a kernel and ipywidgets; the page, whose buttons show code, everywhere else."""
        from erlsim.playing import widget

        bundle: dict[str, Any] = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if widget.is_there() and find_spec("comm") is not None:
            bundle |= self.widget()._repr_mimebundle_() | {"text/plain": repr(self)}
        return bundle
