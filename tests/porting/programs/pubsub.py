"""Publish and subscribe: topics in ETS, subscribers monitored."""

import erlsim
from erlsim import erlang, ets
from erlsim.otp import gen_server
from erlsim.terms import Pid, Ref, Term

TABLE = "pubsub_topics"


@erlsim.module(name="pubsub")
class PubSub:
    async def start_link() -> Term:
        return await gen_server.start_link(("local", "pubsub"), PubSub, [], [])

    async def subscribe(topic: str) -> Term:
        """Subscribe the caller to a topic."""
        return await gen_server.call("pubsub", ("subscribe", topic, erlang.self()))

    async def unsubscribe(topic: str) -> Term:
        return await gen_server.call("pubsub", ("unsubscribe", topic, erlang.self()))

    def publish(topic: str, message: Term) -> int:
        """Tell all subscribers; returns how many there are."""
        pids = [pid for _, pid, _ in ets.lookup(TABLE, topic)]
        for pid in pids:
            erlang.send(pid, ("pubsub", topic, message))
        return len(pids)

    def topics(pid: Pid) -> list[Term]:
        return [topic for topic, who, _ in ets.tab2list(TABLE) if who == pid]

    def count(topic: str) -> int:
        return ets.select_count(TABLE, [((topic, "_", "_"), [], [True])])

    def init(_args):
        ets.new(TABLE, ["bag", "named_table", "protected", ("read_concurrency", True)])
        return ("ok", {})

    def handle_call(request, _from, monitors: dict[Pid, Ref]):
        match request:
            case ("subscribe", topic, pid):
                if PubSub.is_subscribed(topic, pid):
                    return ("reply", ("error", "already_subscribed"), monitors)
                ref = PubSub.monitor_of(pid, monitors)
                ets.insert(TABLE, (topic, pid, ref))
                return ("reply", "ok", {**monitors, pid: ref})
            case ("unsubscribe", topic, pid):
                ets.match_delete(TABLE, (topic, pid, "_"))
                if ets.match_object(TABLE, ("_", pid, "_")) == [] and pid in monitors:
                    erlang.demonitor(monitors[pid], ["flush"])
                    return ("reply", "ok", {key: ref for key, ref in monitors.items() if key != pid})
                return ("reply", "ok", monitors)

    def handle_cast(_message, monitors):
        return ("noreply", monitors)

    def handle_info(message, monitors):
        match message:
            case ("DOWN", _ref, "process", pid, _reason):
                ets.match_delete(TABLE, ("_", pid, "_"))
                return ("noreply", {key: ref for key, ref in monitors.items() if key != pid})

    def is_subscribed(topic: str, pid: Pid) -> bool:
        return any(who == pid for _, who, _ in ets.lookup(TABLE, topic))

    def monitor_of(pid: Pid, monitors: dict[Pid, Ref]) -> Ref:
        if pid in monitors:
            return monitors[pid]
        return erlang.monitor("process", pid)


@erlsim.module(name="listener")
class Listener:
    """A plain process that listens, and counts what it hears."""

    def start(topics: list[str]) -> Pid:
        return erlang.spawn(lambda: Listener.run(topics))

    async def run(topics: list[str]) -> Term:
        for topic in topics:
            await PubSub.subscribe(topic)
        await Listener.loop(0, [])

    async def loop(heard: int, last: list[Term]) -> Term:
        while True:
            match await erlang.receive(after=5000):
                case ("pubsub", topic, message):
                    heard += 1
                    last = [(topic, message), *last]
                case ("get", from_):
                    erlang.send(from_, ("heard", heard, last))
                case "stop":
                    break
                case erlsim.TIMEOUT:
                    erlang.exit("bored")
        return "stopped"

    async def heard(pid: Pid) -> Term:
        erlang.send(pid, ("get", erlang.self()))
        match await erlang.receive(("heard", ..., ...), after=1000):
            case ("heard", n, last):
                return (n, last)
            case _:
                return "timeout"
