"""A director restarts a child at once, then after 5000 ms, then deletes it."""

import director
import erlsim
from erlsim import erlang, terms, timer
from erlsim.otp import gen_server


@erlsim.module
class Bar:
    def start_link():
        return gen_server.start_link("bar", None, [])

    def init(arg):
        return ("ok", "state")


@erlsim.module
class Foo:
    def init(arg):
        plan = ["restart", ("restart", 5000), "delete"]
        return ("ok", [{"id": "bar_id", "start": ("bar", "start_link"), "plan": plan}])


async def main():
    sup = erlsim.match(("ok", ...), await director.start_link(Foo, None))

    async def show(event):
        children = await director.which_children(sup)
        print(terms.format("~6w ms  ~-7s ~0p", [erlang.monotonic_time(), event, children]))

    for _ in range(3):
        child = erlsim.match(("ok", ...), await director.get_pid(sup, "bar_id"))
        erlang.exit(child, "kill")
        await timer.sleep(1)
        await show("killed")
        await timer.sleep(5000)
        await show("later")


if __name__ == "__main__":
    erlsim.run(main, reports=False)
