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
# # 9. What would happen if
#
# A supervision tree is a bet on what will fail, and how often. In virtual time one can simply try: kill each process, let thousands of hours of failures
# pass, and count. Three questions, three tools.

# %%
import erlsim
from erlsim import erlang, ets, testing, timer
from erlsim.otp import gen_server, supervisor

# %% [markdown]
# ## A shop
#
# A store keeps the stock in an ETS table, a cart asks the store, and a mailer needs neither.


# %%
@erlsim.module
class Store:
    def init(_):
        ets.insert(ets.new("stock", []), [("apple", 3), ("pear", 5)])
        return ("ok", {})

    def handle_call(what, _from, state):
        return ("reply", ("ok", what), state)


@erlsim.module
class Cart:
    def init(_):
        return ("ok", [])

    async def handle_call(what, _from, state):
        return ("reply", await gen_server.call("store", what, 500), state)


@erlsim.module
class Mailer:
    def init(_):
        return ("ok", [])


def child(name, module):
    return {"id": name, "start": ("gen_server", "start_link", [("local", name), module, [], []])}


@erlsim.module
class Shop:
    def init(strategy):
        flags = {"strategy": strategy, "intensity": 2, "period": 5}
        return ("ok", (flags, [child("store", Store), child("cart", Cart), child("mailer", Mailer)]))


def shop(strategy):
    return lambda: supervisor.start_link(("local", "shop"), Shop, strategy)


# %% [markdown]
# ## Who falls with whom?
#
# **Question 1.** The store is killed. Who else dies, under `one_for_one`, and under `rest_for_one`? Write your answer down first.

# %%
for strategy in ("one_for_one", "rest_for_one", "one_for_all"):
    blast = testing.blast_radius(shop(strategy), who=["store"], reasons=["kill"])["store", "kill"]
    print(f"{strategy:12} fell: {', '.join(blast.fallen):25} the tree: {blast.outcome}")

# %% [markdown]
# And everybody, in all four ways to fail. A process that *hangs* is the worst: no supervisor notices.

# %%
print(testing.blast_radius(shop("rest_for_one")))

# %% [markdown]
# **Question 2.** What do callers see? With a load each process is struck at each instant of it, and while each message is on its way.


# %%
async def customer():
    for _ in range(2):
        try:
            await gen_server.call("cart", "apple", 1000)
        except erlsim.Exit:
            pass
        await timer.sleep(100)


print(testing.blast_radius(shop("rest_for_one"), customer, who=["store", "cart"], reasons=["kill", "hang"]))

# %% [markdown]
# A store that hangs ends the *cart*: its own call times out, and it has not caught that. `rest_for_one` then restarts the mailer as well.
#
# ## How many restarts?
#
# The store's database is away for 20 seconds about once an hour, and a store that starts meanwhile fails after two seconds.
#
# **Question 3.** Which intensity and period lives through a day of that?

# %% tags=["long"]
away = testing.outages(20_000, 3_600_000, lives=2_000)
lab = testing.restart_lab(away, intensity=[1, 3, 10], period=[5, 60], hours=24, runs=40)
print(lab)

# %% [markdown]
# The table says how sure it is: the range behind each number is where the true chance lies, 95 times of 100. A plan that waits needs no such intensity:

# %% tags=["long"]
plans = {"back-off": [("restart", 1_000), ("restart", 5_000), ("restart", 15_000)]}
print(testing.restart_lab(away, intensity=[3], period=[60], plans=plans, hours=24, runs=40).recommendation)


# %% [markdown]
# ## How long was it away?
#
# What a name has cost its callers is a number that a test can demand.


# %%
async def a_bad_minute():
    await shop("rest_for_one")()
    for second in range(60):
        if second in (10, 40):
            erlang.exit(erlang.whereis("store"), "kill")
        try:
            await gen_server.call("cart", "apple", 1000)
        except erlsim.Exit:
            pass
        await timer.sleep(1000)


sim = erlsim.Simulation(reports=False)
sim.run(a_bad_minute)
print(sim.availability("store"), sim.service("store").restarts, "restarts")
print(sim.service("cart").latency)

# %% [markdown]
# ## And would your tests notice?
#
# Change `rest_for_one` to `one_for_one` in the tree: does one of your tests fail? `erlsim mutate` asks that of each declaration, and shows for each mutant that
# no test has noticed a run that tells the two apart: [how to](../docs/how-to/mutate-supervision.md).
#
# ## Try it
#
# Put the store and the cart under a supervisor of their own, beside the mailer. Who falls now if the store is killed three times in five seconds? The answer is one call:


# %%
@erlsim.module
class Inner:
    def init(_):
        flags = {"strategy": "rest_for_one", "intensity": 2, "period": 5}
        return ("ok", (flags, [child("store", Store), child("cart", Cart)]))


@erlsim.module
class Outer:
    def init(_):
        inner = {
            "id": "inner",
            "start": ("supervisor", "start_link", [("local", "inner"), Inner, []]),
            "type": "supervisor",
        }
        return ("ok", ({"intensity": 2, "period": 5}, [inner, child("mailer", Mailer)]))


found = testing.blast_radius(
    lambda: supervisor.start_link(("local", "outer"), Outer, []), who=["store", "inner"], reasons=["kill"]
)
print(found)
