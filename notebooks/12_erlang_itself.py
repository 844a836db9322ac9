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
# # 12. Erlang itself
#
# Eleven lessons have spoken Python about Erlang's processes. This one speaks Erlang: a cell that begins with `%%erlang` is typed into Erlang's shell, on the same node, in virtual time. No Erlang has to be
# installed.

# %%
import erlsim
from erlsim import erlang, testing
from erlsim.otp import gen_server


def begin():
    """A fresh node, whose shell traps exits, and a fresh Erlang shell on it."""
    global sim
    sim = erlsim.shell()
    erlang.process_flag("trap_exit", True)


begin()

# %% [markdown]
# ## The shell
#
# Each expression ends in a dot. What Erlang's shell would print is printed.

# %% active="ipynb"
# %%erlang
# f().
# Squares = [N * N || N <- lists:seq(1, 5)].
# {Least, _} = {lists:min(Squares), lists:max(Squares)}.
# Text = "a string is a list".
# length(Text).

# %% [markdown]
# Variables begin with a capital letter, atoms with a small one. A variable is bound once: `=` is no assignment, it is a *match*. They stay bound in the cells below, until `f()` forgets them. That is why this cell begins with it:
# so it can be run again.
#
# **Question 1.** What does `Least = 2.` say now?

# %% active="ipynb"
# %%erlang
# Least = 2.
# Least.

# %% [markdown]
# ## Processes
#
# `spawn` takes a fun, `!` sends, `receive` takes the first message that matches one of its patterns.

# %% active="ipynb"
# %%erlang
# f().
# Echo = spawn(fun() -> receive {From, What} -> From ! {echo, What} end end).
# Echo ! {self(), "hello"}.
# receive {echo, Answer} -> Answer after 1000 -> nothing end.

# %% [markdown]
# **Question 2.** The echo has ended. What does the same question get now, and how long does it take, here and on the node's clock?

# %% active="ipynb"
# %%erlang
# f(Before).
# Before = erlang:monotonic_time(millisecond).
# Echo ! {self(), "hello?"}, receive {echo, Again} -> Again after 3600000 -> nothing end.
# erlang:monotonic_time(millisecond) - Before.

# %% [markdown]
# An hour, and no time at all.
#
# ## A module
#
# A cell that begins with `-module` is compiled and loaded, with the warnings and errors of Erlang's compiler.

# %% active="ipynb"
# %%erlang
# -module(counter).
# -behaviour(gen_server).
# -export([start_link/0, add/1, get/0]).
# -export([init/1, handle_call/3, handle_cast/2]).
#
# start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, 0, []).
#
# add(N) -> gen_server:cast(?MODULE, {add, N}).
#
# get() -> gen_server:call(?MODULE, get).
#
# init(Count) -> {ok, Count}.
#
# handle_call(get, _From, Count) -> {reply, Count, Count}.
#
# handle_cast({add, N}, Count) -> {noreply, Count + N}.

# %% active="ipynb"
# %%erlang
# f().
# [gen_server:stop(Name) || Name <- [office, counter], whereis(Name) =/= undefined].
# {ok, Counter} = counter:start_link().
# counter:add(3), counter:add(4).
# counter:get().

# %% [markdown]
# The second line stops what is left from the last time that this cell was run (the office comes later): a name can be borne once.
#
# The counter is on the node on which Python acts, too, and there is no difference between the languages for whoever calls:

# %%
gen_server.cast("counter", ("add", 100))
await gen_server.call("counter", "get")

# %% [markdown]
# **Question 3.** We add an atom. Who dies of it, and what does the report tell?

# %% active="ipynb"
# %%erlang
# f().
# Self = self().
# counter:start_link().
# counter:add(many).
# timer:sleep(1).
# Self =:= self().

# %% [markdown]
# The counter, with the module, the line and the sum that could not be made; and the shell's process, which was linked to it. As Erlang's shell does it goes on in a new process, and knows its variables.
#
# ## One tree, two languages
#
# A supervisor in Erlang with a child in Python:


# %%
@erlsim.module(name="printer")
class Printer:
    async def start_link():
        return await gen_server.start_link(("local", "printer"), "printer", [], [])

    def init(_):
        return ("ok", 0)

    def handle_call(_what, _from, pages):
        return ("reply", pages + 1, pages + 1)


# %% active="ipynb"
# %%erlang
# -module(office).
# -behaviour(supervisor).
# -export([start_link/0, init/1]).
#
# start_link() -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).
#
# init([]) ->
#     Children = [#{id => counter, start => {counter, start_link, []}},
#                 #{id => printer, start => {printer, start_link, []}}],
#     {ok, {#{strategy => one_for_all, intensity => 3, period => 5}, Children}}.

# %% active="ipynb"
# %%erlang
# f().
# [gen_server:stop(Name) || Name <- [office, counter], whereis(Name) =/= undefined].
# {ok, Office} = office:start_link().
# gen_server:call(printer, "a page").
# gen_server:call(printer, "another page").
# exit(whereis(counter), kill), timer:sleep(1).
# gen_server:call(printer, "a page").

# %% [markdown]
# **Question 4.** Why is it page 1 again?

# %%
sim.tree()

# %% [markdown]
# `one_for_all`: the counter was killed, and so the printer was restarted with it.
#
# ## A race in Erlang
#
# `%%erlang --check NAME` compiles a module, and gives it to a function of Python. This one runs it under many orders: two processes take a ticket each.


# %%
def many_orders(tickets):
    async def test():
        erlsim.code.load("tickets", tickets)  # in each of these simulations
        await tickets.start_link()
        me = erlang.self()

        async def client():
            erlang.send(me, ("ticket", await tickets.take()))

        for _ in range(2):
            erlang.spawn(client)
        taken = [(await erlang.receive(("ticket", ...)))[1] for _ in range(2)]
        assert sorted(taken) == [1, 2], f"the tickets {taken}"

    print(testing.explore(test, schedules=100))


# %% active="ipynb"
# %%erlang --check many_orders
# -module(tickets).
# -behaviour(gen_server).
# -export([start_link/0, take/0]).
# -export([init/1, handle_call/3, handle_cast/2]).
#
# start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, 1, []).
#
# take() ->
#     N = gen_server:call(?MODULE, next),
#     ok = gen_server:call(?MODULE, {next, N + 1}),
#     N.
#
# init(N) -> {ok, N}.
#
# handle_call(next, _From, N) -> {reply, N, N};
# handle_call({next, New}, _From, _) -> {reply, ok, New}.
#
# handle_cast(_, N) -> {noreply, N}.

# %% [markdown]
# **Question 5.** Both have ticket 1. What has to be one message?

# %% active="ipynb"
# %%erlang --check many_orders
# -module(tickets).
# -behaviour(gen_server).
# -export([start_link/0, take/0]).
# -export([init/1, handle_call/3, handle_cast/2]).
#
# start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, 1, []).
#
# take() -> gen_server:call(?MODULE, take).
#
# init(N) -> {ok, N}.
#
# handle_call(take, _From, N) -> {reply, N, N + 1}.
#
# handle_cast(_, N) -> {noreply, N}.

# %% [markdown]
# `testing.exhaust`, as in lesson 11, gives the proof for it: Erlang's code gives way before each operation that others can notice, just as Python's does. The module can be taken to a real node as it is.
#
# ## Exercises
#
# Three tasks, in Erlang. The checkers get your module when it compiles.

# %%
from erlsim.course.modules import check_pmap, check_shop, check_stack

# %% [markdown]
# ### 1. A stack
#
# A gen_server whose state is a list. The cast `{push, X}` puts X on it. The call `pop` takes the top off and is answered `{ok, Top}`, or `empty` if there is none. It is started with `[]`.

# %% active="ipynb" tags=["task"]
# %%erlang --check check_stack
# -module(stack).
# -export([]).
# % Write init/1, handle_call/3 and handle_cast/2, and export them.

# %% active="ipynb" tags=["solution"]
# %%erlang --check check_stack
# -module(stack).
# -behaviour(gen_server).
# -export([init/1, handle_call/3, handle_cast/2]).
#
# init(Items) -> {ok, Items}.
#
# handle_call(pop, _From, [Top | Rest]) -> {reply, {ok, Top}, Rest};
# handle_call(pop, _From, []) -> {reply, empty, []}.
#
# handle_cast({push, Item}, Items) -> {noreply, [Item | Items]}.

# %% active="ipynb" tags=["wrong"]
# %%erlang --check check_stack
# % Written often: nobody has thought of the empty stack.
# % The checker says: the server died
# -module(stack).
# -behaviour(gen_server).
# -export([init/1, handle_call/3, handle_cast/2]).
#
# init(Items) -> {ok, Items}.
#
# handle_call(pop, _From, [Top | Rest]) -> {reply, {ok, Top}, Rest}.
#
# handle_cast({push, Item}, Items) -> {noreply, [Item | Items]}.

# %% active="ipynb" tags=["wrong"]
# %%erlang --check check_stack
# % Written often: a queue.
# % The checker says: [('ok', 1), ('ok', 2), ('ok', 3)]
# -module(stack).
# -behaviour(gen_server).
# -export([init/1, handle_call/3, handle_cast/2]).
#
# init(Items) -> {ok, Items}.
#
# handle_call(pop, _From, [Top | Rest]) -> {reply, {ok, Top}, Rest};
# handle_call(pop, _From, []) -> {reply, empty, []}.
#
# handle_cast({push, Item}, Items) -> {noreply, Items ++ [Item]}.

# %% [markdown] tags=["teacher"]
# Clauses with patterns take the place of `if`. Ask what `[Item | Items]` costs, and what `Items ++ [Item]` (a copy of the whole list, each time).

# %% [markdown]
# ### 2. A supervisor
#
# `shop:init/1` for a supervisor with the children `stock` and then `till`, started by `{clerk, start_link, [stock]}` and `{clerk, start_link, [till]}` (the checker brings `clerk`). The till cannot work without the stock: when the stock dies, it is to be restarted, too; when the till
# dies, only itself. More than two restarts in ten seconds are too many.

# %% active="ipynb" tags=["task"]
# %%erlang --check check_shop
# -module(shop).
# -export([]).
# % Write init/1, and export it.

# %% active="ipynb" tags=["solution"]
# %%erlang --check check_shop
# -module(shop).
# -behaviour(supervisor).
# -export([init/1]).
#
# init(_) ->
#     Child = fun(Name) -> #{id => Name, start => {clerk, start_link, [Name]}} end,
#     {ok, {#{strategy => rest_for_one, intensity => 2, period => 10}, [Child(stock), Child(till)]}}.

# %% active="ipynb" tags=["wrong"]
# %%erlang --check check_shop
# % Written often: everybody is restarted.
# % The checker says: restarted: ['stock', 'till']
# -module(shop).
# -behaviour(supervisor).
# -export([init/1]).
#
# init(_) ->
#     Child = fun(Name) -> #{id => Name, start => {clerk, start_link, [Name]}} end,
#     {ok, {#{strategy => one_for_all, intensity => 2, period => 10}, [Child(stock), Child(till)]}}.

# %% active="ipynb" tags=["wrong"]
# %%erlang --check check_shop
# % Written often: the strategy alone, and intensity and period as they are if nobody says anything: 1 in 5 seconds.
# % The checker says: alive: False
# -module(shop).
# -behaviour(supervisor).
# -export([init/1]).
#
# init(_) ->
#     Child = fun(Name) -> #{id => Name, start => {clerk, start_link, [Name]}} end,
#     {ok, {#{strategy => rest_for_one}, [Child(stock), Child(till)]}}.

# %% [markdown] tags=["teacher"]
# The order of the children is part of the answer: `rest_for_one` restarts those that were started *after* the one that died. Ask what happens with the children the other way round.

# %% [markdown]
# ### 3. A map in parallel
#
# `pmap:map(F, List)` is `lists:map(F, List)`, each F in a process of its own, all at the same time. The results come in the order of the list. If an F crashes, `map` is to crash as well, and not to wait for ever.

# %% active="ipynb" tags=["task"]
# %%erlang --check check_pmap
# -module(pmap).
# -export([]).
# % Write map/2, and export it.

# %% active="ipynb" tags=["solution"]
# %%erlang --check check_pmap
# -module(pmap).
# -export([map/2]).
#
# map(F, List) ->
#     Workers = [spawn_monitor(fun() -> exit({result, F(X)}) end) || X <- List],
#     [result(Worker) || Worker <- Workers].
#
# result({_Pid, Ref}) ->
#     receive
#         {'DOWN', Ref, process, _, {result, Result}} -> Result;
#         {'DOWN', Ref, process, _, Reason} -> error(Reason)
#     end.

# %% active="ipynb" tags=["wrong"]
# %%erlang --check check_pmap
# % Written often: whoever is ready first comes first.
# % The checker says: result: [1, 2, 3]
# -module(pmap).
# -export([map/2]).
#
# map(F, List) ->
#     Me = self(),
#     [spawn_link(fun() -> Me ! {result, F(X)} end) || X <- List],
#     [receive {result, Result} -> Result end || _ <- List].

# %% active="ipynb" tags=["wrong"]
# %%erlang --check check_pmap
# % Written often: each is started, waited for, and then the next.
# % The checker says: after (ms): 600
# -module(pmap).
# -export([map/2]).
#
# map(F, List) ->
#     Me = self(),
#     [begin
#          Ref = make_ref(),
#          spawn_link(fun() -> Me ! {Ref, F(X)} end),
#          receive {Ref, Result} -> Result end
#      end || X <- List].

# %% [markdown] tags=["teacher"]
# The reference of a monitor is a name for the answer that nobody else can have. With `spawn_link` in place of `spawn_monitor` a crash reaches the caller as a signal: right, too, if he does not trap exits.
