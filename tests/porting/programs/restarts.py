"""The tree of lesson 4: three workers under each strategy, and one who takes his time to clear up."""

import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_server, supervisor
from erlsim.terms import Term


@erlsim.module(name="restarts_worker")
class Worker:
    """The least server there is, registered under a name."""

    async def start_link(name: Term) -> Term:
        return await gen_server.start_link(("local", name), "restarts_worker", name, [])

    def init(name):
        return ("ok", name)

    def handle_call(request, _from, name):
        match request:
            case "who":
                return ("reply", name, name)


@erlsim.module(name="restarts_slow")
class Slow:
    """Clears up for as long as it is told."""

    async def start_link(name: Term, needs: int) -> Term:
        return await gen_server.start_link(("local", name), "restarts_slow", needs, [])

    def init(needs: int):
        erlang.process_flag("trap_exit", True)
        return ("ok", needs)

    async def terminate(_reason, needs: int):
        await timer.sleep(needs)


@erlsim.module(name="restarts_sup")
class Sup:
    """`{strategy}` for the workers; a slow one with 100 ms to end."""

    async def start_link(strategy: Term) -> Term:
        return await supervisor.start_link(("local", "restarts_sup"), "restarts_sup", strategy)

    def init(strategy):
        workers = [{"id": name, "start": ("restarts_worker", "start_link", [name])} for name in ("a", "b", "c")]
        slow = {
            "id": "slow",
            "start": ("restarts_slow", "start_link", ["slow", 50]),
            "shutdown": 100,
            "modules": ["restarts_slow"],
        }
        return ("ok", ({"strategy": strategy, "intensity": 3, "period": 5}, [*workers, slow]))
