%%% A server under the tracker `gates`. State: its name.
%%% A draft, ported from gate.py.
-module(gate).
-behaviour(gen_server).

-export([start_link/1, admit/2, visitors/1, after_terminate/2]).
-export([init/1, handle_call/3, handle_cast/2]).

-define(WAIT, 500).

-spec start_link(term()) -> term().
start_link(Name) ->
    gen_server:start_link(?MODULE, Name, []).

%% `"welcome"`, `"refused"`, or `("error", reason)` when nobody can tell.
-spec admit(term(), term()) -> term().
admit(Name, Ticket) ->
    case gen_tracker:find_or_open(gates, spec(Name)) of
        {ok, Gate} ->
            gen_server:call(Gate, {admit, Ticket});
        {error, Reason} ->
            {error, Reason}
    end.

%% How many a gate has let in since it was opened.
-spec visitors(term()) -> integer().
visitors(Name) ->
    {ok, Count} = gen_tracker:getattr(gates, Name, visitors),
    Count.

-spec spec(term()) -> term().
spec(Name) ->
    {Name, {?MODULE, start_link, [Name]}, temporary, 200, worker, [?MODULE]}.

init(Name) ->
    gen_tracker:setattr(gates, Name, [{visitors, 0}]),
    {ok, Name}.

handle_call({admit, Ticket}, _From, Name) ->
    case breaker:guard(fun() -> ask(Ticket) end) of
        good ->
            gen_tracker:increment(gates, Name, visitors, 1),
            {reply, welcome, Name};
        bad ->
            {reply, refused, Name};
        {error, Reason} ->
            {reply, {error, Reason}, Name}
    end.

-spec ask(term()) -> term().
ask(Ticket) ->
    case turnstile_pool:take(?WAIT) of
        {ok, Connection} ->
            over(Connection, Ticket);
        {error, busy} ->
            {error, busy}
    end.

-spec over(pid(), term()) -> term().
over(Connection, Ticket) ->
    try
        connection:ask(Connection, Ticket)
    catch
        exit:_ ->
            {error, lost}
    after
        turnstile_pool:give_back(Connection)
    end.

%% The tracker calls it when the gate is dead.
-spec after_terminate(term(), term()) -> term().
after_terminate(Name, Attributes) ->
    ets:update_counter(ledger, Name, maps:get(visitors, maps:from_list(Attributes)), {Name, 0}).

%% The prototype has none: to be asked ends the process, as it did there.
handle_cast(Request, State) ->
    error(undef, [Request, State]).
