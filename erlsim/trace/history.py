"""The facts of any moment of a run, from its trace: event after event, each does to the facts what it did to the world.

Invariant, and tested as such: after the last event they are what `live` finds, except for what a world knows
that no event tells of. Events that refer to a process whose beginning is not in the trace (somebody has cleared
it, or it was cut out of a longer one) let that process appear without a past.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from erlsim import terms
from erlsim.supervision import Child, Lives
from erlsim.terms import Pid, Term
from erlsim.trace.events import SHELL, SYSTEM, Present
from erlsim.trace.facts import Actor, Facts, Overseer, call_label

Row = tuple[Any, ...]


class History(Facts):
    """Facts that move with the events; `actors` and `overseers` are to be read, not kept.

    `index` is the number of the event that has happened last. `origins` has, by number of pid, the number of the
    event that put each message of that mailbox there; `taken` is this for the message that the last event took
    out, -1 if it took none.
    """

    def __init__(self, present: Iterable[Present] = ()) -> None:
        super().__init__(0, {}, {})
        self.index = -1
        self.taken = -1
        self.dead: dict[int, Actor] = {}
        self.origins: dict[int, list[int]] = {}
        self._lives = Lives()
        for pid, role, name in present:
            self.actors[pid.number] = Actor(pid, role=role, name=name)

    def apply(self, row: Row) -> None:
        """Let one event happen: `(time, kind, pid, *data)`."""
        self.index += 1
        self.taken = -1
        self.now = row[0]
        step = getattr(self, "_on_" + row[1], None)
        if step is not None and row[2].number not in self.dead:
            step(self.actor(row[2]), *row[3:])

    def actor(self, pid: Pid) -> Actor:
        """The process `pid`, dead or alive; one that nobody has heard of is there from now on."""
        found = self.actors.get(pid.number) or self.dead.get(pid.number)
        if found is None:
            found = self.actors[pid.number] = Actor(pid)
        return found

    # ---- births, names, deaths -------------------------------------------------------

    def _on_spawn(self, me: Actor, child: Pid, call: Term) -> None:
        self.actors[child.number] = Actor(child, me.pid, call_label(call))

    def _on_label(self, me: Actor, call: Term) -> None:
        me.label = call_label(call)

    def _on_shell(self, me: Actor) -> None:
        me.role = SHELL

    def _on_system(self, me: Actor, name: str) -> None:
        me.role, me.name = SYSTEM, name

    def _on_register(self, me: Actor, name: str) -> None:
        me.name = name

    def _on_unregister(self, me: Actor, name: str) -> None:
        me.name = None

    def _on_exit(self, me: Actor, reason: Term, by: Pid | None = None) -> None:
        number = me.pid.number
        del self.actors[number]
        self.overseers.pop(number, None)
        self.dead[number] = me
        self.origins.pop(number, None)
        for peer in me.links.values():
            if peer.number in self.actors:
                self.actors[peer.number].links.pop(number, None)

    # ---- links and monitors ----------------------------------------------------------

    def _on_link(self, me: Actor, peer: Pid) -> None:
        me.links[peer.number] = peer
        self.actor(peer).links[me.pid.number] = me.pid

    def _on_unlink(self, me: Actor, peer: Pid) -> None:
        me.links.pop(peer.number, None)
        self.actor(peer).links.pop(me.pid.number, None)

    def _on_monitor(self, me: Actor, item: Term, ref: terms.Ref) -> None:
        me.monitors[ref.number] = item

    def _on_demonitor(self, me: Actor, item: Term, ref: terms.Ref) -> None:
        me.monitors.pop(ref.number, None)

    # ---- mailboxes -------------------------------------------------------------------

    def _on_send(self, me: Actor, to: Pid, message: Term) -> None:
        if to.number in self.dead:
            return
        self.actor(to).mailbox.append(message)
        self.origins.setdefault(to.number, []).append(self.index)

    def _on_timer(self, me: Actor, ref: terms.Ref, message: Term) -> None:
        self._on_send(me, me.pid, message)

    def _on_arrive(self, me: Actor, message: Term, sender: Pid | None, place: int) -> None:
        """It has its place in the mailbox now; before, it was on its way or in a signal."""
        index = find(me.mailbox, message, place)
        origins = self.origins.setdefault(me.pid.number, [])
        me.mailbox.insert(place, me.mailbox.pop(index) if index >= 0 else message)
        origins.insert(place, origins.pop(index) if index >= 0 else self.index)
        if is_down(message):
            me.monitors.pop(message[1].number, None)

    def _on_receive(self, me: Actor, message: Term) -> None:
        index = find(me.mailbox, message)
        if index >= 0:
            del me.mailbox[index]
            self.taken = self.origins[me.pid.number].pop(index)

    _on_drop = _on_receive

    # ---- supervision -----------------------------------------------------------------

    def _on_supervise(self, me: Actor, kind: str, detail: str, nameless: bool, ordered: bool) -> None:
        self.overseers[me.pid.number] = Overseer(kind, detail, nameless, ordered, {})

    def _on_child(self, me: Actor, id: Term, state: Term) -> None:
        overseer = self.overseers.get(me.pid.number)
        if overseer is None:
            return
        name = terms.key(id)
        if isinstance(state, str) and state == "deleted":
            overseer.children.pop(name, None)
            self._lives.forget((me.pid.number, name))
        else:
            slot = (me.pid.number, name)
            if name in overseer.children:
                self._lives.change(slot, overseer.children[name].state, state)
            overseer.children[name] = Child(id, state, self._lives.restarts(slot, state))


def find(box: list[Term], message: Term, start: int = 0) -> int:
    """Where `message` lies in `box`: itself, else the oldest that equals it; -1 if it does not."""
    for index in range(start, len(box)):
        if box[index] is message:
            return index
    for index in range(start, len(box)):
        if terms.exact_eq(box[index], message):
            return index
    return -1


def is_down(message: Term) -> bool:
    """Whether `message` looks as a monitor's does."""
    return isinstance(message, tuple) and len(message) == 5 and isinstance(message[1], terms.Ref)
