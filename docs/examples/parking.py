"""A garage with few places: cars come, wait, leave, and sometimes vanish. Written to be ported."""

import erlsim
from erlsim import erlang, io
from erlsim.otp import gen_server, supervisor
from erlsim.terms import Pid, Ref, Term


@erlsim.module(name="garage")
class Garage:
    """Knows who is parked. State: `(places, cars)`, a car is `(pid, ref)`."""

    async def start_link(places: int) -> Term:
        return await gen_server.start_link(("local", "garage"), "garage", places, [])

    async def enter() -> Term:
        """`"welcome"`, or `"full"`."""
        return await gen_server.call("garage", ("enter", erlang.self()))

    def leave() -> Term:
        return gen_server.cast("garage", ("leave", erlang.self()))

    async def free() -> Term:
        """How many places are free."""
        return await gen_server.call("garage", "free")

    def init(places: int):
        return ("ok", (places, []))

    def handle_call(request, _from, state):
        places, cars = state
        match request:
            case ("enter", _) if len(cars) == places:
                return ("reply", "full", state)
            case ("enter", car):
                return ("reply", "welcome", (places, [(car, erlang.monitor("process", car)), *cars]))
            case "free":
                return ("reply", places - len(cars), state)

    def handle_cast(request, state):
        places, cars = state
        match request:
            case ("leave", car):
                return ("noreply", (places, Garage.without(car, cars)))

    def handle_info(message, state):
        places, cars = state
        match message:
            # A car that has vanished: its place is free again.
            case ("DOWN", _, "process", car, _):
                return ("noreply", (places, Garage.without(car, cars)))

    def without(car: Pid, cars: list[tuple[Pid, Ref]]) -> list[tuple[Pid, Ref]]:
        for ref in [ref for each, ref in cars if each == car]:
            erlang.demonitor(ref, ["flush"])
        return [(each, ref) for each, ref in cars if each != car]


@erlsim.module(name="parking_sup")
class Sup:
    """The supervisor of the garage."""

    async def start_link() -> Term:
        return await supervisor.start_link(("local", "parking_sup"), "parking_sup", [])

    def init(_args):
        garage = {"id": "garage", "start": ("garage", "start_link", [2])}
        return ("ok", ({"strategy": "one_for_one", "intensity": 1, "period": 5}, [garage]))


async def main():
    await Sup.start_link()
    await io.format("~p, ", [await Garage.enter()])
    car = erlang.spawn(Garage.enter)
    ref = erlang.monitor("process", car)
    await erlang.receive(("DOWN", ref, "process", car, ...))
    await io.format("~p free~n", [await Garage.free()])
    Garage.leave()
    await io.format("~p free~n", [await Garage.free()])


if __name__ == "__main__":
    erlsim.run(main)
