"""Feeds under a director: who crashes is started again at once, then after a pause, then all of them anew."""

import director
import erlsim
from erlsim import erlang
from erlsim.otp import gen_server, supervisor
from erlsim.terms import Term

PLAN = ["restart", ("restart", 100)]


@erlsim.module(name="feed")
class Feed:
    """A feed counts what it is given. State: its name and the count."""

    async def start_link(name: str) -> Term:
        return await gen_server.start_link(("local", name), "feed", name, [])

    async def next(name: str) -> Term:
        return await gen_server.call(name, "next")

    def init(name: str):
        return ("ok", (name, 0))

    def handle_call(request, _from, state):
        name, count = state
        match request:
            case "next":
                return ("reply", (name, count + 1), (name, count + 1))
            case ("break", reason):
                return erlang.exit(reason)


@erlsim.module(name="feeds")
class Feeds:
    """The director: each feed may crash four times."""

    async def start_link(names: list[str]) -> Term:
        return await director.start_link(("local", "feeds"), "feeds", names)

    def init(names: list[str]):
        return ("ok", [Feeds.feed(name) for name in names])

    def feed(name: str) -> Term:
        return {"id": name, "start": ("feed", "start_link", [name]), "plan": PLAN, "count": 2}


@erlsim.module(name="feeds_sup")
class Sup:
    """The director's supervisor."""

    async def start_link() -> Term:
        return await supervisor.start_link(("local", "feeds_sup"), "feeds_sup", [])

    def init(_args):
        feeds = {"id": "feeds", "start": ("feeds", "start_link", [["news", "sport"]]), "type": "supervisor"}
        return ("ok", ({"strategy": "one_for_one", "intensity": 1, "period": 5}, [feeds]))
