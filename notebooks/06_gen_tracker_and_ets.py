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
# # 6. gen_tracker and ETS
#
# A server that thousands ask becomes a queue. Where the answer is only looked up, Erlang keeps it in a table that everybody may read: *ETS*.
# A `gen_tracker` is a supervisor that is built so: its children are found, and what is known about them is read, without asking anybody.

# %%
import erlsim
import gen_tracker
from erlsim import erlang, ets, terms, timer
from erlsim.otp import gen_server, supervisor


def begin():
    """A fresh node, whose shell traps exits: what begins so can be run again as often as you like."""
    global sim
    sim = erlsim.shell()
    erlang.process_flag("trap_exit", True)


def show(*values):
    """Print terms as Erlang writes them."""
    for value in values:
        print(terms.format("~tp", [value]))


async def caught(awaitable):
    """The value, or class and reason of the failure."""
    try:
        return await awaitable
    except erlsim.ErlangException as failure:
        return (failure.kind, failure.reason)


begin()

# %% [markdown]
# ## Tables
#
# A table holds tuples; one element, the first unless told otherwise, is the key. None of these functions waits, so none is awaited.

# %%
begin()
table = ets.new("films", ["set", "public", "named_table"])
ets.insert("films", [("alien", 1979, 117), ("brazil", 1985, 132), ("stalker", 1979, 162)])
show(ets.lookup("films", "alien"))
show(ets.lookup("films", "casablanca"))
show(ets.update_counter("films", "alien", (3, 10)))

# %% [markdown]
# Patterns find by more than the key: `'_'` is anything, `'$1'` is a variable.

# %%
show(sorted(ets.match("films", ("$1", 1979, "_")), key=terms.sort_key))

# %% [markdown]
# **Question 1.** A key is found if it is *equal*. In Erlang `1 =:= 1.0` is false and `1 == 1.0` is true. What does a `set` say, and what an
# `ordered_set`?

# %%
for kind in ("set", "ordered_set"):
    each = ets.new("numbers", [kind])
    ets.insert(each, (1, "integer"))
    ets.insert(each, (1.0, "float"))
    print(f"{kind:12}", ets.tab2list(each))

# %% [markdown]
# A `set` tells them apart, an `ordered_set` does not. (Python's `dict` does not either, and takes `True` for 1 as well. erlsim's tables do what
# Erlang's do.)
#
# **Question 2.** A process makes a table, and dies. What becomes of the table?


# %%
def maker():
    ets.new("short_lived", ["named_table", "public"])
    ets.insert("short_lived", ("a", 1))


pid, ref = erlang.spawn_monitor(maker)
await erlang.receive(("DOWN", ref, ..., ..., ...))
show(ets.whereis("short_lived"))
try:
    ets.lookup("short_lived", "a")
except erlsim.Error as error:
    print("error:", error.reason)

# %% [markdown]
# It goes with its owner, before anybody is told of the death. Whoever wants to keep it names an `heir`.
#
# ## A tracker
#
# Video streams, each a process, many of them, found by name. A tracker stands in the tree as a supervisor.


# %%
@erlsim.module
class Stream:
    async def start_link(name):
        return await gen_server.start_link("stream", name, [])

    async def init(name):
        await timer.sleep(20)
        return ("ok", name)

    def handle_info(message, name):
        return ("stop", message, name)

    def after_terminate(name, attrs, reason):
        print(terms.format("~ts is dead (~0p) with ~0p", [name, reason, attrs]))


@erlsim.module
class ServerSup:
    def init(_):
        streams = ("streams", ("gen_tracker", "start_link", ["streams"]), "permanent", "infinity", "supervisor", [])
        return ("ok", (("one_for_one", 5, 10), [streams]))


def spec(name):
    return (name, ("stream", "start_link", [name]), "temporary")


async def start(*names):
    """A tracker on a fresh node, with these streams."""
    begin()
    _ = erlsim.match(("ok", ...), await supervisor.start_link(ServerSup, "undefined"))
    for name in names:
        await gen_tracker.find_or_open("streams", spec(name))


await start()
show(await gen_tracker.find_or_open("streams", spec(b"tv1")))
show(gen_tracker.find("streams", b"tv1"), gen_tracker.find("streams", b"tv2"))

# %% [markdown]
# `find_or_open` may have to wait: it is awaited. `find` looks into the table: it is not.
#
# **Question 3.** Five clients ask for the same new stream at the same time. How many streams are started, and when does each client have its
# answer?

# %%
await start(b"tv1")
began = sim.now


async def client(number):
    pid = erlsim.match(("ok", ...), await gen_tracker.find_or_open("streams", spec(b"tv2")))
    print(f"{sim.now - began:4} ms  client {number} has {pid}")


for number in range(5):
    erlang.spawn(client, [number])
await timer.sleep(100)
len(gen_tracker.which_children("streams"))

# %% [markdown]
# One, after the 20 ms that it takes to start. Each child has a *proxy*, a process that starts it, waits for its end and cleans up after it;
# the tracker itself never waits for a child.
#
# ## What is known about a child
#
# Attributes are written by the process `streams_setter`, one after the other, and read in the table by everybody. A counter is added to in
# the table as well: `increment` asks no process either.

# %%
await start(b"tv1")
await gen_tracker.setattr("streams", b"tv1", [("codec", "h264"), ("bytes", 0)])
for _ in range(1000):
    gen_tracker.increment("streams", b"tv1", "bytes", 1316)
show(gen_tracker.getattr("streams", b"tv1", "bytes"))
show(gen_tracker.attrs("streams", b"tv1"))

# %% [markdown]
# The tracker's own table and the table of attributes are ordinary ETS tables, and are read as such:

# %%
show(ets.info("streams", "size"), ets.tab2list("streams_attrs"))

# %% [markdown]
# **Question 4.** What does writing an attribute of a stream that does not exist do? And reading one?

# %%
show(await caught(gen_tracker.setattr("streams", b"tv9", "codec", "h264")))
show(gen_tracker.getattr("streams", b"tv9", "codec"))

# %% [markdown]
# Writing fails, so that nothing is left in the table of which nobody would ever clean up.
#
# ## Death
#
# When a child dies its module hears of it: `after_terminate(name, attrs, reason)`, while its attributes are still there. Then its rows go.

# %%
await start(b"tv1")
await gen_tracker.setattr("streams", b"tv1", "codec", "h264")
ok, pid = gen_tracker.find("streams", b"tv1")
erlang.send(pid, ("shutdown", "source_lost"))
await timer.sleep(1)
show(gen_tracker.find("streams", b"tv1"), gen_tracker.attrs("streams", b"tv1"))

# %% [markdown]
# **Question 5.** A stream is killed, and in the same moment a viewer asks `find` for it. What may the viewer get?

# %%
await start(b"tv2")
ok, pid = gen_tracker.find("streams", b"tv2")
erlang.exit(pid, "kill")
found = gen_tracker.find("streams", b"tv2")
show(found, erlang.is_process_alive(pid))
await gen_tracker.wait("streams")
show(gen_tracker.find("streams", b"tv2"))

# %% [markdown]
# The pid of a dead process: the table is corrected when the proxy has heard of the death, not before. That is the price of a look that asks
# nobody, and no harm as long as the viewer can bear `noproc`, as every client of a process must.
#
# ## In the tree

# %%
await start(b"tv0", b"tv1", b"tv2")
sim.tree()

# %% [markdown]
# ## Exercises
#
# Three tasks. The checkers make the tables and the tracker, on nodes of their own.

# %%
from erlsim.course.tables import check_hit, check_owner, check_watch, spec

# %% [markdown]
# ### 1. A counter that is not there yet
#
# The public table `hits` has objects `(page, number)`. `hit(page)` adds one to the page's number and returns what it is then. A page that has no object yet begins with 0.


# %% tags=["task"]
def hit(page):
    """One more hit of the page: how many there are."""


check_hit(hit)


# %% tags=["solution"]
def hit(page):
    return ets.update_counter("hits", page, 1, (page, 0))


check_hit(hit)


# %% tags=["wrong"]
# Written often: a page that nobody has hit is not thought of.
# The checker says: your code failed with error: badarg
def hit(page):
    return ets.update_counter("hits", page, 1)


check_hit(hit)


# %% tags=["wrong"]
# Written often: the object is made anew each time.
# The checker says: came      returned: [1, 1, 1, 1]
def hit(page):
    ets.insert("hits", (page, 0))
    return ets.update_counter("hits", page, 1)


check_hit(hit)

# %% [markdown] tags=["teacher"]
# The checker also accepts `lookup`, add, `insert`, and on one processor it even works. Ask what two processes on two processors make of it: both read 7, both write 8. `update_counter` is one step that nobody gets in between. (Lesson 7 is about finding such a thing.)

# %% [markdown]
# ### 2. A table that outlives its owner
#
# Write the process `owner(heir)`: it makes a public table `stock` with the object `("apple", 3)`, by that name, and waits for ever. When it dies, for whichever reason, the table goes to `heir`, who is told so with the data `"in stock"`.


# %% tags=["task"]
async def owner(heir):
    """Make the table and wait."""


check_owner(owner)


# %% tags=["solution"]
async def owner(heir):
    ets.new("stock", ["named_table", "public", ("heir", heir, "in stock")])
    ets.insert("stock", ("apple", 3))
    await timer.sleep("infinity")


check_owner(owner)


# %% tags=["wrong"]
# Written often: the table is made, and the process ends; the table goes with it.
# The checker says: came      the owner: 'the heir'
async def owner(heir):
    ets.new("stock", ["named_table", "public", ("heir", heir, "in stock")])
    ets.insert("stock", ("apple", 3))


check_owner(owner)


# %% tags=["wrong"]
# Written often: given away at the end, which does not come when the process is killed.
# The checker says: came      the rows: 'there is no table'
async def owner(heir):
    ets.new("stock", ["named_table", "public"])
    ets.insert("stock", ("apple", 3))
    try:
        await timer.sleep("infinity")
    finally:
        ets.give_away("stock", heir, "in stock")


check_owner(owner)

# %% [markdown] tags=["teacher"]
# The usual pattern: a small process that does nothing and so does not crash is the heir; it gives the table to the next worker with `give_away`. Ask why one does not simply let the small process own the table. (One often does: public, and the workers only use it. The
# heir is for tables that are `protected`, that is, written by one process alone.)

# %% [markdown]
# ### 3. Viewers
#
# `await watch(name)` opens the stream if it is not there (`spec(name)` says how), and adds one to its attribute `viewers`, which nobody has set before. A hundred processes may do so at the same time.


# %% tags=["task"]
async def watch(name):
    """One more viewer of the stream."""


check_watch(watch)


# %% tags=["solution"]
async def watch(name):
    _ = erlsim.match(("ok", ...), await gen_tracker.find_or_open("streams", spec(name)))
    gen_tracker.increment("streams", name, "viewers", 1, 0)


check_watch(watch)


# %% tags=["wrong"]
# Written often: there is nothing yet to be added to.
# The checker says: came      viewers: [(b'tv1', 'undefined')]
async def watch(name):
    await gen_tracker.find_or_open("streams", spec(name))
    gen_tracker.increment("streams", name, "viewers", 1)


check_watch(watch)


# %% tags=["wrong"]
# Written often: read, add one, write. The writing waits for the setter, and meanwhile the others read the same number.
# The checker says: came      viewers: [(b'tv1', 1)]
async def watch(name):
    await gen_tracker.find_or_open("streams", spec(name))
    match gen_tracker.getattr("streams", name, "viewers"):
        case ("ok", count):
            await gen_tracker.setattr("streams", name, "viewers", count + 1)
        case "undefined":
            await gen_tracker.setattr("streams", name, "viewers", 1)


check_watch(watch)

# %% [markdown] tags=["teacher"]
# The second mistake is a lost update, and it needs no second processor: between `getattr` and the end of `setattr` others run. Let them draw it: `sim.trace.sequence()` of two viewers.
