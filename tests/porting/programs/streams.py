"""The tree of lesson 6: streams under a tracker, with viewers counted in its table."""

import erlsim
import gen_tracker
from erlsim import erlang, ets, timer
from erlsim.otp import gen_server, supervisor
from erlsim.terms import Term


@erlsim.module(name="stream")
class Stream:
    """A stream takes 20 ms to start. State: its name."""

    async def start_link(name: Term) -> Term:
        return await gen_server.start_link("stream", name, [])

    async def watch(name: Term) -> Term:
        """One viewer more; the stream is opened if nobody has watched it."""
        match await gen_tracker.find_or_open("streams", Stream.spec(name)):
            case ("ok", pid):
                gen_tracker.increment("streams", name, "viewers", 1, 0)
                return ("ok", pid)
            case ("error", reason):
                return ("error", reason)

    def viewers(name: Term) -> int:
        match gen_tracker.getattr("streams", name, "viewers"):
            case ("ok", count):
                return count
            case "undefined":
                return 0

    def spec(name: Term) -> Term:
        return (name, ("stream", "start_link", [name]), "temporary", 200, "worker", ["stream"])

    async def init(name):
        await timer.sleep(20)
        await gen_tracker.setattr("streams", name, [("codec", "h264")])
        return ("ok", name)

    def handle_info(message, name):
        match message:
            case ("shutdown", _):
                return ("stop", message, name)

    def after_terminate(name, attributes, reason):
        return ets.insert("archive", (name, dict(attributes)["codec"], reason))


@erlsim.module(name="streams_sup")
class Sup:
    """The tracker's supervisor; it owns the archive."""

    async def start_link() -> Term:
        return await supervisor.start_link(("local", "streams_sup"), "streams_sup", [])

    def init(_args):
        ets.new("archive", ["named_table", "public"])
        streams = ("streams", ("gen_tracker", "start_link", ["streams"]), "permanent", "infinity", "supervisor", [])
        return ("ok", (("one_for_one", 5, 10), [streams]))


@erlsim.module(name="streams_viewer")
class Viewer:
    """Those who watch."""

    def crowd(size: int, name: Term) -> Term:
        for _ in range(size):
            erlang.spawn(lambda: Stream.watch(name))
        return size
