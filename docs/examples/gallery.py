"""Trees that everybody knows, each struck in each place, with the restart settings that its failures ask for."""

import director
import erlsim
import gen_tracker
from erlsim import testing
from erlsim.otp import gen_server, supervisor

MINUTE, HOUR = 60_000, 3_600_000


@erlsim.module(name="server")
class Server:
    """A gen_server that does nothing by itself; with a name, or without."""

    async def start_link(name="undefined"):
        named = [] if name == "undefined" else [("local", name)]
        return await gen_server.start_link(*named, "server", [], [])

    def init(_):
        return ("ok", [])

    def after_terminate(_name, _attrs):
        return "ok"


@erlsim.module(name="sup")
class Sup:
    """A supervisor made of data: `(strategy, intensity, period, children)`."""

    async def start_link(name, arg):
        return await supervisor.start_link(("local", name), "sup", arg)

    def init(arg):
        strategy, intensity, period, children = arg
        return ("ok", ({"strategy": strategy, "intensity": intensity, "period": period}, list(children)))


def worker(name):
    return {"id": name, "start": ("server", "start_link", [name])}


def sup(name, strategy, intensity, period, *children):
    arg = (strategy, intensity, period, list(children))
    return {"id": name, "start": ("sup", "start_link", [name, arg]), "type": "supervisor"}


async def start(tree):
    _, _, args = tree["start"]
    return erlsim.match(("ok", ...), await Sup.start_link(*args))


# -- pool
def pool():
    one = {"id": "worker", "start": ("server", "start_link", [])}
    return sup("pool", "one_for_all", 3, 10, sup("workers", "simple_one_for_one", 5, 10, one), worker("manager"))


async def pool_of_five():
    await start(pool())
    for _ in range(5):
        await supervisor.start_child("workers", [])


# -- phoenix
def phoenix():
    repo = sup("repo", "one_for_one", 3, 5, worker("db_1"), worker("db_2"))
    pubsub = sup("pubsub", "rest_for_one", 3, 5, worker("registry"), worker("adapter"))
    endpoint = sup("endpoint", "one_for_one", 3, 5, worker("config_cache"), worker("sockets"), worker("listener"))
    return sup("app", "one_for_one", 3, 5, worker("telemetry"), repo, pubsub, endpoint)


async def endpoint():
    await start(phoenix())


# -- ranch
def ranch():
    conn = {"id": "conn", "start": ("server", "start_link", []), "restart": "temporary"}
    conns = sup("conns", "simple_one_for_one", 1, 5, conn)
    acceptors = sup("acceptors", "one_for_one", 10, 10, worker("acceptor_1"), worker("acceptor_2"))
    listener = sup("listener", "rest_for_one", 1, 5, conns, acceptors)
    return sup("ranch_sup", "one_for_one", 1, 5, worker("ranch_server"), listener)


async def listener():
    await start(ranch())
    for _ in range(2):
        await supervisor.start_child("conns", [])


# -- streams
@erlsim.module(name="uplinks")
class Uplinks:
    async def start_link():
        return await director.start_link(("local", "uplinks"), "uplinks", [])

    def init(_):
        plan = ["restart", ("restart", 1_000), ("restart", 5_000)]
        return ("ok", [{"id": "uplink", "start": ("server", "start_link", ["uplink"]), "plan": plan, "count": 3}])


async def streams():
    tracker = ("streams", ("gen_tracker", "start_link", ["streams"]), "permanent", "infinity", "supervisor", [])
    uplinks = {"id": "uplinks", "start": ("uplinks", "start_link", []), "type": "supervisor"}
    await start(sup("media", "one_for_one", 5, 10, tracker, uplinks))
    for name in ("news", "sports"):
        await gen_tracker.find_or_open("streams", (name, ("server", "start_link", []), "temporary", 200, "worker", []))


# -- all of them
# Each tree: what starts it, what fails in it, and the settings to choose from.
TREES = {
    "pool": (pool_of_five, testing.bursts(5, 100, 6 * HOUR), [3, 5, 10], [10, 60]),
    "phoenix": (endpoint, testing.poisson(10 * MINUTE), [1, 3, 5], [5, 60]),
    "ranch": (listener, testing.poisson(2 * MINUTE), [1, 5, 10], [5, 10]),
    "streams": (streams, testing.outages(20_000, 3 * HOUR), [5, 10], [10]),
}
PLANS = {"streams": {"uplink": ["restart", ("restart", 1_000), ("restart", 5_000)]}}
# What the picture of each tree shows.
VICTIMS = {"pool": "manager", "phoenix": "registry", "ranch": "conns", "streams": "uplinks"}


def blast(name):
    return testing.blast_radius(TREES[name][0], reasons=["kill"])


def restarts(name):
    _, failures, intensity, period = TREES[name]
    plans = PLANS.get(name)
    return testing.restart_lab(failures, intensity=intensity, period=period, plans=plans, hours=6, runs=75)


def main():
    for name in TREES:
        print(f"== {name}: blast radius")
        print(blast(name).text().partition("\n\n")[2].partition("\n\nNot tried")[0])
        lab = restarts(name)
        print(f"== {name}: restarts")
        print(lab.sentence())
        print(lab.recommendation)
    print("==")


if __name__ == "__main__":
    main()
