"""What a supervisor remembers: OTP's `#state{}`, with containers that make every step cheap.

Mirrors the state record of OTP's supervisor and the functions that reach into its children. The record
is a tuple with OTP's fields in OTP's places; `children`, `dynamics` and `restarts` are live containers
that are changed in place, so that starting, losing and stopping a child takes constant time however many
there are. `__term__` gives what OTP would hold there; it is what `sys.get_state` and reports show.

Invariants: `Children` is in start order, every id once; its index by pid names exactly the children
that have a pid. Nothing here talks to a process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from erlsim import supervision, terms
from erlsim.otp.supervisor.spec import FLAG_DEFAULTS, Child, is_restarting
from erlsim.terms import Pid, Term

# What a BEAM lets a process do before others get their turn, and what a try to restart costs there, which goes through
# all restarts that count: measured on OTP 25.
REDUCTIONS_A_TURN = 4000
REDUCTIONS_A_TRY = 75
REDUCTIONS_A_RESTART = 3.5


class Children:
    """The children of a supervisor that is not simple_one_for_one, in start order, by id and by pid."""

    __slots__ = ("_by_id", "_by_pid", "_lives", "_significant")

    def __init__(self, children: Iterable[Child] = ()) -> None:
        self._by_id: dict[Any, Child] = {}
        # The numbers of pids: Python hashes those by itself.
        self._by_pid: dict[int, tuple[Any, ...]] = {}
        self._significant = 0
        self._lives = supervision.Lives()
        for child in children:
            self._put(child)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Child]:
        """In start order."""
        return iter(self._by_id.values())

    def __reversed__(self) -> Iterator[Child]:
        """Newest first: OTP's order."""
        return reversed(self._by_id.values())

    def get(self, id: Term) -> Child | None:
        return self._by_id.get(terms.key(id))

    def by_pid(self, pid: Pid) -> Child | None:
        """The child that runs as `pid`; of several, which only a strange start function makes, the smallest id."""
        names = self._by_pid.get(pid.number, ())
        if len(names) == 1:
            return self._by_id[names[0]]
        found = [self._by_id[name] for name in names]
        return min(found, key=lambda child: terms.sort_key(child.id)) if found else None

    def put(self, child: Child) -> None:
        """Remember `child`: in the place of the one with its id, else as the newest."""
        self._put(child)
        if supervision.watched():
            supervision.announce(child.id, self._shown(terms.key(child.id), child))

    def _put(self, child: Child) -> None:
        name = terms.key(child.id)
        pid = child.pid
        before = self._by_id.get(name)
        if before is not None and before.pid != "undefined":
            self._forget_pid(name, before)
            self._lives.change(name, before.pid, pid)
        self._by_id[name] = child
        if child.significant is True and pid != "undefined":
            self._significant += 1
        if type(pid) is Pid:
            self._by_pid[pid.number] = (*self._by_pid.get(pid.number, ()), name)

    def remove(self, id: Term) -> None:
        name = terms.key(id)
        self._lives.forget(name)
        child = self._by_id.pop(name, None)
        if child is not None:
            self._forget_pid(name, child)
            supervision.announce(id, "deleted")

    def published(self) -> list[supervision.Child]:
        """The children as pictures show them."""
        rows = []
        for name, child in self._by_id.items():
            state = self._shown(name, child)
            rows.append(supervision.Child(child.id, state, self._lives.restarts(name, state)))
        return rows

    def take_over(self, old: Children) -> None:
        """These are the children of `old` under new specs: what has happened to them still counts."""
        self._lives = old._lives
        self._lives.keep(self._by_id)

    def _shown(self, name: Any, child: Child) -> Term:
        if is_restarting(child.pid):
            return "restarting"
        return child.pid if child.pid != "undefined" or name not in self._lives else "terminated"

    def down_to(self, id: Term) -> list[Child]:
        """The children that were started after `id`, newest first, and that one itself."""
        name = terms.key(id)
        after: list[Child] = []
        for other in reversed(self._by_id):
            after.append(self._by_id[other])
            if other == name:
                break
        return after

    @property
    def has_significant(self) -> bool:
        """Whether some significant child runs or is being restarted."""
        return self._significant > 0

    def _forget_pid(self, name: Any, child: Child) -> None:
        """`child`, which goes by `name`, runs as its pid no longer."""
        pid = child.pid
        if child.significant is True and pid != "undefined":
            self._significant -= 1
        if type(pid) is Pid:
            names = self._by_pid.pop(pid.number)
            if len(names) > 1:
                self._by_pid[pid.number] = tuple(other for other in names if other != name)

    def __term__(self) -> Term:
        """`({ids}, db)`: the ids newest first and the records by id."""
        ids = [child.id for child in reversed(self)]
        return (ids, terms.make_map((child.id, tuple(child)) for child in self))


class Dynamics:
    """The children of a simple_one_for_one supervisor: the start arguments by pid or restart mark.

    Temporary children are never restarted, so their arguments are not kept: kind `mapsets`, else `maps`.
    """

    __slots__ = ("_args", "_first", "_lives", "kind")

    def __init__(self, kind: str, rows: Iterable[tuple[Term, Term]] = ()) -> None:
        self.kind = kind
        self._args: dict[Any, tuple[Term, Term]] = {}
        # The first pid of each child that has had another one: its name in pictures.
        self._first: dict[Any, Term] = {}
        self._lives = supervision.Lives()
        for pid, args in rows:
            self._put(pid, args)

    def __len__(self) -> int:
        return len(self._args)

    def __contains__(self, pid: Term) -> bool:
        return terms.key(pid) in self._args

    def put(self, pid: Term, args: Term) -> None:
        self._put(pid, args)
        supervision.announce(pid, pid)

    def _put(self, pid: Term, args: Term) -> None:
        self._args[terms.key(pid)] = (pid, [] if self.kind == "mapsets" else args)

    def replace(self, old: Term, pid: Term, args: Term) -> None:
        """The child that ran, or waited, as `old` is `pid` now: a pid, a restart mark or `"undefined"`."""
        self._args.pop(terms.key(old), None)
        first = self._first[terms.key(pid)] = self._first.pop(terms.key(old), old)
        self._lives.change(terms.key(first), old, pid)
        self._put(pid, args)
        supervision.announce(first, "restarting" if is_restarting(pid) else pid)

    def remove(self, pid: Term) -> None:
        if self._args.pop(terms.key(pid), None) is not None:
            first = self._first.pop(terms.key(pid), pid)
            self._lives.forget(terms.key(first))
            supervision.announce(first, "deleted")

    def published(self) -> list[supervision.Child]:
        """The children as pictures show them; the first pid of each is its name."""
        rows = []
        for name, (pid, _) in self._args.items():
            first = self._first.get(name, pid)
            state = "restarting" if is_restarting(pid) else pid
            rows.append(supervision.Child(first, state, self._lives.restarts(terms.key(first), state)))
        return rows

    def args(self, pid: Term) -> Term:
        return "undefined" if self.kind == "mapsets" else self._args[terms.key(pid)][1]

    def pids(self) -> list[Term]:
        """Pids and marks in the order of a small Erlang map: by term order."""
        return terms.sort(pid for pid, _ in self._args.values())

    def __term__(self) -> Term:
        return (self.kind, terms.make_map(self._args.values()))


class Restarts:
    """The seconds in which restarts happened, as far as they still count; and the work of those that failed."""

    __slots__ = ("_seconds", "_spent")

    def __init__(self, newest_first: Iterable[int] = ()) -> None:
        self._seconds = deque(newest_first)
        self._spent = 0.0

    def ends_time_slice(self) -> bool:
        """Whether a restart that has failed has used up the supervisor's turn."""
        self._spent += REDUCTIONS_A_TRY + REDUCTIONS_A_RESTART * len(self._seconds)
        if self._spent < REDUCTIONS_A_TURN:
            return False
        self._spent = 0.0
        return True

    def add(self, now: int, period: int) -> int:
        """Note a restart in second `now`; how many lie within `period` seconds, this one included."""
        seconds = self._seconds
        while seconds and seconds[-1] < now - period:
            seconds.pop()
        seconds.appendleft(now)
        return len(seconds)

    def seconds(self) -> tuple[int, ...]:
        """They, the newest first; some may count no more."""
        return tuple(self._seconds)

    def __term__(self) -> Term:
        return list(self._seconds)


class State(NamedTuple):
    """OTP's `#state{}`: the same fields in the same places."""

    tag: Term
    name: Term
    strategy: Term
    children: Children
    dynamics: Dynamics | Term
    intensity: Term
    period: Term
    restarts: Restarts
    dynamic_restarts: int
    auto_shutdown: Term
    module: Term
    args: Term

    @property
    def is_simple(self) -> bool:
        return bool(self.strategy == "simple_one_for_one")

    def publish(self) -> None:
        """Let pictures see the children that are kept from now on."""
        children = self.dynamics.published if self.is_simple else self.children.published
        supervision.publish(children, "supervisor", self.strategy, self.is_simple, window=self.window)

    def window(self) -> supervision.Window:
        """What counts against the intensity."""
        return supervision.Window(self.restarts.seconds(), self.intensity, self.period)

    def flags(self) -> dict[Term, Term]:
        """The flags as a map."""
        return {name: getattr(self, name) for name in FLAG_DEFAULTS}

    def with_flags(self, flags: dict[Term, Term]) -> State:
        return self._replace(**flags)

    def template(self) -> Child:
        """The one child record of a simple_one_for_one supervisor; its pid is `"undefined"`."""
        return next(iter(self.children))

    def forget(self, child: Child) -> None:
        """Note that `child` is gone; of those listed by id only a temporary one loses its spec."""
        if self.is_simple:
            self.dynamics.remove(child.pid)
        elif child.is_temporary:
            self.children.remove(child.id)
        else:
            self.children.put(child.with_pid("undefined"))

    def __term__(self) -> Term:
        """The record as OTP would hold it, without a container that lives on."""
        return tuple(_plain(part) for part in self)


def new_state(name: Term, module: Term, args: Term) -> State:
    """A state before its flags are checked."""
    undefined = "undefined"
    return State(
        "state", name, undefined, Children(), undefined, undefined, undefined, Restarts(), 0, "never", module, args
    )


def live(state: Term) -> State:
    """`state` with live containers: what `sys.replace_state` put in may hold plain terms in their places."""
    if type(state) is State and _is_live(state):
        return state
    children, dynamics, restarts = state[3], state[4], state[7]
    if type(children) is not Children:
        ids, db = children
        children = Children(Child(*db[id]) for id in reversed(ids))
    if type(dynamics) is tuple:
        dynamics = Dynamics(dynamics[0], dynamics[1].items())
    if type(restarts) is not Restarts:
        restarts = Restarts(restarts)
    replaced = State(*state)._replace(children=children, dynamics=dynamics, restarts=restarts)
    replaced.publish()
    return replaced


def _is_live(state: State) -> bool:
    return type(state.children) is Children and type(state.restarts) is Restarts and type(state.dynamics) is not tuple


def _plain(part: Term) -> Term:
    show = getattr(part, "__term__", None)
    return part if show is None else show()
