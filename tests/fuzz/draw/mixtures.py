"""Mixtures: two or three areas in one scenario, whose processes are linked to, watched and ended by each other."""

from __future__ import annotations

from random import Random
from typing import Any, ClassVar

from erlsim.terms import Term
from tests.fuzz.draw.area import SELF, Area, Script, V
from tests.fuzz.draw.behaviours import EventManagers, StateMachines
from tests.fuzz.draw.directors import Directors
from tests.fuzz.draw.owners import Owners
from tests.fuzz.draw.processes import Processes
from tests.fuzz.draw.servers import Servers
from tests.fuzz.draw.supervisors import Supervisors
from tests.fuzz.draw.tables import Tables
from tests.fuzz.draw.trackers import Trackers


class Part(Script):
    """The scenario as one of its areas writes it: what the area binds is bound under names of its own."""

    def __init__(self, whole: Script, letter: str) -> None:
        super().__init__(whole.name)
        self.steps = whole.steps
        self._letter = letter

    def own(self, value: Term) -> Term:
        """A value that the area has bound, as the whole scenario says it."""
        return V(self._letter + value.name, value.path) if isinstance(value, V) else value

    def call(self, module: str, function: str, *args: Term, bind: str = "_", op: str = "call") -> None:
        super().call(module, function, *args, bind=self._bound(bind), op=op)
        self.steps[-1]["args"] = self._renamed(self.steps[-1]["args"])

    def spawn(self, bind: str, program: str) -> None:
        super().spawn(self._bound(bind), program)

    def _bound(self, name: str) -> str:
        return name if name == "_" else self._letter + name

    def _renamed(self, tree: Any) -> Any:
        if isinstance(tree, list):
            return [self._renamed(each) for each in tree]
        if not isinstance(tree, dict):
            return tree
        if "v" in tree:
            return {**tree, "v": self._letter + tree["v"]}
        return {tag: self._renamed(value) for tag, value in tree.items()}


class OtpMixtures(Area):
    """Of what OTP has."""

    moves = (5, 12)
    parts: ClassVar[tuple[type[Area], ...]] = (
        *(Processes, Servers, Supervisors, StateMachines),
        *(EventManagers, Tables, Owners),
    )

    def __init__(self, random: Random, script: Script) -> None:
        super().__init__(random, script)
        chosen = self.random.sample(self.parts, self.random.randint(2, 3))
        self.written = [Part(script, f"{letter}_") for letter in "xyz"]
        self.areas = [each(random, part) for each, part in zip(chosen, self.written, strict=False)]

    def begin(self) -> None:
        for each in self.areas:
            each.begin()

    def move(self) -> None:
        if self.chance(4):
            self.between()
        else:
            self.one_of(self.areas).move()

    def pid(self, area: Area) -> Term:
        """One of an area's processes; the driver where it has none."""
        process = self.one_of(area.pids() or [SELF])
        return area.script.own(process) if isinstance(area.script, Part) else process

    def between(self) -> None:
        """What one area's process does to another's."""
        one, other = self.random.sample(self.areas, 2)
        process = self.pid(one)
        if not isinstance(process, V):
            self.call("erlang", "whereis", process, bind="one")
            process = V("one")
        match self.random.randrange(5):
            case 0:
                self.call("erlang", "link", process)
            case 1:
                self.call("erlang", "monitor", "process", self.pid(other))
            case 2:
                reason = self.reason()
                # A tracker that ends normally leaves its setter alive in the original.
                self.call("erlang", "exit", process, "oops" if isinstance(one, Trackers) else reason)
            case 3:
                self.call("gen_server", "cast", self.pid(other), ("send", process, ("from", "afar")))
            case _:
                self.call("gen_server", "call", self.pid(other), ("return", ("reply", process, {})), 30)

    def end(self) -> None:
        for each in self.areas:
            each.end()
        self.script.sleep(150)
        self.script.look("flush", "reports", "texts", "io")


class Mixtures(OtpMixtures):
    """Of all areas: director and gen_tracker, too."""

    needs = frozenset({"director", "gen_tracker"})
    parts = (*OtpMixtures.parts, Directors, Trackers)
