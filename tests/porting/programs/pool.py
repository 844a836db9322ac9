"""A pool of workers: a supervisor starts as many as it is told, and a keeper lends them."""

import erlsim
from erlsim import erlang
from erlsim.otp import gen_server, supervisor
from erlsim.terms import Pid, Term


@erlsim.module(name="pool_worker")
class Worker:
    """A server that works. State: how many jobs it has done."""

    async def start_link(number: int) -> Term:
        return await gen_server.start_link("pool_worker", number, [])

    def init(_number):
        return ("ok", 0)

    def handle_call(request, _from, done):
        match request:
            case ("work", "crash"):
                return erlang.error("bad_job")
            case ("work", job):
                return ("reply", ("done", job, done + 1), done + 1)


@erlsim.module(name="pool_sup")
class Workers:
    """The supervisor of the workers: it adds them when it is asked."""

    async def start_link() -> Term:
        return await supervisor.start_link(("local", "pool_sup"), "pool_sup", [])

    def init(_args):
        flags = {"strategy": "simple_one_for_one", "intensity": 5, "period": 10}
        worker = {"id": "worker", "start": ("pool_worker", "start_link", []), "restart": "temporary"}
        return ("ok", (flags, [worker]))


@erlsim.module(name="pool_keeper")
class Keeper:
    """Lends workers. State: `(free, lent)`, where a loan is `(worker, ref)`."""

    async def start_link(size: int) -> Term:
        return await gen_server.start_link(("local", "pool_keeper"), "pool_keeper", size, [])

    async def work(job: Term) -> Term:
        """What a worker says of the job; `("error", "busy")` if there is none, `("error", "lost")` if it has died."""
        match await gen_server.call("pool_keeper", "take"):
            case ("ok", worker):
                return await Keeper.done(worker, job)
            case "none":
                return ("error", "busy")

    async def done(worker: Pid, job: Term) -> Term:
        try:
            return await gen_server.call(worker, ("work", job))
        except erlsim.Exit:
            return ("error", "lost")
        finally:
            gen_server.cast("pool_keeper", ("give_back", worker))

    async def init(size: int):
        return ("ok", ([await Keeper.hired(number) for number in range(1, size + 1)], []))

    async def hired(number: int) -> Pid:
        worker = erlsim.match(("ok", ...), await supervisor.start_child("pool_sup", [number]))
        erlang.monitor("process", worker)
        return worker

    def handle_call(request, _from, state):
        free, lent = state
        match request:
            case "take":
                match free:
                    case [worker, *others]:
                        return ("reply", ("ok", worker), (others, [worker, *lent]))
                    case _:
                        return ("reply", "none", state)
            case "count":
                return ("reply", (len(free), len(lent)), state)

    def handle_cast(request, state):
        free, lent = state
        match request:
            case ("give_back", worker):
                if len([each for each in lent if each == worker]) > 0:
                    return ("noreply", ([*free, worker], [each for each in lent if each != worker]))
                return ("noreply", state)

    async def handle_info(message, state):
        free, lent = state
        match message:
            case ("DOWN", _, "process", pid, _):
                worker = await Keeper.hired(0)
                kept = [each for each in free if each != pid]
                return ("noreply", ([*kept, worker], [each for each in lent if each != pid]))


@erlsim.module(name="pool_top")
class Top:
    """Both, the workers first: with them the keeper is started anew."""

    async def start_link() -> Term:
        return await supervisor.start_link(("local", "pool_top"), "pool_top", [])

    def init(_args):
        return (
            "ok",
            (
                {"strategy": "one_for_all", "intensity": 1, "period": 5},
                [
                    {"id": "workers", "start": ("pool_sup", "start_link", []), "type": "supervisor"},
                    {"id": "keeper", "start": ("pool_keeper", "start_link", [2])},
                ],
            ),
        )
