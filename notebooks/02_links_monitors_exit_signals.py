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
# # 2. Links, monitors and exit signals
#
# Processes fail. What makes Erlang's answer different is that *other processes are told*, and may do something about it.
# There are two ways of being told: links, which go both ways and pull others along, and monitors, which go one way and
# only bring news.

# %%
import erlsim
from erlsim import erlang, terms, timer

sim = erlsim.shell()


def show(*values):
    """Print terms as Erlang writes them."""
    for value in values:
        print(terms.format("~tp", [value]))


async def idle():
    await timer.sleep("infinity")


async def a_moment():
    """Let everything happen that happens within a millisecond."""
    await timer.sleep(1)


me = erlang.self()

# %% [markdown]
# ## Every process ends for a reason
#
# The function returns: the reason is `normal`. It calls `exit(reason)`: that is the reason. It fails: the reason is the error
# and the stack. A *monitor* brings us the reason as a message, `{'DOWN', Ref, process, Pid, Reason}`.


# %%
def returns():
    return "anything"


def exits():
    erlang.exit("enough")


def fails():
    return 1 / 0


for body in (returns, exits, fails):
    pid, ref = erlang.spawn_monitor(body)
    _, _, _, _, reason = await erlang.receive(("DOWN", ref, "process", pid, ...))
    print(f"{body.__name__}:", reason if isinstance(reason, str) else reason[0])

# %% [markdown]
# The third one also left a report, since nobody caught its error. Erlang's shell prints reports as they happen, and so does
# this one. If they are in your way, `sim.reports.print = False` keeps them quiet, and they are still there to be read:

# %%
sim.reports.print = False
sim.reports

# %% [markdown]
# ## Exit signals
#
# `exit(pid, reason)` *sends an exit signal*. What it does depends on the reason and on the receiver.
#
# **Question 1.** Which of these three processes die?

# %%
victims = {reason: erlang.spawn(idle) for reason in ("normal", "enough", "kill")}
refs = {reason: erlang.monitor("process", pid) for reason, pid in victims.items()}
for reason, pid in victims.items():
    erlang.exit(pid, reason)
await a_moment()
while (message := await erlang.receive(("DOWN", ..., ..., ..., ...), after=0)) is not erlang.TIMEOUT:
    show(message)
show({reason: erlang.is_process_alive(pid) for reason, pid in victims.items()})

# %% [markdown]
# The signal `normal` is dropped: somebody's normal end is no reason to die. `enough` kills. `kill` kills too, and its victim dies
# of `killed`, with a *d*. What the difference is good for comes below.
#
# ## Links
#
# A link joins two processes. When one dies, the other gets an exit signal with the same reason, and dies of it, and so do
# those that are linked to it.


# %%
async def linked_to(next_one):
    if next_one:
        erlang.link(next_one)
    await idle()


third = erlang.spawn(linked_to, [None])
second = erlang.spawn(linked_to, [third])
first = erlang.spawn(linked_to, [second])
await a_moment()
show(erlang.process_info(second, "links"))

# %%
erlang.exit(first, "bad_news")
await a_moment()
[erlang.is_process_alive(pid) for pid in (first, second, third)]

# %% [markdown]
# All of them. That is the point: processes that cannot work without each other do not live on in pieces. The picture shows how it went from one to the next:

# %%
sim.trace.sequence([me, first, second, third], start=sim.now - 1)

# %% [markdown]
# **Question 2.** What happens to *us*, the shell, if a process dies that we are linked to?

# %%
pid = erlang.spawn_link(exits)
try:
    await a_moment()
except erlsim.Exit as exit:
    print("the shell died of:", exit.reason)
me, erlang.self()

# %% [markdown]
# We died of it too. Erlang's shell starts again under a new pid when that happens, and so does this one. The exception tells us
# of it; in a process there would have been nothing to catch.
#
# ## Trapping exits
#
# A process that says `process_flag(trap_exit, true)` gets exit signals as messages instead: `{'EXIT', From, Reason}`. This is
# what supervisors do.

# %%
me = erlang.self()
show(erlang.process_flag("trap_exit", True))
pid = erlang.spawn_link(exits)
show(await erlang.receive(("EXIT", pid, ...)))
pid = erlang.spawn_link(returns)
show(await erlang.receive(("EXIT", pid, ...)))

# %% [markdown]
# Now `normal` comes through as well: who traps exits hears of every end.
#
# **Question 3.** A process traps exits. Can it be killed?


# %%
async def survivor():
    erlang.process_flag("trap_exit", True)
    while True:
        message = await erlang.receive()
        erlang.send(me, ("survived", message))


pid = erlang.spawn_link(survivor)
await a_moment()
erlang.exit(pid, "enough")
show(await erlang.receive(("survived", ...)))
erlang.exit(pid, "kill")
show(await erlang.receive(("EXIT", pid, ...)))

# %% [markdown]
# `kill` cannot be trapped. And now see why its victim dies of `killed`: if it died of `kill`, its links would carry `kill`, and
# one kill would run through everybody who is linked, trapping or not.
#
# ## Monitors
#
# A monitor goes one way: the watched process knows nothing of it, and whoever watches does not die. Each has a reference of its
# own. `demonitor` takes it back, and with `flush` takes the message out of the mailbox too, if it has come already.

# %%
pid = erlang.spawn(idle)
one, two = erlang.monitor("process", pid), erlang.monitor("process", pid)
erlang.demonitor(one, ["flush"])
erlang.exit(pid, "shutdown")
await a_moment()
show(erlang.process_info(me, "messages")[1] == [("DOWN", two, "process", pid, "shutdown")])
_ = await erlang.receive()

# %% [markdown]
# **Question 4.** And if the process is dead already when we ask for the monitor? Or for a link?

# %%
erlang.monitor("process", pid)
show(await erlang.receive())
erlang.link(pid)
show(await erlang.receive())

# %% [markdown]
# `noproc`, both times. There is no moment at which the question is too late to be answered, so no race between asking and dying.
# (Who does not trap exits gets `noproc` as an error from `link` at once.)
#
# ## In the order of sending
#
# Signals from one process to another arrive in the order in which they were sent; that is all the order there is.
#
# **Question 5.** Our signal kills the process, then we ask for a monitor. Does the monitor say `enough` or `noproc`?

# %%
pid = erlang.spawn(idle)
erlang.exit(pid, "enough")
erlang.monitor("process", pid)
show(await erlang.receive())

# %% [markdown]
# The exit signal was sent first, so it arrived first; the request for a monitor found nobody.
#
# ## Exercises
#
# Three tasks. The checker tries your function on nodes of its own, and says what it tried, what it expected and what came.

# %%
from erlsim.course.links import check_call, check_guard, check_together

# %% [markdown]
# ### 1. A call that bears a crash
#
# `await call(fun, ms)` runs `fun` in a process of its own. The value is `("ok", value)`, or `("error", reason)` when that process dies, or `("error", "timeout")` when it takes longer than `ms`; then the process
# must not be left behind. Nothing may be left in the mailbox either way. `fun` may have to wait: `value = await fun()`.


# %% tags=["task"]
async def call(fun, ms):
    """("ok", value), ("error", reason) or ("error", "timeout")."""


check_call(call)


# %% tags=["solution"]
async def call(fun, ms):
    ref = erlang.make_ref()

    async def body():
        erlang.exit((ref, await fun()))

    pid, monitor = erlang.spawn_monitor(body)
    match await erlang.receive(("DOWN", monitor, ..., ..., ...), after=ms):
        case erlsim.TIMEOUT:
            erlang.demonitor(monitor, ["flush"])
            erlang.exit(pid, "kill")
            return ("error", "timeout")
        case ("DOWN", _, _, _, (found, value)) if found == ref:
            return ("ok", value)
        case ("DOWN", _, _, _, reason):
            return ("error", reason)


check_call(call)


# %% tags=["wrong"]
# Written often: whoever takes too long is left to itself.
# The checker says: came      processes left behind: 1
async def call(fun, ms):
    async def body(client):
        erlang.send(client, (erlang.self(), await fun()))

    pid, ref = erlang.spawn_monitor(body, [erlang.self()])
    answer = await erlang.receive((pid, ...), ("DOWN", ref, ..., ..., ...), after=ms)
    erlang.demonitor(ref, ["flush"])
    match answer:
        case erlsim.TIMEOUT:
            return ("error", "timeout")
        case ("DOWN", _, _, _, reason):
            return ("error", reason)
        case (_, value):
            return ("ok", value)


check_call(call)


# %% tags=["wrong"]
# Written often: the monitor is not taken back, and tells of the end when nobody wants to know any more.
# The checker says: 'normal')]
async def call(fun, ms):
    async def body(client):
        erlang.send(client, (erlang.self(), await fun()))

    pid, ref = erlang.spawn_monitor(body, [erlang.self()])
    match await erlang.receive((pid, ...), ("DOWN", ref, ..., ..., ...), after=ms):
        case erlsim.TIMEOUT:
            erlang.exit(pid, "kill")
            return ("error", "timeout")
        case ("DOWN", _, _, _, reason):
            return ("error", reason)
        case (_, value):
            return ("ok", value)


check_call(call)

# %% [markdown] tags=["teacher"]
# The solution lets the value travel as the reason of the end, marked by a reference: then the one message that comes is `'DOWN'`, and taking back the monitor leaves nothing behind. With a message of its own for the value
# there is a moment, just after the timeout and before the kill, at which an answer can still arrive: ask for it. (Erlang's answer to that is a reference made by `alias`.) A process that traps exits is ended by `kill` alone.

# %% [markdown]
# ### 2. A supervisor of one
#
# `await guard(body)` runs `body` in a process of its own. If that ends with any reason but `normal` it is started again, at once. When it has ended normally, `guard` returns `"done"`. If the guard itself is killed, the body must not
# live on.


# %% tags=["task"]
async def guard(body):
    """Start `body` again until it ends normally; then "done"."""


check_guard(guard)


# %% tags=["solution"]
async def guard(body):
    erlang.process_flag("trap_exit", True)
    while True:
        pid = erlang.spawn_link(body)
        _, _, reason = await erlang.receive(("EXIT", pid, ...))
        if reason == "normal":
            return "done"


check_guard(guard)


# %% tags=["wrong"]
# Written often: a monitor, which does not pull the body along.
# The checker says: came      the body: 'alive'
async def guard(body):
    while True:
        pid, ref = erlang.spawn_monitor(body)
        _, _, _, _, reason = await erlang.receive(("DOWN", ref, ..., ..., ...))
        if reason == "normal":
            return "done"


check_guard(guard)


# %% tags=["wrong"]
# Written often: linked, and not trapping exits.
# The checker says: came      the guard returned: ('died of', 'oops')
async def guard(body):
    while True:
        pid = erlang.spawn_link(body)
        ref = erlang.monitor("process", pid)
        _, _, _, _, reason = await erlang.receive(("DOWN", ref, ..., ..., ...))
        if reason == "normal":
            return "done"


check_guard(guard)

# %% [markdown] tags=["teacher"]
# These ten lines are the heart of a supervisor. Ask: what if the body cannot start at all? (It is started again for ever, without any time passing; that is what restart intensity is for, in lesson 4.) And what if somebody sends the
# guard an exit signal `shutdown`? (It traps exits and ignores that: a real supervisor ends its children and itself.)

# %% [markdown]
# ### 3. All or nothing
#
# `await together(bodies)` runs all functions at once, each in a process. When all have ended normally it returns `"ok"`. As soon as one ends otherwise it returns `("failed", reason)`, and none of the others may be alive a
# millisecond later. Whoever calls it does not die, and need not trap exits.


# %% tags=["task"]
async def together(bodies):
    """ "ok", or ("failed", reason)."""


check_together(together)


# %% tags=["solution"]
async def together(bodies):
    running = dict(erlang.spawn_monitor(body) for body in bodies)
    while running:
        _, ref, _, pid, reason = await erlang.receive(("DOWN", ..., "process", ..., ...))
        del running[pid]
        if reason != "normal":
            for other, other_ref in running.items():
                erlang.demonitor(other_ref, ["flush"])
                erlang.exit(other, "kill")
            return ("failed", reason)
    return "ok"


check_together(together)


# %% tags=["wrong"]
# Written often: it tells the failure, and lets the others go on.
# The checker says: came      still alive: 2
async def together(bodies):
    refs = [erlang.spawn_monitor(body)[1] for body in bodies]
    for _ in refs:
        _, _, _, _, reason = await erlang.receive(("DOWN", ..., ..., ..., ...))
        if reason != "normal":
            return ("failed", reason)
    return "ok"


check_together(together)


# %% tags=["wrong"]
# Written often: links end the others, and the caller as well.
# The checker says: came      answer: ('the caller died of', 'no_disk')
async def together(bodies):
    refs = [erlang.monitor("process", erlang.spawn_link(body)) for body in bodies]
    for ref in refs:
        _, _, _, _, reason = await erlang.receive(("DOWN", ref, ..., ..., ...))
        if reason != "normal":
            return ("failed", reason)
    return "ok"


check_together(together)

# %% [markdown] tags=["teacher"]
# There are two good ways: monitors and `exit(pid, kill)`, as above, or one process in between that is linked to all of them and is monitored by the caller: when one fails the links take everybody along, and the monitor tells. The second
# is what a supervisor with `one_for_all` and no restarts does. Compare them: who ends the others if the caller itself is killed?
