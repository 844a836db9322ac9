"""Assertions on what happened: on the trace of a simulation, one read from a file, or any iterable of events.

`seen(kind, pid, *data)` describes events, in the patterns of `erlang.receive`: `...` matches anything, a
class its instances, a plain function is a predicate; data that is left out matches anything, and a name stands for
every pid that was ever registered under it. `var("x")` matches anything, and the same thing everywhere else in one
assertion. The kinds and their data are listed in `erlsim.trace.events`.

Each assertion returns the events that it found and raises an `AssertionError` that shows the nearest ones to what it
looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import FunctionType
from typing import NamedTuple

from erlsim.terms import Pid, Term, exact_eq, matches
from erlsim.terms.matching import ask_freely
from erlsim.trace import Event

Binding = dict[str, Term]

NEAREST = 3


class var:
    """Something that must be the same wherever this name stands."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"var({self.name!r})"


class seen:
    """Events of `kind` (`...` for any) by or to `pid`, whose data begins with what matches `data`."""

    def __init__(self, kind: Term = ..., pid: Term = ..., *data: Term) -> None:
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

    def __repr__(self) -> str:
        return f"seen({', '.join(map(_shown, (self.kind, self.pid, *self.data)))})"


def _shown(part: Term) -> str:
    return part.__name__ if isinstance(part, type | FunctionType) else repr(part).replace("Ellipsis", "...")


class Found(NamedTuple):
    """Event number `at` and what it bound."""

    at: int
    event: Event
    binding: Binding


class _Story:
    """A trace to be asked about."""

    def __init__(self, trace: Iterable[Event]) -> None:
        self.events = list(trace)
        self.names: dict[Pid, list[str]] = {}
        for pid, _, name in getattr(trace, "present", ()):
            if name is not None:
                self.names.setdefault(pid, []).append(name)
        for event in self.events:
            if event.kind == "register":
                self.names.setdefault(event.pid, []).append(event.data[0])

    def find(self, wanted: seen, start: int = 0, binding: Binding | None = None) -> Iterator[Found]:
        """The events that match, from number `start` on."""
        bound: Binding = {}
        pattern = self.ready(wanted.pattern(), bound)
        for index in range(start, len(self.events)):
            bound.clear()
            bound.update(binding or {})
            if matches(pattern, wanted.of(self.events[index]), ask_freely):
                yield Found(index, self.events[index], dict(bound))

    def first(self, wanted: seen, start: int = 0, binding: Binding | None = None) -> Found | None:
        """The first event that matches."""
        return next(self.find(wanted, start, binding), None)

    def ready(self, pattern: Term, bound: Binding) -> Term:
        """A pattern of `terms.matches`: variables, which are bound on the way, and names have become predicates."""
        if isinstance(pattern, var):
            return lambda term: exact_eq(bound.setdefault(pattern.name, term), term)
        if isinstance(pattern, str):
            return lambda term: (
                pattern in self.names.get(term, ()) if isinstance(term, Pid) else exact_eq(pattern, term)
            )
        if type(pattern) in (tuple, list):
            return type(pattern)(self.ready(part, bound) for part in pattern)
        if isinstance(pattern, dict):
            return {name: self.ready(part, bound) for name, part in pattern.items()}
        return pattern

    def nearest(self, wanted: seen, limit: int = NEAREST) -> str:
        """The events that have most in common with what is wanted, as lines."""
        scored = [(self._likeness(wanted, event), -index) for index, event in enumerate(self.events)]
        best = sorted(-index for score, index in sorted(scored, reverse=True)[:limit] if score > 0)
        if not best:
            return f"nothing of {len(self.events)} events is like it"
        return f"nearest of {len(self.events)} events:\n" + self.lines(best)

    def lines(self, indexes: Iterable[int]) -> str:
        """Some events, numbered."""
        return "\n".join(f"  #{index:<4} {self.events[index]}" for index in indexes)

    def _likeness(self, wanted: seen, event: Event) -> float:
        score = 0.0
        for number, (pattern, term) in enumerate(zip(wanted.pattern(), wanted.of(event), strict=True)):
            if pattern is not ...:
                score += self._alike(pattern, term) * (2 if number == 0 else 1)
        return score

    def _alike(self, pattern: Term, term: Term) -> float:
        if matches(self.ready(pattern, {}), term, ask_freely):
            return 1.0
        if isinstance(pattern, tuple) and isinstance(term, tuple) and pattern:
            return sum(self._alike(p, t) for p, t in zip(pattern, term, strict=False)) / (len(pattern) + 1)
        return 0.0


def happened(trace: Iterable[Event], *wanted: seen) -> list[Event]:
    """Each of `wanted` happened, in whatever order: the first events that match."""
    story = _Story(trace)
    return [_must(story, each).event for each in wanted]


def happened_in_order(trace: Iterable[Event], *wanted: seen) -> list[Event]:
    """`wanted` happened one after the other, whatever happened between them; variables hold throughout."""
    story = _Story(trace)
    found: list[Found] = []
    for each in wanted:
        start = found[-1].at + 1 if found else 0
        here = story.first(each, start, found[-1].binding if found else None)
        if here is None:
            after = f" after\n{story.lines([found[-1].at])}" if found else ""
            raise AssertionError(f"{each} did not happen{after}\n{story.nearest(each)}")
        found.append(here)
    return [each.event for each in found]


def happened_before(trace: Iterable[Event], one: seen, other: seen) -> tuple[Event, Event]:
    """The first `one` happened before the first `other`; both happened."""
    story = _Story(trace)
    first, second = _must(story, one), _must(story, other)
    if first.at >= second.at:
        raise AssertionError(f"{one} did not happen before {other}\n{story.lines([second.at, first.at])}")
    return first.event, second.event


def happened_after(trace: Iterable[Event], one: seen, other: seen) -> tuple[Event, Event]:
    """The first `one` happened after the first `other`; both happened."""
    later, earlier = reversed(happened_before(trace, other, one))
    return later, earlier


def never_happened(trace: Iterable[Event], wanted: seen) -> None:
    """Nothing like `wanted` happened."""
    happened_times(trace, wanted, 0)


def happened_times(trace: Iterable[Event], wanted: seen, times: int) -> list[Event]:
    """`wanted` happened exactly `times` times."""
    story = _Story(trace)
    found = list(story.find(wanted))
    if len(found) != times:
        shown = story.lines(each.at for each in found[: 2 * NEAREST])
        more = f"\n  ... {len(found) - 2 * NEAREST} more" if len(found) > 2 * NEAREST else ""
        shown = shown or story.nearest(wanted)
        raise AssertionError(f"{wanted} happened {len(found)} times, not {times}\n{shown}{more}")
    return [each.event for each in found]


def happened_within(trace: Iterable[Event], cause: seen, effect: seen, ms: int) -> list[tuple[Event, Event]]:
    """Every `cause` was followed by an `effect` at most `ms` later; variables tie an effect to its cause.

    At least one cause must have happened. One effect may serve several causes: `answered` is stricter.
    """
    story = _Story(trace)
    _must(story, cause)
    return [_follow(story, found, effect, ms, set()) for found in story.find(cause)]


def answered(trace: Iterable[Event], request: seen, reply: seen, ms: int | None = None) -> list[tuple[Event, Event]]:
    """Every `request` had a `reply` of its own, at most `ms` later if that is given: the pairs.

    Use `var` for what a reply has in common with its request, as the reference in both.
    """
    story = _Story(trace)
    _must(story, request)
    taken: set[int] = set()
    return [_follow(story, found, reply, ms, taken) for found in story.find(request)]


def _must(story: _Story, wanted: seen) -> Found:
    found = story.first(wanted)
    if found is None:
        raise AssertionError(f"{wanted} did not happen\n{story.nearest(wanted)}")
    return found


def _follow(story: _Story, cause: Found, effect: seen, ms: int | None, taken: set[int]) -> tuple[Event, Event]:
    limit = "" if ms is None else f" within {ms} ms"
    late: Found | None = None
    for found in story.find(effect, cause.at + 1, cause.binding):
        if found.at in taken:
            continue
        if ms is None or found.event.time - cause.event.time <= ms:
            taken.add(found.at)
            return cause.event, found.event
        late = found
        break
    bound = f" with {', '.join(f'{k} = {v!r}' for k, v in cause.binding.items())}" if cause.binding else ""
    near = f"it came later:\n{story.lines([late.at])}" if late else story.nearest(effect)
    raise AssertionError(f"{effect}{bound} did not follow{limit}\n{story.lines([cause.at])}\n{near}")
