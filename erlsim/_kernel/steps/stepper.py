"""The scheduler's loop in a world with steps: who goes on is asked before every visible operation.

A process *stands* before what it will do next: an operation (its fiber has given way in the middle of it), a receive
that will find its message or give up, its first line, a part of its end. All that stand are options of a choice of kind
`"step"`, in the order of the run queue. Whoever ran last stands at its head, so that index 0 everywhere is the
order of a world without steps; who is ending goes before him.

Invariants: a process in the run queue has its next step in `stand.step`, or `None` if it has yet to be found out. What
a process does between two of its steps nobody else can notice. `events`, if somebody wants them, grows by one
with each step that is taken, before it is done.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextvars import copy_context
from types import FrameType
from typing import Any, Final

from erlsim._kernel.arrivals import handle_signals_but_late_ones
from erlsim._kernel.lifecycle import close_code, crash, end_monitors, finish, no_longer_alive
from erlsim._kernel.mailbox import NOTHING, MatchError, matches_any
from erlsim._kernel.receiving import fail
from erlsim._kernel.sending import send_unsent
from erlsim._kernel.signals import Message
from erlsim._kernel.steps.arriving import DEATH, brings, is_asked, is_deadly
from erlsim._kernel.steps.endings import DIE, EXIT, end_in_parts, touches_of_end
from erlsim._kernel.steps.fibers import Fiber, library
from erlsim._kernel.steps.records import Operation, Step, StepEvent, Touch
from erlsim._kernel.traps import STEP, TIMEOUT
from erlsim._kernel.world import Process, World

SHELL_NAME: Final = "P"
OURS: Final = ("erlsim._", "erlsim.ets", "erlsim.erlang", "erlsim.timer")


class Stand:
    """Where a process stands.

    `paused`: its code has given way where it could have gone on. `request` is the receive that it stands before,
    `patterns` and `after` those of its last receive; `ending` are the parts of its end that are left. `box` has the
    serial numbers of the messages in its mailbox.
    """

    __slots__ = (
        "after",
        "born",
        "box",
        "cause",
        "ending",
        "leaving",
        "name",
        "patterns",
        "paused",
        "request",
        "step",
        "tables",
    )

    def __init__(self, name: str, cause: int | None) -> None:
        self.name = name
        self.cause = cause
        self.born = 0
        self.tables = 0
        self.step: Step | None = None
        self.paused = False
        self.request: Any = None
        self.patterns: tuple[Any, ...] = ()
        self.after: Any = "infinity"
        self.ending: Any = None
        self.leaving: Callable[[], None] | None = None
        self.box: list[tuple[Any, int | None]] = []


def _touches_of_receive(steps: Steps, process: Process, patterns: tuple[Any, ...], after: Any) -> list[Touch]:
    serial = steps.serial_of_match(process, patterns)
    return [(("mailbox", process.stand.name), "r", (serial, patterns, after))]


def _touches_of_timeout(steps: Steps, process: Process, patterns: tuple[Any, ...], after: Any) -> list[Touch]:
    return [(("mailbox", process.stand.name), "r", (None, patterns, after))]


BEGIN: Final = Operation("begin")
RECEIVE: Final = Operation("receive", _touches_of_receive)
TIMED_OUT: Final = Operation("receive", _touches_of_timeout)
GO_ON: Final = Operation("go_on")
WAITED: Final = Operation("wait_for", lambda steps, process: [(("anything",), "w", None)])
ANSWER: Final = Operation("answer", lambda steps, process: [(("info", process.stand.name), "w", None)])
TIMER: Final = Operation("timer")


class Steps:
    """What a world with steps has, `world.steps`. `events` is the log, `None` if nobody wants it."""

    def __init__(self, world: World, events: list[StepEvent] | None) -> None:
        self.world = world
        self.events = events
        self.event: StepEvent | None = None
        self.names: dict[int, str] = {}
        self.tables: dict[int, str] = {}
        self.diversion: Callable[[Process, Any], bool] | None = None
        self._serial = 0
        self._orphans = 0
        self._arriving: Any = None
        self._last: Process | None = None
        self._library = library()
        # So that this thread has a context from now on, which its fibers can share.
        copy_context()
        for process in world.processes():
            self._name(process, SHELL_NAME if process.is_shell else process.name or repr(process.pid))
        world.steps = self
        world.seen = self.before
        world.slow = True
        self.diversion, world.diversion = world.diversion, self._divert

    # ---- names ------------------------------------------------------------------------

    def _name(self, process: Process, name: str) -> None:
        cause = None if self.events is None or not self.events else len(self.events) - 1
        process.stand = Stand(name, cause)
        self.names[process.pid.number] = name

    def born(self, process: Process, parent: Process | None) -> None:
        """`process` is new: a child of `parent`, or one that belongs to the world."""
        if parent is None:
            # A shell that goes on under a new pid, or a server of ours.
            self._orphans += 1
            self._name(process, f"{SHELL_NAME}{self._orphans}")
        else:
            parent.stand.born += 1
            self._name(process, f"{parent.stand.name}.{parent.stand.born}")

    def who(self, pid: Any) -> str:
        """The name by birth of the process that `pid` is or was of; `"?"` for what is none."""
        return self.names.get(getattr(pid, "number", -1), "?")

    def name_table(self, number: int, name: str | None) -> str:
        """What a table is called in the log: by its `name`, or by who has made it."""
        stand = self.world.current.stand
        stand.tables += 1
        self.tables[number] = label = f"{stand.name}#{stand.tables}" if name is None else name
        return label

    # ---- before an operation ------------------------------------------------------------

    def before(self, operation: Operation, args: tuple[Any, ...]) -> None:
        """The running code is about to do `operation`: others may go first."""
        world = self.world
        process = world.current
        if world.closing:
            return
        step = Step(self, process, process.stand.name, operation, args)
        if world.stepping:
            fiber = process.code
            if type(fiber) is not Fiber or not fiber.runs():
                self._note_aside(step)
                return
            if self.events is not None:
                self._note_place(step)
            if world.ready:
                process.stand.step = step
                process.stand.paused = True
                fiber.give_way()
        elif not world.moving:
            if self.events is not None:
                self._note_place(step)
            if world.ready:
                process.stand.step = step
                process.stand.paused = True
                self._last = process
                world.drive(STEP)
        else:
            self._note_aside(step)
            return
        process.stand.step = None
        self._open(step, process)

    def _note_aside(self, step: Step) -> None:
        """Something is done that is no step of its own: by a callback of the clock, in the middle of another step."""
        if self.events is not None and self.event is not None and self.world.stepping:
            if type(step._owner.code) is Fiber or step._owner.stand.ending is not None:
                self.event.touches += [touch for touch in step.touches if touch[0][0] != "mailbox"]
                return
        self._open(step, step._owner)

    def _note_place(self, step: Step) -> None:
        frame: FrameType | None = sys._getframe(3)
        first = None
        while frame is not None:
            module = frame.f_globals.get("__name__", "")
            if not module.startswith(OURS):
                first = first or frame
                if not module.startswith("erlsim."):
                    first = frame
                    break
            frame = frame.f_back
        if first is not None:
            step.code, step.lasti = first.f_code, first.f_lasti

    def _open(self, step: Step, process: Process) -> None:
        """`step` is done now."""
        world = self.world
        if world.tracer is not None and step._operation.note is not None:
            row = step._operation.note(process, *step.args)
            if row is not None:
                world.note(row[0], process.pid, *row[1:])
        if self.events is None:
            return
        stand = process.stand
        cause, stand.cause = stand.cause, None
        self.event = event = StepEvent(step, int(world.clock._now), cause)
        # What is sent is noted when it is put into a queue.
        event.touches += [
            touch for touch in step._operation.touches(self, process, *step.args) if touch[0][0] != "mailbox"
        ]
        self.events.append(event)

    def touch(self, *touches: Touch) -> None:
        """What is done now touches something more."""
        if self.event is not None:
            self.event.touches += touches

    # ---- signals --------------------------------------------------------------------------

    def _divert(self, process: Process, signal: Any) -> bool:
        """`signal` is sent to `process`: note what it will do there."""
        if self.event is not None and process.alive and process.stand is not None:
            self._serial += 1
            signal.serial = self._serial
            self.event.touches += self.touches_of_signal(process, signal, self._serial)
        return self.diversion is not None and self.diversion(process, signal)

    def touches_of_signal(self, process: Process, signal: Any, serial: int | None) -> list[Touch]:
        """What `signal` touches at its receiver."""
        name = process.stand.name
        brought = brings(process, signal)
        touches: list[Touch] = []
        if brought is DEATH:
            touches.append((("exit", name), "w", None))
        elif brought is not NOTHING:
            touches.append((("mailbox", name), "s", (serial, brought)))
            touches.append((("exit", name), "s", None))
        if hasattr(signal, "reason"):
            touches.append((("trap", name), "r", None))
        return touches

    def mail(self, process: Process, message: Any) -> list[Touch]:
        """What a message to `process` would touch."""
        return self.touches_of_signal(process, Message(None, message), None)

    def arriving(self, signal: Any) -> None:
        """`signal` is being handled."""
        self._arriving = signal

    def arrived(self, process: Process, message: Any) -> None:
        """`message` is in the mailbox of `process` now."""
        if self.events is not None:
            process.stand.box.append((message, getattr(self._arriving, "serial", None)))

    def taken(self, process: Process, message: Any) -> int | None:
        """`message` has left the mailbox: its serial number."""
        box = process.stand.box
        for index, (there, _) in enumerate(box):
            if there is message:
                serial: int | None = box.pop(index)[1]
                return serial
        return None

    def flushed(self, process: Process, message: Any) -> None:
        """The running process has thrown `message` away."""
        if self.events is not None:
            serial = self.taken(process, message)
            self.touch((("mailbox", process.stand.name), "r", (serial, (message,), 0)))

    def serial_of_match(self, process: Process, patterns: tuple[Any, ...]) -> int | None:
        """The serial number of the message that a receive would take."""
        try:
            number: int | None
            for message, number in process.stand.box:
                if matches_any(patterns, message):
                    return number
            for signal in process.inq:
                brought = brings(process, signal)
                if brought is not NOTHING and brought is not DEATH and matches_any(patterns, brought):
                    number = getattr(signal, "serial", None)
                    return number
        except MatchError:
            # That shows when the receive is done.
            return None
        return None

    # ---- births and ends ------------------------------------------------------------------

    def fiber(self, body: Callable[[], Any]) -> Fiber:
        """`body` as code that can give way."""
        return Fiber(body, self._library)

    def stand_before_end(self, process: Process, reason: Any, leaving: Callable[[], None]) -> None:
        """The code of `process` is at its end; `leaving` will end it with `reason`."""
        stand = process.stand
        stand.step = Step(self, process, stand.name, EXIT, (reason,))
        stand.leaving = leaving
        self.world.ready.appendleft(process)

    def terminate(self, process: Process, reason: Any, by: Process | None) -> None:
        """`process` is alive no longer; the other parts of its end are steps of their own."""
        world, stand = self.world, process.stand
        if self.event is not None:
            self.event.touches += touches_of_end(self, process)
        ready = world.ready
        no_longer_alive(process, reason, by)
        world.registry.remove(process)
        if process.monitors:
            end_monitors(process, process.monitors)
        world.table.pop(process.pid.number)
        if process in ready:
            ready.remove(process)
        stand.request = stand.leaving = None
        stand.ending = end_in_parts(process, reason)
        self._next_part(process, stand)
        close_code(process)

    def _next_part(self, process: Process, stand: Stand) -> None:
        """Do the part of its end that `process` stands before, up to the next."""
        for operation, args in stand.ending:
            stand.step = Step(self, process, stand.name, operation, args)
            self.world.ready.appendleft(process)
            return
        stand.ending = stand.step = None

    # ---- requests ---------------------------------------------------------------------------

    def answer(self, scheduler: Any, process: Process, request: Any) -> Any:
        """As the scheduler's `answer`; who asks for what can be done at once stands before it, if others can run."""
        if request is STEP:
            self.world.ready.appendleft(process)
            return NOTHING
        kind = type(request)
        self._last = process
        if kind is tuple or kind is list:
            patterns, after = (request, "infinity") if kind is tuple else request
            stand = process.stand
            stand.patterns, stand.after = patterns, after
            if (after == 0 and type(after) is int) or is_deadly(process) or self._finds(process, patterns):
                stand.request = request
                stand.step = Step(self, process, stand.name, RECEIVE, (patterns, after))
                if not self.world.ready:
                    return self._receive(scheduler, process, stand)
                stand.paused = True
                self.world.ready.appendleft(process)
                return NOTHING
        return scheduler.answer(process, request)

    def _receive(self, scheduler: Any, process: Process, stand: Stand) -> Any:
        """The receive that `process` stands before is done."""
        request, step, stand.request, stand.step = stand.request, stand.step, None, None
        assert step is not None
        self._open(step, process)
        value = scheduler.answer(process, request)
        self._received(process, value)
        return value

    def _received(self, process: Process, value: Any) -> None:
        """The receive that has just been opened has come to `value`."""
        if self.event is None:
            return
        if value is NOTHING or process.error is not None:
            return
        stand = process.stand
        serial = None if value is TIMEOUT else self.taken(process, value)
        self.event.touches.append((("mailbox", stand.name), "r", (serial, stand.patterns, stand.after)))

    def _finds(self, process: Process, patterns: tuple[Any, ...]) -> bool:
        try:
            if any(matches_any(patterns, message) for message in process.mailbox or ()):
                return True
            return self._finds_new(process, patterns)
        except MatchError:
            return True

    def _finds_new(self, process: Process, patterns: tuple[Any, ...]) -> bool:
        for signal in process.inq:
            brought = brings(process, signal)
            if brought is DEATH or (brought is not NOTHING and matches_any(patterns, brought)):
                return True
        return False

    # ---- who goes on ------------------------------------------------------------------------

    def next_step(self, process: Process) -> Step | None:
        """What a process in the run queue does when its turn comes; `None` if nothing that anybody notices."""
        stand = process.stand
        step: Step | None = stand.step
        if step is not None and (not process.nsig or not process.alive or (stand.paused and process is self._last)):
            # Who goes on without a pause does not look at his signals.
            return step
        if not process.nsig:
            pass
        elif is_deadly(process):
            return Step(self, process, stand.name, DIE, ())
        elif is_asked(process):
            return Step(self, process, stand.name, ANSWER, ())
        elif step is not None:
            return step
        operation, args = self._woken(process, stand)
        if operation is None:
            return None
        stand.step = step = Step(self, process, stand.name, operation, args)
        return step

    def _woken(self, process: Process, stand: Stand) -> tuple[Operation | None, tuple[Any, ...]]:
        """What a process goes on with that has been parked, or is new."""
        if process.suspended:
            return None, ()
        if process.code is None:
            hibernates = process.waiting is not None and not process.mailbox and not process.inq
            return (None if hibernates else BEGIN), ()
        if process.patterns is not None:
            try:
                found = self._finds_new(process, process.patterns)
            except MatchError:
                found = True
            return (RECEIVE, (stand.patterns, stand.after)) if found else (None, ())
        if process.waiting is not None:
            return None, ()
        if process.value is TIMEOUT:
            return TIMED_OUT, (stand.patterns, stand.after)
        return (GO_ON if process.value is True and process.error is None else WAITED), ()

    def _choose(self) -> Process:
        """Take the process that is to go on out of the run queue."""
        ready = self.world.ready
        if len(ready) > 1:
            options: list[Step] = []
            for process in ready:
                step = self.next_step(process)
                if step is not None:
                    options.append(step)
                elif not options:
                    # At the head: it has its turn, in which nothing happens.
                    return ready.popleft()
            index = 0
            if len(options) > 1:
                assert self.world.chooser is not None
                index = self.world.chooser.choose("step", options)
            chosen: Process = options[index]._owner
            if chosen is not ready[0]:
                ready.remove(chosen)
                return chosen
        return ready.popleft()

    # ---- the loop ---------------------------------------------------------------------------

    def loop(self, scheduler: Any, budget: int) -> int:
        """As the scheduler's loop, with a choice before each step: how many rounds are left of `budget`."""
        world = self.world
        for left in range(budget, -1, -1):
            if world.unsent is not None and (self._last is None or self._last.stand.step is None):
                send_unsent(world)
            if not world.ready or scheduler._stopped:
                return left
            process = self._choose()
            if world.unsent is not None and process is not self._last:
                send_unsent(world)
            self._turn(scheduler, process)
            self._last = process
        scheduler._livelock(None)
        return 0

    def _turn(self, scheduler: Any, process: Process) -> None:
        """`process` does the step that it stands before, and all that follows up to the next one."""
        stand = process.stand
        step = self.next_step(process)
        self.world.current = process
        if stand.ending is not None:
            assert step is not None
            self._open(step, process)
            self._next_part(process, stand)
            return
        if step is not None and (step._operation is DIE or step._operation is ANSWER):
            self._open(step, process)
        try:
            value = self._begin_turn(scheduler, process, stand)
        except MatchError as failure:
            value = fail(process, failure.cause)
        while value is not NOTHING:
            try:
                if process.error is None:
                    request = process.code.send(value)
                else:
                    request = scheduler._throw(process)
            except StopIteration:
                finish(process)
                return
            except BaseException as exc:
                crash(process, exc)
                return
            value = self.answer(scheduler, process, request)

    def _begin_turn(self, scheduler: Any, process: Process, stand: Stand) -> Any:
        """`process` takes its signals in and does what it stands before: the value for its code, or `NOTHING`."""
        if stand.leaving is not None:
            self._leave(process, stand)
            return NOTHING
        receives = process.patterns is not None
        paused, stand.paused = stand.paused, False
        if paused and process is self._last:
            value, process.value = process.value, None
        else:
            value = scheduler._scheduled_in(process)
        if value is NOTHING:
            return NOTHING
        if stand.request is not None:
            return self._receive(scheduler, process, stand)
        if receives:
            self._opened_at_once(RECEIVE, process, stand)
            self._received(process, value)
            if process.error is None:
                self.world.note("receive", process.pid, value)
            return value
        step, stand.step = stand.step, None
        if step is not None:
            if step._operation not in _OF_THE_LOOP:
                # An operation: it is opened where its code goes on.
                stand.step = step
            else:
                self._open(step, process)
                if value is TIMEOUT:
                    self._received(process, value)
        return value

    def _leave(self, process: Process, stand: Stand) -> None:
        """The code of `process` has ended and now it does, unless a signal is faster."""
        if process.nsig and process is not self._last:
            handle_signals_but_late_ones(process)
        if process.alive and stand.leaving is not None:
            leaving, stand.leaving, step, stand.step = stand.leaving, None, stand.step, None
            assert step is not None
            self._open(step, process)
            leaving()

    def _opened_at_once(self, operation: Operation, process: Process, stand: Stand) -> None:
        stand.step = None
        self._open(Step(self, process, stand.name, operation, (stand.patterns, stand.after)), process)

    # ---- timers -----------------------------------------------------------------------------

    def timer_fires(self, target: Process) -> None:
        """A timer of `target` is due and does now what it does."""
        if self.events is not None:
            self._open(Step(self, target, f"timer of {target.stand.name}", TIMER, ()), target)


_OF_THE_LOOP: Final = (BEGIN, RECEIVE, TIMED_OUT, GO_ON, WAITED)
