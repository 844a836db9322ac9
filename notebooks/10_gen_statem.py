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
# # 10. gen_statem
#
# A `gen_server` has one function for all requests, whatever state it is in. Some servers do something quite different in each state: a door that is locked or open, a
# connection that is being made or there. Then `handle_call` fills with `if`s, and the clause that nobody has thought of is the one that happens at night. `gen_statem` has a
# function for each *state*, and timeouts that belong to states.

# %%
import erlsim
from erlsim import erlang, terms, timer
from erlsim.otp import gen_statem, sys


def begin():
    """A fresh node, whose shell traps exits: what begins so can be run again as often as you like."""
    global sim
    sim = erlsim.shell()
    erlang.process_flag("trap_exit", True)


def show(*values):
    """Print terms as Erlang writes them, behind the time."""
    print(f"{sim.now:6} ms ", *(terms.format("~0p", [value]) for value in values))


begin()

# %% [markdown]
# ## A door with a code
#
# It is locked until somebody enters the code, digit by digit. Then it is open for ten seconds.
#
# With `state_functions` the state is an atom, and its function has that name. It gets what kind of event it is, what is in it, and the *data*: what a gen_server calls its state.
# It says what the next state is, what the data are, and what else is to be done: the *actions*.


# %%
@erlsim.module
class Door:
    def callback_mode():
        return "state_functions"

    def init(code):
        return ("ok", "locked", {"code": code, "entered": []})

    def locked(kind, event, data):
        match kind, event:
            case "cast", ("button", digit):
                entered = [*data["entered"], digit][-len(data["code"]) :]
                if entered == data["code"]:
                    return ("next_state", "open", {**data, "entered": []}, [("state_timeout", 10_000, "lock")])
                return ("keep_state", {**data, "entered": entered})
            case ("call", client), "state":
                return ("keep_state_and_data", [("reply", client, "locked")])

    def open(kind, event, data):
        match kind, event:
            case "state_timeout", "lock":
                return ("next_state", "locked", data)
            case "cast", ("button", _):
                return "keep_state_and_data"
            case ("call", client), "state":
                return ("keep_state_and_data", [("reply", client, "open")])


def press(*digits):
    for digit in digits:
        gen_statem.cast("door", ("button", digit))


begin()
await gen_statem.start_link(("local", "door"), Door, [1, 2, 3], [])
show(await gen_statem.call("door", "state"))
press(7, 1, 2, 3)
show(await gen_statem.call("door", "state"))
await timer.sleep(10_000)
show(await gen_statem.call("door", "state"))

# %% [markdown]
# **Question 1.** Somebody presses a button five seconds after the door has opened. When does it lock?

# %%
press(1, 2, 3)
await timer.sleep(5000)
press(9)
await timer.sleep(4999)
show(await gen_statem.call("door", "state"))
await timer.sleep(1)
show(await gen_statem.call("door", "state"))

# %% [markdown]
# At the same time: a *state timeout* is for the state. It is gone when the state changes, and nothing else touches it. There are two other kinds:
#
# | action | is cancelled by |
# |---|---|
# | `("state_timeout", ms, content)` | a change of state |
# | `ms` or `("timeout", ms, content)`, the *event timeout* | any event |
# | `(("timeout", name), ms, content)` | nothing but `"cancel"`, or the same name again |
#
# **Question 2.** With an event timeout in its place: what would the visitor who keeps pressing buttons get?


# %%
@erlsim.module(name="door")
class Lazy(Door):
    def locked(kind, event, data):
        match Door.locked(kind, event, data):
            case ("next_state", "open", data, [("state_timeout", ms, content)]):
                return ("next_state", "open", data, [("timeout", ms, content)])
            case result:
                return result

    def open(kind, event, data):
        return Door.open("state_timeout" if kind == "timeout" else kind, event, data)


begin()
await gen_statem.start_link(("local", "door"), Lazy, [1, 2, 3], [])
press(1, 2, 3)
for _ in range(3):
    await timer.sleep(9000)
    press(9)
    show(await gen_statem.call("door", "state"))
await timer.sleep(60_000)
show(await gen_statem.call("door", "state"))

# %% [markdown]
# An open door, for ever: the first button cancelled the timeout, and nobody set it again. And our question about its state would have done the same.
#
# ## Not now: postpone
#
# A request that comes in the wrong state need not be refused: the action `"postpone"` keeps it until the state has *changed*, and then it comes again, before what came later.
#
# **Question 3.** Two visitors want to enter a locked door, one after the other. Who gets which answer, and when?


# %%
@erlsim.module(name="door")
class Patient(Door):
    def locked(kind, event, data):
        match kind, event:
            case ("call", _), ("enter", _):
                return ("keep_state_and_data", ["postpone"])
        return Door.locked(kind, event, data)

    def open(kind, event, data):
        match kind, event:
            case ("call", client), ("enter", who):
                return ("next_state", "locked", data, [("reply", client, ("welcome", who))])
        return Door.open(kind, event, data)


async def visitor(name):
    show(name, await gen_statem.call("door", ("enter", name)))


begin()
start = sim.now
await gen_statem.start_link(("local", "door"), Patient, [1, 2, 3], [])
for name in ("ann", "bob"):
    erlang.spawn(visitor, [name])
await timer.sleep(2000)
press(1, 2, 3)
await timer.sleep(2000)
press(1, 2, 3)
await timer.sleep(1)

# %% [markdown]
# Each as soon as the door has opened for them: ann went in and locked it behind her, so that bob's request was postponed once more.

# %%
sim.trace.sequence(["visitor", "door"], start=start)

# %% [markdown]
# ## On entering a state
#
# What is to happen whenever a state is entered, by whatever way, belongs to the state: with `state_enter` its function is first called with the event `"enter"` and the state before.


# %%
@erlsim.module
class Lamp:
    def callback_mode():
        return ["state_functions", "state_enter"]

    def init(_):
        return ("ok", "off", 0)

    def off(kind, event, count):
        match kind, event:
            case "enter", before:
                show(("enter", "off", "from", before))
                return "keep_state_and_data"
            case "cast", "press":
                return ("next_state", "on", count)

    def on(kind, event, count):
        match kind, event:
            case "enter", before:
                show(("enter", "on", "from", before))
                return ("keep_state", count + 1, [("state_timeout", 60_000, "off")])
            case "cast", "press":
                return "repeat_state_and_data"
            case "state_timeout", "off":
                return ("next_state", "off", count)


begin()
await gen_statem.start_link(("local", "lamp"), Lamp, [], [])
gen_statem.cast("lamp", "press")
await timer.sleep(50_000)
gen_statem.cast("lamp", "press")
await timer.sleep(120_000)

# %% [markdown]
# **Question 4.** `repeat_state` goes through the state's door once more, and so the minute began anew. What would `keep_state_and_data` have done? And which state do we see from outside?

# %%
show(await sys.get_state("lamp"))

# %% [markdown]
# It would have kept the first minute. The state as others see it is the pair of state and data.
#
# ## An event that nobody has thought of
#
# **Question 5.** The lamp gets a message that is no press.

# %%
begin()
pid = erlsim.match(("ok", ...), await gen_statem.start_link(("local", "lamp"), Lamp, [], []))
erlang.send("lamp", "hello")
_, _, (reason, stack) = await erlang.receive(("EXIT", pid, ...))
show(reason, stack[0][:3])

# %% [markdown]
# It crashes, and the report has its state and its data. A clause for every event in every state is the price of a machine; what is handled in the same way in each can go to one function that all of them
# call at their end, or to `handle_event_function`, the other mode, with one function for all.
#
# ## Exercises
#
# Three tasks, each with a checker, which tries your module on nodes of its own.

# %%
from erlsim.course.machines import check_connection, check_staircase, check_turnstile

# %% [markdown]
# ### 1. A turnstile
#
# It begins `locked`. The cast `"coin"` unlocks it. The call `"push"` is answered `"blocked"` while it is locked; unlocked it is answered `"enter"`, and locks it again. Whoever pays twice has paid twice: it
# stays unlocked, and nobody gets anything back.


# %% tags=["task"]
@erlsim.module
class Turnstile:
    """States locked and unlocked; casts "coin", calls "push"."""


check_turnstile(Turnstile)


# %% tags=["solution"]
@erlsim.module
class Turnstile:
    def callback_mode():
        return "state_functions"

    def init(_):
        return ("ok", "locked", [])

    def locked(kind, event, data):
        match kind, event:
            case "cast", "coin":
                return ("next_state", "unlocked", data)
            case ("call", client), "push":
                return ("keep_state_and_data", [("reply", client, "blocked")])

    def unlocked(kind, event, data):
        match kind, event:
            case "cast", "coin":
                return "keep_state_and_data"
            case ("call", client), "push":
                return ("next_state", "locked", data, [("reply", client, "enter")])


check_turnstile(Turnstile)


# %% tags=["wrong"]
# Written often: the reply, and no change of state.
# The checker says: answers: ['enter', 'enter']
@erlsim.module
class Turnstile:
    def callback_mode():
        return "state_functions"

    def init(_):
        return ("ok", "locked", [])

    def locked(kind, event, data):
        match kind, event:
            case "cast", "coin":
                return ("next_state", "unlocked", data)
            case ("call", client), "push":
                return ("keep_state_and_data", [("reply", client, "blocked")])

    def unlocked(kind, event, data):
        match kind, event:
            case ("call", client), "push":
                return ("keep_state", data, [("reply", client, "enter")])


check_turnstile(Turnstile)


# %% tags=["wrong"]
# Written often: the second coin is an event that nobody has thought of.
# The checker says: two coins, then two pushes
@erlsim.module
class Turnstile:
    def callback_mode():
        return "state_functions"

    def init(_):
        return ("ok", "locked", [])

    def locked(kind, event, data):
        match kind, event:
            case "cast", "coin":
                return ("next_state", "unlocked", data)
            case ("call", client), "push":
                return ("keep_state_and_data", [("reply", client, "blocked")])

    def unlocked(kind, event, data):
        match kind, event:
            case ("call", client), "push":
                return ("next_state", "locked", data, [("reply", client, "enter")])


check_turnstile(Turnstile)

# %% [markdown] tags=["teacher"]
# Have them draw the two states and the two events first: four arrows, and so four clauses. Ask: what has the machine to do with a message that is neither? (Here it dies of it, and its supervisor gives a new one, locked. That may be just right.)

# %% [markdown]
# ### 2. The light of a staircase
#
# `off` at first. The cast `"press"` turns it on; three minutes after the *last* press it goes off. The call `"state"` is answered `"on"` or `"off"`, and changes nothing.


# %% tags=["task"]
@erlsim.module
class Staircase:
    """States on and off; casts "press", calls "state"."""


check_staircase(Staircase)


# %% tags=["solution"]
@erlsim.module
class Staircase:
    def callback_mode():
        return "state_functions"

    def init(_):
        return ("ok", "off", [])

    def off(kind, event, data):
        match kind, event:
            case "cast", "press":
                return ("next_state", "on", data, [("state_timeout", 180_000, "off")])
            case ("call", client), "state":
                return ("keep_state_and_data", [("reply", client, "off")])

    def on(kind, event, data):
        match kind, event:
            case "cast", "press":
                return ("keep_state_and_data", [("state_timeout", 180_000, "off")])
            case ("call", client), "state":
                return ("keep_state_and_data", [("reply", client, "on")])
            case "state_timeout", "off":
                return ("next_state", "off", data)


check_staircase(Staircase)


# %% tags=["wrong"]
# Written often: an event timeout, which the question cancels.
# The checker says: (180000, 'on')]
@erlsim.module
class Staircase:
    def callback_mode():
        return "state_functions"

    def init(_):
        return ("ok", "off", [])

    def off(kind, event, data):
        match kind, event:
            case "cast", "press":
                return ("next_state", "on", data, [("timeout", 180_000, "off")])
            case ("call", client), "state":
                return ("keep_state_and_data", [("reply", client, "off")])

    def on(kind, event, data):
        match kind, event:
            case "cast", "press":
                return ("keep_state_and_data", [("timeout", 180_000, "off")])
            case ("call", client), "state":
                return ("keep_state_and_data", [("reply", client, "on")])
            case "timeout", "off":
                return ("next_state", "off", data)


check_staircase(Staircase)


# %% tags=["wrong"]
# Written often: a press while it is on does nothing.
# The checker says: (279999, 'off')
@erlsim.module
class Staircase:
    def callback_mode():
        return "state_functions"

    def init(_):
        return ("ok", "off", [])

    def off(kind, event, data):
        match kind, event:
            case "cast", "press":
                return ("next_state", "on", data, [("state_timeout", 180_000, "off")])
            case ("call", client), "state":
                return ("keep_state_and_data", [("reply", client, "off")])

    def on(kind, event, data):
        match kind, event:
            case "cast", "press":
                return "keep_state_and_data"
            case ("call", client), "state":
                return ("keep_state_and_data", [("reply", client, "on")])
            case "state_timeout", "off":
                return ("next_state", "off", data)


check_staircase(Staircase)

# %% [markdown] tags=["teacher"]
# A state timeout that is set again takes the place of the one before. `repeat_state_and_data` with `state_enter` is another right solution. Ask for one with `send_after`: it needs the reference in the data, `cancel_timer`, and a clause for the message that was
# already on its way when it was cancelled. That is what the three kinds of timeouts are for.

# %% [markdown]
# ### 3. A connection
#
# It begins `connecting`. The message `"connected"` makes it `connected`; if that has not come after a second, it is `failed`. The call `("send", what)` is answered `("sent", what)` when it is connected and
# `("error", "timeout")` when it has failed. While it is connecting nobody is answered yet.


# %% tags=["task"]
@erlsim.module
class Connection:
    """States connecting, connected and failed; the message "connected", calls ("send", what)."""


check_connection(Connection)


# %% tags=["solution"]
@erlsim.module
class Connection:
    def callback_mode():
        return "state_functions"

    def init(_):
        return ("ok", "connecting", [], [("state_timeout", 1000, "give_up")])

    def connecting(kind, event, data):
        match kind, event:
            case "info", "connected":
                return ("next_state", "connected", data)
            case "state_timeout", "give_up":
                return ("next_state", "failed", data)
            case ("call", _), ("send", _):
                return ("keep_state_and_data", ["postpone"])

    def connected(kind, event, data):
        match kind, event:
            case ("call", client), ("send", what):
                return ("keep_state_and_data", [("reply", client, ("sent", what))])

    def failed(kind, event, data):
        match kind, event:
            case ("call", client), ("send", _):
                return ("keep_state_and_data", [("reply", client, ("error", "timeout"))])
            case "info", "connected":
                return "keep_state_and_data"


check_connection(Connection)


# %% tags=["wrong"]
# Written often: the request is kept by nobody.
# The checker says: no answer
@erlsim.module
class Connection:
    def callback_mode():
        return "state_functions"

    def init(_):
        return ("ok", "connecting", [], [("state_timeout", 1000, "give_up")])

    def connecting(kind, event, data):
        match kind, event:
            case "info", "connected":
                return ("next_state", "connected", data)
            case "state_timeout", "give_up":
                return ("next_state", "failed", data)
            case ("call", _), ("send", _):
                return "keep_state_and_data"

    def connected(kind, event, data):
        match kind, event:
            case ("call", client), ("send", what):
                return ("keep_state_and_data", [("reply", client, ("sent", what))])

    def failed(kind, event, data):
        match kind, event:
            case ("call", client), ("send", _):
                return ("keep_state_and_data", [("reply", client, ("error", "timeout"))])


check_connection(Connection)


# %% tags=["wrong"]
# Written often: the second is an event timeout, and the first request cancels it.
# The checker says: ('no answer', 5000)
@erlsim.module
class Connection:
    def callback_mode():
        return "state_functions"

    def init(_):
        return ("ok", "connecting", [], [1000])

    def connecting(kind, event, data):
        match kind, event:
            case "info", "connected":
                return ("next_state", "connected", data)
            case "timeout", _:
                return ("next_state", "failed", data)
            case ("call", _), ("send", _):
                return ("keep_state_and_data", ["postpone"])

    def connected(kind, event, data):
        match kind, event:
            case ("call", client), ("send", what):
                return ("keep_state_and_data", [("reply", client, ("sent", what))])

    def failed(kind, event, data):
        match kind, event:
            case ("call", client), ("send", _):
                return ("keep_state_and_data", [("reply", client, ("error", "timeout"))])


check_connection(Connection)

# %% [markdown] tags=["teacher"]
# This machine is the reason why database drivers are written with gen_statem. Ask: what becomes of a `"connected"` that comes after the second is over? (In the solution nothing, because there is a clause for it; without that clause the machine dies of a
# message that was merely late.)
