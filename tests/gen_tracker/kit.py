"""Children and shortcuts for the tests of trackers. Every test runs as the shell of a fresh world, trapping exits.

Attributes tell `after_terminate` what to do: `report_to` a process, `take` so many ms, `fail` with a reason.
"""

from __future__ import annotations

import erlsim
import gen_tracker
from erlsim import erlang, ets, terms, timer
from erlsim.otp import gen_server, proc_lib

ZONE = "zone"


def now():
    return erlang.monotonic_time("millisecond")


@erlsim.module(name="trk_kid")
class Kid:
    """A gen_server. Options: trap, stop_takes (ms), start_takes (ms)."""

    async def start(options=None):
        return await gen_server.start_link("trk_kid", options or {}, [])

    async def init(options):
        erlang.process_flag("trap_exit", options.get("trap", False))
        await timer.sleep(options.get("start_takes", 0))
        return ("ok", options)

    def handle_call(request, _from, state):
        return ("reply", request, state)

    def handle_info(message, state):
        match message:
            case ("stop", reason):
                return ("stop", reason, state)
        return ("noreply", state)

    async def terminate(_reason, state):
        await timer.sleep(state.get("stop_takes", 0))

    async def after_terminate(name, attrs):
        await _obey(dict(attrs), ("after", name, _shown(attrs)))


@erlsim.module(name="trk_kid3")
class Kid3:
    """The same with a reason."""

    start = Kid.start

    async def after_terminate(name, attrs, reason):
        await _obey(dict(attrs), ("after", name, _shown(attrs), reason))


@erlsim.module(name="trk_plain")
class Plain:
    """Children without a behaviour, and start functions of all kinds."""

    def start():
        return ("ok", erlang.spawn_link(idle))

    def start_stubborn():
        return ("ok", erlang.spawn_link(stubborn))

    def give(term):
        return term

    def fail(kind, reason):
        {"error": erlang.error, "exit": erlang.exit, "throw": erlang.throw}[kind](reason)

    def python_error():
        return 1 // 0

    async def start_after(ms):
        await timer.sleep(ms)
        return Plain.start()

    async def start_unlinked_after(ms, to):
        await timer.sleep(ms)
        pid = erlang.spawn(idle)
        erlang.send(to, ("started", pid))
        return ("ok", pid)

    async def fail_after(ms, reason):
        await timer.sleep(ms)
        return ("error", reason)

    async def counted(to):
        erlang.send(to, ("starting", now()))
        return Plain.start()

    def start_mortal():
        return ("ok", erlang.spawn_link(lambda: "done"))

    async def flaky(to, takes):
        """Fails at the calls whose ordinal has False in the table `outcomes`."""
        erlang.send(to, ("starting", now()))
        await timer.sleep(takes)
        works = (ets.take("outcomes", ets.first("outcomes")) or [(0, True)])[0][1]
        return Plain.start() if works else ("error", "flaky")

    async def start_ack(to):
        return await proc_lib.start_link("trk_plain", "init_ack", [to])

    async def init_ack(to):
        await gen_tracker.init_ack(("ok", erlang.self()))
        erlang.send(to, ("known", gen_tracker.find(ZONE, "acking")))
        await idle()


async def idle():
    match await erlang.receive():
        case ("exit", reason):
            erlang.exit(reason)


async def stubborn():
    erlang.process_flag("trap_exit", True)
    while await erlang.receive() != "go":
        pass


async def _obey(attrs, news):
    await timer.sleep(attrs.get("take", 0))
    if "report_to" in attrs:
        erlang.send(attrs["report_to"], news)
    if "fail" in attrs:
        erlang.error(attrs["fail"])


def _shown(attrs):
    return terms.sort([(key, value) for key, value in attrs if key not in ("report_to", "take", "fail")])


# ---- shortcuts -------------------------------------------------------------------------------------


async def tracker(options=None):
    ok, pid = await gen_tracker.start_link(ZONE, *([] if options is None else [options]))
    assert ok == "ok"
    return pid


def spec(name, module="trk_plain", function="start", args=(), restart="temporary", shutdown=200):
    return (name, (module, function, list(args)), restart, shutdown, "worker", [])


async def opened(name, *args, **kwargs):
    ok, pid = await gen_tracker.find_or_open(ZONE, spec(name, *args, **kwargs))
    assert ok == "ok"
    return pid


def proxy_of(name):
    """The process that watches a child: what the tracker is linked to and calls itself so."""
    said = ("name", ("gen_tracker", ZONE, "proxy", name))
    linked = erlang.process_info(erlang.whereis(ZONE), "links")[1]
    (proxy,) = [pid for pid in linked if said in erlang.process_info(pid, "dictionary")[1]]
    return proxy


async def in_background(fun, *args):
    """Call an async function in a process of its own, which sends `("result", index, value, time)`."""
    me = erlang.self()

    async def work():
        try:
            value = await fun(*args)
        except erlsim.ErlangException as failure:
            value = (failure.kind, failure.reason)
        erlang.send(me, ("result", erlang.self(), value, now()))

    return erlang.spawn(work)


async def result_of(pid):
    _, _, value, when = await erlang.receive(("result", pid, ..., ...), after=100_000)
    return value, when


async def gone(pid):
    """Wait until a process is dead: its reason."""
    ref = erlang.monitor("process", pid)
    return (await erlang.receive(("DOWN", ref, "process", ..., ...), after=100_000))[4]


async def mailbox():
    messages = []
    while (message := await erlang.receive(after=0)) is not erlang.TIMEOUT:
        messages.append(message)
    return messages
