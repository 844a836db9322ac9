"""A streaming server: a thousand streams under one tracker, viewers who count, streams that die."""

import erlsim
import gen_tracker
from erlsim import erlang, ets, timer
from erlsim.otp import gen_server, supervisor

VIEWERS, SECONDS, BYTES = 50, 10, 1316


@erlsim.module(name="stream")
class Stream:
    """One stream: it announces what it serves while it starts, and is asked for nothing afterwards."""

    async def start_link(name):
        return await gen_server.start_link("stream", name, [])

    async def init(name):
        await gen_tracker.setattr("streams", name, [("hls", True), ("codec", "h264"), ("bytes_out", 0)])
        return ("ok", name)

    def handle_info(message, name):
        return ("stop", message, name)

    def after_terminate(name, attrs, reason):
        """Runs when the stream is dead; its attributes go afterwards."""
        ets.update_counter("archive", "bytes", dict(attrs)["bytes_out"])
        ets.insert("archive", ((name, erlang.monotonic_time()), reason))


@erlsim.module(name="server_sup")
class ServerSup:
    def init(_arg):
        streams = ("streams", ("gen_tracker", "start_link", ["streams"]), "permanent", "infinity", "supervisor", [])
        return ("ok", (("one_for_one", 5, 10), [streams]))


def spec(name):
    return (name, ("stream", "start_link", [name]), "temporary", 200, "worker", ["stream"])


async def viewer(number):
    """Watches twenty streams; opens those that are not there, and asks no stream for anything."""
    names = [b"tv%d" % (number * 20 + i) for i in range(20)]
    for _ in range(SECONDS * 2):
        for name in names:
            if gen_tracker.find("streams", name) == "undefined":
                await gen_tracker.find_or_open("streams", spec(name))
            gen_tracker.increment("streams", name, "bytes_out", BYTES)
        await timer.sleep(500)


async def failures():
    """Every second three streams end, each in its own way."""
    for second in range(SECONDS - 1):
        await timer.sleep(900 if second == 0 else 1000)
        killed, lost, deleted = (b"tv%d" % (second * 100 + i) for i in range(3))
        erlang.exit(gen_tracker.find("streams", killed)[1], "kill")
        erlang.send(gen_tracker.find("streams", lost)[1], ("shutdown", "source_lost"))
        await supervisor.delete_child("streams", deleted)


def report(what):
    """What the tables say: one process is asked about a thousand, and none of them notices."""
    alive = gen_tracker.list("streams", ["bytes_out"])
    served = sum(number for _, [_, (_, number)] in alive)
    rows = ets.info("streams_attrs", "size")
    print(f"{erlang.monotonic_time():6} ms  {what}: {len(alive)} streams, {rows} attributes, {served:,} bytes")
    return served


def archived():
    return ets.lookup_element("archive", "bytes", 2)


async def main():
    erlang.process_flag("trap_exit", True)
    ets.new("archive", ["named_table", "public"])
    ets.insert("archive", ("bytes", 0))
    sup = erlsim.match(("ok", ...), await supervisor.start_link("server_sup", []))
    report("the tracker is there")

    watching = [erlang.spawn_monitor(viewer, [number]) for number in range(VIEWERS)]
    erlang.spawn(failures)
    await timer.sleep(100)
    report("everybody watches")
    print(f"           tv0 is {gen_tracker.info('streams', b'tv0')}")
    await timer.sleep(850)
    report("three have ended")
    print(f"           tv0 is {gen_tracker.find('streams', b'tv0')} and {gen_tracker.info('streams', b'tv0')}")
    for _, ref in watching:
        await erlang.receive(("DOWN", ref, ..., ..., ...))

    sent = VIEWERS * 20 * SECONDS * 2 * BYTES
    served = report("everybody has gone")
    print(f"           {archived():,} bytes are in the archive; lost: {sent - served - archived()}")
    for reason in ("killed", ("shutdown", "source_lost"), "shutdown"):
        print(f"           {len(ets.match_object('archive', ('_', reason)))} streams ended with {reason}")

    erlang.exit(sup, "shutdown")
    await erlang.receive(("EXIT", sup, ...))
    print(f"{erlang.monotonic_time():6} ms  closed: {ets.info('archive', 'size') - 1} in the archive,", end=" ")
    print(f"{archived():,} bytes; lost: {sent - archived()}")


if __name__ == "__main__":
    erlsim.run(main, trace=False)
