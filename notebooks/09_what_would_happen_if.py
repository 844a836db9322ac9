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
found = testing.blast_radius(shop("rest_for_one"))
print(found)

# %%
found.svg("cart", "crash")

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
lab = testing.restart_lab(away, intensity=[1, 3, 10], period=[5, 60], hours=24, runs=80)
print(lab)

# %%
lab.svg()

# %% [markdown]
# The table says how sure it is: the range behind each number is where the true chance lies, 95 times of 100. A plan that waits needs no such intensity:

# %% tags=["long"]
plans = {"back-off": [("restart", 1_000), ("restart", 5_000), ("restart", 15_000)]}
print(testing.restart_lab(away, intensity=[3], period=[60], plans=plans, hours=24, runs=80).recommendation)


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
# ## Exercises
#
# Three tasks. `worker("store")` is the childspec of a worker that is registered as `store`.

# %%
from erlsim.course.outages import check_cart, check_demand, check_shape, worker

# %% [markdown]
# ### 1. Who may fall with whom
#
# A store, a cart that needs the store, and a mailer that needs nobody. `await tree()` starts the top supervisor. When the store dies the cart is to be restarted as well; otherwise everybody falls alone. And if the store dies five times within five seconds, the mailer must not notice.


# %% tags=["task"]
async def tree():
    """Start the top supervisor: ("ok", pid)."""


check_shape(tree)


# %% tags=["solution"]
@erlsim.module
class Inner:
    def init(_):
        return ("ok", ({"strategy": "rest_for_one", "intensity": 2, "period": 5}, [worker("store"), worker("cart")]))


@erlsim.module
class Outer:
    def init(_):
        start = ("supervisor", "start_link", [Inner, []])
        inner = {"id": "inner", "start": start, "type": "supervisor"}
        return ("ok", ({"intensity": 2, "period": 5}, [inner, worker("mailer")]))


async def tree():
    return await supervisor.start_link(Outer, [])


check_shape(tree)


# %% tags=["wrong"]
# Written often: one supervisor, and the mailer comes last.
# The checker says: came      new: ['store', 'cart', 'mailer']
@erlsim.module
class Flat:
    def init(_):
        children = [worker("store"), worker("cart"), worker("mailer")]
        return ("ok", ({"strategy": "rest_for_one", "intensity": 2, "period": 5}, children))


async def tree():
    return await supervisor.start_link(Flat, [])


check_shape(tree)


# %% tags=["wrong"]
# Written often: the mailer comes first, where the others do not reach it. But now it takes them along.
# The checker says: came      new: ['store', 'cart', 'mailer']
@erlsim.module
class MailerFirst:
    def init(_):
        children = [worker("mailer"), worker("store"), worker("cart")]
        return ("ok", ({"strategy": "rest_for_one", "intensity": 5, "period": 5}, children))


async def tree():
    return await supervisor.start_link(MailerFirst, [])


check_shape(tree)

# %% [markdown] tags=["teacher"]
# No flat tree does it: what the mailer shares with the other two is a strategy and an intensity, and it should share neither. Ask what happens when the store dies for ever: the inner supervisor gives up, and at its third time the outer one, with the mailer. Nothing outlives a fault that stays; the shape says in which order things are given up.

# %% [markdown]
# ### 2. A cart that bears it
#
# The cart's `handle_call(what, from_, state)` asks the server `store` for `what` and gives on the answer. If the store has not answered within 500 ms, or is not there, the answer is `("error", "store")`, and the cart lives on.


# %% tags=["task"]
@erlsim.module
class Bearing:
    """init and handle_call."""


check_cart(Bearing)


# %% tags=["solution"]
@erlsim.module
class Bearing:
    def init(_):
        return ("ok", [])

    async def handle_call(what, _from, state):
        try:
            return ("reply", await gen_server.call("store", what, 500), state)
        except erlsim.Exit:
            return ("reply", ("error", "store"), state)


check_cart(Bearing)


# %% tags=["wrong"]
# Written often: caught, but with the default time, which is longer than the client waits.
# The checker says: came      answer: ('failed', 'timeout')
@erlsim.module
class Bearing:
    def init(_):
        return ("ok", [])

    async def handle_call(what, _from, state):
        try:
            return ("reply", await gen_server.call("store", what), state)
        except erlsim.Exit:
            return ("reply", ("error", "store"), state)


check_cart(Bearing)


# %% tags=["wrong"]
# Written often: the time is right, and the failure ends the cart.
# The checker says: came      the cart: 'dead'
@erlsim.module
class Bearing:
    def init(_):
        return ("ok", [])

    async def handle_call(what, _from, state):
        return ("reply", await gen_server.call("store", what, 500), state)


check_cart(Bearing)

# %% [markdown] tags=["teacher"]
# Times must grow from the inside to the outside: whoever is asked has to give up before whoever asks. And while the cart waits for the store it serves nobody: ask what a hundred customers see. (`noreply` and a process for each request, or no cart at all.)

# %% [markdown]
# ### 3. A demand
#
# Write an assertion for tests: `demand()` fails with `AssertionError` if `store` was away for more than 100 ms at a time, or was restarted more than three times, in the current simulation.


# %% tags=["task"]
def demand():
    """Passes, or raises AssertionError."""


check_demand(demand)


# %% tags=["solution"]
def demand():
    testing.budget("store", repair=100, restarts=3)


check_demand(demand)


# %% tags=["wrong"]
# Written often: 99 % of the time is a lot, and says nothing of how long it was away at a time.
# The checker says: tried     a minute with five restarts at once
def demand():
    testing.budget("store", availability=0.99)


check_demand(demand)


# %% tags=["wrong"]
# Written often: only the restarts are counted.
# The checker says: tried     a minute with one restart that took two seconds
def demand():
    testing.budget("store", restarts=3)


check_demand(demand)

# %% [markdown] tags=["teacher"]
# Show the text of the `AssertionError`: it lists what is over, when and by how much. Then ask which of the two numbers a customer notices, and which the one who is on call at night.
