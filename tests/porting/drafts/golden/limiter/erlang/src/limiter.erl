%%% A rate limiter: token buckets, one for each client, refilled as time passes.
%%% A draft, ported from limiter.py.
-module(limiter).
-behaviour(gen_server).

-export([start_link/0, start_link/1, allow/1, allow/2, stats/0, forget/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-define(CAPACITY, 3).
-define(REFILL_MS, 100).
-define(IDLE_MS, 1000).

start_link() ->
    start_link(?CAPACITY).

%% Start the limiter, known as `limiter`.
-spec start_link(integer()) -> term().
start_link(Capacity) ->
    gen_server:start_link({local, limiter}, ?MODULE, Capacity, []).

allow(Client) ->
    allow(Client, 1).

%% Ask for tokens: `"ok"`, or `("error", ("wait", ms))`.
-spec allow(term(), integer()) -> term().
allow(Client, Cost) ->
    gen_server:call(limiter, {allow, Client, Cost}).

-spec stats() -> term().
stats() ->
    gen_server:call(limiter, stats).

%% Drop the bucket of a client.
-spec forget(term()) -> term().
forget(Client) ->
    gen_server:cast(limiter, {forget, Client}).

init(Capacity) ->
    erlang:send_after(?REFILL_MS, self(), refill),
    {ok, #{capacity => Capacity, buckets => #{}, refused => 0}, ?IDLE_MS}.

handle_call({allow, _Client, Cost}, _From, State) when Cost > map_get(capacity, State) ->
    {reply, {error, too_much}, State, ?IDLE_MS};
handle_call({allow, Client, Cost}, _From, State) ->
    Buckets = maps:get(buckets, State),
    Tokens = maps:get(Client, Buckets, maps:get(capacity, State)),
    case Tokens >= Cost of
        true ->
            New = Buckets#{Client => Tokens - Cost},
            {reply, ok, State#{buckets => New}, ?IDLE_MS};
        false ->
            Late = (Cost - Tokens) * ?REFILL_MS,
            {
                reply,
                {error, {wait, Late}},
                State#{refused => maps:get(refused, State) + 1},
                ?IDLE_MS
            }
    end;
handle_call(stats, _From, State) ->
    {
        reply,
        #{clients => map_size(maps:get(buckets, State)), refused => maps:get(refused, State)},
        State,
        ?IDLE_MS
    };
handle_call(_Request, _From, State) ->
    {reply, {error, badarg}, State}.

handle_cast({forget, Client}, State) ->
    Buckets = maps:filter(fun(Key, _Value) -> Key /= Client end, maps:get(buckets, State)),
    {noreply, State#{buckets => Buckets}, ?IDLE_MS}.

handle_info(refill, State) ->
    erlang:send_after(?REFILL_MS, self(), refill),
    Capacity = maps:get(capacity, State),
    Buckets = maps:map(
        fun(_Client, Tokens) -> min(Tokens + 1, Capacity) end,
        maps:get(buckets, State)
    ),
    {noreply, State#{buckets => Buckets}};
handle_info(timeout, State) ->
    {stop, normal, State}.

terminate(_Reason, _State) ->
    ok.
