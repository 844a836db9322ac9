"""One run of a tree, struck or not, and all that can be said of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import CoroutineType
from typing import Any, NamedTuple

from erlsim import erlang, ets, supervision
from erlsim.errors import Livelock
from erlsim.hints import function_name
from erlsim.lab.blast.strikes import REST, Strike, strike_between_steps, strike_in_a_step
from erlsim.lab.places import Path, Places
from erlsim.lab.questions import WrongQuestion
from erlsim.simulation import Simulation
from erlsim.terms import Pid, Term
from erlsim.trace import Event, Tree
from erlsim.trace.facts import show
from erlsim.trace.tree import Node

# A tree that restarts without end is told from one that works in fewer steps than a simulation allows by itself.
STEPS_AN_INSTANT = 20_000


class Table(NamedTuple):
    """A table that goes with its owner."""

    owner: Pid
    name: str
    rows: int


@dataclass(frozen=True)
class Experiment:
    """What is run again and again: `make_tree`, the loads, how long (ms) to look on, options of `Simulation`."""

    make_tree: Callable[[], Any]
    loads: tuple[Callable[[], Any], ...]
    window: int
    options: dict[str, Any]


@dataclass
class Watched:
    """A run: its rows, and what rows do not tell. `begun` is when the load began, `struck` when the strike came."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    places: Places = field(default_factory=lambda: Places([]))
    present: tuple[Any, ...] = ()
    begun: int = 0
    struck: int = 0
    struck_row: int = 0
    ended: int = 0
    victim: Pid | None = None
    loads: dict[Path, Pid] = field(default_factory=dict)
    load_ended: int | None = None
    tables: list[Table] = field(default_factory=list)
    in_vain: list[tuple[int, Pid, Term]] = field(default_factory=list)
    shape: dict[Path, str] = field(default_factory=dict)
    tree: Tree | None = None
    spins: bool = False

    def in_the_tree(self, path: Path | None) -> bool:
        """Whether a place is one of the tree's, and not of a load."""
        return path is not None and path[:1] not in self.loads


def watch(experiment: Experiment, strike: Strike | None, loaded: bool, horizon: int | None) -> Watched:
    """Run the tree, with the loads if `loaded`, and strike; `horizon` is how long (ms) it is looked at from then on.

    Without a horizon that is until all loads have ended (at most `window` ms), and for `window` ms more.
    """
    seen = Watched()
    sim = Simulation(**{"max_steps_per_instant": STEPS_AN_INSTANT, **experiment.options})
    try:
        _make(sim, experiment.make_tree)
        sim.observe(lambda event: _note_tables(seen, event))
        sim.advance(0)
        seen.begun = seen.struck = sim.now
        seen.struck_row = len(sim.trace.rows)
        seen.tree = sim.tree()
        with sim:
            supervision.listen_for_vain_calls(lambda pid, name: seen.in_vain.append((sim.now, pid, name)))
        try:
            _go(sim, seen, experiment, strike, loaded, horizon)
        except Livelock:
            seen.spins = True
        seen.rows, seen.present, seen.ended = list(sim.trace.rows), sim.trace.present, sim.now
        seen.places = Places(seen.rows, seen.present)
        _name_loads(seen)
        with sim:
            seen.shape = {} if seen.spins else _shape(seen, sim.tree())
    finally:
        sim.close()
    return seen


def _make(sim: Simulation, make_tree: Callable[[], Any]) -> None:
    async def make() -> Any:
        erlang.process_flag("trap_exit", True)
        made = make_tree()
        return await made if isinstance(made, CoroutineType) else made

    made = sim.run(make)
    if isinstance(made, tuple) and made and isinstance(made[0], str) and made[0] == "error":
        raise WrongQuestion(f"there is no tree to strike: {function_name(make_tree)} gave {show(made)}")


def _go(
    sim: Simulation,
    seen: Watched,
    experiment: Experiment,
    strike: Strike | None,
    loaded: bool,
    horizon: int | None,
) -> None:
    victim = None if strike is None else _standing_at(sim, strike.path)
    if loaded:
        with sim:
            pids = [erlang.spawn(load) for load in experiment.loads]
        seen.loads = {("", str(number)): pid for number, pid in enumerate(pids)}
    if strike is not None:
        _strike(sim, seen, strike, victim)
    if horizon is None:
        sim.advance(experiment.window if loaded else 0)
        ends = {pid: row[0] for row in sim.trace.rows for pid in (row[2],) if row[1] == "exit"}
        last = [ends.get(pid) for pid in seen.loads.values()]
        seen.load_ended = None if None in last else max((end for end in last if end is not None), default=0)
        duration = experiment.window if seen.load_ended is None else seen.load_ended - seen.begun
        sim.advance(max(0, seen.begun + duration + experiment.window - sim.now))
    else:
        sim.advance(max(0, seen.begun + horizon - sim.now))


def _strike(sim: Simulation, seen: Watched, strike: Strike, victim: Pid | None) -> None:
    if isinstance(strike.moment, tuple):
        _strike_at_message(sim, seen, strike, victim)
        return
    if strike.moment != REST:
        sim.advance(strike.moment)
        victim = _standing_at(sim, strike.path)
    seen.struck, seen.struck_row = sim.now, len(sim.trace.rows)
    if victim is not None and victim.home is not None:
        seen.victim = victim
        strike_between_steps(sim, victim, strike.reason)


def _strike_at_message(sim: Simulation, seen: Watched, strike: Strike, victim: Pid | None) -> None:
    left = strike.moment[1]

    def look(event: Event) -> None:
        nonlocal left
        if event.kind == "send" and event.data[0] == victim:
            left -= 1
            if left == 0 and victim is not None and victim.home is not None:
                seen.victim, seen.struck, seen.struck_row = victim, sim.now, len(sim.trace.rows)
                strike_in_a_step(sim, victim, strike.reason)

    sim.observe(look)


def _standing_at(sim: Simulation, path: Path) -> Pid | None:
    """The living process at a place."""
    places = Places(sim.trace.rows, sim.trace.present)
    alive = [row[3] for row in sim.trace.rows if row[1] == "spawn" and row[3].home is not None]
    return next((pid for pid in alive if places.path(pid) == path), None)


def _note_tables(seen: Watched, event: Event) -> None:
    """A process has just ended: its tables, which nobody inherits, go next."""
    if event.kind != "exit":
        return
    for table in ets.all():
        if ets.info(table, "owner") == event.pid and ets.info(table, "heir") == "none":
            seen.tables.append(Table(event.pid, show(ets.info(table, "name")), ets.info(table, "size")))


def _name_loads(seen: Watched) -> None:
    paths = [(seen.places.path(pid), pid) for pid in seen.loads.values()]
    seen.loads = {path: pid for path, pid in paths if path is not None}


def _shape(seen: Watched, tree: Tree) -> dict[Path, str]:
    """Every place that is taken, and each child that has no process, with its state."""
    found: dict[Path, str] = {}
    waiting: list[tuple[Node, Path]] = [(node, ()) for node in reversed(tree.nodes)]
    while waiting:
        node, above = waiting.pop()
        path = seen.places.path(node.pid) if node.pid is not None else None
        if path is None and node.kind != "shell":
            path = (*above, show(node.id, 40) if not isinstance(node.id, Pid) else "a child")
        if path is not None and seen.in_the_tree(path):
            hangs = node.pid is not None and node.pid == seen.victim and _hangs(node.pid)
            found[path] = "hangs" if hangs else node.state
        waiting += [(each, path or ()) for each in reversed((*node.children, *node.spawned))]
    return found


def _hangs(pid: Pid) -> bool:
    return bool(erlang.process_info(pid, "status") == ("status", "suspended"))
