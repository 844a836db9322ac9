"""Generators: the scenarios of an area, each drawn from its seed and number alone."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.fuzz.draw.area import Area
from tests.fuzz.draw.behaviours import EventManagers, StateMachines
from tests.fuzz.draw.directors import Directors
from tests.fuzz.draw.formats import Directives, Formats
from tests.fuzz.draw.mixtures import Mixtures, OtpMixtures
from tests.fuzz.draw.owners import Owners
from tests.fuzz.draw.processes import Processes
from tests.fuzz.draw.programs import Programs
from tests.fuzz.draw.recorded import OtpRecorded, Recorded
from tests.fuzz.draw.servers import Servers
from tests.fuzz.draw.supervisors import Supervisors
from tests.fuzz.draw.tables import Tables
from tests.fuzz.draw.trackers import Trackers
from tests.fuzz.draw.trees import Supervised, Trees
from tests.fuzz.draw.wrong_arguments import WrongArguments
from tests.golden.making.script import Script

__all__ = ["AREAS", "needs", "scenario"]

GENERATORS: dict[str, tuple[type[Area], ...]] = {
    "process": (Processes, Programs),
    "gen_server": (Servers,),
    "supervisor": (Supervisors,),
    "director": (Directors,),
    "gen_tracker": (Trackers,),
    "ets": (Tables, Owners),
    "format": (Formats,),
    "gen_statem": (StateMachines,),
    "gen_event": (EventManagers,),
    "otp_system": (Supervised,),
    "system": (Trees,),
    "terms": (WrongArguments, Directives),
    "otp_mixture": (OtpMixtures,),
    "mixture": (Mixtures,),
    "otp_recorded": (OtpRecorded,),
    "recorded": (Recorded,),
}
AREAS = tuple(GENERATORS)


def scenario(area: str, seed: int, number: int) -> dict[str, Any]:
    """Scenario `number` of a seed: its name and its steps, the same whenever it is drawn."""
    name = f"{area}-{seed}-{number}"
    generators = GENERATORS[area]
    script = Script(name)
    generators[number % len(generators)](Random(name), script).write()
    return {"name": name, "steps": script.steps}


def needs(area: str) -> frozenset[str]:
    """The originals without which a real Erlang cannot run scenarios of an area."""
    return frozenset().union(*(each.needs for each in GENERATORS[area]))
