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
# ## Exercises
#
# Three tasks. The checkers start your modules on nodes of their own.

# %%
from erlsim.course.servers import check_ask_kindly, check_lock, check_stack

# %% [markdown]
# ### 1. A stack
#
# Write the callbacks of a stack: `("push", item)` answers `"ok"`, `"pop"` answers `("ok", item)` or `"empty"`, `"size"` answers the size. When it has not been used for a minute it ends, with `normal`. (A callback may add a time to what it
# returns: `("reply", answer, state, 60_000)`, and `init` as well. If no message comes by then, `"timeout"` comes to `handle_info`.)


# %% tags=["task"]
@erlsim.module
class Stack:
    """init, handle_call, handle_info."""


check_stack(Stack)


# %% tags=["solution"]
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


check_stack(Stack)


# %% tags=["wrong"]
# Written often: whoever pops an empty stack crashes it.
# The checker says: ('failed', IndexError(
@erlsim.module
class Stack:
    def init(_):
        return ("ok", [], 60_000)

    def handle_call(request, _from, items):
        match request:
            case ("push", item):
                return ("reply", "ok", [item, *items], 60_000)
            case "pop":
                return ("reply", ("ok", items[0]), items[1:], 60_000)
            case "size":
                return ("reply", len(items), items, 60_000)

    def handle_info(_timeout, items):
        return ("stop", "normal", items)


check_stack(Stack)


# %% tags=["wrong"]
# Written often: the time stands in `init` alone, and is forgotten with the first request.
# The checker says: came      alive: True
@erlsim.module
class Stack:
    def init(_):
        return ("ok", [], 60_000)

    def handle_call(request, _from, items):
        match request:
            case ("push", item):
                return ("reply", "ok", [item, *items])
            case "pop" if items:
                return ("reply", ("ok", items[0]), items[1:])
            case "pop":
                return ("reply", "empty", items)
            case "size":
                return ("reply", len(items), items)

    def handle_info(_timeout, items):
        return ("stop", "normal", items)


check_stack(Stack)

# %% [markdown] tags=["teacher"]
# Is `pop` on an empty stack an answer or a crash? The client cannot know whether the stack is empty, since others use it too: so it is an answer. A request that nobody knows is a mistake: that is a crash. Ask where the line is.

# %% [markdown]
# ### 2. A lock
#
# One client at a time has the lock: `"acquire"` answers `"ok"` when the client has got it, however long that takes; `"release"` answers `"ok"` at once, and who has waited longest gets it next. If the client that has the lock dies, it
# is free again. (`from_` in `handle_call` is the client's address; `from_[0]` is its pid.)


# %% tags=["task"]
@erlsim.module
class Lock:
    """init, handle_call, handle_info."""


check_lock(Lock)


# %% tags=["solution"]
@erlsim.module
class Lock:
    def init(_):
        return ("ok", [])  # the addresses of who has it and of who waits, each with a monitor

    def handle_call(request, from_, queue):
        match request:
            case "acquire" if not queue:
                return ("reply", "ok", [(from_, erlang.monitor("process", from_[0]))])
            case "acquire":
                return ("noreply", [*queue, (from_, erlang.monitor("process", from_[0]))])
            case "release":
                erlang.demonitor(queue[0][1], ["flush"])
                return ("reply", "ok", Lock.next(queue[1:]))

    def handle_info(message, queue):
        match message:
            case ("DOWN", ref, _, _, _) if ref == queue[0][1]:
                return ("noreply", Lock.next(queue[1:]))
            case ("DOWN", ref, _, _, _):
                return ("noreply", [each for each in queue if each[1] != ref])

    def next(queue):
        if queue:
            gen_server.reply(queue[0][0], "ok")
        return queue


check_lock(Lock)


# %% tags=["wrong"]
# Written often: everybody is answered at once.
# The checker says: [('a', 0, 100), ('b', 0, 100), ('c', 0, 100)]
@erlsim.module
class Lock:
    def init(_):
        return ("ok", "free")

    def handle_call(request, _from, state):
        match request:
            case "acquire":
                return ("reply", "ok", "taken")
            case "release":
                return ("reply", "ok", "free")


check_lock(Lock)


# %% tags=["wrong"]
# Written often: the queue is right, and whoever dies with the lock keeps it for ever.
# The checker says: came      who had it, from when to when (ms): []
@erlsim.module
class Lock:
    def init(_):
        return ("ok", [])

    def handle_call(request, from_, queue):
        match request:
            case "acquire" if not queue:
                return ("reply", "ok", [from_])
            case "acquire":
                return ("noreply", [*queue, from_])
            case "release":
                if queue[1:]:
                    gen_server.reply(queue[1], "ok")
                return ("reply", "ok", queue[1:])


check_lock(Lock)

# %% [markdown] tags=["teacher"]
# The state is the queue; its head has the lock. The second mistake is the one that costs nights: it works until a client dies at the wrong moment. Ask what becomes of a client that dies while it *waits* (the solution takes it out of the
# queue), and of one that gives up after a timeout and lives on. (It is still in the queue, gets the lock and does not know it. That is why a lock with timeouts needs a request `cancel`, or a lease.)

# %% [markdown]
# ### 3. A client that bears it
#
# `await ask_kindly(server, request, ms)` makes a call. It returns `("ok", answer)`, or `("error", "timeout")`, `("error", "noproc")` when the server is not there, and `("error", "crashed")` when it dies meanwhile for any other reason.


# %% tags=["task"]
async def ask_kindly(server, request, ms):
    """("ok", answer), or ("error", "timeout" | "noproc" | "crashed")."""


check_ask_kindly(ask_kindly)


# %% tags=["solution"]
async def ask_kindly(server, request, ms):
    try:
        return ("ok", await gen_server.call(server, request, ms))
    except erlsim.Exit as exit:
        match exit.reason:
            case ("timeout" | "noproc" as reason, _):
                return ("error", reason)
            case _:
                return ("error", "crashed")


check_ask_kindly(ask_kindly)


# %% tags=["wrong"]
# Written often: the reason is compared as if it stood alone.
# The checker says: came      answer: ('error', 'crashed')
async def ask_kindly(server, request, ms):
    try:
        return ("ok", await gen_server.call(server, request, ms))
    except erlsim.Exit as exit:
        if exit.reason in ("timeout", "noproc"):
            return ("error", exit.reason)
        return ("error", "crashed")


check_ask_kindly(ask_kindly)


# %% tags=["wrong"]
# Written often: asked first whether the server is alive, and the failure of the call is forgotten.
# The checker says: your code failed with exit: {timeout
async def ask_kindly(server, request, ms):
    pid = erlang.whereis(server) if isinstance(server, str) else server
    if pid == "undefined" or not erlang.is_process_alive(pid):
        return ("error", "noproc")
    return ("ok", await gen_server.call(server, request, ms))


check_ask_kindly(ask_kindly)

# %% [markdown] tags=["teacher"]
# Whether a server is alive is no question worth asking: the answer is old when it comes. The call itself tells. Say as well that in Erlang one seldom writes this function: let the client crash, unless it knows something better to do.
