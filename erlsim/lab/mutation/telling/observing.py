"""What can be seen of a run, in lines that two runs can be compared by.

Processes are called by their names, by their places under their supervisors or by what they run, never by pid: a
mutant that starts one process more would otherwise differ in all that comes after it. Each line has an instant
and a level: how much it says about behaviour. References, funs and stacks are left out: nobody decides by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from erlsim import ets, terms
from erlsim.simulation import Simulation
from erlsim.terms import Pid, Ref, Term, matchable
from erlsim.trace import Event, live
from erlsim.trace.events import SHELL, SYSTEM
from erlsim.trace.facts import call_label

# Who lives and dies, when and why; what the test is told, and what others could ask for; what is only kept: links,
# monitors, unread messages.
LIVES, ANSWERS, KEPT = range(1, 4)
WITNESSED = ("spawn", "exit", "register", "child", "label", "receive", "shell", "system")
LONGEST = 160
# Of a table with more rows only their number is looked at.
ROWS = 50


class Line(NamedTuple):
    """One thing that can be seen: the instant in ms, the level, the words."""

    time: int
    level: int
    text: str


class Witness:
    """Sees what happens in a simulation from now on; `ours` are processes that belong to the experiment."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.ours: dict[int, None] = {}
        self._events: list[Event] = []
        self._end = sim.observe(self._see)
        with sim:
            self._shells = {actor.pid.number: None for actor in live.look().actors.values() if actor.role == SHELL}

    def _see(self, event: Event) -> None:
        if event.kind in WITNESSED:
            self._events.append(event)

    def lines(self) -> list[Line]:
        """What was seen until now, and how things are now."""
        self._end()
        called = Names(self._events, self._shells, self.ours)
        happened = [line for event in self._events for line in _of_event(event, called)]
        with self.sim:
            return [*happened, *_of_now(self.sim.now, called)]

    def who(self) -> list[list[str]]:
        """Whom one may do something to: `["name", n]`, and `["child", supervisor, id]` for those without a name."""
        called = Names(self._events, self._shells, self.ours)
        named = [["name", name] for name in dict.fromkeys(called.registered.values())]
        children = [
            ["child", called.registered[supervisor], shown(id_, called)]
            for pid, (supervisor, id_) in called.places.items()
            if pid not in called.registered and supervisor in called.registered and not isinstance(id_, Pid)
        ]
        return named + [list(each) for each in dict.fromkeys(map(tuple, children))]


class Names:
    """What each process of a run is called."""

    def __init__(self, events: list[Event], shells: dict[int, None], ours: dict[int, None]) -> None:
        self.registered: dict[int, str] = {}
        self.places: dict[int, tuple[int, Term]] = {}
        self.ours = dict(ours)
        self._shells = dict(shells)
        self._born: dict[int, tuple[int, Term]] = {}
        self._system: dict[int, None] = {}
        self._labels: dict[int, Term] = {}
        for event in events:
            self._learn(event, event.pid.number)
        self._called: dict[int, str] = {}
        bearers: Counter[str] = Counter()
        for number in dict.fromkeys([*self._born, *self.registered, *self.places]):
            base = self.base(number)
            bearers[base] += 1
            self._called[number] = base if bearers[base] == 1 else f"{base} ({bearers[base]})"

    def _learn(self, event: Event, number: int) -> None:
        match event.kind, event.data:
            case "spawn", (child, call):
                self._born[child.number] = (number, call)
                if number in self.ours:
                    self.ours[child.number] = None
            case "register", (name, *_):
                self.registered.setdefault(number, str(name))
            case "child", (id_, Pid() as pid):
                self.places.setdefault(pid.number, (number, id_))
            case "label", (call, *_):
                self._labels.setdefault(number, call)
            case "shell", _:
                self._shells[number] = None
            case "system", _:
                self._system[number] = None

    def base(self, number: int) -> str:
        """What it is called among others of the same place."""
        if number in self._shells:
            return "the test"
        if number in self.registered:
            return self.registered[number]
        if number in self.places:
            supervisor, id_ = self.places[number]
            child = "a child" if isinstance(id_, Pid) else terms.format("~0tp", [id_])
            return f"{child} of {self.base(supervisor)}"
        if number in self._born:
            parent, call = self._born[number]
            label = self._labels.get(number, call)
            return f"{label if isinstance(label, str) else call_label(label)} of {self.base(parent)}"
        return "somebody"

    def __call__(self, pid: Pid) -> str:
        return self._called.get(pid.number) or self.base(pid.number)

    def counts(self, pid: Pid) -> bool:
        """Whether a process is part of what is looked at."""
        return pid.number not in self.ours and pid.number not in self._system

    def is_test(self, pid: Pid) -> bool:
        """Whether it is the shell."""
        return pid.number in self._shells


def _of_event(event: Event, called: Names) -> Iterator[Line]:
    if not called.counts(event.pid):
        return
    match event.kind, event.data:
        case "spawn", (child, _) if called.counts(child):
            yield Line(event.time, LIVES, f"{called(child)} starts")
        case "exit", (reason, *_):
            yield Line(event.time, LIVES, f"{called(event.pid)} ends: {shown(reason, called)}")
        case "receive", (message,) if called.is_test(event.pid):
            yield Line(event.time, ANSWERS, f"the test gets {shown(message, called)}")


def _of_now(now: int, called: Names) -> Iterator[Line]:
    facts = live.look()
    for number, overseer in facts.overseers.items():
        listed = ", ".join(
            f"{'' if isinstance(each.id, Pid) else shown(each.id, called) + ' '}{shown(each.state, called)}"
            for each in overseer.in_order()
        )
        if number in facts.actors:
            yield Line(now, ANSWERS, f"{called(facts.actors[number].pid)} lists [{listed}]")
    for actor in facts.actors.values():
        if called.counts(actor.pid) and actor.role not in (SHELL, SYSTEM):
            links = [each for each in actor.links.values() if called.counts(each)]
            has = f"{len(links)} links, {len(actor.monitors)} monitors, {len(actor.mailbox)} unread messages"
            yield Line(now, KEPT, f"{called(actor.pid)} has {has}")
    trackers = [facts.actors[each].name for each, of in facts.overseers.items() if of.kind == "gen_tracker"]
    for table in ets.all():
        level = KEPT if ets.info(table, "name") in trackers else ANSWERS
        size = ets.info(table, "size")
        rows = terms.sort(ets.tab2list(table)) if size <= ROWS else "..."
        yield Line(now, level, f"table {shown(ets.info(table, 'name'), called)} has {size} rows: {shown(rows, called)}")


def shown(term: Term, called: Callable[[Pid], str]) -> str:
    """A term on one line, with names for pids."""
    text = " ".join(terms.format("~0tp", [_plain(term, called)]).split()).replace("'<", "<").replace(">'", ">")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _plain(term: Term, called: Callable[[Pid], str]) -> Term:
    if isinstance(term, Pid):
        return f"<{called(term)}>"
    if isinstance(term, Ref):
        return "<ref>"
    match matchable(term):
        case (str() as module, str() as function, [*arguments]):
            # A call, in the reason of whoever has died of it: its arguments are its caller's affair.
            return f"<{module}:{function}/{len(arguments)}>"
    if isinstance(term, tuple):
        return tuple(_plain(each, called) for each in term)
    if isinstance(term, list):
        return "<stack>" if term and all(_is_frame(each) for each in term) else [_plain(each, called) for each in term]
    if isinstance(term, dict):
        return {_plain(key, called): _plain(value, called) for key, value in term.items()}
    if isinstance(term, BaseException):
        return f"<{type(term).__name__}: {term}>"
    return term if isinstance(term, str | int | float | bytes) else f"<{type(term).__name__}>"


def _is_frame(term: Term) -> bool:
    """Whether this is an entry of a stack: `(module, function, arity, [("file", _), ("line", _)])`."""
    match matchable(term):
        case (_, _, _, [*places]):
            known = ("file", "line", "error_info")
            return all(isinstance(each, tuple) and len(each) == 2 and each[0] in known for each in places)
    return False
