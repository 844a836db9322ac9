"""The timeouts of a state machine: which are running, which are due at once. Mirrors the timers of `gen_statem`.

There is at most one timeout of each type: `"timeout"`, `"state_timeout"`, or `("timeout", name)` for any name.
A timeout of 0 ms never starts a timer: it is an event that waits behind those already there.
"""

from __future__ import annotations

from erlsim import erlang
from erlsim.otp.shared import is_timeout
from erlsim.terms import Ref, Term, exact_eq, key, matchable, sort_key

Wanted = tuple[Term, Term, Term, list[Term]]
"""A timeout that an action asks for: type, time (ms, infinity or update), content, options of the timer."""

ABSOLUTE = [("abs", True)]
RELATIVE = [("abs", False)]


def is_type(term: Term) -> bool:
    """Whether `term` is the type of a timeout."""
    if type(term) is tuple:
        return len(term) == 2 and type(term[0]) is str and term[0] == "timeout"
    return type(term) is str and term in ("timeout", "state_timeout")


def wanted(action: Term) -> Wanted | None:
    """The timeout that an action asks for, or `None` if it is no action of this kind."""
    match matchable(action):
        case (what, time, content, options) if type(action) is tuple and is_type(what):
            options = options if type(options) is list else [options]
            if options == ABSOLUTE and (type(time) is int or time == "infinity"):
                return what, time, content, options
            if options in (RELATIVE, []) and is_timeout(time):
                return what, time, content, []
        case (what, time, content) if type(action) is tuple and is_type(what):
            if is_timeout(time) or (type(time) is str and time == "update"):
                return what, time, content, []
        case (what, "cancel") if type(action) is tuple and is_type(what):
            return what, "infinity", "undefined", []
        case _ if is_timeout(action):
            return "timeout", action, action, []
    return None


class Timeouts:
    """What runs. `table` has type, timer (a `Ref`, or 0) and content under each type; `zero` the types due at once."""

    __slots__ = ("table", "zero")

    def __init__(self) -> None:
        self.table: dict[Term, tuple[Term, Ref | int, Term]] = {}
        self.zero: list[Term] = []

    def fired(self, timer: Term, what: Term) -> tuple[Term, Term] | None:
        """The event of a timer's message, unless the timer is not one of these."""
        entry = self.table.get(key(what))
        if entry is None or type(timer) is not Ref or entry[1] != timer:
            return None
        del self.table[key(what)]
        return what, entry[2]

    def due(self) -> tuple[Term, Term] | None:
        """The event of the next timeout of 0 ms, which is no longer waiting then."""
        if not self.zero:
            return None
        what = self.zero.pop(0)
        return what, self.table.pop(key(what))[2]

    async def cancel(self, what: Term) -> None:
        """Let a timeout not happen, if there is one."""
        entry = self.table.pop(key(what), None)
        if entry is not None:
            await self._stop(what, entry[1])

    async def start_all(self, asked: list[Wanted]) -> list[Wanted]:
        """Start what one transition asks for: those that were started, the last first.

        Of several of one type the last counts.
        """
        seen: set[Term] = set()
        zero: list[Term] = []
        started = []
        for each in reversed(asked):
            what, time, content, _ = each
            if key(what) in seen:
                continue
            seen.add(key(what))
            if type(time) is str and time == "infinity":
                await self.cancel(what)
            elif type(time) is str:
                self._update(what, content, zero)
            else:
                await self._start(each, zero)
                started.append(each)
        self.zero += reversed(zero)
        return started

    def listed(self) -> tuple[int, list[tuple[Term, Term]]]:
        """How many timeouts run, and their types and contents, in falling order of type."""
        entries = sorted(self.table.values(), key=lambda entry: sort_key(entry[0]), reverse=True)
        return len(entries), [(what, content) for what, _, content in entries]

    def _update(self, what: Term, content: Term, zero: list[Term]) -> None:
        """Change the content of what runs; what does not run is due at once."""
        entry = self.table.get(key(what))
        if entry is None:
            zero.append(what)
        self.table[key(what)] = (what, 0 if entry is None else entry[1], content)

    async def _start(self, asked: Wanted, zero: list[Term]) -> None:
        what, time, content, options = asked
        before = self.table.get(key(what))
        timer: Ref | int = 0
        if time == 0:
            zero.append(what)
        else:
            timer = erlang.start_timer(time, erlang.self(), what, options)
        if before is not None:
            await self._stop(what, before[1])
            if before[1] == 0:
                # As in OTP, a timer that replaces a timeout of 0 ms is not kept: its message is a plain one.
                timer = 0
        self.table[key(what)] = (what, timer, content)

    async def _stop(self, what: Term, timer: Ref | int) -> None:
        if type(timer) is Ref:
            if erlang.cancel_timer(timer) is False:
                # It has fired: its message is there, or about to be.
                await erlang.receive(("timeout", timer, ...))
            return
        place = next((index for index, other in enumerate(self.zero) if exact_eq(other, what)), None)
        if place is not None:
            del self.zero[place]
