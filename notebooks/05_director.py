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
# # 5. director and restart plans
#
# A supervisor has one answer to every death of a child, and one limit for all of its children together. A *director* gives each child
# a **plan**: what to do at its first crash, at the second, and so on.
#
# There will be many crashes, so this shell does not print their reports. `sim.reports` keeps them.

# %%
import director
import erlsim
from erlsim import erlang, terms, timer
from erlsim.otp import gen_server, supervisor


def begin():
    """A fresh node, whose shell traps exits: what begins so can be run again as often as you like."""
    global sim
    sim = erlsim.shell(reports=False)
    erlang.process_flag("trap_exit", True)


def show(*values):
    """Print terms as Erlang writes them."""
    for value in values:
        print(terms.format("~tp", [value]))


begin()

# %% [markdown]
# ## A plan
#
# `init` returns childspecs, maps with an `id`, a `start` function and a `plan`. This one says: restart at once; at the next crash, restart
# after 5000 ms; at the third, forget the child.


# %%
@erlsim.module
class Bar:
    async def start_link():
        return await gen_server.start_link(Bar, "undefined", [])

    def init(_):
        return ("ok", "state")


@erlsim.module
class Foo:
    def init(childspecs):
        return ("ok", childspecs)


plan = ["restart", ("restart", 5000), "delete"]
bar = {"id": "bar_id", "start": ("bar", "start_link"), "plan": plan}


async def start(*childspecs):
    """A director on a fresh node."""
    begin()
    return erlsim.match(("ok", ...), await director.start_link(("local", "foo_sup"), Foo, list(childspecs)))


sup = await start(bar)
show(await director.which_children(sup))


# %%
async def kill():
    """Kill the child, and let a millisecond pass, in which the director sees it."""
    pid = erlsim.match(("ok", ...), await director.get_pid("foo_sup", "bar_id"))
    erlang.exit(pid, "kill")
    await timer.sleep(1)


sup = await start(bar)
for crash in (1, 2, 3):
    await kill()
    print(f"{sim.now:6} ms  after crash {crash}:", terms.format("~0p", [await director.which_children(sup)]))
    await timer.sleep(5000)
    print(f"{sim.now:6} ms  later:        ", terms.format("~0p", [await director.which_children(sup)]))

# %%
sim.trace.timeline()

# %% [markdown]
# The elements of a plan:
#
# | element | at the crash |
# |---|---|
# | `restart` | start it again at once |
# | `{restart, Ms}` | start it again after so many milliseconds |
# | `wait` | leave it down until somebody calls `restart_child` |
# | `delete` | forget it |
# | `stop`, `{stop, Reason}` | the director itself ends |
# | a function of (Reason, Count) | do what it returns, one of the above |
#
# ## How often
#
# When a plan is through it starts again, `count` times in all. If the child crashes once more after that, the director ends.
#
# **Question 1.** The plan is `[restart, {restart, 1000}]` and `count` is 2. At which crash does the director end?

# %%
looping = {"id": "bar_id", "start": ("bar", "start_link"), "plan": ["restart", ("restart", 1000)], "count": 2}
director.timeline(looping, [(100, "killed")] * 6)

# %% [markdown]
# At the fifth: two elements, twice, are four crashes. `timeline` has played it: it gave a director this childspec and a child that lives 100 ms
# and is then killed, six times over. No program is needed to try a plan.
#
# The director says why it ends:

# %%
other = erlsim.match(("ok", ...), await director.start_link(Foo, [looping]))
while erlang.is_process_alive(other):
    match await director.get_pid(other, "bar_id"):
        case ("ok", pid):
            erlang.exit(pid, "kill")
    await timer.sleep(1000)
_, _, (reason, details) = await erlang.receive(("EXIT", other, ...))
show(reason, dict(details)["child_last_error_reason"])

# %% [markdown]
# ## Reasons
#
# A function in a plan looks at the reason. This one forgives a lost connection as often as it takes, waiting longer each time, and
# gives up at once on anything else.


# %%
def backoff(reason, count):
    match reason:
        case "connection_lost":
            return ("restart", min(100 * 2**count, 5000))
        case _:
            return "stop"


patient = {"id": "client", "start": ("bar", "start_link"), "plan": [backoff], "count": "infinity"}
crashes = [(50, "connection_lost")] * 8 + [(50, "bad_password")]
director.timeline(patient, crashes)

# %% [markdown]
# **Question 2.** `director.lint` tells what is odd about a childspec, without running anything. What will it say about these three?

# %%
for plan, count in ((["restart"], "infinity"), (["restart", "delete", "wait"], 1), (["restart"], 0)):
    print(terms.format("plan ~0p, count ~p", [plan, count]))
    for finding in director.lint({"id": "bar_id", "start": ("bar", "start_link"), "plan": plan, "count": count}):
        print("   ", finding)

# %% [markdown]
# The first is the dangerous one: a child that cannot start is started again for ever, without any time passing. On a real node that is a
# processor that runs hot; in a simulation it is a `Livelock`, which says who it was:


# %%
@erlsim.module
class Broken:
    def start_link():
        return ("ok", erlang.spawn_link(lambda: erlang.exit("broken")))


with erlsim.Simulation(max_steps_per_instant=1_000) as small:
    try:
        await director.start_link(
            Foo, [{"id": "it", "start": ("broken", "start_link"), "plan": ["restart"], "count": "infinity"}]
        )
        await timer.sleep(1000)
    except erlsim.Livelock as livelock:
        print("\n".join(str(livelock).splitlines()[:3]))

# %% [markdown]
# ## Changing a plan while it runs
#
# **Question 3.** A plan `["wait"]` has been run once, and the child was restarted by hand. The next crash would end the director. How do you
# avoid that without stopping anything?

# %%
sup = await start({**bar, "plan": ["wait"]})
await kill()
show(await director.which_children("foo_sup"))
_ = erlsim.match(("ok", ...), await director.restart_child("foo_sup", "bar_id"))
show(await director.change_plan("foo_sup", "bar_id", [("restart", 200)]))
await kill()
show(await director.get_pid("foo_sup", "bar_id"))
await timer.sleep(200)
await director.get_pid("foo_sup", "bar_id")

# %% [markdown]
# `change_plan` also starts the count anew.
#
# ## A director in a tree
#
# To others a director is a supervisor like any other: OTP's functions work on it, and it stands under a supervisor.

# %%
sup = await start(bar)
show(await supervisor.count_children("foo_sup"))


@erlsim.module
class Top:
    def init(_):
        def child(id, plan):
            return {"id": id, "start": ("bar", "start_link"), "plan": plan}

        children = [child("cache", ["restart"]), child("client", [("restart", 1000)])]
        start = ("director", "start_link", [("local", "workers"), "foo", children])
        return ("ok", ({}, [{"id": "workers", "start": start, "type": "supervisor"}]))


top = erlsim.match(("ok", ...), await supervisor.start_link(Top, "undefined"))
pid = erlsim.match(("ok", ...), await director.get_pid("workers", "client"))
erlang.exit(pid, "kill")
await timer.sleep(1)
sim.tree()

# %% [markdown]
# ## Exercises
#
# Three tasks. The checkers put a child of their own in place of `start`, and let it crash.

# %%
from erlsim.course.plans import check_backoff, check_cache, check_device

# %% [markdown]
# ### 1. A cache that may be broken
#
# Write a childspec for a cache that is restarted at once at the first two crashes, after a second at the third, and at the fourth takes the director with it, with the reason `cache_is_broken`. (`director.timeline(cache, [(10, "killed")] * 4)` shows
# what a plan does.)

# %% tags=["task"]
cache = ...

check_cache(cache)

# %% tags=["solution"]
cache = {
    "id": "cache",
    "start": ("bar", "start_link"),
    "plan": ["restart", "restart", ("restart", 1000), ("stop", "cache_is_broken")],
}

check_cache(cache)

# %% tags=["wrong"]
# Written often: the time is in seconds.
# The checker says: came      back after (ms): [0, 0, 1]
cache = {
    "id": "cache",
    "start": ("bar", "start_link"),
    "plan": ["restart", "restart", ("restart", 1), ("stop", "cache_is_broken")],
}

check_cache(cache)

# %% tags=["wrong"]
# Written often: the plan says what to do three times, and the end is left to the director.
# The checker says: came      the director: ('ended', 'reached_max_restart_plan')
cache = {"id": "cache", "start": ("bar", "start_link"), "plan": ["restart", "restart", ("restart", 1000)]}

check_cache(cache)

# %% [markdown] tags=["teacher"]
# In the second mistake the director ends as well, at the same crash; only the reason differs. Whether that matters depends on who reads it: a supervisor above treats both alike, a person who looks for the fault at night does not.

# %% [markdown]
# ### 2. Longer each time
#
# A function in a plan is given the reason and the number of restarts, this one included. Write `backoff`: when the connection was lost (`"connection_lost"`) wait 100 ms, at the next loss 200, then 400 and so on, never more than 5000. Any other reason ends the
# director, with that reason. (The plan is `[backoff]`, its count `"infinity"`.)


# %% tags=["task"]
def backoff(reason, count):
    """("restart", ms) or ("stop", reason)."""


check_backoff(backoff)


# %% tags=["solution"]
def backoff(reason, count):
    match reason:
        case "connection_lost":
            return ("restart", min(100 * 2 ** (count - 1), 5000))
        case _:
            return ("stop", reason)


check_backoff(backoff)


# %% tags=["wrong"]
# Written often: the first restart is counted as none.
# The checker says: came      back after (ms): [200, 400,
def backoff(reason, count):
    match reason:
        case "connection_lost":
            return ("restart", min(100 * 2**count, 5000))
        case _:
            return ("stop", reason)


check_backoff(backoff)


# %% tags=["wrong"]
# Written often: every reason is forgiven.
# The checker says: came      back after (ms): [100, 200]
def backoff(reason, count):
    return ("restart", min(100 * 2 ** (count - 1), 5000))


check_backoff(backoff)

# %% [markdown] tags=["teacher"]
# Why a limit of 5000? Without it the twentieth wait is fifteen hours. Why double at all? Ask for what a thousand clients do to a server that comes back. (They come at once; doubling spreads them, and a random part spreads them better. Here it would have to be drawn from the
# simulation's seed.)

# %% [markdown]
# ### 3. Somebody has to look
#
# A printer that has jammed must not be started again before a person has been there: it stays down until somebody calls `director.restart_child`, however often it jams. If it ended with `"unplugged"` it is forgotten.

# %% tags=["task"]
printer = ...

check_device(printer)


# %% tags=["solution"]
def after_an_end(reason, count):
    return "delete" if reason == "unplugged" else "wait"


printer = {"id": "printer", "start": ("bar", "start_link"), "plan": [after_an_end], "count": "infinity"}

check_device(printer)

# %% tags=["wrong"]
# Written often: it waits, but only once. The director ends at the second jam.
# The checker says: tried     it crashes five times
printer = {"id": "printer", "start": ("bar", "start_link"), "plan": ["wait"]}

check_device(printer)

# %% tags=["wrong"]
# Written often: the plan is an order of crashes, and the reason is not looked at.
# The checker says: came      after each crash, and after restart_child: ['down, then runs', 'forgotten']
printer = {"id": "printer", "start": ("bar", "start_link"), "plan": ["wait", "delete"], "count": "infinity"}

check_device(printer)

# %% [markdown] tags=["teacher"]
# OTP's supervisor has no answer to this: a `temporary` child is gone, any other is restarted. One would write the waiting into the child. Compare the two: who knows best that a person is needed?
