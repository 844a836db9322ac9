"""A counter: a gen_server, its client, and five seconds that take no time."""

import erlsim
from erlsim import timer
from erlsim.otp import gen_server


@erlsim.module
class Counter:
    def init(start):
        return ("ok", start)

    def handle_call(request, _from, count):
        match request:
            case "get":
                return ("reply", count, count)
            case ("add", n):
                return ("reply", "ok", count + n)

    def handle_info(message, count):
        print(f"{message} after {erlsim.erlang.monotonic_time()} ms")
        return ("noreply", count)


async def main():
    pid = erlsim.match(("ok", ...), await gen_server.start_link(Counter, 0, []))
    erlsim.erlang.send_after(5000, pid, "a message")
    await gen_server.call(pid, ("add", 5))
    await timer.sleep(6000)
    return await gen_server.call(pid, "get")


if __name__ == "__main__":
    print(erlsim.run(main))
