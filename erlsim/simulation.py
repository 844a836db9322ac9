"""A simulated node: its clock, its processes, its shell, its trace and its reports.

`run` gives a program a fresh node; `shell` makes one current in a notebook or a REPL; `Simulation`
is the node itself. There is no other way in: every function of erlsim acts on the simulation that
is current in its thread.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from os import PathLike
from threading import get_ident
from types import AsyncGeneratorType, CoroutineType, TracebackType
from typing import TYPE_CHECKING, Any, Literal

from erlsim import hints, io, releases, terms
from erlsim._kernel import (
    Chooser,
    CrashSignal,
    Delays,
    Fifo,
    Process,
    Scheduler,
    Shell,
    Step,
    Steps,
    Watch,
    World,
    abandon,
    check,
    circles,
    describe,
    dissolve,
    here,
    new_process,
    note_interrupt,
    post,
    see_operations,
    send_unsent,
    take_inbox,
    thread,
)
from erlsim._kernel import Stacks as Stacks
from erlsim.errors import ErlangException, ErlsimError, Error, ForeignPid, NotPortable, WrongThread
from erlsim.reports import Reports
from erlsim.terms import Pid, Term
from erlsim.trace.events import READS, SHELL, SYSTEM, Event
from erlsim.trace.record import Trace

if TYPE_CHECKING:
    from erlsim.playing import Player
    from erlsim.porting.portable import Finding
    from erlsim.porting.portable.strict import Watch as StrictWatch
    from erlsim.trace.crashes import Crashes, Expectation
    from erlsim.trace.service import Availability, Service
    from erlsim.trace.tree import Tree


def _explained(reason: Term, stack: list[Term]) -> list[str]:
    from erlsim import explanations

    wrong = explanations.explain(reason, stack)
    return [*explanations.lines(reason, stack), *(hints.of_arguments(stack[0][1], stack[0][2], wrong) if wrong else [])]


Error.explained = staticmethod(_explained)
# When a patient collector looks at what is new, at what is not so new and at everything: Python's own numbers are 700,
# 10 and 10. What is held back, should all of it be garbage, is two and a half million objects.
PATIENT = (5_000, 10, 50)
# The simulation has a calendar and no time zone.
DEFAULT_START = datetime(2024, 1, 1)  # noqa: DTZ001
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001


def _since_epoch(time: datetime) -> int:
    """How many microseconds there are from 1970 to `time`."""
    naive = time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    passed = naive - EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


# Marks the world of a simulation that `shell` has made.
AT_A_PROMPT = "at a prompt"
DEFAULT_EPOCH_US = _since_epoch(DEFAULT_START)


class Simulation:
    """One node in virtual time.

    `seed` belongs to choosers that draw (the kernel draws nothing); `chooser` decides what a real
    system leaves open, first-in first-out if `None`; `start_time` is the calendar's date at 0 ms;
    `trace` records what happens (`"operations"`: also what is only read, of tables, names, processes; `"states"`: also
    where each process is in its code, its variables, its server's state, operations on tables, their rows); more than
    `max_steps_per_instant` steps without time passing end in `Livelock`, and more than `max_time` ms in `Overtime`,
    which is one too: that is for programs that poll for ever. One wait of the shell (or an `advance`) that is itself
    longer is meant, and time is counted anew after it. A node that has run for a while has long pids and references,
    and `~p` breaks its lines by their width: `first_pid` and `first_ref` are the numbers of the first that a program
    makes. `otp` is the release that it behaves as, 25 (which all of it is measured by), 26, 27 or 28:
    docs/explanation/otp-versions.md says in what the later ones differ.
    With `preempt` a process may give way before every operation that others can notice (the extra `search`): `chooser`
    is then asked before each who goes on. With `clock="late"` time may go on to the next timer while processes can run,
    as if they were slow; with `transit` each signal between two processes is on its way for a while. With `patient_gc`
    Python's garbage collector looks less often while the simulation is current: a world of many processes holds much
    that lives, and looking at it again and again takes up to half of the time. With `strict` the run is watched for
    what does not port to Erlang (docs/how-to/write-portable-python.md), by all rules or by those that are named:
    `findings` has it, and `run` ends in `NotPortable` if there is any. Use it as a context manager to make it current.
    """

    def __init__(
        self,
        seed: int = 0,
        chooser: Chooser | None = None,
        start_time: datetime | None = None,
        trace: bool | Literal["operations", "states"] = True,
        max_steps_per_instant: int = 1_000_000,
        first_pid: int | None = None,
        first_ref: int = 1,
        otp: int = releases.DEFAULT,
        max_time: int | Literal["infinity"] = "infinity",
        preempt: bool = False,
        clock: Literal["barrier", "late"] = "barrier",
        transit: bool = False,
        patient_gc: bool = False,
        reports: bool = False,
        strict: bool | Collection[str] = False,
    ) -> None:
        # What it is made with, and what has run here: a player makes another one like it, and runs it again.
        self._made_with = dict(locals())
        del self._made_with["self"]
        self._ran: list[tuple[Callable[..., Any] | None, tuple[Any, ...]]] = []
        _check(trace, max_steps_per_instant, max_time, clock, transit, preempt)
        if (begin := getattr(chooser, "begin", None)) is not None:
            begin()
        self.seed = seed
        self.chooser = chooser
        self.otp = releases.checked(otp)
        self.start_time = start_time if start_time is not None else DEFAULT_START
        epoch_us = _since_epoch(start_time) if start_time is not None else DEFAULT_EPOCH_US
        self.trace = Trace()
        self.reports = Reports(epoch_us)
        self.reports.print = reports
        if preempt and chooser is None:
            chooser = Fifo()
        self._world = World(chooser, self._crashed, epoch_us // 1000)
        self._world.extensions |= {"reports": self.reports, "simulation": self, releases.RELEASE: self.otp}
        Shell(Scheduler(self._world, max_steps_per_instant))
        if max_time != "infinity":
            Watch(self._world, max_time)
        self.env = self._world.clock
        self._outer: list[World | None] = []
        self._patient_gc = patient_gc
        self._thresholds: tuple[int, int, int] | None = None
        self._thread = 0
        self._crashes: Crashes | None = None
        self._start_user()
        if trace in ("operations", "states"):
            see_operations(self._world)
        if preempt:
            self._let_give_way(chooser, clock == "late", transit)
        self._number_from(first_pid, first_ref)
        self._begin_trace()
        self._watchers = self._recorders(trace)
        self._strict = self._watch_strictly(strict) if strict else None
        if self._watchers:
            self._watch()

    # ---- being current ----------------------------------------------------------

    def __enter__(self) -> Simulation:
        me = get_ident()
        if (self._outer and self._thread != me) or (self._world.stepping and thread.world is not self._world):
            raise WrongThread("another thread is in this simulation")
        self._thread = me
        if self._patient_gc and not self._outer and gc.get_threshold() != PATIENT:
            self._thresholds = gc.get_threshold()
            gc.set_threshold(*PATIENT)
        self._outer.append(thread.world)
        thread.world = self._world
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        if exc is not None:
            note_interrupt(self._world, exc)
        outer = self._outer.pop()
        if self._thresholds is not None and not self._outer:
            gc.set_threshold(*self._thresholds)
            self._thresholds = None
        # A coroutine that was forgotten inside a `with` ends some time later, when another may be current.
        if thread.world is self._world:
            thread.world = outer

    # ---- running ------------------------------------------------------------------

    def run(self, main: Any, *args: Any) -> Any:
        """Run `main` as the shell until it returns: its value.

        `main` is a coroutine, or a function (plain or `async`) that is called with `args`.
        """
        check(self._world)
        if thread.world is not None and thread.world.stepping:
            raise ErlsimError("a process cannot run a simulation: await what it should do instead")
        if len(self._ran) < 2:
            self._ran.append((main if callable(main) else None, args))
        with self:
            send_unsent(self._world)
            try:
                result = main(*args) if callable(main) else main
            except (ErlangException, TypeError, RuntimeError) as exc:
                hints.add_to(exc)
                raise
            if isinstance(result, AsyncGeneratorType):
                raise ErlsimError(f"{result.__qualname__} yields: what a shell runs is an async function without yield")
            value = self._finish(result) if isinstance(result, CoroutineType) else result
            if self._strict is not None:
                self.check_portable(value)
            return value

    def _finish(self, coroutine: Any) -> Any:
        """The shell never suspends, so one `send` runs it to its end."""
        try:
            foreign = coroutine.send(None)
        except StopIteration as done:
            return done.value
        except (ErlangException, TypeError, RuntimeError) as exc:
            hints.add_to(exc)
            raise
        coroutine.close()
        raise ErlsimError(f"the shell awaited something that is not erlsim's: {foreign!r}; use erlsim.wait_for(event)")

    def advance(self, ms: int) -> None:
        """Let `ms` milliseconds pass, with everything that happens in them."""
        self._check_outside("advance")
        if type(ms) is not int:
            raise ErlsimError(f"time passes in whole milliseconds: advance({ms!r})")
        if ms < 0:
            raise ErlsimError(f"time cannot go back: advance({ms!r})")
        target = self.env.now + ms
        is_long = self.env.may_take(target)
        self._let_happen(target)
        self.env.move_to(target)
        if is_long:
            self.env.count_anew()

    def run_until_idle(self) -> None:
        """Let everything happen that can happen without anybody doing anything."""
        self._check_outside("run_until_idle")
        self._let_happen(sys.float_info.max)

    def _let_happen(self, until: float) -> None:
        """Let everything happen that is due up to an instant."""
        world = self._world
        with self:
            send_unsent(world)
            take_inbox(world)
            world.moving = True
            try:
                while self.env.peek() <= until:
                    self.env.step()
                    take_inbox(world)
            finally:
                world.moving = False

    def _check_outside(self, what: str) -> None:
        """Processes are driven, and drive nobody."""
        check(self._world)
        if thread.world is not None and thread.world.stepping:
            raise ErlsimError(f"a process cannot call {what}: await timer.sleep(ms), or what it should wait for")

    def inject(self, dest: Pid | str, message: Any) -> None:
        """Send `message` to a process from any thread, whether the simulation runs or not: the one way in.

        `dest` is a pid or a registered name, looked up when the message arrives: when the simulation next moves on,
        between two instants or two steps of the shell. What then goes to nobody is lost, as a message to the dead is.
        At which instant of virtual time it arrives depends on the threads, unless nothing runs meanwhile. Nobody waits
        for an injection: a simulation in which nothing else can happen ends in `Deadlock`.
        """
        if type(dest) is not str and type(dest) is not Pid:
            raise ErlsimError(f"inject sends to a pid or a registered name, not to {dest!r}")
        home = dest.home if type(dest) is Pid else None
        if home is not None and home.world is not self._world:
            raise ForeignPid(dest)
        self._world.inbox.append((dest, terms.copy(message)))

    def close(self) -> None:
        """Leave it for good: every process's code is ended where it stands, and its `finally` blocks change nothing.

        A simulation that is only forgotten ends so too, some time later; then a `finally` block that acts may
        find another simulation current. One with `preempt=True` is not freed before it is closed.
        """
        with self:
            abandon(self._world)

    def discard(self) -> None:
        """Keep of a closed simulation but its time, its trace and its reports: for who makes them by the thousand."""
        dissolve(self._world)

    def describe(self) -> list[str]:
        """One line on each process: who it is, what it waits for and where, what lies in its mailbox.

        Of a simulation that was interrupted it tells where they were then.
        """
        if self._world.picture is not None:
            return list(self._world.picture)
        return [describe(process) for process in self._world.processes() if not process.is_system]

    def circles(self) -> list[str]:
        """Those processes that wait for one another in a circle, drawn; nothing if there is no circle."""
        return circles(self._world.processes())

    def tree(self, links: bool = False, monitors: bool = False) -> Tree:
        """The supervision tree as it is now, to be looked at and compared.

        Nothing runs and nobody is asked: signals that are on their way are still on their way. `links` and
        `monitors` add those that the tree itself does not show.
        """
        from erlsim.trace import live
        from erlsim.trace.tree import grow

        with self:
            return grow(live.look(), links, monitors)

    def service(self, name: Any, start: int | None = None, end: int | None = None) -> Service:
        """How `name` (a child's id, a registered name, a pid) has served from `start` to `end` ms, told from the trace.

        Its availability, how often and how fast it came back, the most messages that waited for it, how long its calls
        took. Without `start` from when it was first there; without `end` until now.
        """
        from erlsim.trace.service import serve

        return serve(self.trace.rows, self.trace.present, int(self.now), name, start, end)

    def availability(self, name: Any, start: int | None = None, end: int | None = None) -> Availability:
        """The share of the time in which somebody bore `name`: a number from 0 to 1 that tells its outages."""
        return self.service(name, start, end).availability

    def player(self) -> Player:
        """What has run here, to be stepped through and gone on with differently: see `erlsim.playing.Player`.

        The function that `run` was given runs again, in a simulation that is made as this one. Raises `ErlsimError`
        unless exactly one function has run here.
        """
        from erlsim.playing import Player
        from erlsim.playing.again import Program

        if len(self._ran) != 1 or self._ran[0][0] is None:
            what = "none" if not self._ran else "a coroutine" if len(self._ran) == 1 else "more than one"
            raise ErlsimError(
                f"a player runs the program again, which must be one function that run was given; here it was {what}: "
                "write erlsim.player(main)"
            )
        options, (main, given) = self._made_with, self._ran[0]
        assert main is not None
        return Player(Program(type(self), options, main, given))

    def to_html(self, path: str | PathLike[str] | None = None, title: str = "A run of erlsim") -> str:
        """The run as one page that needs no network: tree, messages, lifelines, reports, and a player over all events.

        Returns the page's text, and writes it to `path` if there is one. The page shows what the trace has; without a
        trace that is nothing.
        """
        from erlsim.trace.page import page

        text = page(self.trace, self.reports, title)
        if path is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return text

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        """Put a choice to the chooser, as the kernel does: an index, 0 under first-in first-out."""
        chooser = self._world.chooser
        return 0 if chooser is None or len(options) < 2 else chooser.choose(kind, options)

    @property
    def now(self) -> Any:
        """The time in ms since the simulation began."""
        return self.env.now

    # ---- for test kits ------------------------------------------------------------

    def observe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Call `callback` with each event as it happens, traced or not: a function that ends this.

        It sees the world in the middle of a step: it may look, choose, `crash` a process and set simpy events,
        and nothing else. A process that runs now is observed from the next step of the world on.
        """

        def watcher(row: tuple[Any, ...]) -> None:
            callback(Event(row[0], row[1], row[2], row[3:]))

        def end() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)
                self._watch()

        self._watchers.append(watcher)
        self._watch()
        return end

    def intercept(self, rule: Callable[[Pid, Pid, str, Any], int | str]) -> Delays:
        """Ask `rule(sender, receiver, kind, term)` of each signal between two processes what becomes of it.

        `kind` is `"message"`, `"exit"`, `"down"`, `"link"`, `"monitor"` or `"other"`. The answer is the ms that it is
        late (0: not at all), `"hold"` or `"ignore"`; the order of the signals of a pair is kept. `release()` of
        the value lets go what is held. Links and monitors of processes with nothing in transit are made at once.
        """
        # The ways that skip the signal queue are closed while somebody watches.
        self.observe(lambda event: None)
        return Delays(self._world, rule)

    def crash(self, pid: Pid, reason: Any) -> None:
        """End a process with `reason` as if its own code had failed: when it next takes signals in, trapping or not."""
        if type(pid) is not Pid:
            raise ErlsimError(f"crash ends the process of a pid, not {pid!r}; erlsim.testing.crash takes names, too")
        if pid.home is not None:
            post(pid.home, CrashSignal(terms.copy(reason)), lands=True)
            if self._world.blame is not None:
                self._world.blame.blame(pid)

    @property
    def crashes(self) -> Crashes:
        """Which crashes nobody expected, from the first time on that this is asked for."""
        if self._crashes is None:
            from erlsim.trace.crashes import Crashes

            self._crashes = self._world.blame = Crashes(self.reports)
            self.reports.listener = self._crashes.reported
        return self._crashes

    def expect_crash(self, match: str | None = None) -> AbstractContextManager[Expectation]:
        """`with sim.expect_crash(match="badarith"): ...`: processes that crash in here may do so, and one must.

        `match` is a regular expression, to be found in the text of a report (`None`: in any). What is reported of the
        same death by others (a supervisor) and by those whom links take along belongs to it. `AssertionError` if
        there is no such crash.
        """
        return self.crashes.expect(match)

    @property
    def findings(self) -> list[Finding]:
        """What strict mode has found until now, by place; nothing without it."""
        return [] if self._strict is None else self._strict.findings()

    def check_portable(self, value: Any = None) -> None:
        """`NotPortable` if strict mode has found anything since this was asked last, as `run` does with its `value`."""
        if self._strict is not None and (news := self._strict.news()):
            raise NotPortable(news, value)

    def _watch_strictly(self, strict: bool | Collection[str]) -> StrictWatch:
        """Let strict mode see what happens."""
        from erlsim.porting.portable.strict import Watch

        wanted = () if strict is True else (strict,) if isinstance(strict, str) else strict or ()
        watch = Watch(self._world, wanted)
        self._watchers.append(watch.saw)
        return watch

    def _watch(self) -> None:
        """Give the kernel one function for all who watch, none if there is nobody."""
        watchers = self._watchers

        def all_of_them(row: tuple[Any, ...]) -> None:
            for watcher in tuple(watchers):
                watcher(row)

        self._world.watch(watchers[0] if len(watchers) == 1 else all_of_them if watchers else None)

    # ---- inside -------------------------------------------------------------------

    def _begin_trace(self) -> None:
        """Note who is there before the program does anything."""
        there, shell, env = self._world.processes(), self._world.shell, self.env
        present = [(each.pid, SHELL if each is shell else SYSTEM, each.name) for each in there]
        self.trace.begin(present, lambda: env.now)

    def _recorders(self, trace: bool | str) -> list[Callable[[tuple[Any, ...]], None]]:
        """Who notes the events, and where processes are and in which state."""
        if trace != "states":
            return [self.trace.record] if trace else []
        from erlsim.trace.states import Recorder, States

        self.trace.states = States()
        recorder = Recorder(self._world, self.trace.states, lambda: len(self.trace))
        self.trace.settle = recorder.settle
        record = self.trace.record

        def keep(row: tuple[Any, ...]) -> None:
            # Of what is only read, what concerns tables is worth a look.
            if row[1] not in READS:
                record(row)
                recorder(row)

        return [keep]

    def _start_user(self) -> None:
        """The process `user`, group leader of all others, prints to standard output.

        It begins when the first message comes, as a process that hibernates goes on: most programs print nothing.
        """
        world = self._world
        user = new_process(world, lambda: io.user(lambda text: sys.stdout.write(text)), world.shell)
        user.is_system = True
        user.group_leader = user.pid
        user.initial_call = ("io", "user", 1)
        user.waiting = user.body
        user.parked = True
        world.registry.add("user", user)
        world.shell.group_leader = user.pid

    def _let_give_way(self, chooser: Any, late_clock: bool, transit: bool) -> None:
        """Processes give way before each visible operation; a chooser that wants the log of these gets it."""
        begin_log = getattr(chooser, "begin_log", None)
        events: list[Step] | None = None if begin_log is None else []
        places, stacks = getattr(chooser, "wants_places", True), getattr(chooser, "stacks", None)
        Steps(self._world, events, late_clock, transit, places, stacks)
        if begin_log is not None:
            begin_log(events)

    def _number_from(self, first_pid: int | None, first_ref: int) -> None:
        """What the program makes is numbered from here on."""
        world = self._world
        if first_pid is not None:
            if first_pid < world.next_pid:
                raise ErlsimError(f"first_pid is a number from {world.next_pid} on, not {first_pid!r}")
            world.next_pid = first_pid
        if first_ref <= world.last_ref:
            raise ErlsimError(f"first_ref is a number from {world.last_ref + 1} on, not {first_ref!r}")
        world.last_ref = first_ref - 1

    def _crashed(self, process: Process, kind: str, reason: Any, exc: BaseException) -> None:
        """A process has died of an error that nobody caught: what the emulator logs of it."""
        time = self.reports.epoch_us + int(self.env.now) * 1000
        meta = {"pid": process.pid, "gl": process.group_leader, "time": time}
        meta |= {"error_logger": {"emulator": True, "tag": "error"}}
        args = [process.pid, reason]
        event = {
            "level": "error",
            "msg": (terms.chars("Error in process ~p with exit value:~n~p~n"), args),
            "meta": meta,
        }
        self.reports.add(event)

    def __repr__(self) -> str:
        processes = sum(not process.is_system for process in self._world.processes())
        counts = ((processes, "process", "es"), (len(self.reports), "report", "s"))
        shown = ", ".join(f"{count:,} {what}{'' if count == 1 else more}" for count, what, more in counts)
        return f"<Simulation at {self.now:,} ms: {shown}>"


def _check(trace: Any, max_steps_per_instant: int, max_time: Any, clock: str, transit: bool, preempt: bool) -> None:
    """Refuse options that make no sense, with the value."""
    if trace not in (True, False, "operations", "states"):
        raise ErlsimError(f"trace is True, False, 'operations' or 'states', not {trace!r}")
    if max_steps_per_instant < 1:
        raise ErlsimError(f"max_steps_per_instant is a positive number of steps, not {max_steps_per_instant!r}")
    if max_time != "infinity" and (type(max_time) is not int or max_time < 1):
        raise ErlsimError(f"max_time is a positive number of ms or 'infinity', not {max_time!r}")
    if clock not in ("barrier", "late") or (not preempt and (clock != "barrier" or transit)):
        raise ErlsimError(f"clock is 'barrier' or, with preempt=True, 'late'; transit needs that, too: {clock!r}")


def run(main: Callable[..., Any] | CoroutineType[Any, Any, Any], *args: Any, **options: Any) -> Any:
    """Run `main(*args)` as the shell of a fresh `Simulation(**options)`: its value.

    Reports of crashes are printed as they happen, unless `reports=False`.

    >>> from erlsim import erlang
    >>> async def main():
    ...     erlang.send(erlang.self(), "hello")
    ...     return await erlang.receive()
    >>> run(main)
    'hello'
    """
    sim = _heard(options)
    try:
        return sim.run(main, *args)
    finally:
        if options.get("preempt"):
            # The stacks of its processes hold it, and Python's collector does not see into them.
            sim.close()


def player(main: Callable[..., Any], *args: Any, **options: Any) -> Player:
    """Run `main(*args)` as the shell of a fresh `Simulation(**options)`, to be stepped through: a `Player`.

    Where each process is in its code is recorded unless `options` say otherwise (`trace=True`). `main` must do the same
    each time that it runs, and `preempt` is not for players.
    """
    from erlsim.playing import Player
    from erlsim.playing.again import Program

    if not callable(main):
        raise ErlsimError(f"a player runs a program again and again: give it a function, not {main!r}")
    if options.get("preempt") or options.get("trace") is False:
        raise ErlsimError("a player needs a trace, and processes that do not give way by themselves (preempt)")
    return Player(Program(Simulation, {"trace": "states", **options}, main, args))


def shell(**options: Any) -> Simulation:
    """Make a fresh `Simulation(**options)` current in this thread and return it; for notebooks and REPLs.

    Reports of crashes are printed as they happen, as Erlang's shell does, unless `reports=False`. Called again it
    begins anew: the processes, names and tables of the simulation before are gone. If that was made here, too, it is
    closed: no code of a cell that ran before acts on the new one.
    """
    last = thread.world
    if last is not None and last.stepping:
        raise ErlsimError("a process cannot change the current simulation")
    sim = _heard(options)
    if last is not None and AT_A_PROMPT in last.extensions:
        last.extensions["simulation"].close()
    sim._world.extensions[AT_A_PROMPT] = True
    thread.world = sim._world
    return sim


def _heard(options: dict[str, Any]) -> Simulation:
    """A simulation for somebody who looks on: reports are printed, and no traceback shows our own frames."""
    from erlsim.explanations.tracebacks import hide_frames, ipython

    hide_frames()
    if (notebook := ipython()) is not None:
        load_ipython_extension(notebook)
    return Simulation(**{"reports": True, **options})


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext erlsim` in IPython, which `shell()` does by itself: cells of `%%erlang` are for Erlang's shell."""
    ipython.magics_manager.register_lazy("erlang", "erlsim.erl")


def current() -> Simulation:
    """The simulation that is current in this thread; `NoSimulation` if there is none."""
    sim: Simulation = here().extension("simulation", lambda: None)
    return sim


def storage(name: str, factory: Callable[[], Any]) -> Any:
    """What a library on top keeps for the current simulation under `name`; made by `factory` at first."""
    # It is `here` inline: every report that might be logged asks for the logger.
    world = thread.world
    if world is None or world.closing:
        world = here()
    found = world.extensions.get(name)
    return world.extension(name, factory) if found is None else found


__all__ = ["Simulation", "current", "load_ipython_extension", "player", "run", "shell", "storage"]
