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
# # 11. Every schedule
#
# Lesson 7 ran a program under a thousand orders, and ended with the words "other schedules may do otherwise". This one ends with a better sentence. `testing.exhaust` runs a
# program under *all* orders that anybody could tell apart, each once, and then says that there are no others.
#
# It lets a process give way before every operation that others can notice: a message, a signal, a look into a table, a name. That needs a small library, which
# `pip install 'erlsim[search]'` brings.

# %%
import erlsim
from erlsim import erlang, ets, testing, timer

# %% [markdown]
# ## A cache that is started when it is first needed
#
# Whoever wants the cache looks whether it is there. If it is not, he starts it.


# %%
async def cache():
    await erlang.receive("stop")


def the_cache():
    pid = erlang.whereis("cache")
    if pid == "undefined":
        pid = erlang.spawn(cache)
        erlang.register("cache", pid)
    return pid


async def two_clients(get):
    """What two clients get who ask at the same time, and how many caches there are then."""
    me = erlang.self()
    before = len(erlang.processes())

    def client():
        erlang.send(me, ("got", get()))

    for _ in range(2):
        erlang.spawn(client)
    first, second = [(await erlang.receive(("got", ...), after=1000)) for _ in range(2)]
    assert erlsim.TIMEOUT not in (first, second), "somebody got nothing"
    assert first == second, "two caches"
    await timer.sleep(1)  # who was told to go is gone by then
    assert len(erlang.processes()) == before + 1, "a cache that nobody knows"


async def program():
    await two_clients(the_cache)


print(testing.explore(program, schedules=100))

# %% [markdown]
# A hundred schedules, and nothing. `explore` changes the order only where somebody waits, and `the_cache` never does: in Python it is one piece. On a BEAM it is not.
#
# **Question 1.** Where may the other client come in between? What happens then?

# %%
found = testing.exhaust(program, progress=False)
found

# %% [markdown]
# It says how many it has run, what came out, and *which two operations raced*: the same two lines, by two processes, and what happens in one order and in the other. A diamond is an operation that others may notice. The schedule is a text, as in lesson 7: `testing.replay(program, schedule, preempt=True)` runs it again.
#
# **Question 2.** `register` fails for the one who comes second, with `badarg`. Is it enough to catch that?


# %%
def careful():
    pid = erlang.whereis("cache")
    if pid == "undefined":
        pid = erlang.spawn(cache)
        try:
            erlang.register("cache", pid)
        except erlsim.Error:
            return erlang.whereis("cache")
    return pid


async def carefully():
    await two_clients(careful)


found = testing.exhaust(carefully, progress=False)
print(found.sentence())
print(found.failures[0].outcome)

# %% [markdown]
# Nearly. Both have the same cache, and the one that lost the race still runs. Nobody knows it, and nobody will ever stop it. Such a thing is seen only by those who ask for it: the assertion that counts processes was needed.


# %%
def right():
    pid = erlang.whereis("cache")
    if pid == "undefined":
        pid = erlang.spawn(cache)
        try:
            erlang.register("cache", pid)
        except erlsim.Error:
            erlang.exit(pid, "kill")
            return erlang.whereis("cache")
    return pid


async def rightly():
    await two_clients(right)


print(testing.exhaust(rightly, progress=False).sentence())

# %% [markdown]
# *No other outcome exists.* That is a proof, for this program: two clients, these timers, this input. The millisecond before the count is needed, too: without it the search finds the order in which the one that was told
# to go is not yet gone. Take it away, and see.
#
# ## How many are all?
#
# Orders that nobody can tell apart are run once. **Question 3.** Three processes write a row each, into three tables; then into one table under three keys; then under one key. How many orders are there to try?


# %%
def writers(tables, keys):
    async def test():
        made = [ets.new(f"table_{number}", ["public"]) for number in range(tables)]
        refs = [
            erlang.spawn_monitor(ets.insert, [made[number % tables], (number % keys, number)])[1] for number in range(3)
        ]
        for ref in refs:
            await erlang.receive(("DOWN", ref, ..., ..., ...))
        return [sorted(row[1] for row in ets.tab2list(table)) for table in made]

    return test


for tables, keys in ((3, 3), (1, 3), (1, 1)):
    print(f"{tables} tables, {keys} keys: {testing.exhaust(writers(tables, keys), progress=False).sentence()}")

# %% [markdown]
# One, one, and six: only the last three operations depend on each other, and there are 3! orders of them. It is what programs *share* that makes a search long, not how much they do.
#
# ## When all are too many
#
# **Question 4.** Some clients add to one counter, some times each. How many orders are there?


# %% tags=["long"]
def counting(clients, times):
    async def test():
        table = ets.new("counts", ["public"])
        ets.insert(table, ("n", 0))

        def client():
            for _ in range(times):
                ets.update_counter(table, "n", 1)

        refs = [erlang.spawn_monitor(client)[1] for _ in range(clients)]
        for ref in refs:
            await erlang.receive(("DOWN", ref, ..., ..., ...))
        return ets.lookup_element(table, "n", 2)

    return test


for clients, times in ((2, 1), (2, 2), (3, 2), (5, 3)):
    found = testing.exhaust(counting(clients, times), max_runs=100, progress=False)
    print(f"{clients} clients, {times} times each: {found.sentence()}")

# %% [markdown]
# 2, 6, 90; and for five clients that count three times 15! / (3!)⁵, which are 168 million. There it says how far it came, and claims no more. Two things help: *fewer* (two clients that count twice show nearly every mistake that five show), and `bound=2`, which
# tries only what takes two interruptions at most. Few races need more.
#
# ## Time
#
# By default a timer fires only when nobody can run: processes are fast, and time is slow. With `clock="late"` they may be slow, too.
#
# **Question 5.** A client waits 100 ms for an answer that takes 50. Which outcomes are there?


# %%
async def client():
    me = erlang.self()
    erlang.send_after(50, me, "answer")
    answer = await erlang.receive("answer", after=100)
    return "nothing" if answer is erlsim.TIMEOUT else answer


for clock in ("barrier", "late"):
    found = testing.exhaust(client, stop=False, progress=False, clock=clock)
    print(f"{clock:8} {found.outcomes}")

# %% [markdown]
# When time waits for the processes, there is one. On a real node a timer may be late, the first one, too: then the client has given up before the answer is sent. Both are possible, and a test that knows only the first will fail some day.
#
# ## Exercises
#
# Three tasks. The checkers try *every* interleaving of what you write.

# %%
from erlsim.course.races import check_deposit, check_ticket_test, check_transfer

# %% [markdown]
# ### 1. A deposit
#
# A public table has a row `("balance", n)`. Write `deposit(table, amount)`, which adds to it and returns the new balance. Several processes do so at the same time, and every one of them has to be told a balance that there was after its own deposit.


# %% tags=["task"]
def deposit(table, amount):
    """Add `amount` to the row "balance", and return the new balance."""


check_deposit(deposit)


# %% tags=["solution"]
def deposit(table, amount):
    return ets.update_counter(table, "balance", amount)


check_deposit(deposit)


# %% tags=["wrong"]
# Written often: read, add, write.
# The checker says: the balance at the end: [120, 130, 150]
def deposit(table, amount):
    balance = ets.lookup_element(table, "balance", 2) + amount
    ets.insert(table, ("balance", balance))
    return balance


check_deposit(deposit)


# %% tags=["wrong"]
# Written often: the sum is right, but what is returned is read later.
# The checker says: (50, 50)]
def deposit(table, amount):
    ets.update_counter(table, "balance", amount)
    return ets.lookup_element(table, "balance", 2)


check_deposit(deposit)

# %% [markdown] tags=["teacher"]
# One operation on a table is whole; two are not, however close they stand. The second mistake is the more instructive one, because no money is lost. Ask: would a gen_server that does `lookup` and `insert` be right? (Yes: it takes one request at a time.)

# %% [markdown]
# ### 2. Both or neither
#
# A transfer moves an amount from one row of a table to another: rows are `(name, balance)`. Write `transfer(table, giver, taker, amount)`, which returns `"ok"`, or `"too_little"` when the giver has less, and then changes nothing. Others do transfers from the
# same accounts meanwhile. Nobody may ever have less than 0, even for a moment, and no money may be made or lost.
#
# What helps: `ets.update_counter(table, key, [(2, -amount)])` is one operation; `ets.select_replace` replaces a row if it still is what you think; and there is always a process that does all of it.


# %% tags=["task"]
def transfer(table, giver, taker, amount):
    """Move `amount` from `giver` to `taker`: "ok" or "too_little"."""


check_transfer(transfer)


# %% tags=["solution"]
def transfer(table, giver, taker, amount):
    while True:
        balance = ets.lookup_element(table, giver, 2)
        if balance < amount:
            return "too_little"
        # The row is replaced if it still is what we have seen.
        if ets.select_replace(table, [((giver, balance), [], [((giver, balance - amount),)])]) == 1:
            ets.update_counter(table, taker, amount)
            return "ok"


check_transfer(transfer)


# %% tags=["wrong"]
# Written often: look, then act.
# The checker says: -40
def transfer(table, giver, taker, amount):
    if ets.lookup_element(table, giver, 2) < amount:
        return "too_little"
    ets.update_counter(table, giver, -amount)
    ets.update_counter(table, taker, amount)
    return "ok"


check_transfer(transfer)


# %% tags=["wrong"]
# Written often: take it first, and give it back if that was too much. For a moment there is less than nothing.
# The checker says: what ann may be seen to have: [-70, 100]
def transfer(table, giver, taker, amount):
    if ets.update_counter(table, giver, -amount) < 0:
        ets.update_counter(table, giver, amount)
        return "too_little"
    ets.update_counter(table, taker, amount)
    return "ok"


check_transfer(transfer)

# %% [markdown] tags=["teacher"]
# The second mistake is close: everything is right at the end. Let them find the reader to whom it matters (a report that runs meanwhile, another transfer that is refused for no reason). Another right solution is a gen_server that owns the table.

# %% [markdown]
# ### 3. The test
#
# Now you write the test, and the checker the programs. `take(table)` is to give out tickets: it adds one to the row `("next", n)` of a public table, and returns the number. Write `await test(take)`, which makes the table, with 0
# in it, lets two processes take a ticket at the same time, and raises `AssertionError` if `take` has made a mistake. Some of the checker's `take` are right, and some are not.


# %% tags=["task"]
async def test(take):
    """Fail if two processes that take a ticket at the same time may get the same one."""


check_ticket_test(test)


# %% tags=["solution"]
async def test(take):
    table = ets.new("tickets", ["public"])
    ets.insert(table, ("next", 0))
    me = erlang.self()
    for _ in range(2):
        erlang.spawn(lambda: erlang.send(me, ("ticket", take(table))))
    tickets = [(await erlang.receive(("ticket", ...)))[1] for _ in range(2)]
    assert sorted(tickets) == [1, 2], tickets


check_ticket_test(test)


# %% tags=["wrong"]
# Written often: one after the other.
# The checker says: it should fail
async def test(take):
    table = ets.new("tickets", ["public"])
    ets.insert(table, ("next", 0))
    tickets = [take(table), take(table)]
    assert tickets == [1, 2]


check_ticket_test(test)


# %% tags=["wrong"]
# Written often: who was started first gets the first ticket.
# The checker says: it should pass
async def test(take):
    table = ets.new("tickets", ["public"])
    ets.insert(table, ("next", 0))
    me = erlang.self()
    for number in (1, 2):
        erlang.spawn(lambda number: erlang.send(me, (number, take(table))), [number])
    tickets = [(await erlang.receive((number, ...)))[1] for number in (1, 2)]
    assert tickets == [1, 2], tickets


check_ticket_test(test)

# %% [markdown] tags=["teacher"]
# A test that fails for what is right is as wrong as one that never fails. This is what `erlsim mutate` asks of whole suites (lesson 9).
