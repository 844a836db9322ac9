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
# ## Try it
#
# Write `call(fun, timeout)`: it runs `fun` in a process of its own and gives `("ok", value)`, `("error", reason)` when that
# process dies, or `("error", "timeout")`, when the process must not be left behind. One way:


# %%
async def call(fun, timeout):
    client = erlang.self()
    pid, ref = erlang.spawn_monitor(lambda: erlang.send(client, (erlang.self(), fun())))
    match await erlang.receive((pid, ...), ("DOWN", ref, ..., ..., ...), after=timeout):
        case erlsim.TIMEOUT:
            erlang.exit(pid, "kill")
            answer = ("error", "timeout")
        case ("DOWN", _, _, _, reason):
            answer = ("error", reason)
        case (_, value):
            answer = ("ok", value)
    erlang.demonitor(ref, ["flush"])
    return answer


show(await call(lambda: 6 * 7, 1000))
show(await call(lambda: erlang.exit("sorry"), 1000))

# %% [markdown]
# Does it leave a message behind when it is late? Think of what the mailbox looks like if the answer arrives just after the timeout,
# before the kill. (A reference made by `alias` is Erlang's answer to that: see `erlang.alias`.)
