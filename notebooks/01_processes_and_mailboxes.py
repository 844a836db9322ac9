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
# # 1. Processes and mailboxes
#
# An Erlang program is made of *processes*. A process has its own state, shares nothing with any other, and has a
# *mailbox*. Processes do three things: they start others, they send messages, and they wait for messages.
#
# Here they run in virtual time, on one simulated node. The first cell makes a node and makes it current. From
# then on this notebook acts as one of the node's processes: the *shell*. Run that cell again whenever you want to begin
# anew: it makes a fresh node, on which nobody runs and no name is taken.

# %%
import erlsim
from erlsim import erlang, terms, timer

sim = erlsim.shell()


def show(*values):
    """Print terms as Erlang writes them."""
    for value in values:
        print(terms.format("~tp", [value]))


me = erlang.self()
me

# %% [markdown]
# `<0.83.0>` is a *pid*, the address of a process. This one is ours.
#
# ## Sending and receiving
#
# A message is any *term*. Atoms are Python strings, tuples are tuples. Sending never waits and never fails, even if
# nobody is there.

# %%
erlang.send(me, ("hello", 1))
erlang.send(me, ("hello", 2))
await erlang.receive()

# %% [markdown]
# The oldest message comes first. The second one is still in the mailbox:

# %%
erlang.process_info(me, "messages")

# %% [markdown]
# ## A process
#
# `spawn` takes a function and gives the pid of a new process that runs it. The function may be `async def`: it has to be
# if it waits. That is the one rule of colour here: **what may wait is awaited, and nothing else is.**


# %%
async def echo():
    while True:
        sender, message = await erlang.receive()
        erlang.send(sender, ("echo", message))


server = erlang.spawn(echo)
erlang.send(server, (me, "is anybody there?"))
await erlang.receive(("echo", ...))

# %% [markdown]
# In the pattern `("echo", ...)` the three dots match anything. A class matches its instances: `("hello", int)`.
#
# **Question 1.** The mailbox still holds `("hello", 2)`, which came before the echo. Why did we not get that one?
#
# *Receive is selective*: it takes the oldest message **that matches**, and leaves the others where they are, in order.
# Run the next cell to see that it is still there.

# %%
await erlang.receive(("hello", int))

# %% [markdown]
# ## Waiting for a time
#
# `after` is in milliseconds. When nothing has come by then, the value is `erlsim.TIMEOUT`. Time is virtual: an hour passes
# as soon as nobody has anything to do before it is over.

# %%
before = sim.now
answer = await erlang.receive(after=3_600_000)
answer, sim.now - before

# %% [markdown]
# **Question 2.** Two timers send us a message, after 200 and after 100 ms. We ask for the *slow* one first. What comes,
# in which order, and at what time?

# %%
start = sim.now
erlang.send_after(200, me, "slow")
erlang.send_after(100, me, "fast")
for wanted in ("slow", "fast"):
    message = await erlang.receive(wanted)
    print(f"{sim.now - start:4} ms  {message}")

# %% [markdown]
# We waited for `slow` until 200 ms had passed. `fast` had been lying in the mailbox since 100 ms, so taking it took no time.
#
# ## State
#
# A process keeps state in the arguments of its loop, or simply in variables. Nobody else can see them; to know, ask.


# %%
async def counter(count):
    while True:
        match await erlang.receive():
            case "increment":
                count += 1
            case ("get", sender):
                erlang.send(sender, ("count", count))
            case "stop":
                return


async def value_of(pid):
    erlang.send(pid, ("get", erlang.self()))
    _, count = await erlang.receive(("count", ...))
    return count


number = erlang.spawn(counter, [0])
for _ in range(3):
    erlang.send(number, "increment")
await value_of(number)

# %% [markdown]
# **Question 3.** A process ends when its function returns. What happens to a message that is sent to a process that has
# ended? And what does `value_of` do then?

# %%
erlang.send(number, "stop")
await timer.sleep(1)
show(erlang.is_process_alive(number))
show(erlang.send(number, "increment"))

# %% [markdown]
# Nothing happens to it: `send` gives the message back, as always, and the message is gone. `value_of` would wait for an
# answer that nobody sends. On a real node it would wait for ever. Here the simulation sees that nothing can happen any
# more, and says so: a `Deadlock`. (So a lesson, or a test, never hangs.)

# %%
try:
    await value_of(number)
except erlsim.Deadlock as deadlock:
    print(deadlock)

# %% [markdown]
# ## Nothing is shared
#
# A message is copied. What the receiver does to its copy, the sender never sees.


# %%
async def careless():
    sender, numbers = await erlang.receive()
    numbers.append("changed")
    erlang.send(sender, numbers)


mine = [1, 2, 3]
erlang.send(erlang.spawn(careless), (me, mine))
theirs = await erlang.receive(list)
mine, theirs

# %% [markdown]
# ## Names
#
# A process can be registered under an atom, and be sent to by that name.

# %%
erlang.register("echo", server)
erlang.send("echo", (me, "by name"))
show(await erlang.receive(("echo", ...)), erlang.whereis("echo"), erlang.whereis("nobody"))

# %% [markdown]
# **Question 4.** Sending to the *pid* of a dead process is no error. And to a *name* that nobody has?

# %%
try:
    erlang.send("nobody", "hello")
except erlsim.Error as error:
    print("error:", error.reason)

# %% [markdown]
# `badarg`, in Erlang as here: a pid tells that somebody was there once, a name that nobody bears is taken for a mistake.
#
# ## What happened?
#
# Everything is in the trace: who did what, and when. These are its last events.

# %%
for event in list(sim.trace)[-6:]:
    print(event)

# %% [markdown]
# And as a picture: time goes down, each process has a line, each arrow is a message.

# %%
start = sim.now
for text in ("one", "two"):
    erlang.send("echo", (me, text))
await timer.sleep(50)
for _ in range(2):
    await erlang.receive(("echo", ...))
sim.trace.sequence([me, "echo"], start=start)

# %% [markdown]
# ## Try it
#
# 1. Write a process `pong` that answers `("ping", sender, n)` with `("pong", n)`, and one that plays a thousand rounds with it.
# 2. Let the counter forget everything when nobody has asked for a minute: `receive(..., after=60_000)`.
#
# One way to do both:


# %%
async def pong():
    while True:
        _, sender, n = await erlang.receive(("ping", ..., ...))
        erlang.send(sender, ("pong", n))


async def ping(partner, rounds, parent):
    for n in range(rounds):
        erlang.send(partner, ("ping", erlang.self(), n))
        await erlang.receive(("pong", n))
    erlang.send(parent, ("played", rounds))


async def forgetful(count):
    while True:
        match await erlang.receive(after=60_000):
            case erlsim.TIMEOUT:
                count = 0
            case "increment":
                count += 1
            case ("get", sender):
                erlang.send(sender, ("count", count))


erlang.spawn(ping, [erlang.spawn(pong), 1000, me])
show(await erlang.receive(("played", ...)))

pid = erlang.spawn(forgetful, [0])
erlang.send(pid, "increment")
show(await value_of(pid))
await timer.sleep(60_000)
show(await value_of(pid))
