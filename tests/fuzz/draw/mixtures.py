"""Mixtures: two or three areas in one scenario, whose processes are linked to, watched and ended by each other."""

from __future__ import annotations

from random import Random
from typing import ClassVar

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


class OtpMixtures(Area):
    """Of what OTP has."""

    moves = (5, 12)
    parts: ClassVar[tuple[type[Area], ...]] = (
        *(Processes, Servers, Supervisors, StateMachines),
        *(EventManagers, Tables, Owners),
    )

    def __init__(self, random: Random, script: Script) -> None:
        super().__init__(random, script)
        self.areas = [each(random, script) for each in self.random.sample(self.parts, self.random.randint(2, 3))]

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
        return self.one_of(area.pids() or [SELF])

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
                self.call("erlang", "exit", process, self.reason())
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
