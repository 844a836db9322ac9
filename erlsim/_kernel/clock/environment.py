"""The one clock: simpy's `Environment`, in integer milliseconds, with timers that can be cancelled.

simpy has no cancelled events, so a cancelled timer would stay in the heap and drag the clock to an
instant at which nothing happens. Here a cancelled timer is skipped without moving time, swept when
too many lie about, and never even enters the heap if it is cancelled in the instant that armed it,
which is the life of nearly every call's timeout.

Order within one instant: timers first, then processes, then ordinary simpy events. All timers of
an instant fire before any process runs, so that a `receive ... after` which is due beats a message
that arrives in the same millisecond, as on the BEAM. This file alone imports simpy.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import count
from operator import itemgetter
from typing import Any

import simpy

from erlsim._kernel.choice import Chooser
from erlsim._kernel.clock.timers import MessageTimer, Timer

TIMER_PRIORITY = -1
WAKE_PRIORITY = 0
# A timer that a chooser makes late fires after the processes of its instant have run.
LATE_PRIORITY = 0.5
SWEEP_FROM = 512
INFINITY = float("inf")

SimpyEvent = simpy.Event
_order = itemgetter(0, 1, 2)


class Clock(simpy.Environment):
    """simpy's Environment plus cancellable timers, and the run queue as one more thing that happens."""

    # Lets the processes in the run queue run: `scheduler.Scheduler` puts it here.
    run_ready: Callable[[], None]
    # Hears of whatever happens past the limit, before it does: `words.Watch` puts it here.
    past_limit: Callable[[list[Any]], None]

    def __init__(self, ready: object, chooser: Chooser | None) -> None:
        # What `simpy.Environment` sets, without its search for classes to bind, which a subclass has none of.
        self._now = 0
        self._queue = []
        self._eid = count()
        self._active_proc = None
        self._ready = ready
        self._chooser = chooser
        # Timers that were armed since the run queue was last empty, and do not lie in the heap yet.
        self._fresh: list[Timer] = []
        self._fresh_limit = SWEEP_FROM
        self._dead = 0
        # Takes the timers that are due, where what fires first is chosen among all that can happen.
        self._take: Callable[[Timer], None] | None = None
        # So long may time go on, and the instant until which it may: see `may_take`.
        self.is_limited = False
        self._max_time = INFINITY
        self._limit = INFINITY

    def arm(self, timer: Timer) -> None:
        """Let `timer` fire at its due time; until the run queue is empty it is only noted down."""
        fresh = self._fresh
        fresh.append(timer)
        if len(fresh) > self._fresh_limit:
            fresh[:] = [t for t in fresh if t.live]
            self._fresh_limit = max(SWEEP_FROM, 2 * len(fresh))

    def disarm(self, timer: Timer) -> None:
        """Cancel `timer`; one that lies in the heap is swept later."""
        if not timer.live:
            return
        timer.live = False
        timer.target = None
        if timer.in_heap:
            self._dead += 1
            if self._dead > SWEEP_FROM and self._dead * 2 > len(self._queue):
                self._sweep()

    def _release(self) -> None:
        """The processes have run: put the timers that are still wanted into the heap."""
        queue: Any = self._queue
        now, number = self._now, self._eid
        for timer in self._fresh:
            if timer.live:
                timer.in_heap = True
                due = timer.due
                # One that is due in the instant that arms it lets those run first who can run already.
                heappush(queue, (due, TIMER_PRIORITY if due > now else LATE_PRIORITY, next(number), timer))
        self._fresh.clear()

    def armed(self) -> list[MessageTimer]:
        """The timers that will send a message, in the order in which they are due."""
        queue: Any = self._queue
        timers = [*(entry[3] for entry in sorted(queue, key=_order)), *self._fresh]
        return sorted((t for t in timers if isinstance(t, MessageTimer) and t.live), key=lambda timer: timer.due)

    def soon(self, callback: Callable[[Any], None]) -> None:
        """Call `callback` in this very instant, when the run queue has run dry."""
        event = SimpyEvent(self)
        event._ok = True
        event._value = None
        event.callbacks = [callback]
        self.schedule(event, WAKE_PRIORITY)  # type: ignore[arg-type]

    def peek(self) -> Any:
        """The time of the next thing that will happen, `inf` when there is none."""
        if self._ready:
            return self._now
        self._update_heap()
        queue = self._queue
        return queue[0][0] if queue else INFINITY

    def step(self) -> None:
        """Let the next thing happen: the timers of an instant are one such thing, and after them the run queue is."""
        if self._ready and not self._timer_is_due():
            self.run_ready()
            return
        self._update_heap()
        if self._chooser is not None and self._take is None:
            self._consult(self._chooser)
        queue: Any = self._queue
        if queue and queue[0][0] > self._limit:
            self.past_limit([event for due, _, _, event in sorted(queue, key=_order) if due == queue[0][0]])
        if queue and isinstance(queue[0][3], Timer):
            if self._take is None:
                self._fire(queue)
            else:
                self.go_to_next_timer()
                self.run_ready()
        else:
            super().step()

    def _fire(self, queue: Any) -> None:
        """The timer at the head of the heap is due, and with it those of its instant: nothing can come between them.

        simpy's own step would do as well, but wants a list of callbacks of each.
        """
        now = self._now = queue[0][0]
        while True:
            timer = heappop(queue)[3]
            timer.live = False
            timer.action(timer)
            if self._dead:
                self._drop_dead()
            if not queue or self._chooser is not None:
                return
            due, priority, _, event = queue[0]
            if due != now or priority != TIMER_PRIORITY or not isinstance(event, Timer):
                return

    def dissolve(self) -> None:
        """Know no more of the world than what time it is: nothing will happen any more."""
        self._queue.clear()
        self._fresh.clear()
        self._ready = ()
        self._chooser = self._take = None
        for name in ("run_ready", "past_limit"):
            vars(self).pop(name, None)

    # ---- where timers are chosen ----------------------------------------------------

    def let_choose(self, take: Callable[[Timer], None], waiting: object) -> None:
        """Give timers to `take` when their instant has come; `waiting` is all that happens before time goes on."""
        self._take = take
        self._ready = waiting

    def next_timer(self) -> Timer | None:
        """The timer that is what happens next but for what can happen now."""
        self._update_heap()
        queue: Any = self._queue
        return queue[0][3] if queue and isinstance(queue[0][3], Timer) else None

    def go_to_next_timer(self) -> None:
        """Go on to the instant of the next timer: it is due now, and all others of that instant."""
        queue: Any = self._queue
        assert self._take is not None
        instant = queue[0][:2]
        self._now = max(self._now, instant[0])
        while queue and queue[0][:2] == instant and isinstance(queue[0][3], Timer):
            timer = heappop(queue)[3]
            timer.in_heap = False
            if timer.live:
                self._take(timer)
            else:
                self._dead -= 1

    def _update_heap(self) -> None:
        """Bring the heap up to date: what happens next is at its head then."""
        if self._fresh:
            self._release()
        if self._dead:
            self._drop_dead()

    def _timer_is_due(self) -> bool:
        if self._dead:
            self._drop_dead()
        queue: Any = self._queue
        return bool(queue) and queue[0][0] <= self._now and queue[0][1] < WAKE_PRIORITY

    def move_to(self, time: Any) -> None:
        """Let time pass to an instant before which nothing is left to happen."""
        self._now = time

    def limit_to(self, max_time: float) -> None:
        """Let time go on for so many ms."""
        self.is_limited = True
        self._max_time = max_time
        self.count_anew()

    def may_take(self, until: float) -> bool:
        """Somebody outside of all processes waits until then: whether that alone is longer than time may go on.

        It is meant then, and so the limit lies as far behind it; `count_anew` when it is over.
        """
        is_meant = until - self._now > self._max_time
        if is_meant:
            self._limit = until + self._max_time
        return is_meant

    def count_anew(self) -> None:
        """Let time go on from now as long as it may."""
        self._limit = self._now + self._max_time

    def _drop_dead(self) -> None:
        queue: Any = self._queue
        while queue and isinstance(queue[0][3], Timer) and not queue[0][3].live:
            heappop(queue)
            self._dead -= 1

    def _sweep(self) -> None:
        queue: Any = self._queue
        queue[:] = [entry for entry in queue if not isinstance(entry[3], Timer) or entry[3].live]
        heapify(queue)
        self._dead = 0

    def _consult(self, chooser: Chooser) -> None:
        """Several timers are due now: let the chooser say which fires first, and which of them late."""
        queue: Any = self._queue
        if not queue or not isinstance(queue[0][3], Timer) or queue[0][1] != TIMER_PRIORITY:
            return
        due = queue[0][0]
        rivals = sorted(e for e in queue if e[:2] == (due, TIMER_PRIORITY) and e[3].live)
        if len(rivals) < 2:
            return
        chosen = rivals[chooser.choose("timer", [entry[3].target for entry in rivals])]
        late = chooser.choose("late", [False, True])
        if late or chosen is not queue[0]:
            queue.remove(chosen)
            rank = (LATE_PRIORITY, chosen[2]) if late else (TIMER_PRIORITY, queue[0][2] - 0.5)
            queue.append((due, *rank, chosen[3]))
            heapify(queue)
            # What had its place before the late one may have been cancelled.
            self._drop_dead()
