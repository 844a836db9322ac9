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
# # 4. Supervisors and restart intensity
#
# A supervisor starts processes, its *children*, and starts them anew when they die. It does nothing else, so that it hardly
# ever fails itself. Supervisors supervise supervisors: a tree.

# %%
import erlsim
from erlsim import erlang, terms, timer
from erlsim.otp import gen_server, supervisor


def begin(**options):
    """A fresh node, whose shell traps exits: what begins so can be run again as often as you like."""
    global sim
    sim = erlsim.shell(**options)
    erlang.process_flag("trap_exit", True)


def show(*values):
    """Print terms as Erlang writes them."""
    for value in values:
        print(terms.format("~tp", [value]))


async def kill(name):
    """Kill whoever is registered as `name`, and let a millisecond pass."""
    erlang.exit(erlang.whereis(name), "kill")
    await timer.sleep(1)


begin()

# %% [markdown]
# ## A supervisor and three children
#
# The callback module has one function, `init`. It says how to restart and lists the children. A worker here is the least
# gen_server there is, registered under a name.


# %%
@erlsim.module
class Worker:
    quiet = False

    async def start_link(name):
        if not Worker.quiet:
            print(f"{sim.now:6} ms  {name} starts")
        return await gen_server.start_link(("local", name), Worker, name, [])

    def init(name):
        return ("ok", name)


@erlsim.module
class Sup:
    def init(flags):
        children = [{"id": name, "start": ("worker", "start_link", [name])} for name in ("a", "b", "c")]
        return ("ok", (flags, children))


begin()
sup = erlsim.match(
    ("ok", ...),
    await supervisor.start_link(("local", "sup"), Sup, {"strategy": "one_for_one", "intensity": 3, "period": 5}),
)
sim.tree()

# %% [markdown]
# Children are started in the order of the list. The flags: `strategy` says who is restarted when one dies; more than
# `intensity` restarts within `period` *seconds* are too many.
#
# A childspec has more to it than its id and its start function; the rest has defaults:

# %%
show(await supervisor.get_childspec("sup", "a"))

# %% [markdown]
# ## Strategies
#
# **Question 1.** We kill `b`. Which children start again, under each of the three strategies?

# %%
Worker.quiet = False
for strategy in ("one_for_one", "one_for_all", "rest_for_one"):
    begin()
    print(f"--- {strategy}")
    sup = erlsim.match(
        ("ok", ...),
        await supervisor.start_link(("local", "sup"), Sup, {"strategy": strategy, "intensity": 3, "period": 5}),
    )
    print("    b is killed")
    await kill("b")

# %% [markdown]
# `one_for_one`: only `b`. `one_for_all`: all, since they need each other. `rest_for_one`: `b` and those that were started after it,
# since they may depend on it.
#
# ## Restart intensity
#
# Restarting helps against faults that pass. If a child dies again and again the fault does not pass, and the supervisor gives up: it
# ends its children and itself, with `shutdown`, and so hands the problem to *its* supervisor.
#
# **Question 2.** The intensity is 3 in 5 seconds. We kill `a` four times, 2 seconds apart. And four times at once? (There will be
# many deaths from here on, so we do without their reports. They are in `sim.reports`.)

# %%
Worker.quiet = True


async def start(**flags):
    """The supervisor on a fresh node, with other flags."""
    global sup
    begin(reports=False, trace=False)
    sup = erlsim.match(
        ("ok", ...), await supervisor.start_link(("local", "sup"), Sup, {"strategy": "one_for_one", **flags})
    )


for pause in (2000, 0):
    print(f"--- {pause} ms apart")
    await start(intensity=3, period=5)
    for _ in range(4):
        await kill("a")
        print(f"{sim.now:6} ms  the supervisor is {'alive' if erlang.is_process_alive(sup) else 'dead'}")
        await timer.sleep(pause)

# %% [markdown]
# Two seconds apart, never more than three fall into 5 seconds. At once, three restarts are borne, and the fourth is one too many.
# The supervisor that gave up told us, since we are linked to it:

# %%
show(erlang.process_info(erlang.self(), "messages"))

# %% [markdown]
# **Question 3.** The defaults are intensity 1, period 5. A child dies every 4 seconds: is that too much for them? And every 6 seconds, for
# hours? First count: how many restarts fall into any 5 seconds?


# %% tags=["long"]
async def bears(gap, total):
    """Whether a supervisor with the defaults bears a death every `gap` ms for `total` ms."""
    await start()
    end = sim.now + total
    while erlang.is_process_alive(sup) and sim.now < end:
        await kill("a")
        await timer.sleep(gap - 1)
    return erlang.is_process_alive(sup)


hours = 2
for seconds in (4, 5, 6):
    borne = await bears(seconds * 1000, hours * 60 * 60 * 1000)
    print(f"every {seconds} s:", f"borne for {hours} hours" if borne else "too much")

# %% [markdown]
# In virtual time it is no trouble to try hours, or with `hours = 24` a whole day. And a lesson: with the defaults a child may die every six seconds for ever, and
# nothing but the log will tell.
#
# ## Restart types
#
# Not every end is a fault. A child's `restart` says which ends are answered: `permanent` (the default) all, `transient` all but
# `normal`, `shutdown` and `{shutdown, _}`, `temporary` none.
#
# **Question 4.** Fill in the table before you run it: three types, three reasons.


# %%
@erlsim.module
class Types:
    def init(_):
        children = [
            {"id": kind, "start": ("worker", "start_link", [kind]), "restart": kind}
            for kind in ("permanent", "transient", "temporary")
        ]
        return ("ok", ({"intensity": 100}, children))


async def after(reason):
    """Who lives on under the supervisor when each child has ended for `reason`."""
    types = erlsim.match(("ok", ...), await supervisor.start_link(Types, "undefined"))
    for name in ("permanent", "transient", "temporary"):
        await gen_server.stop(name, reason)
    await timer.sleep(1)
    found = [
        (id, "runs" if isinstance(pid, erlsim.terms.Pid) else pid)
        for id, pid, _, _ in await supervisor.which_children(types)
    ]
    erlang.exit(types, "shutdown")
    await erlang.receive(("EXIT", types, ...))
    return found


begin(reports=False)
for reason in ("normal", "shutdown", "crashed"):
    print(f"{reason:9}", await after(reason))

# %% [markdown]
# A transient child that has ended normally is kept, as `undefined`, and can be started again with `restart_child`. A temporary one is
# forgotten.
#
# ## The end of a supervisor
#
# Children are ended in the reverse order of their start. `shutdown` in the childspec says how: a number of milliseconds to end by
# itself after an exit signal `shutdown`, then `kill`; or `brutal_kill`; or `infinity`, for supervisors.
#
# **Question 5.** `slow` takes 3000 ms to clear up, and its childspec gives it the default, 5000. `stuck` would take 60000. How long does the
# supervisor take to end?


# %%
@erlsim.module
class Slow:
    async def start_link(name, ms):
        return await gen_server.start_link(("local", name), Slow, (name, ms), [])

    def init(state):
        erlang.process_flag("trap_exit", True)
        return ("ok", state)

    async def terminate(reason, state):
        name, ms = state
        print(f"{sim.now - began:6} ms  {name} begins to clear up")
        await timer.sleep(ms)
        print(f"{sim.now - began:6} ms  {name} is done")


@erlsim.module
class Closing:
    def init(_):
        slow = {"id": "slow", "start": ("slow", "start_link", ["slow", 3000])}
        stuck = {"id": "stuck", "start": ("slow", "start_link", ["stuck", 60_000])}
        return ("ok", ({}, [slow, stuck]))


begin(reports=False)
closing = erlsim.match(("ok", ...), await supervisor.start_link(Closing, "undefined"))
began = sim.now
erlang.exit(closing, "shutdown")
await erlang.receive(("EXIT", closing, ...))
print(f"{sim.now - began:6} ms  the supervisor has ended")

# %% [markdown]
# `stuck` was started last, so it goes first: it gets 5000 ms and then is killed. Then `slow` takes its 3000.
#
# ## A tree
#
# Supervisors are children too. A fault that one level cannot cure goes to the next, which starts a larger part anew.


# %%
@erlsim.module
class Pool:
    async def start_link(names):
        return await supervisor.start_link(Pool, names)

    def init(names):
        children = [{"id": name, "start": ("worker", "start_link", [name])} for name in names]
        return ("ok", ({"intensity": 1, "period": 5}, children))


@erlsim.module
class Top:
    def init(_):
        def pool(id, names):
            return {"id": id, "start": ("pool", "start_link", [names]), "type": "supervisor"}

        return (
            "ok",
            (
                {"strategy": "one_for_one", "intensity": 1, "period": 60},
                [pool("left", ["l1", "l2"]), pool("right", ["r1", "r2"])],
            ),
        )


async def plant():
    """The tree, on a fresh node."""
    global top
    begin(reports=False)
    top = erlsim.match(("ok", ...), await supervisor.start_link(("local", "top"), Top, "undefined"))


await plant()
sim.tree()

# %% [markdown]
# **Question 6.** `l1` is killed once, and then once more within the second. Which processes are new then?

# %%
await plant()
names = ("l1", "l2", "r1", "r2")
before = {name: erlang.whereis(name) for name in names}
for _ in range(2):
    await kill("l1")
    print("new:", [name for name in names if erlang.whereis(name) != before[name]])
sim.tree()

# %% [markdown]
# At first only `l1`. The second death is too much for `left`: it ends, `l2` with it, and `top` starts `left` anew, with both of its workers.
# The right side has noticed nothing.
#
# **Question 7.** What does `top` do at the third and at the fourth death of `l1`? How many deaths does it take until `top` itself is dead?

# %%
await plant()
deaths = 0
while erlang.is_process_alive(top):
    await kill("l1")
    deaths += 1
deaths
# %% [markdown]
# ## Exercises
#
# Three tasks. `child("a")` is the childspec of a worker that is registered as `a`.

# %%
from erlsim.course.supervisors import BUFFER, FILE, check_closing, check_one_for_all, check_patience, child

# %% [markdown]
# ### 1. All or none
#
# The workers `a`, `b` and `c` cannot work without one another. Write a supervisor under which all three are new when one of them dies. It bears two deaths in five seconds, and not a third.


# %% tags=["task"]
@erlsim.module
class Three:
    def init(_):
        """("ok", (flags, childspecs))"""


check_one_for_all(Three)


# %% tags=["solution"]
@erlsim.module
class Three:
    def init(_):
        flags = {"strategy": "one_for_all", "intensity": 2, "period": 5}
        return ("ok", (flags, [child("a"), child("b"), child("c")]))


check_one_for_all(Three)


# %% tags=["wrong"]
# Written often: no strategy, and the default is one_for_one.
# The checker says: came      new: ['b']
@erlsim.module
class Three:
    def init(_):
        return ("ok", ({"intensity": 2, "period": 5}, [child("a"), child("b"), child("c")]))


check_one_for_all(Three)


# %% tags=["wrong"]
# Written often: the strategy is right, and the intensity is the default.
# The checker says: came      the supervisor: 'dead'
@erlsim.module
class Three:
    def init(_):
        return ("ok", ({"strategy": "one_for_all"}, [child("a"), child("b"), child("c")]))


check_one_for_all(Three)

# %% [markdown] tags=["teacher"]
# Let them try `rest_for_one` as well: `b` killed leaves `a` as it was, and the checker says so. Ask: under `one_for_all`, does a death count once or three times against the intensity? (Once: a restart is counted, not a child.)

# %% [markdown]
# ### 2. So much and no more
#
# Only flags: a supervisor that bears three deaths of its child within ten seconds, and gives up at the fourth.

# %% tags=["task"]
flags = ...

check_patience(flags)

# %% tags=["solution"]
flags = {"intensity": 3, "period": 10}

check_patience(flags)

# %% tags=["wrong"]
# Written often: the period is in milliseconds.
# The checker says: tried     a child dies every 4000 ms, twenty times
flags = {"intensity": 3, "period": 10_000}

check_patience(flags)

# %% tags=["wrong"]
# Written often: the intensity is the number that is too many.
# The checker says: tried     a child dies four times at once
flags = {"intensity": 4, "period": 10}

check_patience(flags)

# %% [markdown] tags=["teacher"]
# OTP's times are in milliseconds nearly everywhere, and `period` is in seconds: everybody falls into this once. A period that is too long is the mistake that no test finds: the node has run for a month, and at the fourth crash of the month it goes down.

# %% [markdown]
# ### 3. In order, and in time
#
# A buffer holds what is not yet in the file. When it ends it writes that, which takes 8 seconds and needs the file. `FILE` and `BUFFER` are their start functions. Write the supervisor: told to end, it must lose nothing. But if the buffer hangs, the
# supervisor must be gone after 30 seconds all the same.


# %% tags=["task"]
@erlsim.module
class Keeper:
    def init(_):
        """("ok", (flags, childspecs)), with {"id": ..., "start": FILE, ...} and the same for BUFFER."""


check_closing(Keeper)


# %% tags=["solution"]
@erlsim.module
class Keeper:
    def init(_):
        file = {"id": "file", "start": FILE}
        buffer = {"id": "buffer", "start": BUFFER, "shutdown": 10_000}
        return ("ok", ({"strategy": "rest_for_one"}, [file, buffer]))


check_closing(Keeper)


# %% tags=["wrong"]
# Written often: the order is right, and the default of 5 seconds is too short. The buffer is killed.
# The checker says: came      what was done, at which ms: [('the file is closed', 5000)]
@erlsim.module
class Keeper:
    def init(_):
        return ("ok", ({}, [{"id": "file", "start": FILE}, {"id": "buffer", "start": BUFFER}]))


check_closing(Keeper)


# %% tags=["wrong"]
# Written often: all the time of the world.
# The checker says: came      the supervisor: 'alive'
@erlsim.module
class Keeper:
    def init(_):
        file = {"id": "file", "start": FILE}
        return ("ok", ({}, [file, {"id": "buffer", "start": BUFFER, "shutdown": "infinity"}]))


check_closing(Keeper)

# %% [markdown] tags=["teacher"]
# Three ideas in one: the order of the list is an order of dependence, the end goes through it backwards, and each child has its own time. `rest_for_one` is the strategy that says the same of deaths; the checker does not ask for it. Ask what the buffer
# loses when it *crashes*. (Everything. `terminate` is no place to keep a promise.)
