"""What each event of a trace changes in what a page shows: splices of lists, which the page's script only applies.

So the tree and the mailboxes of any moment are those that `Trace.at` gives.
"""

from __future__ import annotations

from typing import Any

from erlsim import terms
from erlsim.terms import Pid, Term
from erlsim.trace.events import SHELL, SYSTEM
from erlsim.trace.facts import Actor, is_normal, show
from erlsim.trace.history import History
from erlsim.trace.page.splices import splice
from erlsim.trace.tree import Tree, grow
from erlsim.trace.tree.drawing import STYLES, Fold, Shown, also_known, folded_rows, remarks, what

Json = Any
Row = tuple[Any, ...]

LONGEST_EVENT, LONGEST_MESSAGE = 200, 300
"""So many characters of an event's data and of a message are on the page, and an ellipsis says that there are more."""
TREE_EVENTS = frozenset(
    (
        "spawn",
        "exit",
        "label",
        "register",
        "unregister",
        "supervise",
        "child",
        "link",
        "unlink",
        "shell",
        "system",
    )
)


class Deltas:
    """Goes through a trace once. `events` are its events as the page has them, the state before the first in front.

    `titles` is what every process is called in the end, `names` what else it was called, `parents` who is above it:
    its supervisor, or else who has spawned it. All are by number of pid.
    """

    def __init__(self, rows: list[Row], present: Any) -> None:
        self.history = History(present)
        self.titles: dict[int, str] = {}
        self.names: dict[int, list[str]] = {}
        self.parents: dict[int, int] = {}
        self._lines = tree_rows(grow(self.history))
        self._boxes: dict[int, list[str]] = {}
        self._facts: dict[tuple[int, str], list[Any]] = {}
        # By number of reference: who has set the timer, and when it is due.
        self._timers: dict[int, tuple[int, Any]] = {}
        self._slots: set[tuple[int, Any]] = set()
        self.events: list[Json] = [{"time": 0, "tree": [0, 0, self._lines]}]
        for row in rows:
            self.events.append(self._event(row))
        for actor in self.history.actors.values():
            if actor.role != SYSTEM:
                self.titles[actor.pid.number] = SHELL if actor.role == SHELL else actor.title

    def _event(self, row: Row) -> Json:
        history = self.history
        touched = self._touched(row)
        history.apply(row)
        event: Json = {"time": row[0], "kind": row[1], "pid": row[2].number, "text": _words(row)}
        self._tell_more(event, row)
        if row[1] in TREE_EVENTS:
            now = tree_rows(grow(history))
            if now != self._lines:
                event["tree"], self._lines = splice(self._lines, now), now
        if changed := self._mail(row):
            event["boxes"] = changed
        if facts := [each for pid in touched for each in self._changed_facts(pid)]:
            event["facts"] = facts
        self.titles[row[2].number] = history.actor(row[2]).title
        return event

    def _tell_more(self, event: Json, row: Row) -> None:
        """What is worth a jump, and who is who."""
        me, data = row[2].number, row[3:]
        match row[1]:
            case "spawn":
                event["child"] = data[0].number
                self.parents.setdefault(data[0].number, me)
            case "exit":
                event["reason"] = show(data[0], LONGEST_EVENT)
                event["is"] = "end" if is_normal(data[0]) else "crash"
            case "register":
                self.names.setdefault(me, []).append(show(data[0], 40))
            case "child" if isinstance(data[1], Pid):
                self.parents[data[1].number] = me
                self.names.setdefault(data[1].number, []).append(show(data[0], 40))
                slot = (me, terms.key(data[0]))
                if slot in self._slots:
                    event["is"] = "restart"
                self._slots.add(slot)
            case "child" if data[1] == "deleted":
                self._slots.discard((me, terms.key(data[0])))
            case "start_timer":
                self._timers[data[1].number] = (me, data[2])
            case "cancel_timer" | "timer":
                self._timers.pop(data[0].number, None)

    # ---- mailboxes -------------------------------------------------------------------

    def _mail(self, row: Row) -> list[Json]:
        """The splices of the mailboxes that an event can have changed."""
        changed = []
        for pid in (row[2], *(each for each in row[3:4] if isinstance(each, Pid))):
            actor = self.history.actors.get(pid.number)
            before = self._boxes.get(pid.number, [])
            if not before and (actor is None or not actor.mailbox):
                continue
            now = [show(message, LONGEST_MESSAGE) for message in actor.mailbox] if actor is not None else []
            if now != before:
                changed.append([pid.number, *splice(before, now)])
                self._boxes[pid.number] = now
        return changed

    # ---- links, monitors, timers -----------------------------------------------------

    def _touched(self, row: Row) -> list[int]:
        """Whose links, monitors or timers an event can change."""
        kind, me = row[1], row[2].number
        if kind in ("link", "unlink"):
            return [me, row[3].number]
        if kind == "exit":
            actor = self.history.actors.get(me)
            return [me, *(actor.links if actor is not None else ())]
        if kind in ("cancel_timer", "timer"):
            owner = self._timers.get(row[3].number, (me, 0))[0]
            return [me] if owner == me else [me, owner]
        return [me] if kind in ("monitor", "demonitor", "arrive", "start_timer") else []

    def _changed_facts(self, pid: int) -> list[Json]:
        actor = self.history.actors.get(pid)
        changed = []
        for name, now in (
            ("links", list(actor.links) if actor is not None else []),
            ("monitors", self._watched(actor) if actor is not None else []),
            ("timers", [f"at {due} ms" for owner, due in self._timers.values() if owner == pid] if actor else []),
        ):
            if now != self._facts.get((pid, name), []):
                self._facts[(pid, name)] = now
                changed.append([pid, name, now])
        return changed

    def _watched(self, actor: Actor) -> list[Term]:
        items = actor.monitors.values()
        return [item.number if isinstance(item, Pid) else show(item, 40) for item in items]


def _words(row: Row) -> str:
    return " ".join(show(each, LONGEST_EVENT) for each in row[3:] if each is not None)


def tree_rows(tree: Tree) -> list[Json]:
    """The lines of a tree: depth, title, registered name, pid, words, state, style of the state, remarks."""
    return [_tree_row(node, depth) for node, depth in folded_rows(tree.nodes)]


def _tree_row(node: Shown, depth: int) -> Json:
    if isinstance(node, Fold):
        return [depth, "", "", 0, node.text(), "", "", ""]
    state = "" if node.state == "running" and node.kind != "worker" else node.state
    notes = ", ".join(remarks(node, messages=False))
    pid = node.pid.number if node.pid is not None else 0
    return [depth, node.title, also_known(node), pid, what(node), state, STYLES.get(node.state, "down"), notes]
