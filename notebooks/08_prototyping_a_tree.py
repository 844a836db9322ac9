# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 8. Prototyping a tree before porting
#
# You have drawn a supervision tree on a whiteboard, and before it is written in Erlang or Elixir you want to know how it behaves: how many workers, which restart
# strategy, what happens when the database is away for half a minute. Here the tree runs as it would there, and everything around it (the
# database, the load) is modelled with [simpy](https://simpy.readthedocs.io): queues, resources, times. Both share one virtual clock.

# %%
from random import Random
from statistics import median

import simpy

import director
import erlsim
from erlsim import erlang, timer
from erlsim.otp import gen_server, supervisor

# %% [markdown]
# ## The world outside
#
# The database is no Erlang process. It is a `simpy.Resource`: so many connections, a queue for those who have to wait, and a time that each
# query takes. `erlsim.wait_for(event)` is the bridge: a process waits for a simpy event, and meanwhile its messages lie in its mailbox.


# %%
class Database:
    def __init__(self, sim, connections):
        self.env = sim.env
        self.connections = simpy.Resource(sim.env, capacity=connections)
        self.is_up = True
        self.refused = 0
        self.random = Random(1)

    async def query(self):
        """One query: waits for a connection, then takes 20 to 60 ms; or fails after 5 ms, if the database is away."""
        with self.connections.request() as connection:
            await erlsim.wait_for(connection)
            if not self.is_up:
                self.refused += 1
                await erlsim.wait_for(self.env.timeout(5))
                erlang.exit("no_database")
            await erlsim.wait_for(self.env.timeout(self.random.randint(20, 60)))
            return "row"


# %% [markdown]
# `with ... as connection` gives the connection back when the block is left, and that also happens when the process is killed in the middle of it.
#
# ## The tree, first draft
#
# A pool of workers, each a gen_server, under a supervisor. A request goes to one of them, in turn.


# %%
@erlsim.module
class Worker:
    async def start_link(name):
        return await gen_server.start_link(("local", name), Worker, name, [])

    def init(name):
        return ("ok", name)

    async def handle_call(request, _from, name):
        return ("reply", ("ok", await database.query()), name)


@erlsim.module
class Pool:
    def init(arg):
        flags, workers = arg
        children = [{"id": n, "start": ("worker", "start_link", [f"worker{n}"])} for n in range(workers)]
        return ("ok", (flags, children))


# %% [markdown]
# Load: requests come at random, 100 a second on average. Each is a process of its own, which notes what became of it.


# %%
def client(number, workers, results):
    async def body():
        start = erlang.monotonic_time()
        try:
            await gen_server.call(f"worker{number % workers}", "request", 1000)
            results.append(("ok", erlang.monotonic_time() - start))
        except erlsim.Exit as exit:
            results.append((exit.reason[0], erlang.monotonic_time() - start))

    return body


async def load(workers, seconds, results, per_second=100):
    random = Random(2)
    end = erlang.monotonic_time() + seconds * 1000
    number = 0
    while erlang.monotonic_time() < end:
        erlang.spawn(client(number, workers, results))
        number += 1
        await timer.sleep(round(random.expovariate(per_second / 1000)))
    await timer.sleep(2000)


def summary(results):
    times = sorted(ms for outcome, ms in results if outcome == "ok")
    failed = len(results) - len(times)
    if not times:
        return f"{len(results)} requests, all failed"
    return f"{len(results)} requests, {failed} failed; median {median(times):.0f} ms, 99 % within {times[len(times) * 99 // 100]} ms"


def trial(workers, connections, seconds=10):
    global database
    sim = erlsim.Simulation(trace=False)
    database = Database(sim, connections)
    results = []

    async def main():
        await supervisor.start_link(Pool, ({"intensity": 3, "period": 5}, workers))
        await load(workers, seconds, results)

    sim.run(main)
    return summary(results)


# %% [markdown]
# **Question 1.** A query takes 40 ms on average, and 100 come each second. How many workers are needed at least? And how many connections?

# %% tags=["long"]
for workers in (4, 5, 6, 8, 12):
    print(f"{workers:3} workers, 10 connections: {trial(workers, 10)}")

# %% [markdown]
# A hundred requests of 40 ms are four seconds of work each second: four workers are busy nearly all the time, and when many requests come at once it takes them
# long to make up for it. With six, hardly anybody waits.
#
# **Question 2.** With 12 workers: what if the database has only 5 connections?

# %% tags=["long"]
for connections in (4, 5, 6, 12):
    print(f" 12 workers, {connections:2} connections: {trial(12, connections)}")

# %% [markdown]
# ## When the database is away
#
# From second 5 to second 10 each query fails, and with it the worker that made it. This is what a supervisor is for. Or is it?
#
# **Question 3.** Intensity 3 in 5 seconds, 12 workers, 100 requests a second. How long does the tree live?


# %% tags=["long"]
def outage(sim, start, end):
    """A simpy process: the database is away from `start` to `end` (ms)."""

    def process():
        yield sim.env.timeout(start)
        database.is_up = False
        yield sim.env.timeout(end - start)
        database.is_up = True

    sim.env.process(process())


def with_outage(start_pool, seconds=20):
    global database
    sim = erlsim.Simulation(trace=False)
    database = Database(sim, 12)
    results = []

    async def main():
        erlang.process_flag("trap_exit", True)
        pool = erlsim.match(("ok", ...), await start_pool())
        erlang.spawn(lambda: watch(pool))
        outage(sim, 5000, 10_000)
        await load(12, seconds, results)
        print("after it:", "alive" if erlang.is_process_alive(pool) else "dead")

    async def watch(pool):
        ref = erlang.monitor("process", pool)
        _, _, _, _, reason = await erlang.receive(("DOWN", ref, ..., ..., ...))
        if sim.now < seconds * 1000:
            shown = reason if isinstance(reason, str) else reason[0]
            print(f"{sim.now:6} ms  the pool is dead: {shown}")

    sim.run(main)
    return f"{summary(results)}; {database.refused} queries refused"


print(with_outage(lambda: supervisor.start_link(Pool, ({"intensity": 3, "period": 5}, 12))))

# %% [markdown]
# Some tens of milliseconds: the fourth crash is one too many. The outage is over after 5 seconds, and the pool is dead all the same. In a real tree its own supervisor would start
# it again, and soon be at the end of its intensity too; and so up to the top, until the node is down. A database that is away has ended the node.
#
# **Question 4.** Would a greater intensity help?


# %% tags=["long"]
def supervised(intensity):
    return lambda: supervisor.start_link(Pool, ({"intensity": intensity, "period": 5}, 12))


for intensity in (100, 1000):
    print(f"--- intensity {intensity}")
    print(with_outage(supervised(intensity)))

# %% [markdown]
# Only one that is never reached. Then the tree outlives the outage, but it would as well restart a worker five hundred times that is simply broken, and it
# does not leave a database in peace that is just coming up: see how many queries were refused.
#
# ## With a plan
#
# The fault is foreseeable, so it can be planned for: when a worker dies of `no_database` start it again after a while, longer each time; when it dies of
# anything else, restart at once, three times, then give up.


# %%
def after_a_crash(reason, count):
    match reason:
        case "no_database":
            return ("restart", min(250 * 2 ** min(count, 4), 2000))
        case _ if count <= 3:
            return "restart"
        case _:
            return ("stop", ("broken", reason))


@erlsim.module
class PlannedPool:
    def init(workers):
        return ("ok", [childspec(n) for n in range(workers)])


def childspec(n):
    return {
        "id": n,
        "start": ("worker", "start_link", [f"worker{n}"]),
        "plan": [after_a_crash],
        "count": "infinity",
    }


print(director.lint(childspec(0)))
director.timeline(childspec(0), [(50, "no_database")] * 5 + [(500, "badarg")] * 2)

# %% [markdown]
# **Question 5.** How many requests fail now?

# %% tags=["long"]
print(with_outage(lambda: director.start_link(PlannedPool, 12)))

# %% [markdown]
# Those of the outage, and of the last pause after it: up to two seconds, that is the price of asking seldom. The database was asked a tenth as often or less, nobody
# above the pool noticed anything, and a worker that is really broken still ends it.
#
# ## Before porting
#
# What remains is to see that the behaviour does not hang on one order of events. So it becomes a test, and is run under many schedules:

# %% tags=["long"]
from erlsim import testing


async def the_pool_outlives_the_outage():
    global database
    sim = erlsim.simulation.current()
    database = Database(sim, 12)
    erlang.process_flag("trap_exit", True)
    pool = erlsim.match(("ok", ...), await director.start_link(PlannedPool, 12))
    outage(sim, 100, 400)
    results = []
    await load(12, 0.6, results)
    await timer.sleep(2000)
    assert await gen_server.call("worker0", "request") == ("ok", "row")
    return erlang.is_process_alive(pool)


found = testing.explore(the_pool_outlives_the_outage, schedules=20, trace=False)
print(found.sentence())

# %% [markdown]
# ## The port
#
# What goes over is the tree. The database and the load stay here: in their place come the real ones. So the tree gets a file of its own, and
# type hints say what Python leaves open.

# %% tags=["long"]
from pathlib import Path
from tempfile import mkdtemp

from erlsim.porting import drafts, scenarios

TREE = '''\
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
'''

folder = Path(mkdtemp())
(folder / "planned.py").write_text(TREE, encoding="utf-8")
port = drafts.draft([folder / "planned.py"])
print(port.sentence())
print(port.files["src/planned_pool.erl"])

# %% [markdown]
# The draft has translated what has one meaning, and would have left a marked hole where it would have to guess; `erlsim portable` says beforehand what
# those would be. On the command line it is `erlsim port planned.py --to erlang --out port`, or `--to elixir`.
#
# Text is cheap. **Does the port do the same?** A scenario says what is done from outside, in Erlang's own notation, and what comes; it runs on the prototype and on
# the port, and is compared step by step (with `--erl` on a real Erlang, too):

# %%
SCENARIO = """
-scenario("without a database a worker waits longer each time").
{ok, Pool} = planned_pool:start_link(2).
{ok, row} = gen_server:call(worker0, request).
exit:_ = catch gen_server:call(worker0, {fail, no_database}).
undefined = whereis(worker0).
sleep(600).
{ok, row} = gen_server:call(worker0, request).
exit:_ = catch gen_server:call(worker0, {fail, no_database}).
sleep(300).
undefined = whereis(worker0).
sleep(1500).
{ok, row} = gen_server:call(worker0, request).
"""


def compared(port, place):
    port.write(folder / place)
    for report in drafts.check(port, folder / place, scenarios.read(SCENARIO)):
        print(report)


compared(port, "port")

# %% [markdown]
# And if somebody changes the port, and gets the plan wrong?

# %%
from dataclasses import replace

wrong = {name: text.replace("250 * (Count + 1)", "250") for name, text in port.files.items()}
compared(replace(port, files=wrong), "wrong")

# %% [markdown]
# The step is named, with what each side answers. What has been found out stays, too: twelve workers, a plan and not an intensity.
#
# **Question 6.** One queue for all workers: let a worker ask a dispatcher for work when it is idle, and compare six workers. Is it better than a queue for each? As a simpy model, a `simpy.Store` of
# requests is enough:


# %% tags=["long"]
def with_one_queue(workers, seconds=10):
    global database
    sim = erlsim.Simulation(trace=False)
    database = Database(sim, 10)
    queue = simpy.Store(sim.env)
    results = []

    async def worker():
        while True:
            asked_at = await erlsim.wait_for(queue.get())
            await database.query()
            results.append(("ok", erlang.monotonic_time() - asked_at))

    async def main():
        for _ in range(workers):
            erlang.spawn_link(worker)
        random = Random(2)
        while sim.now < seconds * 1000:
            queue.put(sim.now)
            await timer.sleep(round(random.expovariate(0.1)))
        await timer.sleep(2000)

    sim.run(main)
    return summary(results)


print("a queue each:     ", trial(6, 10))
print("one queue for all:", with_one_queue(6))

# %% [markdown]
# ## Exercises
#
# Three tasks about what is tried out before it is built.

# %%
from erlsim import terms
from erlsim.course.prototypes import check_try_again, check_words, check_workers

# %% [markdown]
# ### 1. How many workers?
#
# Every 100 ms six requests come at once; each takes a worker 40 ms, and they go to the workers in turn. No request may take longer than 50 ms. What is the least number of workers?

# %% tags=["task"]
workers = ...

check_workers(workers)

# %% tags=["solution"]
workers = 6

check_workers(workers)

# %% tags=["wrong"]
# Written often: 6 × 40 ms are 240 ms of work in 100 ms, so three must do.
# The checker says: came      the slowest request took (ms): 80
workers = 3

check_workers(workers)

# %% tags=["wrong"]
# Written often: to be on the safe side.
# The checker says: came      still fast enough: True
workers = 12

check_workers(workers)

# %% [markdown] tags=["teacher"]
# The average says three, and three are never overloaded: all work is done within 80 ms. It is the burst that says six. Ask for the price: six workers are idle 60 % of the time. That is what a promise about the slowest request costs.

# %% [markdown]
# ### 2. Try again
#
# `await try_again(request)` awaits `request()`, which gives `("ok", row)` or `("error", reason)`. If the reason is `"busy"` it tries again after 100 ms, then after 200, then after 400: four requests in all. Any other answer is given back as it is, and so is the last one.


# %% tags=["task"]
async def try_again(request):
    """The answer of request(), asked up to four times."""


check_try_again(try_again)


# %% tags=["solution"]
async def try_again(request):
    for pause in (100, 200, 400):
        answer = await request()
        if answer != ("error", "busy"):
            return answer
        await timer.sleep(pause)
    return await request()


check_try_again(try_again)


# %% tags=["wrong"]
# Written often: a pause after the last request as well, of which nobody has anything, and one request too few.
# The checker says: came      asked at (ms): [0, 100, 300]
async def try_again(request):
    for pause in (100, 200, 400):
        answer = await request()
        if answer != ("error", "busy"):
            return answer
        await timer.sleep(pause)
    return ("error", "busy")


check_try_again(try_again)


# %% tags=["wrong"]
# Written often: whatever has failed is tried again.
# The checker says: tried     the request itself is wrong
async def try_again(request):
    for pause in (100, 200, 400):
        answer = await request()
        if answer[0] == "ok":
            return answer
        await timer.sleep(pause)
    return await request()


check_try_again(try_again)

# %% [markdown] tags=["teacher"]
# Two layers that both try four times are sixteen requests to a database that is already busy. Ask where in a system one should try again. (In one place, and as near to the user as can be.)

# %% [markdown]
# ### 3. Written to be ported
#
# This server runs, and what it does is right. But it would not port: strict mode says why. Mend it.


# %% tags=["task"]
@erlsim.module
class Words:
    def init(_):
        return ("ok", set())

    def handle_call(request, _from, words):
        match request:
            case ("add", word):
                words.add(word)
                return ("reply", "ok", words)
            case "words":
                return ("reply", sorted(words), words)


check_words(Words)


# %% tags=["solution"]
@erlsim.module
class Words:
    def init(_):
        return ("ok", [])

    def handle_call(request, _from, words):
        match request:
            case ("add", word) if word in words:
                return ("reply", "ok", words)
            case ("add", word):
                return ("reply", "ok", [word, *words])
            case "words":
                return ("reply", terms.sort(words), words)


check_words(Words)


# %% tags=["wrong"]
# Written often: a list in place of the set, and still changed in place.
# The checker says: tried     the same in strict mode
@erlsim.module
class Words:
    def init(_):
        return ("ok", [])

    def handle_call(request, _from, words):
        match request:
            case ("add", word):
                if word not in words:
                    words.append(word)
                return ("reply", "ok", words)
            case "words":
                return ("reply", sorted(words), words)


check_words(Words)


# %% tags=["wrong"]
# Written often: a list, and each word as often as it was added.
# The checker says: came      words: ['apple', 'pear', 'pear']
@erlsim.module
class Words:
    def init(_):
        return ("ok", [])

    def handle_call(request, _from, words):
        match request:
            case ("add", word):
                return ("reply", "ok", [word, *words])
            case "words":
                return ("reply", terms.sort(words), words)


check_words(Words)

# %% [markdown] tags=["teacher"]
# `sorted` compares as Python does, `terms.sort` as Erlang does: for atoms alone it is the same, and `erlsim portable` remarks on it. Let them run `erlsim port` on the solution and read the Erlang.
