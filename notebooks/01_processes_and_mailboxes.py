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
# then on this notebook acts as one of the node's processes: the *shell*.

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
# **Run cells again as you like.** `erlsim.shell()` makes a fresh node each time: nobody runs on it, no name is taken, no message
# waits, and it is 0 ms. What ran on the last one is gone. So each section below begins with it, and you can go back to the beginning of any
# section, change something, and run on from there.
#
# ## Sending and receiving
#
# A message is any *term*. Atoms are Python strings, tuples are tuples. Sending never waits and never fails, even if
# nobody is there.

# %%
sim = erlsim.shell()
me = erlang.self()

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
sim = erlsim.shell()
me = erlang.self()


async def echo():
    while True:
        sender, message = await erlang.receive()
        erlang.send(sender, ("echo", message))


server = erlang.spawn(echo)
erlang.send(me, ("hello", 2))
erlang.send(server, (me, "is anybody there?"))
await erlang.receive(("echo", ...))

# %% [markdown]
# In the pattern `("echo", ...)` the three dots match anything. A class matches its instances: `("hello", int)`.
#
# **Question 1.** We have sent ourselves `("hello", 2)`, and it came before the echo. Why did we not get that one?
#
# *Receive is selective*: it takes the oldest message **that matches**, and leaves the others where they are, in order.
# Run the next cell to see that it is still there.

# %%
erlang.process_info(me, "messages")

# %% [markdown]
# ## Waiting for a time
#
# `after` is in milliseconds. When nothing has come by then, the value is `erlsim.TIMEOUT`. Time is virtual: an hour passes
# as soon as nobody has anything to do before it is over.

# %%
sim = erlsim.shell()
me = erlang.self()

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
sim = erlsim.shell()
me = erlang.self()


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
sim = erlsim.shell()
me = erlang.self()


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
# A process can be registered under an atom, and be sent to by that name. A name is borne by one process at a time: without the fresh node
# this cell would fail when it is run again, since the echo of its last run still has the name.

# %%
sim = erlsim.shell()
me = erlang.self()

server = erlang.spawn(echo)
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
# A run that is one function can be *played*. Write this into a cell of your own: its buttons go through the run, event by event and back, show at which line each process is, and kill, stop or
# send, so that the run goes on differently from there.
#
# ```python
# async def program():
#     pid = erlang.spawn(echo)
#     erlang.send(pid, (erlang.self(), "hello"))
#     await erlang.receive(("echo", ...))
#
#
# erlsim.player(program)
# ```

# %% [markdown]
# ## Exercises
#
# Three tasks, each with a checker. Write into the cell, and run it: the checker tries your function on nodes of its own, and says what it tried, what it
# expected and what came. As long as nothing is written it says what it will try.

# %%
from erlsim.course.mailboxes import check_ask, check_forgetful, check_next_job

# %% [markdown]
# ### 1. What is urgent goes first
#
# Messages are `("job", n)` and `("urgent", n)`. `await next_job()` takes the oldest urgent one, however many jobs lie before it. If there is none it takes the oldest job. If
# there is neither, it waits for whichever comes first. Everything else stays in the mailbox.


# %% tags=["task"]
async def next_job():
    """The oldest ("urgent", n); else the oldest ("job", n); else the first of either that comes."""


check_next_job(next_job)


# %% tags=["solution"]
async def next_job():
    urgent = await erlang.receive(("urgent", ...), after=0)
    if urgent is not erlsim.TIMEOUT:
        return urgent
    return await erlang.receive(("urgent", ...), ("job", ...))


check_next_job(next_job)


# %% tags=["wrong"]
# Written often: the order of the patterns is taken for an order of preference.
# The checker says: came      taken: [('job', 1), ('job', 2), ('urgent', 3)]
async def next_job():
    return await erlang.receive(("urgent", ...), ("job", ...))


check_next_job(next_job)


# %% tags=["wrong"]
# Written often: first what is urgent, but nothing says what happens if there is none.
# The checker says: nothing can happen any more at 0 ms, and the shell waits
async def next_job():
    return await erlang.receive(("urgent", ...)) or await erlang.receive(("job", ...))


check_next_job(next_job)

# %% [markdown] tags=["teacher"]
# This is the textbook's *priority receive*. The `after 0` is the point: it looks through the mailbox and does not wait. Ask: what does it cost when 100,000 jobs lie in the mailbox? (Each
# call looks at all of them. That is why long mailboxes are slow on a real node, and why OTP's servers take every message as it comes.)

# %% [markdown]
# ### 2. A counter that forgets
#
# Write the counter's loop anew, `forgetful(count)`: it counts at `"increment"`, answers `("get", sender)` with `("count", count)`, and is 0 again when no message has come for a minute.


# %% tags=["task"]
async def forgetful(count):
    """Count; be 0 again when no message has come for a minute."""


check_forgetful(forgetful)


# %% tags=["solution"]
async def forgetful(count):
    while True:
        match await erlang.receive(after=60_000):
            case erlsim.TIMEOUT:
                count = 0
            case "increment":
                count += 1
            case ("get", sender):
                erlang.send(sender, ("count", count))


check_forgetful(forgetful)


# %% tags=["wrong"]
# Written often: the time is in seconds.
# The checker says: counts: [0, 0]
async def forgetful(count):
    while True:
        match await erlang.receive(after=60):
            case erlsim.TIMEOUT:
                count = 0
            case "increment":
                count += 1
            case ("get", sender):
                erlang.send(sender, ("count", count))


check_forgetful(forgetful)


# %% tags=["wrong"]
# Written often: the timeout ends the process, since nothing goes on after it.
# The checker says: alive: False
async def forgetful(count):
    match await erlang.receive(after=60_000):
        case erlsim.TIMEOUT:
            await forgetful(0)
        case "increment":
            await forgetful(count + 1)
        case ("get", sender):
            erlang.send(sender, ("count", count))


check_forgetful(forgetful)

# %% [markdown] tags=["teacher"]
# A loop can be `while True`, or a function that calls itself at its end, as in Erlang; then each case has to. Ask: what if somebody sends `"hello"` every 59 seconds? (Then it never forgets: `after` counts anew at each
# receive. A time that must not be put off is a message, from `erlang.send_after`.)

# %% [markdown]
# ### 3. Ask, and do not wait for ever
#
# A server takes `("ask", sender, ref, question)` and answers, some time later, `("answer", ref, value)`. Write `await ask(server, question, ms)`: the value, or `"timeout"` when none has
# come within `ms`. A reference (`erlang.make_ref()`) is a value that is made once and never again. What is it good for here?


# %% tags=["task"]
async def ask(server, question, ms):
    """The answer to this question, or "timeout"."""


check_ask(ask)


# %% tags=["solution"]
async def ask(server, question, ms):
    ref = erlang.make_ref()
    erlang.send(server, ("ask", erlang.self(), ref, question))
    match await erlang.receive(("answer", ref, ...), after=ms):
        case ("answer", _, value):
            return value
        case erlsim.TIMEOUT:
            return "timeout"


check_ask(ask)


# %% tags=["wrong"]
# Written often: any answer is taken for the answer.
# The checker says: [('timeout', 100), (600, 200)]
async def ask(server, question, ms):
    erlang.send(server, ("ask", erlang.self(), erlang.make_ref(), question))
    match await erlang.receive(("answer", ..., ...), after=ms):
        case ("answer", _, value):
            return value
        case erlsim.TIMEOUT:
            return "timeout"


check_ask(ask)


# %% tags=["wrong"]
# Written often: it waits as long as it takes.
# The checker says: [(600, 300)]
async def ask(server, question, ms):
    ref = erlang.make_ref()
    erlang.send(server, ("ask", erlang.self(), ref, question))
    _, _, value = await erlang.receive(("answer", ref, ...))
    return value


check_ask(ask)

# %% [markdown] tags=["teacher"]
# This is most of `gen_server:call`, which lesson 3 uses. Ask: where is the late answer now? (In the mailbox, for ever: the solution leaves it there. Lesson 3 shows what OTP does about it.) And what if the server is dead? (We wait
# `ms` for nothing; lesson 2 has monitors.)
