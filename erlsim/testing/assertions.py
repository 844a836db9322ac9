"""Assertions on what happened: on the trace of a simulation, one read from a file, or any iterable of events.

`seen(kind, pid, *data)` describes events, in the patterns of `erlang.receive`: `...` matches anything, a
class its instances, a plain function is a predicate; data that is left out matches anything, and a name stands for
every pid that was ever registered under it. `var("x")` matches anything, and the same thing everywhere else in one
assertion. The kinds and their data are listed in `erlsim.trace.events`.

Each assertion returns the events that it found and raises an `AssertionError` that shows the nearest ones to what it
looked for. None holds because there was nothing to look at: without any event, with a name that nobody has borne, and
where something must hold of every cause and there is no cause, it fails and says so. `if_any=True` says that this is
meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import FunctionType
from typing import NamedTuple

from erlsim import hints
from erlsim.errors import ErlsimError
from erlsim.terms import Pid, Term, exact_eq, matches
from erlsim.terms.matching import ask_freely
from erlsim.trace import Event
from erlsim.trace.events import FIELDS, check_kind

Binding = dict[str, Term]

NEAREST = 3
# Data that are pids, whoever was meant by them: a name there stands for who bore it.
PIDS = ("child", "to", "sender", "by")


class var:
    """Something that must be the same wherever this name stands."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"var({self.name!r})"


class seen:
    """Events of `kind` (`...` for any) by or to `pid`, whose data begins with what matches `data`.

    `ErlsimError` for a kind that there is not, and for more data than it has.
    """

    def __init__(self, kind: Term = ..., pid: Term = ..., *data: Term) -> None:
        if isinstance(kind, str):
            check_kind(kind)
            fields = FIELDS[kind]
            if len(data) > len(fields):
                has = ", ".join(fields) or "no data"
                raise ErlsimError(f"events of kind {kind!r} have {has}; {len(data)} values cannot match: {data!r}")
        self.kind = kind
        self.pid = pid
        self.data = data

    def pattern(self) -> tuple[Term, ...]:
        """What `of` an event has to match."""
        return (self.kind, self.pid, *self.data)

    def of(self, event: Event) -> tuple[Term, ...]:
        """As much of an event as is asked for; data that it has not got has to match nothing."""
        missing: list[Term] = [None] * (len(self.data) - len(event.data))
        return (event.kind, event.pid, *event.data[: len(self.data)], *missing)

    def names(self) -> Iterator[str]:
        """The names in it that stand for pids."""
        if isinstance(self.pid, str):
            yield self.pid
        if isinstance(self.kind, str):
            for field, part in zip(FIELDS[self.kind], self.data, strict=False):
                # A timer may be sent to a name, and a child's supervisor knows it by any term.
                if isinstance(part, str) and field in PIDS and self.kind != "start_timer":
                    yield part

    def __repr__(self) -> str:
        return f"seen({', '.join(map(_shown, (self.kind, self.pid, *self.data)))})"


def _shown(part: Term) -> str:
    return part.__name__ if isinstance(part, type | FunctionType) else repr(part).replace("Ellipsis", "...")


class Found(NamedTuple):
    """Event number `at` and what it bound."""

    at: int
    event: Event
    binding: Binding


class Events:
    """The events that an assertion looks at, and who was called what in them."""

    def __init__(self, trace: Iterable[Event], if_any: bool = False) -> None:
        self.events = list(trace)
        if not self.events and not if_any:
            raise AssertionError(
                "there is not one event to look at: nothing happened, or nothing was recorded "
                "(Simulation(trace=True), explore(..., trace=True))"
            )
        self.if_any = if_any
        self.names: dict[Pid, list[str]] = {}
        for pid, _, name in getattr(trace, "present", ()):
            if name is not None:
                self.names.setdefault(pid, []).append(name)
        for event in self.events:
            if event.kind == "register":
                self.names.setdefault(event.pid, []).append(event.data[0])

    def check_names(self, *wanted: seen) -> None:
        """`AssertionError` for a name that nobody has borne: nothing can match it."""
        known = list(dict.fromkeys(name for names in self.names.values() for name in names))
        unknown = [(each, name) for each in wanted for name in each.names() if name not in known]
        if unknown and not self.if_any:
            each, name = unknown[0]
            raise AssertionError(
                f"{each}: nobody was called {name!r}; there were {', '.join(map(repr, known)) or 'no names'}"
                + hints.nearest(name, known)
            )

    def find(self, wanted: seen, start: int = 0, binding: Binding | None = None) -> Iterator[Found]:
        """The events that match, from number `start` on."""
        bound: Binding = {}
        pattern = self.matcher(wanted.pattern(), bound)
        for index in range(start, len(self.events)):
            bound.clear()
            bound.update(binding or {})
            if matches(pattern, wanted.of(self.events[index]), ask_freely):
                yield Found(index, self.events[index], dict(bound))

    def first(self, wanted: seen, start: int = 0, binding: Binding | None = None) -> Found | None:
        """The first event that matches."""
        return next(self.find(wanted, start, binding), None)

    def matcher(self, pattern: Term, bound: Binding) -> Term:
        """A pattern of `terms.matches`: variables, which are bound on the way, and names have become predicates."""
        if isinstance(pattern, var):
            return lambda term: exact_eq(bound.setdefault(pattern.name, term), term)
        if isinstance(pattern, str):
            return lambda term: (
                pattern in self.names.get(term, ()) if isinstance(term, Pid) else exact_eq(pattern, term)
            )
        if type(pattern) in (tuple, list):
            return type(pattern)(self.matcher(part, bound) for part in pattern)
        if isinstance(pattern, dict):
            return {name: self.matcher(part, bound) for name, part in pattern.items()}
        return pattern

    def nearest(self, wanted: seen, limit: int = NEAREST) -> str:
        """The events that have most in common with what is wanted, as lines."""
        scored = [(self._similarity(wanted, event), -index) for index, event in enumerate(self.events)]
        best = sorted(-index for score, index in sorted(scored, reverse=True)[:limit] if score > 0)
        if not best:
            return f"nothing of {len(self.events)} events is like it"
        return f"nearest of {len(self.events)} events:\n" + self.lines(best)

    def lines(self, indexes: Iterable[int]) -> str:
        """Some events, numbered."""
        return "\n".join(f"  #{index:<4} {self.events[index]}" for index in indexes)

    def _similarity(self, wanted: seen, event: Event) -> float:
        score = 0.0
        for number, (pattern, term) in enumerate(zip(wanted.pattern(), wanted.of(event), strict=True)):
            if pattern is not ...:
                score += self._part_similarity(pattern, term) * (2 if number == 0 else 1)
        return score

    def _part_similarity(self, pattern: Term, term: Term) -> float:
        if matches(self.matcher(pattern, {}), term, ask_freely):
            return 1.0
        if isinstance(pattern, tuple) and isinstance(term, tuple) and pattern:
            return sum(self._part_similarity(p, t) for p, t in zip(pattern, term, strict=False)) / (len(pattern) + 1)
        return 0.0


def happened(trace: Iterable[Event], *wanted: seen) -> list[Event]:
    """Each of `wanted` happened, in whatever order: the first events that match."""
    events = _events(trace, wanted)
    return [_first_of(events, each).event for each in wanted]


def happened_in_order(trace: Iterable[Event], *wanted: seen) -> list[Event]:
    """`wanted` happened one after the other, whatever happened between them; variables hold throughout."""
    events = _events(trace, wanted)
    found: list[Found] = []
    for each in wanted:
        start = found[-1].at + 1 if found else 0
        next_one = events.first(each, start, found[-1].binding if found else None)
        if next_one is None:
            after = f" after\n{events.lines([found[-1].at])}" if found else ""
            raise AssertionError(f"{each} did not happen{after}\n{events.nearest(each)}")
        found.append(next_one)
    return [each.event for each in found]


def happened_before(trace: Iterable[Event], one: seen, other: seen) -> tuple[Event, Event]:
    """The first `one` happened before the first `other`; both happened."""
    events = _events(trace, (one, other))
    first, second = _first_of(events, one), _first_of(events, other)
    if first.at >= second.at:
        raise AssertionError(f"{one} did not happen before {other}\n{events.lines([second.at, first.at])}")
    return first.event, second.event


def happened_after(trace: Iterable[Event], one: seen, other: seen) -> tuple[Event, Event]:
    """The first `one` happened after the first `other`; both happened."""
    later, earlier = reversed(happened_before(trace, other, one))
    return later, earlier


def never_happened(trace: Iterable[Event], wanted: seen, *, among: seen | None = None, if_any: bool = False) -> None:
    """Nothing like `wanted` happened.

    With `among` something like that did: `never_happened(trace, seen("exit", ..., "killed"), among=seen("exit"))` fails
    if nobody has ended at all.
    """
    events = _events(trace, (wanted,) if among is None else (wanted, among), if_any)
    if among is not None and not if_any:
        _first_of(events, among)
    _times(events, wanted, 0)


def happened_times(trace: Iterable[Event], wanted: seen, times: int) -> list[Event]:
    """`wanted` happened exactly `times` times."""
    if times < 0:
        raise ErlsimError(f"nothing happens {times} times")
    return _times(_events(trace, (wanted,)), wanted, times)


def happened_within(
    trace: Iterable[Event], cause: seen, effect: seen, ms: int, *, if_any: bool = False
) -> list[tuple[Event, Event]]:
    """Every `cause` was followed by an `effect` at most `ms` later; variables tie an effect to its cause.

    At least one cause must have happened, unless `if_any`. One effect may serve several causes: `answered` is stricter.
    """
    events = _events(trace, (cause, effect), if_any)
    if not if_any:
        _first_of(events, cause)
    return [_effect_of(events, found, effect, ms, set()) for found in events.find(cause)]


def answered(
    trace: Iterable[Event], request: seen, reply: seen, ms: int | None = None, *, if_any: bool = False
) -> list[tuple[Event, Event]]:
    """Every `request` had a `reply` of its own, at most `ms` later if that is given: the pairs.

    At least one request must have happened, unless `if_any`. Use `var` for what a reply has in common with its
    request, as the reference in both.
    """
    events = _events(trace, (request, reply), if_any)
    if not if_any:
        _first_of(events, request)
    used: set[int] = set()
    return [_effect_of(events, found, reply, ms, used) for found in events.find(request)]


def _events(trace: Iterable[Event], wanted: tuple[seen, ...], if_any: bool = False) -> Events:
    """What to look at, when something is asked for that can be there."""
    if not wanted:
        raise ErlsimError("say what should have happened: seen(kind, pid, *data)")
    events = Events(trace, if_any)
    events.check_names(*wanted)
    return events


def _first_of(events: Events, wanted: seen) -> Found:
    found = events.first(wanted)
    if found is None:
        raise AssertionError(f"{wanted} did not happen\n{events.nearest(wanted)}")
    return found


def _times(events: Events, wanted: seen, times: int) -> list[Event]:
    found = list(events.find(wanted))
    if len(found) != times:
        shown = events.lines(each.at for each in found[: 2 * NEAREST])
        more = f"\n  ... {len(found) - 2 * NEAREST} more" if len(found) > 2 * NEAREST else ""
        shown = shown or events.nearest(wanted)
        raise AssertionError(f"{wanted} happened {len(found)} times, not {times}\n{shown}{more}")
    return [each.event for each in found]


def _effect_of(events: Events, cause: Found, effect: seen, ms: int | None, used: set[int]) -> tuple[Event, Event]:
    """A cause and its effect, the first that is not one of `used` and comes in time."""
    limit = "" if ms is None else f" within {ms} ms"
    late: Found | None = None
    for found in events.find(effect, cause.at + 1, cause.binding):
        if found.at in used:
            continue
        if ms is None or found.event.time - cause.event.time <= ms:
            used.add(found.at)
            return cause.event, found.event
        late = found
        break
    bound = f" with {', '.join(f'{k} = {v!r}' for k, v in cause.binding.items())}" if cause.binding else ""
    near = f"it came later:\n{events.lines([late.at])}" if late else events.nearest(effect)
    raise AssertionError(f"{effect}{bound} did not follow{limit}\n{events.lines([cause.at])}\n{near}")
