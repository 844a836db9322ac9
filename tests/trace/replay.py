"""What a trace says of a world, beside what the world says of itself."""

from __future__ import annotations

from erlsim import terms
from erlsim.trace.facts import Facts
from erlsim.trace.history import History
from erlsim.trace.live import look


def facts_of(facts: Facts) -> dict:
    """Everything that can be compared, by pid."""
    found = {}
    for number, actor in facts.actors.items():
        found[number] = {
            "name": actor.name,
            "role": actor.role,
            # Nobody in the program has started the simulation's own processes.
            "label": actor.label if actor.role != "system" else "",
            "parent": actor.parent if actor.role != "system" else None,
            "mailbox": [terms.format("~w", [message]) for message in actor.mailbox],
            "links": sorted(actor.links),
            "monitors": sorted(actor.monitors),
        }
    for number, overseer in facts.overseers.items():
        found[number]["supervises"] = (overseer.kind, overseer.detail, overseer.nameless, overseer.ordered)
        found[number]["children"] = overseer.in_order()
    return found


def differences(one: dict, other: dict, path: str = "") -> list[str]:
    """Where two of these differ."""
    found = []
    for key in sorted({*one, *other}, key=str):
        here, there = one.get(key), other.get(key)
        if isinstance(here, dict) and isinstance(there, dict):
            found += differences(here, there, f"{path}/{key}")
        elif here != there:
            found.append(f"{path}/{key}: the trace says {here!r}, the world {there!r}")
    return found


class Replay:
    """Follows a simulation's trace."""

    def __init__(self, sim) -> None:
        self.sim = sim
        self.history = History(sim.trace.present)
        self.done = 0

    def check(self) -> list[str]:
        """Catch up, and compare."""
        for row in self.sim.trace.rows[self.done :]:
            self.history.apply(row)
        self.done = len(self.sim.trace)
        with self.sim:
            return differences(facts_of(self.history), facts_of(look()))
