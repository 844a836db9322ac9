"""`gen_statem` and `gen_event`: the generators that made the golden recordings, and what mixtures need of them."""

from __future__ import annotations

from random import Random

from erlsim.terms import Term
from tests.fuzz.draw.area import Area
from tests.golden.making.events import Events
from tests.golden.making.machines import Machines
from tests.golden.making.script import Script


class StateMachines(Area):
    """A machine of `scn_statem`."""

    moves = (2, 5)

    def __init__(self, random: Random, script: Script) -> None:
        super().__init__(random, script)
        self.maker = Machines(0)
        self.maker.random, self.maker.script = random, script

    def write(self) -> None:
        self.script.steps = self.maker.scenario(self.script.name)["steps"]

    def begin(self) -> None:
        self.known_by_name()
        self.maker.start()

    def move(self) -> None:
        maker = self.maker
        moves = [maker.ordinary, maker.ordinary, maker.timers, maker.zero, maker.postponing, maker.inserted]
        self.one_of([*moves, maker.asking, maker.system, maker.modules, maker.late])()

    def end(self) -> None:
        self.one_of([self.maker.end, self.maker.bad])()

    def pids(self) -> list[Term]:
        return [self.maker.m]


class EventManagers(Area):
    """A manager of `scn_event` handlers."""

    moves = (2, 5)

    def __init__(self, random: Random, script: Script) -> None:
        super().__init__(random, script)
        self.maker = Events(0)
        self.maker.random, self.maker.script, self.maker.number = random, script, 0

    def write(self) -> None:
        self.script.steps = self.maker.scenario(self.script.name)["steps"]

    def begin(self) -> None:
        self.known_by_name()
        self.maker.start()
        self.maker.add()

    def move(self) -> None:
        maker = self.maker
        moves = [maker.event, maker.event, maker.ask, maker.change, maker.fail, maker.info, maker.system]
        self.one_of([*moves, maker.add, maker.delete, maker.supervised])()

    def end(self) -> None:
        self.maker.end()

    def pids(self) -> list[Term]:
        return [self.maker.m]
