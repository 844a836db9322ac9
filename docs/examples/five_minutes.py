"""The program of "erlsim in five minutes"; erl/five_minutes.erl is the same in Erlang, and prints the same."""

import erlsim
from erlsim import erlang, io, timer
from erlsim.otp import gen_server, supervisor


# -- a process
async def echo():
    match await erlang.receive():
        case (from_, message):
            erlang.send(from_, ("echo", message))
            await echo()


async def messages():
    pid = erlang.spawn(echo)
    erlang.send(pid, (erlang.self(), "hi"))
    match await erlang.receive(("echo", ...), after=1000):
        case ("echo", message):
            await io.format("echo: ~p~n", [message])
        case erlsim.TIMEOUT:
            await io.format("nobody~n", [])


# -- links and monitors
async def watching():
    erlang.process_flag("trap_exit", True)
    pid = erlang.spawn_link(lambda: erlang.exit("oops"))
    match await erlang.receive(("EXIT", pid, ...)):
        case (_, _, reason):
            await io.format("linked: ~p~n", [reason])
    pid, ref = erlang.spawn_monitor(lambda: erlang.exit("oops"))
    match await erlang.receive(("DOWN", ref, "process", pid, ...)):
        case (_, _, _, _, reason):
            await io.format("watched: ~p~n", [reason])


# -- a gen_server
@erlsim.module
class Counter:
    async def start_link(start):
        name = ("local", "counter")
        return await gen_server.start_link(name, Counter, start, [])

    def init(start):
        return ("ok", start)

    def handle_call(request, from_, n):
        match request:
            case "get":
                return ("reply", n, n)
            case ("add", k) if isinstance(k, int):
                return ("reply", "ok", n + k)

    def handle_cast(request, n):
        match request:
            case "reset":
                return ("noreply", 0)


# -- its client
async def calls():
    pid = erlsim.match(("ok", ...), await Counter.start_link(40))
    await gen_server.call(pid, ("add", 2))
    gen_server.cast("counter", "reset")
    await io.format("~p~n", [await gen_server.call("counter", "get")])
    try:
        await gen_server.call("nobody", "get")
    except erlsim.Exit as exit:
        await io.format("~p~n", [exit.reason])
    await gen_server.stop("counter")


# -- a supervisor
@erlsim.module
class Top:
    def init(arg):
        flags = {"strategy": "one_for_one", "intensity": 1, "period": 5}
        child = {"id": "counter", "start": ("counter", "start_link", [7])}
        return ("ok", (flags, [child]))


# -- its end
async def trees():
    sup = erlsim.match(("ok", ...), await supervisor.start_link(Top, []))
    await gen_server.call("counter", ("add", 100))
    erlang.exit(erlang.whereis("counter"), "kill")
    await timer.sleep(1)
    await io.format("~p~n", [await gen_server.call("counter", "get")])
    erlang.exit(erlang.whereis("counter"), "kill")
    match await erlang.receive(("EXIT", sup, ...)):
        case (_, _, reason):
            await io.format("the supervisor: ~p~n", [reason])


# -- all of it
async def main():
    await messages()
    await watching()
    await calls()
    await erlang.receive(("EXIT", ..., "normal"))
    await trees()


if __name__ == "__main__":
    erlsim.run(main, reports=False)
