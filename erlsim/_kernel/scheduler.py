"""The scheduler: the loop that lets one process run until it parks.

Only `drain` resumes coroutines. While it does, the world is `stepping`.

A round of the loop (`Scheduler._loop`) resumes one process once:

1. Take the process at the head of the run queue; a chooser may bring another to the head first.
2. Find the value to resume it with (`_scheduled_in`): handle the signals in its queue, then look for a message that
   matches what it waits for. If there is none, or if a signal has ended it, the round is over.
3. Resume its coroutine with the value. It runs until it awaits a trap (`traps`), which yields a request; or it ends.
4. Do what it asks for (`answer`). If that can be done at once, the next round goes on with the same process, at 3;
   else the process is parked, and whoever sends to it puts it in the run queue again.

Rounds end when nobody is runnable or the shell can go on (`stop`); then the clock lets the next thing happen. Each
round counts against the limit of steps in one instant.

That is all, and `_scheduled_in` and `answer` alone would do. Beside them stand short ways for what happens nearly
always. Nobody can tell them from the long way. What each saves was measured by taking it out; the figure is the
speed that is left then (1 is the speed with it; CPython 3.11, both in one run, medians of 60 pairs):

- A process waits in a receive, no `Signal` is in its queue, and the first message there matches: take it, without
  moving all of the queue to the mailbox first. Ping-pong 0.65, `gen_server.call` 0.80.
- A process asks to receive, and there is nothing in its mailbox or its queue: park it on the spot. Ping-pong 0.91.
- A process asks for any message, and its mailbox has one: go on with that, as a server with a backlog does, which
  finds a hundred messages each time it runs. Such a server 0.71.
- Outside of this file: `erlang.send`, traced or not, has `sending.put` inline, which may leave out the call and nothing
  else. Ping-pong 0.97. No other sender gains by it: in `_bifs/calls` it was within the noise.
- And `_bifs/calls` makes one step of the five BIFs that a call and its answer are. `gen_server.call` 0.51.

A world that is traced, or has a chooser, is `slow`: senders ask for that one bit and then go the long way, where what
they do is told to the trace, to the chooser and to the faults of tests. The loop asks for the tracer and the chooser,
which it knows from the beginning of `drain` on. Schedules are explored in worlds that have a chooser and nobody else
who watches (`CHOSEN`). Two short ways serve these: a call is one step there too, and a message that comes alone, to
who waits for it, does not go through the search of a mailbox (`arrivals.take_only_message`). Two clients of a server
0.75.
"""

from __future__ import annotations

from itertools import repeat
from operator import length_hint
from typing import Any

from erlsim._kernel.arrivals import handle_signals, handle_signals_but_late_ones, land_late, take_only_message
from erlsim._kernel.choice import Chooser
from erlsim._kernel.lifecycle import begin, begin_anew, bounce_next, crash, drop, finish, stop_waiting
from erlsim._kernel.mailbox import NOTHING, MatchError, matches_any
from erlsim._kernel.receiving import (
    ENDS,
    MAX_TIMEOUT,
    fail,
    fetch_rest,
    is_asleep,
    look,
    new_match,
    note_received,
    park_until,
    wait,
)
from erlsim._kernel.running import note_interrupt, thread
from erlsim._kernel.sending import send_unsent
from erlsim._kernel.signals import PLAIN, AliasMessage, Message
from erlsim._kernel.traps import OUTSIDE, TIMEOUT, UNDEAD, YIELD, Become, WaitFor
from erlsim._kernel.words import describe
from erlsim._kernel.world import CHOSEN, EMPTY, Process, World
from erlsim.errors import ErlsimError, Error, Livelock
from erlsim.terms import ATOMIC, copy

# The signals that are messages and nothing else.
MESSAGES = frozenset({Message, AliasMessage})
# So many times may processes yield before late signals land.
PATIENCE = 10
# A world is looked at so many times before it comes to the limit of steps. It is large if each step is for so few
# processes and messages; so often may it have as many steps as it has of these, in addition to the limit; and by so
# much may it grow meanwhile.
LOOKS, STEPS_EACH, EXTENSIONS, GROWTH = 8, 10, 8, 2


class Scheduler:
    """Runs the processes of a world; takes its place in the world's clock.

    More than `max_steps` rounds of the loop without time passing are a `Livelock`, unless there is that much to do: see
    `_more_steps`.
    """

    __slots__ = ("_extensions", "_instant", "_largest", "_limit", "_load", "_steps", "_stopped", "max_steps", "world")

    def __init__(self, world: World, max_steps: int) -> None:
        self.world = world
        self.max_steps = max_steps
        self._instant: Any = 0
        self._steps = 0
        # How far to go until the next look, the largest load that was seen in this instant, and that at the limit.
        self._limit = max_steps // LOOKS
        self._largest = self._load = self._extensions = 0
        self._stopped = False
        world.clock.run_ready = self.drain

    def drain(self) -> None:
        """Run processes until none is runnable, or until somebody stops it."""
        world = self.world
        if world.stepping:
            raise ErlsimError("a process cannot drive the simulation that it is in: await what it should wait for")
        self._note_instant()
        outer, thread.world = thread.world, world
        world.stepping = world.inside = True
        if world.slow:
            world.note_watchers()
        self._stopped = False
        try:
            if world.steps is None:
                self._loop(self._limit - self._steps)
            else:
                budget = self.max_steps - self._steps
                self._steps += budget - world.steps.loop(self, budget)
        except BaseException as exc:
            note_interrupt(world, exc)
            raise
        finally:
            world.stepping = world.inside = False
            world.current = world.shell
            thread.world = outer

    def stop(self) -> None:
        """Leave the loop as soon as the running process parks: the shell can go on."""
        self._stopped = True

    def count_step(self) -> None:
        """The shell goes on, which is a step as well."""
        if self.world.clock._now != self._instant:
            self._note_instant()
        self._steps += 1
        if self._steps > self._limit and not self._more_steps():
            raise Livelock(
                f"time stands still at {self.world.clock.now} ms: the shell {self.world.shell!r} goes on without a "
                f"pause for {self.max_steps} steps (max_steps_per_instant)"
            )

    def _note_instant(self) -> None:
        now = self.world.clock._now
        if now != self._instant:
            self._instant, self._steps = now, 0
            self._limit = self.max_steps // LOOKS
            self._largest = self._extensions = 0

    def _loop(self, budget: int) -> None:
        """The hot loop; every round resumes one process once."""
        world = self.world
        ready, tracer, chooser, now = world.ready, world.tracer, world.chooser, world.clock._now
        empty, nothing = EMPTY, NOTHING
        process: Process | None = None
        value: Any = None
        rounds = repeat(None, budget + 1)
        while True:
            for _ in rounds:
                if process is None:
                    if world.unsent is not None:
                        send_unsent(world)
                    if not ready or self._stopped:
                        break
                    if chooser is not None and len(ready) > 1:
                        self._choose(chooser)
                    process = ready.popleft()
                    patterns = process.patterns
                    # Predicates ask who receives.
                    world.current = process
                    try:
                        inq = process.inq
                        if (
                            patterns is None
                            or process.nsig
                            or process.suspended
                            or (patterns and inq and not matches_any(patterns, inq[0]))
                        ):
                            value = self._scheduled_in(process)
                        elif inq:
                            # The common case, inline: untouched by signals, in a receive, and something has come.
                            value = inq[0]
                            process.inq = empty
                            if len(inq) > 1:
                                fetch_rest(process, inq)
                            process.patterns = None
                            if process.timer is not None:
                                world.clock.disarm(process.timer)
                                process.timer = None
                        else:
                            # Its turn was for a signal that has been noted already (`sending.wake_for_note`).
                            process.parked = True
                            value = nothing
                    except MatchError as failure:
                        value = fail(process, failure.cause)
                    if value is nothing:
                        process = None
                        continue
                    if tracer is not None and patterns is not None and process.error is None:
                        # Mostly it is what was sent last, of which the trace knows whether it can change.
                        shown = value if value is world.sent or type(value) in ATOMIC else copy(value)
                        world.received = value
                        tracer((now, "receive", process.pid, shown))
                try:
                    # Who goes on with an error goes on with no value.
                    if value is not None or process.error is None:
                        request = process.code.send(value)
                    else:
                        request = self._throw(process)
                except StopIteration:
                    finish(process)
                    process = None
                    continue
                except BaseException as exc:
                    crash(process, exc)
                    process = None
                    continue
                if process.mailbox:
                    if not request and type(request) is tuple and tracer is None:
                        # Any message will do, and there is one: a busy server goes on at once.
                        process.mailbox.gone += 1
                        value = process.mailbox.popleft()
                        continue
                    value = self.answer(process, request)
                elif process.inq:
                    value = self.answer(process, request)
                elif type(request) is tuple:
                    process.patterns = request
                    process.parked = True
                    process = None
                    continue
                elif type(request) is list:
                    value = self._wait_at_most(process, request[0], request[1])
                else:
                    value = self.answer(process, request)
                if value is nothing:
                    process = None
            else:
                self._steps += budget + 1
                if not self._more_steps():
                    raise self._livelock(process)
                budget = self._limit - self._steps
                rounds = repeat(None, budget + 1)
                continue
            break
        # The round that has ended the loop is not one.
        self._steps += budget - length_hint(rounds)

    def _scheduled_in(self, process: Process) -> Any:
        """`process` is taken from the run queue: the value to resume it with, or `NOTHING` if it parks again."""
        if process.patterns and is_asleep(process):
            return self._disturbed(process)
        return self._taken_in(process)

    def _disturbed(self, process: Process) -> Any:
        """The same of a process that only lets time pass.

        It does not look at messages. On the BEAM they stay in the outer queue, which a signal of another kind empties.
        """
        box = process.mailbox
        seen, unseen = (len(box), box.unseen) if box else (0, 0)
        is_signal = any(type(each) not in PLAIN for each in process.inq) if process.nsig else not process.inq
        value = self._taken_in(process)
        if process.mailbox:
            process.mailbox.unseen = 0 if is_signal else unseen
            if not is_signal:
                process.mailbox.leave_unseen(len(process.mailbox) - seen)
        return value

    def _taken_in(self, process: Process) -> Any:
        """It handles its signals and looks for what it waits for."""
        seen = len(process.mailbox) if process.mailbox else 0
        if process.nsig:
            if self.world.slow == CHOSEN and process.patterns is not None and not seen:
                inq = process.inq
                if len(inq) == 1 and type(inq[0]) in MESSAGES and not process.suspended:
                    message = take_only_message(process, process.patterns)
                    if message is NOTHING:
                        process.parked = True
                    else:
                        stop_waiting(process)
                    return message
            if not process.alive:
                bounce_next(process)
            elif self.world.chooser is None:
                handle_signals(process)
            else:
                handle_signals_but_late_ones(process)
        if not process.alive:
            # Now, or before: somebody asked about it while it was in the run queue, and let a deadly signal arrive.
            return NOTHING
        if process.suspended:
            # Neither parked nor in the run queue: no message wakes it.
            return NOTHING
        if process.code is None:
            if process.rare is not None and process.waiting is not None:
                if not process.mailbox and not process.inq:
                    process.parked = True
                    return NOTHING
                process.waiting = None
            return begin(process)
        if process.patterns is None:
            if process.rare is not None and process.waiting is not None:
                process.parked = True
                return NOTHING
            value, process.value = process.value, None
            return value
        return new_match(process, process.patterns, seen)

    def answer(self, process: Process, request: Any) -> Any:
        """Act on what a running process asks for: the value to go on with, or `NOTHING` when it parks.

        Where the request is wrong there is an `error` to go on with in place of a value.
        """
        try:
            if type(request) is tuple:
                message = look(process, request)
                if message is ENDS:
                    return NOTHING
                if message is NOTHING:
                    if process.alive:
                        process.patterns = request
                        process.parked = True
                else:
                    note_received(process, message)
                return message
            if type(request) is list:
                return self._answer_timed(process, *request)
            if request is YIELD:
                return self._yield(process)
            if type(request) is WaitFor:
                return wait(process, request.event)
            if type(request) is Become:
                return begin_anew(process, request.body)
            if request is OUTSIDE:
                return NOTHING
            if request is UNDEAD:
                return drop(process)
            process.error = TypeError(
                f"awaited something that is not erlsim's: {request!r}; use erlsim.wait_for(event)"
            )
            return None
        except MatchError as failure:
            return fail(process, failure.cause)

    def _yield(self, process: Process) -> Any:
        """To the end of the run queue. Who yields until something has happened keeps that from running dry."""
        world = self.world
        process.value = True
        world.ready.append(process)
        if world.late:
            world.yields += 1
            if world.yields > PATIENCE:
                land_late(world)
        return NOTHING

    def _answer_timed(self, process: Process, patterns: tuple[Any, ...], after: Any) -> Any:
        message = look(process, patterns)
        if message is ENDS:
            return NOTHING
        if message is not NOTHING:
            note_received(process, message)
            return message
        return self._wait_at_most(process, patterns, after) if process.alive else NOTHING

    def _wait_at_most(self, process: Process, patterns: tuple[Any, ...], after: Any) -> Any:
        """Nothing has come yet: park, unless the timeout is over already or is none."""
        if type(after) is not int or not 0 < after <= MAX_TIMEOUT:
            if after == 0 and type(after) is int:
                return TIMEOUT
            process.error = Error("timeout_value")
            return None
        park_until(process, patterns, after)
        return NOTHING

    def _throw(self, process: Process) -> Any:
        error, process.error = process.error, None
        return process.code.throw(error)

    # ---- choices ----------------------------------------------------------------

    def _choose(self, chooser: Chooser) -> None:
        """Bring the process that the chooser wants to the head of the run queue, which holds several."""
        ready = self.world.ready
        index = chooser.choose("run", [p.pid for p in ready])
        if index:
            process = ready[index]
            del ready[index]
            ready.appendleft(process)

    def _more_steps(self) -> bool:
        """Whether the steps of this instant may be more than the limit, and if so, more of them.

        A million processes that begin at once, and a million messages in mailboxes, take more than a million steps, and
        come to an end. Whoever spins does so in a world that stays small, or that grows with every step.
        """
        load = sum(1 + len(each.mailbox or ()) + len(each.inq) for each in self.world.processes())
        self._largest = max(self._largest, load)
        if self._steps < self.max_steps:
            self._limit = min(self._steps + self.max_steps // LOOKS, self.max_steps)
            return True
        if not self._extensions:
            self._load = self._largest
        too_small = self._largest * STEPS_EACH <= self.max_steps
        if too_small or load > GROWTH * self._load or self._extensions == EXTENSIONS:
            return False
        self._extensions += 1
        self._limit = self._steps + self._largest
        return True

    def _livelock(self, process: Process | None) -> Livelock:
        """Too many steps in one instant: watch a little longer who it is, and say so."""
        spinning = [*([] if process is None else [process]), *self.world.ready]
        lines = [describe(each) for each in sorted(spinning, key=lambda each: each.pid.number)[:10]]
        return Livelock(
            f"time stands still at {self.world.clock.now} ms: {self.max_steps} steps without a pause "
            "(max_steps_per_instant); these spin:\n  " + "\n  ".join(lines)
        )
