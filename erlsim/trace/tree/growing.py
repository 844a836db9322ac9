"""From facts to a tree: every process below its supervisor, or else below the process that has spawned it.

Nothing here calls itself: where each process spawns the next one, the tree is deeper than Python's stack.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from erlsim.supervision import Child
from erlsim.terms import Pid, Term
from erlsim.trace.events import SHELL, SYSTEM
from erlsim.trace.facts import Actor, Facts, show
from erlsim.trace.tree.nodes import Node
from erlsim.trace.tree.tree import Tree


def grow(facts: Facts, links: bool = False, monitors: bool = False) -> Tree:
    """The tree of some facts, with links and monitors if asked for."""
    return _Grower(facts, links, monitors).tree()


@dataclass(slots=True)
class _Place:
    """A place in the tree: a process, a child, or both; below it are other places."""

    actor: Actor | None
    child: Child | None
    boss: Actor | None
    children: list[_Place] = field(default_factory=list)
    spawned: list[_Place] = field(default_factory=list)
    node: Node | None = None


class _Grower:
    def __init__(self, facts: Facts, links: bool, monitors: bool) -> None:
        self.facts = facts
        self.links = links
        self.monitors = monitors
        self.placed: set[int] = set()
        self.bosses: dict[int, int] = {}
        self.ids: dict[int, Term] = {}
        self.offspring: dict[int, list[Actor]] = {}
        for boss, overseer in facts.overseers.items():
            for child in overseer.children.values():
                if isinstance(child.state, Pid) and child.state.number not in self.bosses:
                    self.bosses[child.state.number] = boss
                    if not overseer.nameless:
                        self.ids[child.state.number] = child.id
        for actor in facts.actors.values():
            if actor.pid.number not in self.bosses:
                self.offspring.setdefault(self._parent(actor), []).append(actor)

    def tree(self) -> Tree:
        """First the shell and what is below it, then processes whose parent is dead, then those that form a circle."""
        alive = self.facts.actors
        order: list[_Place] = []
        shells = [each for each in alive.values() if each.role == SHELL]
        orphans = [each for parent, group in self.offspring.items() if parent not in alive for each in group]
        roots: list[_Place] = []
        for actor in [*shells, *orphans, *alive.values()]:
            if self._is_unplaced(actor):
                roots.append(self._place(actor, None, None))
                self._place_below(roots[-1], order)
        for place in reversed(order):
            place.node = self._node(place)
        return Tree(self.facts.now, _nodes(roots))

    def _is_unplaced(self, actor: Actor) -> bool:
        return actor.role != SYSTEM and actor.pid.number not in self.placed

    def _parent(self, actor: Actor) -> int:
        return self.bosses.get(actor.pid.number) or (actor.parent.number if actor.parent is not None else 0)

    def _place(self, actor: Actor | None, child: Child | None, boss: Actor | None) -> _Place:
        if actor is not None:
            self.placed.add(actor.pid.number)
        return _Place(actor, child, boss)

    def _place_below(self, root: _Place, order: list[_Place]) -> None:
        """Find all places below `root`, each behind the one that it is below."""
        waiting = [root]
        while waiting:
            place = waiting.pop()
            order.append(place)
            if place.actor is None:
                continue
            number = place.actor.pid.number
            if number in self.facts.overseers:
                mine = self.facts.overseers[number].in_order()
                place.children = [self._of_child(child, place.actor) for child in mine]
            offspring = [each for each in self.offspring.get(number, []) if self._is_unplaced(each)]
            place.spawned = [self._place(each, None, place.actor) for each in offspring]
            waiting += reversed([*place.children, *place.spawned])

    def _of_child(self, child: Child, boss: Actor) -> _Place:
        actor = self.facts.actors.get(child.state.number) if isinstance(child.state, Pid) else None
        if actor is not None and actor.pid.number in self.placed:
            actor = None
        return self._place(actor, child, boss)

    def _node(self, place: _Place) -> Node:
        actor, child = place.actor, place.child
        if actor is None:
            assert child is not None
            pid, state = (child.state, "exited") if isinstance(child.state, Pid) else (None, str(child.state))
            return Node(child.id, None, pid, "worker", "", state, child.restarts, "", 0)
        overseer = self.facts.overseers.get(actor.pid.number)
        kind = SHELL if actor.role == SHELL else "process" if child is None else "worker"
        return Node(
            id=None if child is None else child.id,
            name=actor.name,
            pid=actor.pid,
            kind=kind if overseer is None else overseer.kind,
            detail="" if overseer is None else overseer.detail,
            state="running",
            restarts=0 if child is None else child.restarts,
            label=actor.label,
            messages=len(actor.mailbox),
            children=_nodes(place.children),
            spawned=_nodes(place.spawned),
            links=self._links(actor),
            monitors=self._monitored(actor),
            tied=place.boss is None or not self.links or place.boss.pid.number in actor.links,
        )

    # ---- links and monitors ----------------------------------------------------------

    def _links(self, actor: Actor) -> tuple[str, ...]:
        """Its links, without those between a parent and its child."""
        if not self.links:
            return ()
        mine = actor.pid.number
        peers = sorted(actor.links)
        return tuple(self._title(actor.links[peer]) for peer in peers if not self._edge(mine, peer))

    def _edge(self, one: int, other: int) -> bool:
        actors = self.facts.actors
        return any(
            below in actors and self._parent(actors[below]) == above for below, above in ((one, other), (other, one))
        )

    def _monitored(self, actor: Actor) -> tuple[str, ...]:
        return tuple(self._title(item) for item in actor.monitors.values()) if self.monitors else ()

    def _title(self, item: Term) -> str:
        actor = self.facts.watched(item)
        if actor is None:
            return show(item, 40)
        number = actor.pid.number
        title = show(self.ids[number], 40) if number in self.ids else actor.title
        return f"{title} {actor.pid!r}"


def _nodes(places: list[_Place]) -> tuple[Node, ...]:
    return tuple(place.node for place in places if place.node is not None)
