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
# # 3. gen_server
#
# The counter of lesson 1 had a loop, a protocol and no answer to failure: a client of a dead counter waited for ever. Nearly
# every server needs the same loop, so OTP has it once, and right: `gen_server`. You write the *callbacks*, functions that say
# what to do with a message and what the next state is.

# %%
import erlsim
from erlsim import erlang, terms, timer
from erlsim.otp import gen_server, sys


def begin(**options):
    """A fresh node, whose shell traps exits: what begins so can be run again as often as you like."""
    global sim
    sim = erlsim.shell(**options)
    erlang.process_flag("trap_exit", True)


def show(*values):
    """Print terms as Erlang writes them."""
    for value in values:
        print(terms.format("~tp", [value]))


async def caught(awaitable):
    """The value, or class and reason of the failure: a crash is a value here."""
    try:
        return await awaitable
    except erlsim.ErlangException as failure:
        return (failure.kind, failure.reason)


begin()

# %% [markdown]
# ## A callback module
#
# An Erlang module is a namespace of functions. In Python that is a module, or a class under `@erlsim.module`; the class `Counter`
# is known as the atom `counter`. There is no `self`: state is passed in and given back.


# %%
@erlsim.module
class Counter:
    def init(start):
        return ("ok", start)

    def handle_call(request, from_, count):
        match request:
            case "get":
                return ("reply", count, count)
            case ("add", n):
                return ("reply", "ok", count + n)
            case "slow":
                erlang.send_after(3000, erlang.self(), ("answer", from_))
                return ("noreply", count)
            case "crash":
                erlang.error("bad_counter")

    def handle_cast(request, count):
        match request:
            case "reset":
                return ("noreply", 0)

    def handle_info(message, count):
        match message:
            case ("answer", client):
                gen_server.reply(client, ("late", count))
        return ("noreply", count)


begin()
counter = erlsim.match(("ok", ...), await gen_server.start_link(Counter, 10, []))
show(await gen_server.call(counter, ("add", 5)))
show(await gen_server.call(counter, "get"))

# %% [markdown]
# - `call` sends a request and waits for the answer: `handle_call`.
# - `cast` sends a request and goes on: `handle_cast`.
# - Every other message arrives in `handle_info`.
#
# **Question 1.** `handle_call` for `slow` answers `noreply`. What does the client get, and when? Can others be served meanwhile?

# %%
start = sim.now


async def impatient():
    count = await gen_server.call(counter, "get")
    print(f"{sim.now - start:5} ms  somebody else got {count}")


erlang.spawn(impatient)
answer = await gen_server.call(counter, "slow")
print(f"{sim.now - start:5} ms  we got {answer}")

# %% [markdown]
# The server kept the client's address (`from_`) and answered later, with `reply`. Only the client waited.

# %%
sim.trace.sequence([erlang.self(), counter, "impatient"], start=start)

# %% [markdown]
# ## What a client sees when the server is in trouble
#
# A call waits 5000 ms unless told otherwise. Then the *client* exits:

# %%
begin()
counter = erlsim.match(("ok", ...), await gen_server.start_link(Counter, 15, []))
show(await caught(gen_server.call(counter, "slow", 1000)))

# %% [markdown]
# The reason tells which call it was, in the form `{timeout, {gen_server, call, [Pid, Request, Timeout]}}`. The server knows nothing of
# that: it will answer in two seconds, to nobody.
#
# **Question 2.** A late answer to a call that was given up: does it lie in our mailbox afterwards?

# %%
await timer.sleep(5000)
show(erlang.process_info(erlang.self(), "messages"))

# %% [markdown]
# No. Since OTP 24 a call is made under an *alias*, which the client takes back when it gives up; what comes later is dropped.
#
# **Question 3.** The server crashes while it handles our request. What do we get?

# %%
counter = erlsim.match(("ok", ...), await gen_server.start_link(Counter, 15, []))
kind, (reason, call) = await caught(gen_server.call(counter, "crash"))
error, stack = reason
show(kind, error, stack[0][:3], call)

_, pid, (error, _) = await erlang.receive(("EXIT", counter, ...))
show(("EXIT", pid, error))

# %% [markdown]
# The client exits with the reason that the server died of, `{bad_counter, Stack}`, and with the call. We are linked to it as well, so
# the same comes as an exit signal, which we trap: the last line.
#
# And to call a server that is not there:

# %%
show(await caught(gen_server.call(counter, "get")))
show(await caught(gen_server.call("nobody", "get")))

# %% [markdown]
# Two reports were written when it crashed, one by the server, one by the process itself:

# %%
for report in sim.reports:
    print(report.time_ms, "ms", report.level, terms.format("~0p", [report.label]))

# %% [markdown]
# ## No clause
#
# **Question 4.** A client asks for something that `handle_call` does not know. What should a server do?

# %%
begin()
counter = erlsim.match(("ok", ...), await gen_server.start_link(("local", "counter"), Counter, 0, []))
kind, (reason, call) = await caught(gen_server.call("counter", "no_such_request"))
show(kind, reason[0], call)
_ = await erlang.receive(("EXIT", counter, ...))

# %% [markdown]
# It crashes, with `function_clause`: a `match` that falls through is what in Erlang is no matching clause. The client is wrong, or
# the server is; the state may be broken either way. Crash, and let somebody start it anew with a fresh state: *let it crash* means no more
# than that. Who starts it is the next lesson.
#
# ## Starting and ending
#
# `init` may refuse. Whoever starts the server waits until `init` is through, so that the server is either ready or not there.


# %%
@erlsim.module
class Picky:
    def init(answer):
        return answer

    def terminate(reason, state):
        print(terms.format("terminate(~0p, ~0p)", [reason, state]))


begin()
for answer in (("ok", "state"), "ignore", ("stop", "no_disk"), ("error", "what")):
    value = await caught(gen_server.start(Picky, answer, []))
    print(terms.format("~-20s ~0p", [terms.format("~0p", [answer]), value]))

# %% [markdown]
# **Question 5.** `terminate` is called when the server ends by its own doing. Is it called for these four ends?

# %%
for trap in (False, True):
    for reason in ("shutdown", "kill"):

        @erlsim.module
        class Trapping(Picky):
            def init(trap):
                erlang.process_flag("trap_exit", trap)
                return ("ok", "state")

        pid = erlsim.match(("ok", ...), await gen_server.start_link(Trapping, trap, []))
        print(f"trapping: {trap}, our exit signal: {reason}")
        erlang.exit(pid, reason)
        show(await erlang.receive(("EXIT", pid, ...)))

# %% [markdown]
# Once. A server that does not trap exits dies at once of an exit signal. One that traps them, and gets one *from its parent*,
# runs `terminate` and ends. `kill` leaves no time for anything. So a server that has something to clear up traps exits, and one that must
# be sure puts the clearing up into another process, which monitors it.
#
# ## Looking inside
#
# Every gen_server answers system messages: it can be looked into, suspended, traced.

# %%
begin()
pid = erlsim.match(("ok", ...), await gen_server.start_link(("local", "counter"), Counter, 100, [("debug", ["trace"])]))
show(await gen_server.call("counter", ("add", 1)))
await sys.trace("counter", False)
show(await sys.get_state("counter"))
show(await sys.replace_state("counter", lambda count: count * 2))
show(await gen_server.call("counter", "get"))

# %% [markdown]
# ## Try it
#
# 1. Write a stack with `push`, `pop` and `size`. What is `pop` on an empty one: an answer or a crash? Who is wrong then?
# 2. Let it end when it has not been used for a minute. (A callback may add a time to its answer: `("reply", value, state, 60_000)`, and
#    gets `timeout` in `handle_info` if no message comes by then.)


# %%
@erlsim.module
class Stack:
    def init(_):
        return ("ok", [], 60_000)

    def handle_call(request, _from, items):
        match request:
            case ("push", item):
                return ("reply", "ok", [item, *items], 60_000)
            case "pop" if items:
                return ("reply", ("ok", items[0]), items[1:], 60_000)
            case "pop":
                return ("reply", "empty", items, 60_000)
            case "size":
                return ("reply", len(items), items, 60_000)

    def handle_info(message, items):
        match message:
            case "timeout":
                return ("stop", "normal", items)


stack = erlsim.match(("ok", ...), await gen_server.start_link(Stack, "undefined", []))
for request in (("push", 1), ("push", 2), "size", "pop", "pop", "pop"):
    show(await gen_server.call(stack, request))
start = sim.now
show(await erlang.receive(("EXIT", stack, ...)))
sim.now - start
