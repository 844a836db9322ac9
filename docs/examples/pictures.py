"""A shop: a supervisor with a stock and a director whose tills have plans. One till breaks twice, one is unplugged."""

import director
import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_server, supervisor


@erlsim.module(name="server")
class Server:
    """A server with a name; it takes 50 ms for an order, and breaks when it is told to."""

    def start_link(name):
        return gen_server.start_link(("local", name), Server, name, [])

    def init(name):
        return ("ok", name)

    async def handle_call(request, from_, name):
        return ("reply", name, name)

    async def handle_cast(request, name):
        match request:
            case "break":
                erlang.exit("broken")
            case ("order", _):
                await timer.sleep(50)
        return ("noreply", name)


@erlsim.module(name="shop")
class Shop:
    def init(arg):
        stock = {"id": "stock", "start": (Server, "start_link", ["stock"])}
        tills = {
            "id": "tills",
            "start": (director, "start_link", [("local", "tills"), Tills, []]),
            "type": "supervisor",
        }
        return ("ok", ({"strategy": "rest_for_one", "intensity": 3, "period": 5}, [stock, tills]))


@erlsim.module(name="tills")
class Tills:
    def init(arg):
        plan = [("restart", 300), "wait"]
        return (
            "ok",
            [{"id": ("till", n), "start": (Server, "start_link", [f"till_{n}"]), "plan": plan} for n in (1, 2)],
        )


async def main():
    await supervisor.start_link(("local", "shop"), Shop, [])
    for number in range(4):
        gen_server.cast("stock", ("order", number))
    await timer.sleep(120)
    gen_server.cast("till_1", "break")
    await timer.sleep(480)
    gen_server.cast("till_1", "break")
    erlang.exit(erlang.whereis("till_2"), "kill")
    await timer.sleep(400)


if __name__ == "__main__":
    sim = erlsim.Simulation()
    sim.run(main)
    print(sim.tree(), end="\n\n")
    print(sim.trace.timeline(), end="\n\n")
    print(sim.trace.sequence(["shell", "tills", "till_1"], start=100))
