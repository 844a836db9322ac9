"""A test as a machine: each run is a fresh simulation in which processes give way before every visible operation.

The run goes on when the test's own function has ended, until nobody can go on at that instant: what others would still
have done may race with what the test did.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from erlsim.errors import pass_on
from erlsim.simulation import Simulation, Stacks
from erlsim.testing.runs import Run, outcome_of, refuse_verdict
from erlsim.testing.schedules import Recorder
from erlsim.testing.search.dependency import EXIT, MAIL, SEND, TAKE, WAIT, Touch
from erlsim.testing.search.exploration import CLOCK, TIMELY, Walk

# What a process does before anybody can notice it.
SILENT = frozenset(("begin", "go_on"))
# These do nothing if they find things otherwise: then they have only looked.
CONDITIONAL = frozenset(
    (
        "ets:insert_new",
        "ets:update_counter",
        "ets:update_element",
        "ets:take",
        "erlang:register",
        "erlang:unregister",
    )
)
KILLING = ("erlang:exit", "exit:link")
# A deadly signal, a question to its receiver, a look at what he does.
SIGNALLED = "wqp"
SUSPENDING = frozenset(("erlang:suspend_process", "erlang:resume_process"))
TIMER = "timer"
# A timer that ends a wait is called so, and by the name of who waits.
TIMER_OF = "timer of "
# What goes on without being anybody's code.
BY_ITSELF = frozenset((TIMER, CLOCK))
# What depends on what time it is.
TIMED = frozenset(
    ("erlang:start_timer", "erlang:send_after", "erlang:cancel_timer", "erlang:read_timer", "erlang:monotonic_time")
)
# Kinds of things of which the search has more to say than the simulation's log.
SPECIAL = frozenset((MAIL, EXIT, "life"))


def disarms(touches: list[Touch]) -> bool:
    """Whether it is a receive that took something, and had a timer, which may have been the next of all."""
    took = waited = False
    for thing, mode, detail in touches:
        took = took or (mode == TAKE and thing[0] == MAIL and detail[0] is not None)
        waited = waited or thing[0] == WAIT
    return took and waited


class _Tick:
    """Time has moved because nobody could run."""

    process = operation = CLOCK
    args = ()
    place = None


TICK = _Tick()
TIME_READ = Touch(("time",), "r")
CLOCKED = (TIMELY,)


class Seen:
    """An event of a simulation, as the search sees it. `place` is where in the code, if that was asked for."""

    __slots__ = ("cause", "era", "may", "operation", "place", "process", "touches", "until")

    def __init__(self, step: Any, touches: Sequence[Touch], cause: int | None, era: int) -> None:
        self.process: str = step.process
        self.touches: Sequence[Touch] = touches
        self.operation: str = step.operation
        self.may: Sequence[Touch] | None = tried(touches) if self.operation in CONDITIONAL else None
        self.cause = cause
        self.era = era
        self.place: tuple[str, int] | None = None
        self.until: int | None = None


def tried(touches: Sequence[Touch]) -> tuple[Touch, ...]:
    """What an operation that looks first would touch if it found things as it wants them."""
    other = {"r": "w", "kr": "kw"}
    return tuple(
        Touch(thing, other.get(mode, mode))
        if thing[0] in ("key", "keys", "name", "info")
        else Touch(thing, mode, detail)
        for thing, mode, detail in touches
    )


class Guide:
    """The chooser of one run: it asks a `Walk` who goes on, and turns the simulation's log into the search's events."""

    def __init__(self, walk: Walk, options: dict[str, Any], places: bool, stacks: Stacks) -> None:
        self._walk = walk
        # What does no more to the dead than to who is about to die. In transit a signal to the dead does not set out.
        self._killing = KILLING[options.get("transit", False) :]
        # What processes run on, the same in each run.
        self.stacks = stacks
        # Whether the log is to say where in the code each step is.
        self.wants_places = places
        self._log: Sequence[Any] = ()
        self._read = 0
        self.events: list[Seen] = []
        self._serials: dict[Any, tuple[str, int]] = {}
        self._sent: dict[str, int] = {}
        # By number of a step in the log: that of its event.
        self._place: list[int] = []
        # Who has been sent what ends him, and by which event.
        self._doomed: dict[str, int] = {}
        # Who is alive matters once somebody has been sent what ends him.
        self._special_kinds = SPECIAL - {"life"}
        self._era, self._now = 0, 0
        # The last step of a late clock: it made the timers due.
        self._tick: int | None = None
        self._ticking = False
        self._late = options.get("clock") == "late"
        # Who waits, and since which event.
        self._waiting: dict[str, int] = {}
        # Timers that were due when somebody else went on.
        self._due: dict[str, Seen] = {}
        self._lost: list[Seen] = []

    # Knows what time it is.
    env: Any

    def begin_log(self, log: Sequence[Any]) -> None:
        """The simulation keeps its log here."""
        self._log = log

    def choose(self, kind: str, options: Sequence[Any]) -> int:
        """Who goes on; for other questions what the table of answers says."""
        if kind == "step":
            processes: list[str] = []
            by_itself = False
            for option in options:
                operation = option.operation
                if operation in SILENT:
                    return len(processes)
                if operation in BY_ITSELF:
                    by_itself = True
                processes.append(option.process)
            if len(self._log) > self._read:
                self.read()
            if self.env.now != self._now:
                self._time_is(int(self.env.now))
            if by_itself:
                self._note_due(options)
            return self._walk.choose(len(self.events), processes)
        if kind == "signal":
            return 0
        return self._walk.answer(CLOCK if kind in ("timer", "late") else self._asker(), len(options))

    def _note_due(self, options: Sequence[Any]) -> None:
        """Some of the options are timers that are due, which may be lost if they are not chosen."""
        for option in options:
            if option.operation in BY_ITSELF:
                touches = tuple(Touch(*touch) for touch in option.touches if touch[0][0] != MAIL)
                self._due[option.process] = Seen(option, touches, self._made_due(option.process), self._era)

    def _asker(self) -> str:
        return str(self._log[-1].process) if self._log else CLOCK

    def read(self) -> None:
        """Take over what has been done since the last time."""
        log = self._log
        for at in range(self._read, len(log)):
            self._take(log[at])
        self._read = len(log)

    def lost(self) -> list[Seen]:
        """Timers that were due and never went off; what the killed were about to do who ended in a step of another."""
        cut = [self._cut_short(victim, at) for victim, at in self._doomed.items() if not self._ends_behind(victim, at)]
        return [*self._lost, *self._due.values(), *cut]

    def _ends_behind(self, victim: str, at: int) -> bool:
        """Whether there is an event of its own behind the signal: otherwise it has ended in a step of another."""
        return any(event.process == victim for event in self.events[at:])

    def _cut_short(self, victim: str, at: int) -> Seen:
        lost = Seen(TICK, (), None, self.events[at].era)
        lost.process, lost.until = victim, at
        return lost

    def _take(self, step: Any) -> None:
        operation, cause = step.operation, step.cause
        if operation == CLOCK:
            self._ticks(step)
            return
        if step.at != self._now:
            self._time_is(step.at)
        if operation == TIMER:
            cause = self._made_due(step.process)
            self._due.pop(step.process, None)
        elif cause is not None:
            # Who gives up could have taken a message instead, if there was one: that the two touch the same wait says
            # enough.
            of_timer = operation == "receive" and self._log[cause].operation == TIMER
            cause = None if of_timer else self._place[cause]
        touches: list[Touch] = [*step.touches]
        special = self._special_kinds
        for touch in touches:
            if touch[0][0] in special:
                touches = self._with_special(step, touches)
                break
        if self._late:
            self._of_late_clock(step, touches)
        if self._due and operation != TIMER:
            self._disarms(touches)
        events = self.events
        self._place.append(len(events))
        seen = Seen(step, touches, cause, self._era)
        if self.wants_places:
            seen.place = step.place
        events.append(seen)

    def _of_late_clock(self, step: Any, touches: list[Touch]) -> None:
        """What a step has to do with a clock that may go on at any time: that is added to its touches."""
        process = step.process
        if step.operation == "wait":
            # It has found nothing.
            touches.append(Touch((MAIL, process), TAKE, (None, step.args[0], 0)))
            self._waiting[process] = len(self.events)
        else:
            self._waiting.pop(process, None)
        if step.operation in TIMED or disarms(touches):
            touches.append(TIME_READ)
        if TIME_READ in touches:
            self._depends_on_time()

    def _made_due(self, timer: str) -> int | None:
        """The event without which `timer` could not go off: the clock's, or that its process has begun to wait."""
        begun = self._waiting.get(timer.removeprefix(TIMER_OF))
        return begun if begun is not None and (self._tick is None or begun > self._tick) else self._tick

    def _with_special(self, step: Any, given: Sequence[Touch]) -> list[Touch]:
        """The touches of a step, some of which are special."""
        touches: list[Touch] = []
        for touch in given:
            if touch[0][0] in SPECIAL:
                self._special(step, touch, touches)
            else:
                touches.append(touch)
        return touches

    def _special(self, step: Any, touch: Touch, touches: list[Touch]) -> None:
        """A touch of a mailbox, of an exit signal or of a life: as the search has it."""
        thing, mode, _ = touch
        kind = thing[0]
        if kind == MAIL:
            touches.append(self._mail(step.process, touch))
        elif kind == EXIT:
            if step.operation in SUSPENDING:
                # It stops its receiver as a deadly signal does, who may go on later.
                touches.append(touch)
            elif mode in SIGNALLED:
                touches.append(self._exit(thing, mode))
        elif mode == "r" and thing[1] in self._doomed and step.operation in self._killing:
            touches.append(Touch((EXIT, thing[1]), "d"))
        else:
            touches.append(touch)

    def _depends_on_time(self) -> None:
        """There may be no timer any more; until now the clock could have gone on."""
        if CLOCK in self._due:
            lost = Seen(TICK, CLOCKED, self._due[CLOCK].cause, self._era)
            lost.until = len(self.events)
            self._lost.append(lost)

    def _disarms(self, touches: list[Touch]) -> None:
        """What is done now may have disarmed timers that are due: they could have gone off until now, and not later."""
        for thing, mode, _ in touches:
            if mode == "w" and thing[0] in ("wait", "timer", "life"):
                name = thing[1] if thing[0] == "timer" else TIMER_OF + thing[1]
                lost = self._due.pop(name, None)
                if lost is not None:
                    lost.until = len(self.events)
                    self._lost.append(lost)

    def _ticks(self, step: Any) -> None:
        """The late clock goes on."""
        self._tick, self._ticking = len(self.events), True
        self._due.pop(CLOCK, None)
        self._place.append(self._tick)
        self.events.append(Seen(step, CLOCKED, None, self._era))

    def _time_is(self, now: int) -> None:
        """Time may have moved, of itself or by the clock's step."""
        if now == self._now:
            return
        self._now = now
        if self._ticking:
            self._ticking = False
        elif self._late:
            # Nobody could run, so that nobody was asked; it is the same step.
            self._tick = len(self.events)
            self._due.pop(CLOCK, None)
            self.events.append(Seen(TICK, CLOCKED, None, self._era))
        else:
            self._era += 1

    def _exit(self, thing: tuple[Any, ...], mode: str) -> Touch:
        """A signal that ends a process; who has such a signal already dies of that, whatever else comes."""
        if mode == "w" and thing[1] in self._doomed:
            return Touch(thing, "d")
        if mode == "w":
            self._doomed[thing[1]] = len(self.events)
            self._special_kinds = SPECIAL
        return Touch(thing, mode)

    def _mail(self, process: str, touch: Any) -> Touch:
        """The same with a serial number that does not depend on what others have sent."""
        thing, mode, detail = touch
        if mode == SEND or mode == "d":
            number = self._sent[process] = self._sent.get(process, 0) + 1
            self._serials[detail[0]] = name = (process, number)
            return Touch(thing, SEND, (name, detail[1]))
        if mode == TAKE and detail[0] is not None:
            serial, patterns, after = detail
            if self._late and after != "infinity":
                # It might have begun to wait, and so would not have been the first; who waits already has his timer.
                after = "waited" if process in self._waiting else 0
            return Touch(thing, mode, (self._serials.get(serial, serial), patterns, after))
        return Touch(thing, mode, detail)


class Simulated:
    """A test of simulations as a machine. `last` is what came of the last run."""

    def __init__(self, test: Callable[..., Any], options: dict[str, Any], places: bool = False) -> None:
        self.test = test
        self._places = places
        self._stacks = Stacks()
        self.options = {"trace": False, **options, "preempt": True}
        self.last: Run | None = None

    def run(self, walk: Walk) -> Sequence[Seen]:
        """One run, and its events."""
        guide = Guide(walk, self.options, self._places, self._stacks)
        recorder = Recorder(guide)
        sim = Simulation(chooser=recorder, **self.options)
        guide.env = sim.env
        try:
            try:
                outcome, failed = outcome_of(sim.run(self.test)), False
            except BaseException as wrong:
                refuse_verdict(wrong)
                outcome, failed = outcome_of(wrong), True
            schedule, asked = recorder.text, recorder.asked
            run_out(sim)
        finally:
            sim.close()
        guide.read()
        sim.discard()
        walk.lost = guide.lost()
        self.last = Run(sim.seed, schedule, outcome, failed, "", asked)
        return guide.events


def run_out(sim: Simulation) -> None:
    """Let the others go on for as long as they can without time."""
    try:
        sim.advance(0)
    except Exception as wrong:
        # The test is over; it is no failure of it that others run in circles.
        pass_on(wrong)
