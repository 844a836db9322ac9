"""Workers under a director, with a plan for a database that is away."""

import director
import erlsim
from erlsim import erlang
from erlsim.otp import gen_server
from erlsim.terms import Term


@erlsim.module(name="planned_worker")
class Worker:
    async def start_link(name: Term) -> Term:
        return await gen_server.start_link(("local", name), "planned_worker", name, [])

    def init(name):
        return ("ok", name)

    def handle_call(request, _from, name):
        match request:
            case "request":
                return ("reply", ("ok", "row"), name)
            case ("fail", reason):
                return erlang.exit(reason)


@erlsim.module(name="planned_pool")
class Pool:
    async def start_link(workers: int) -> Term:
        return await director.start_link(("local", "planned_pool"), "planned_pool", workers)

    def init(workers: int):
        return ("ok", [Pool.childspec(number) for number in range(workers)])

    def childspec(number: int) -> Term:
        return {
            "id": number,
            "start": ("planned_worker", "start_link", [f"worker{number}"]),
            "plan": [Pool.after_a_crash],
            "count": "infinity",
        }

    def after_a_crash(reason: Term, count: int) -> Term:
        match reason:
            case "no_database":
                return ("restart", min(250 * (count + 1), 2000))
            case _ if count <= 3:
                return "restart"
            case _:
                return ("stop", ("broken", reason))
