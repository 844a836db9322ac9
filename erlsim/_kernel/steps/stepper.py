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

from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from itertools import takewhile
from typing import Any, Final

from erlsim._kernel.arrivals import handle_signals_but_late_ones
from erlsim._kernel.clock import MessageTimer, Timer
from erlsim._kernel.lifecycle import close_code, crash, end_monitors, finish, no_longer_alive
from erlsim._kernel.mailbox import NOTHING, MatchError, matches_any
from erlsim._kernel.receiving import fail, note_received
from erlsim._kernel.signals import AliasMessage, ExitSignal, Message, NoLink
from erlsim._kernel.steps.arriving import DEATH, brings, is_asked, is_deadly
from erlsim._kernel.steps.channels import SET_OUT, Channels
from erlsim._kernel.steps.endings import (
    DIE,
    EXIT,
    end_in_parts,
    hear_before_unlink,
    touches_of_end,
)
from erlsim._kernel.steps.fibers import Fiber, Stacks
from erlsim._kernel.steps.records import Operation, Step, Touch, note, note_place
from erlsim._kernel.steps.stands import (
    ANSWER,
    BEGIN,
    CLOCK,
    GO_ON,
    OF_THE_LOOP,
    RECEIVE,
    TIMED_OUT,
    TIMER,
    WAIT,
    WAITED,
    Stand,
    is_timed,
    touches_of_giving_up,
)
from erlsim._kernel.traps import STEP, TIMEOUT
from erlsim._kernel.world import Process, World
from erlsim.terms import Pid

SHELL_NAME: Final = "P"
# So many steps may one process take before the scheduler looks at its limits.
MOST_IN_A_ROW: Final = 1000


class _Waiting:
    """What can happen before time goes on: it is true as long as there is something, as the run queue is."""

    def __init__(self, ready: deque[Process], steps: Steps) -> None:
        self._ready = ready
        self._steps = steps

    def __bool__(self) -> bool:
        return bool(self._ready or self._steps.due or self._steps.channels)


class Steps:
    """What a world with steps has, `world.steps`. `events` is the log, `None` if nobody wants it.

    The log says where in the code each step is, if `places` are wanted. With a `late_clock` time may go on to the next
    timer though processes can run. With `transit` each signal between two processes is on its way until it is chosen to
    arrive; those of one to another keep their order. `stacks` are what processes run on, if there are some already.
    """

    def __init__(
        self,
        world: World,
        events: list[Step] | None,
        late_clock: bool,
        transit: bool,
        places: bool,
        stacks: Stacks | None,
    ) -> None:
        self.world = world
        self.events = events
        self.event: Step | None = None
        self.names: dict[int, str] = {}
        self.tables: dict[int, str] = {}
        self.diversion: Callable[[Process, Any], bool] | None = None
        self.places = events is not None and places
        # The timers that are due, as steps; what is on its way, by the names of who has sent it and whom to.
        self.due: list[Step] = []
        self.channels = Channels(self)
        self.transit = transit
        self.late_clock = late_clock
        self.timers: dict[int, str] = {}
        # By the number of an alias: the thing that it is, active or not, `("alias", owner, which of his)`.
        self.aliases: dict[int, tuple[str, str, int]] = {}
        # The numbers of those who trapped exits when they ended.
        self.died_trapping: set[int] = set()
        self._chosen: Process | Step | None = None
        self._failure: BaseException | None = None
        self._in_a_row = 0
        self._firing: Step | None = None
        self._clock_step = self._new_clock_step()
        self._serial = 0
        self._orphans = 0
        self._arriving: Any = None
        self._last: Process | None = None
        self._stacks = Stacks() if stacks is None else stacks
        # So that this thread has a context from now on, which its fibers can share.
        copy_context()
        for process in world.processes():
            self._name(process, process.name or SHELL_NAME)
        world.steps = self
        world.seen = self.before
        self.diversion, world.diversion = world.diversion, self._divert
        world.note_watchers()
        world.clock.let_choose(self.timer_is_due, _Waiting(world.ready, self))

    def dissolve(self) -> None:
        """Know nothing of the steps any more, each of which knows this."""
        self.events = self.event = self.diversion = self._chosen = self._firing = self._last = self._failure = None
        self.due.clear()
        del self.channels, self._clock_step

    # ---- names ------------------------------------------------------------------------

    def _name(self, process: Process, name: str) -> None:
        process.stand = Stand(name, self.last_number())
        self.names[process.pid.number] = name

    def last_number(self) -> int | None:
        """The number of the last step in the log."""
        return len(self.events) - 1 if self.events else None

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
        return self.names.get(pid.number, "?") if isinstance(pid, Pid) else "?"

    def name_table(self, number: int, name: str | None) -> str:
        """What a table is called in the log: by its `name`, or by who has made it."""
        stand = self.world.current.stand
        stand.tables += 1
        self.tables[number] = label = f"{stand.name}#{stand.tables}" if name is None else name
        return label

    def name_alias(self, number: int) -> None:
        """The running process has made an alias whose reference has this number."""
        stand = self.world.current.stand
        stand.aliases += 1
        self.aliases[number] = ("alias", stand.name, stand.aliases)

    # ---- before an operation ------------------------------------------------------------

    def before(self, operation: Operation, args: tuple[Any, ...]) -> None:
        """The running code is about to do `operation`: others may go first."""
        world = self.world
        process = world.current
        if world.closing:
            return
        step = Step(process, process.stand.name, operation, args)
        if world.stepping:
            fiber = process.code
            if type(fiber) is not Fiber or not fiber.runs():
                self._note_aside(step)
                return
        elif world.moving:
            self._note_aside(step)
            return
        if self.places:
            note_place(step, 2)
        if world.ready or self.due or self.channels or self.late_clock:
            self._stand(process, step)
        self.open(step, process)

    def _stand(self, process: Process, step: Step) -> None:
        """`process` stands before `step`: it goes on when it is chosen, at once perhaps."""
        stand = process.stand
        stand.step = step
        stand.paused = True
        self._last = process
        self._put_first(process)
        if self._in_a_row < MOST_IN_A_ROW:
            self._in_a_row += 1
            try:
                self._chosen = self._choose()
            except BaseException as failure:
                _keep(self, failure)
        if self._chosen is not process:
            if self.world.stepping:
                process.code.give_way()
            else:
                self.world.drive(STEP)
        self._chosen = None
        stand.step = None
        stand.paused = False

    def _put_first(self, process: Process) -> None:
        """`process` is at the head of the run queue, but for who is ending: so its end goes on at once."""
        ready = self.world.ready
        if not ready or ready[0].stand.ending is None:
            ready.appendleft(process)
            return
        endings = list(takewhile(lambda each: each.stand.ending is not None, ready))
        ready.insert(len(endings), process)

    def others_can_go(self) -> bool:
        """Whether anything else than a process in the run queue can go on."""
        return bool(self.due or self.channels or self.late_clock)

    def _note_aside(self, step: Step) -> None:
        """Something is done that is no step of its own: by a callback of the clock, in the middle of another step."""
        if self.events is not None and self.event is not None and self.world.stepping:
            if type(step._owner.code) is Fiber or step._owner.stand.ending is not None:
                self.touch(*(touch for touch in step.touches if touch[1] != "s"))
                return
        self.open(step, step._owner)

    def open(self, step: Step, process: Process) -> None:
        """`step` is done now."""
        world, events, kind = self.world, self.events, step._kind
        if world.tracer is not None and kind.note is not None:
            note(world, kind, step.args)
        if events is None or kind is BEGIN or kind is GO_ON:
            return
        step.at = int(world.clock._now)
        if kind not in SET_OUT:
            stand = process.stand
            step.cause, stand.cause = stand.cause, None
        if kind in _KNOWN_LATER:
            step._made = []
        else:
            # What is sent is noted when it is put into a queue.
            step._made = [touch for touch in kind.touches(self, process, *step.args) if touch[1] != "s"]
        self.event = step
        events.append(step)

    def touch(self, *touches: Touch) -> None:
        """What is done now touches something more."""
        if self.event is not None and self.event._made is not None:
            self.event._made += touches

    def finds_dead(self, process: Process) -> None:
        """Something would have gone to `process` if it were alive."""
        self.touch((("life", process.stand.name), "r", None))

    # ---- signals --------------------------------------------------------------------------

    def _divert(self, process: Process, signal: Any) -> bool:
        """`signal` is sent to `process`: note what it will do there, or that it sets out."""
        if self.is_diverted(process, signal) or self.channels.put_off(process, signal):
            return True
        self.note_signal(process, signal)
        return False

    def is_diverted(self, process: Process, signal: Any) -> bool:
        """Whether a test loses `signal`, or makes it late."""
        return self.diversion is not None and self.diversion(process, signal)

    def note_signal(self, process: Process, signal: Any) -> None:
        """`signal` is put into the queue of `process` now."""
        if self.events is not None and self.event is not None:
            self._serial += 1
            signal.serial = self._serial
            self.touch(*self.touches_of_arrival(process, signal, self._serial))

    def way(self, process: Process, pid: Any, mode: str = "r") -> list[Touch]:
        """What a link, a monitor or a question of `process` touches that comes behind what is on its way."""
        if not self.transit or (mode == "r" and getattr(pid, "home", None) is None):
            return []
        return [(("way", process.stand.name, self.who(pid)), mode, None)]

    def touches_of_signal(self, process: Process, signal: Any, serial: int | None) -> list[Touch]:
        """What it touches at its receiver that `signal` is sent: nothing if it is on its way for a while."""
        if self.transit and signal.sender is not None and signal.sender is not process:
            return []
        return self.touches_of_arrival(process, signal, serial)

    def touches_of_arrival(self, process: Process, signal: Any, serial: int | None) -> list[Touch]:
        """What `signal` touches at its receiver when it is there."""
        name = process.stand.name
        touches: list[Touch] = []
        if not process.alive:
            return touches
        brought = brings(process, signal)
        if brought is DEATH:
            touches.append((("exit", name), "w", None))
        elif brought is not NOTHING:
            touches.append((("mailbox", name), "s", (serial, brought)))
        kind = type(signal)
        if kind is AliasMessage and brought is NOTHING:
            # It comes too late, and could have come before.
            touches.append((("mailbox", name), "d", (None, signal.term)))
        if kind is ExitSignal or kind is NoLink:
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

    def flushed(self, process: Process, message: Any, is_told: bool) -> None:
        """The running process has thrown `message` away; `is_told`: it is told whether there was one."""
        if self.events is not None:
            serial = self.taken(process, message)
            if is_told:
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
        return Fiber(body, self._stacks)

    def stand_before_end(self, process: Process, reason: Any, leaving: Callable[[], None]) -> None:
        """The code of `process` is at its end; `leaving` will end it with `reason`."""
        stand = process.stand
        stand.step = Step(process, stand.name, EXIT, (reason,))
        stand.leaving = leaving
        stand.paused = True
        self._put_first(process)

    def terminate(self, process: Process, reason: Any, by: Process | None) -> None:
        """`process` is alive no longer; the other parts of its end are steps of their own."""
        world, stand = self.world, process.stand
        if self.event is not None:
            self.touch(*touches_of_end(self, process, reason))
            if self.event._owner is not process:
                # Who has asked it has made it handle what ends it.
                stand.cause = self.last_number()
        if process.trap_exit:
            self.died_trapping.add(process.pid.number)
        ready = world.ready
        no_longer_alive(process, reason, by)
        world.names_of(process.pid).remove(process)
        if process.monitors:
            stand.watching = tuple(process.monitors.values())
            end_monitors(process, process.monitors)
        world.table.pop(process.pid.number)
        if process in ready:
            ready.remove(process)
        stand.request = stand.leaving = None
        told = process.links or process.monitored_by or stand.heard or stand.former
        if process.rare is None and not (told or process.inq):
            # It owns nothing and nobody is to hear of it: that was all.
            stand.step = None
        else:
            stand.ending = end_in_parts(process, reason)
            self._next_part(process, stand)
        close_code(process)

    def _next_part(self, process: Process, stand: Stand) -> None:
        """Do the part of its end that `process` stands before, up to the next."""
        for operation, args in stand.ending:
            stand.step = Step(process, stand.name, operation, args)
            self.world.ready.appendleft(process)
            return
        stand.ending = stand.step = None

    def hears_of_end(self, process: Process, signal: ExitSignal | NoLink) -> None:
        """A linked process has ended, which does not end `process`: its own end goes through that link nevertheless.

        So it has as many parts as it would have if it had come first.
        """
        if process.links and signal.sender.pid.number in process.links:
            process.stand.heard.append(signal.sender)

    def unlinks(self, process: Process, peer: Process) -> None:
        """`process` is about to unlink itself from `peer`: the end of either goes to the other nevertheless."""
        process.stand.heard.append(peer)
        peer.stand.heard.append(process)
        if not peer.alive and process.trap_exit:
            hear_before_unlink(process, peer)

    # ---- requests ---------------------------------------------------------------------------

    def answer(self, scheduler: Any, process: Process, request: Any) -> Any:
        """As the scheduler's `answer`; who asks for what can be done at once stands before it, if others can run."""
        if request is STEP:
            return NOTHING
        kind = type(request)
        self._last = process
        if kind is not tuple and kind is not list:
            return scheduler.answer(process, request)
        patterns, after = (request, "infinity") if kind is tuple else request
        stand = process.stand
        stand.patterns, stand.after = patterns, after
        waits = not ((after == 0 and type(after) is int) or is_deadly(process) or self._finds(process, patterns))
        if waits and not (self.late_clock and is_timed(after)):
            return scheduler.answer(process, request)
        stand.request = request
        stand.step = Step(process, stand.name, WAIT if waits else RECEIVE, (patterns, after))
        if not self.world.ready and not self.others_can_go():
            return self._receive(scheduler, process, stand)
        stand.paused = True
        self._put_first(process)
        return NOTHING

    def _receive(self, scheduler: Any, process: Process, stand: Stand) -> Any:
        """The receive that `process` stands before is done."""
        request, step, stand.request, stand.step = stand.request, stand.step, None, None
        assert step is not None
        if is_deadly(process):
            step = Step(process, stand.name, DIE, ())
        elif step._kind is WAIT and self._finds(process, stand.patterns):
            # It has come meanwhile.
            step._kind, step.operation = RECEIVE, RECEIVE.name
        self.open(step, process)
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
        self.touch((("mailbox", stand.name), "r", (serial, stand.patterns, stand.after)))
        if stand.after != 0 and stand.after != "infinity":
            self.touch((("wait", stand.name), "w", None))

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
            return Step(process, stand.name, DIE, ())
        elif is_asked(process):
            return Step(process, stand.name, ANSWER, ())
        elif step is not None:
            return step
        operation, args = self._woken(process, stand)
        if operation is None:
            return None
        stand.step = step = Step(process, stand.name, operation, args)
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

    def _choose(self) -> Process | Step | None:
        """Who goes on: a process, which is taken out of the run queue, or a step of nobody's code, or nobody."""
        if self.due or self.channels or self.late_clock:
            return self._choose_beside_others()
        ready = self.world.ready
        if len(ready) == 1:
            return ready.popleft()
        options: list[Step] = []
        for each in ready:
            step = each.stand.step
            if step is None or each.nsig:
                step = self.next_step(each)
            if step is not None:
                options.append(step)
            elif not options:
                # The first has its turn, in which nothing happens.
                return ready.popleft()
        index = 0
        if len(options) > 1:
            assert self.world.chooser is not None
            index = self.world.chooser.choose("step", options)
        process: Process = options[index]._owner
        if ready[0] is process:
            ready.popleft()
        else:
            ready.remove(process)
        return process

    def _choose_beside_others(self) -> Process | Step | None:
        """The same where something else than a process in the run queue can go on, too."""
        ready = self.world.ready
        options = self._outside()
        outside = len(options)
        transit = self.transit and outside
        for each in ready:
            step = each.stand.step
            if step is None or each.nsig:
                step = self.next_step(each)
            if step is not None:
                if transit and step.operation in ASKING and self._has_to_wait(each, step):
                    continue
                options.append(step)
            elif each is ready[0] and not outside:
                # It has its turn, in which nothing happens.
                return ready.popleft()
        if self.channels.unheard and options:
            self._put_before_unheard(options, outside)
        if self.late_clock and self.world.clock.next_timer() is not None:
            options.append(self._clock_step)
        if not options:
            return ready.popleft() if ready else None
        index = 0
        if len(options) > 1:
            assert self.world.chooser is not None
            index = self.world.chooser.choose("step", options)
        chosen = options[index]
        if chosen._kind in OF_NOBODY:
            return chosen
        process: Process = chosen._owner
        if ready[0] is process:
            ready.popleft()
        else:
            ready.remove(process)
        return process

    def _has_to_wait(self, process: Process, step: Step) -> bool:
        """Whether a question of `process` would come behind what is on its way to whom it asks."""
        # Also if that is dead: what is on its way to the dead is answered, too.
        return bool(step.args) and f"{process.stand.name}->{self.who(step.args[0])}" in self.channels

    def _put_before_unheard(self, options: list[Step], outside: int) -> None:
        """Who runs on hears of the dead that he watches only when he has let others run."""
        ready, last = self.world.ready, self._last
        if ready and ready[0] is last and last.stand.paused and self.channels.unheard_by(last):
            options.insert(0, options.pop(outside))

    def _outside(self) -> list[Step]:
        """The steps of nobody's code that can be done: signals that arrive, timers that are due."""
        self.due = [step for step in self.due if step.args[0].live]
        return [*self.channels.first(), *self.due]

    # ---- the loop ---------------------------------------------------------------------------

    def loop(self, scheduler: Any, budget: int) -> int:
        """As the scheduler's loop, with a choice before each step: how many rounds are left of `budget`."""
        world = self.world
        left = budget
        while left >= 0:
            if self._failure is not None:
                failure, self._failure = self._failure, None
                raise failure
            chosen, self._chosen = self._chosen, None
            if chosen is None:
                if scheduler._stopped or not (world.ready or self.due or self.channels):
                    return left
                chosen = self._choose()
            if chosen is None:
                continue
            left -= 1 + self._in_a_row
            self._in_a_row = 0
            if isinstance(chosen, Step):
                self._do_outside(chosen)
                continue
            self._turn(scheduler, chosen)
            self._last = chosen
        raise scheduler._livelock(None)

    def _do_outside(self, step: Step) -> None:
        """A step of nobody's code is done."""
        self._last = None
        self.world.current = self.world.shell
        if step is self._clock_step:
            self.open(step, step._owner)
            self._clock_step = self._new_clock_step()
            self.world.clock.go_to_next_timer()
        elif step._kind in SET_OUT:
            self.channels.arrive(step)
        else:
            self.due.remove(step)
            timer = step.args[0]
            if timer.live:
                timer.live = False
                self._firing = step
                timer.action(timer)

    def _turn(self, scheduler: Any, process: Process) -> None:
        """`process` does the step that it stands before, and all that follows up to the next one."""
        stand = process.stand
        step = stand.step
        if step is None or process.nsig:
            step = self.next_step(process)
        self.world.current = process
        if stand.ending is not None:
            assert step is not None
            self.open(step, process)
            self._next_part(process, stand)
            return
        if step is not None and (step._kind is DIE or step._kind is ANSWER):
            self.open(step, process)
            if stand.paused and step._kind is ANSWER:
                # It has answered; what it stood before is another step.
                handle_signals_but_late_ones(process)
                if process.alive:
                    self._put_first(process)
                return
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
                note_received(process, value)
            return value
        step, stand.step = stand.step, None
        if step is not None:
            if step._kind not in OF_THE_LOOP:
                # An operation: it is opened where its code goes on.
                stand.step = step
            else:
                self.open(step, process)
                if value is TIMEOUT:
                    self._received(process, value)
        return value

    def _leave(self, process: Process, stand: Stand) -> None:
        """The code of `process` has ended and now it does, unless a signal is faster."""
        if process.nsig and (process is not self._last or process.suspended):
            handle_signals_but_late_ones(process)
        # Who is suspended was to die of a signal; if that is late he stays where he is.
        if process.alive and stand.leaving is not None and not process.suspended:
            leaving, stand.leaving, step, stand.step = stand.leaving, None, stand.step, None
            assert step is not None
            self.open(step, process)
            leaving()

    def _opened_at_once(self, operation: Operation, process: Process, stand: Stand) -> None:
        stand.step = None
        self.open(Step(process, stand.name, operation, (stand.patterns, stand.after)), process)

    # ---- timers -----------------------------------------------------------------------------

    def timer_is_due(self, timer: Timer) -> None:
        """The instant of `timer` has come: it fires when it is chosen, before time goes on."""
        self.due.append(Step(self.world.shell, self._name_of_timer(timer), TIMER, (timer,)))

    def _name_of_timer(self, timer: Timer) -> str:
        if isinstance(timer, MessageTimer):
            return self.timers.get(timer.ref.number, "timer")
        return f"timer of {timer.target.stand.name}" if isinstance(timer.target, Process) else "timer"

    def timer_started(self, number: int) -> None:
        """The running process has started the timer whose reference has this number."""
        stand = self.world.current.stand
        stand.timers += 1
        self.timers[number] = f"timer of {stand.name} #{stand.timers}"

    def timer_fires(self, waiter: Process | None = None, name: tuple[Any, ...] | None = None) -> None:
        """A timer does now what it does: it ends the receive of `waiter`, or sends something, to a `name` perhaps."""
        if self.events is None or self._firing is None:
            return
        step, self._firing = self._firing, None
        step._made = []
        step.at = int(self.world.clock._now)
        self.event = step
        self.events.append(step)
        self.touch((("timer", step.process), "w", None))
        if name is not None:
            self.touch((name, "r", None))
        if waiter is not None:
            self.touch(*touches_of_giving_up(waiter))
            waiter.stand.cause = self.last_number()

    def _new_clock_step(self) -> Step:
        return Step(self.world.shell, "clock", CLOCK, ())


def _keep(steps: Steps, failure: BaseException) -> None:
    """A chooser has failed: that is raised where no process's code can catch it."""
    steps._failure = failure


# Steps of nobody's code.
# Questions, which are answered by whom they ask.
ASKING: Final = frozenset(("erlang:is_process_alive", "erlang:process_info"))
OF_NOBODY: Final = SET_OUT | {TIMER, CLOCK}
_KNOWN_LATER: Final = frozenset((RECEIVE, TIMED_OUT, EXIT, DIE))
