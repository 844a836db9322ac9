%%% Owns the table `cache`. State: `{"puts": n, "swept": n}`.
%%% A draft, ported from cache.py.
-module(cache).
-behaviour(gen_server).

-export([start_link/1, find/1, put/2, stats/0]).
-export([init/1, handle_continue/2, handle_call/3, handle_cast/2, handle_info/2]).

-compile({no_auto_import, [put/2]}).

-define(TTL, 1000).
-define(SWEEP, 250).

-spec start_link(#{term() => term()}) -> term().
start_link(Options) ->
    gen_server:start_link({local, cache}, ?MODULE, Options, []).

%% `("ok", value)` or `"none"`; asks no process.
-spec find(term()) -> term().
find(Key) ->
    case ets:lookup(cache, Key) of
        [{_, Value, _}] ->
            {ok, Value};
        [] ->
            none
    end.

-spec put(term(), term()) -> term().
put(Key, Value) ->
    gen_server:call(cache, {put, Key, Value}).

-spec stats() -> term().
stats() ->
    gen_server:call(cache, stats).

init(Options) ->
    ets:new(cache, [named_table, protected, {read_concurrency, true}]),
    erlang:send_after(?SWEEP, self(), sweep),
    {ok, #{puts => 0, swept => 0, ttl => 0}, {continue, Options}}.

handle_continue(Options, State) ->
    {noreply, State#{ttl => maps:get(ttl, Options, ?TTL)}}.

handle_call({put, Key, Value}, _From, State) ->
    Puts = maps:get(puts, State),
    ets:insert(cache, {Key, Value, 0}),
    {reply, Puts + 1, State#{puts => Puts + 1}};
handle_call(stats, _From, State) ->
    {reply, {ets:info(cache, size), State}, State}.

handle_cast(_Request, State) ->
    {noreply, State}.

handle_info(sweep, State) ->
    erlang:send_after(?SWEEP, self(), sweep),
    Swept = maps:get(swept, State),
    {noreply, State#{swept => Swept + swept(maps:get(ttl, State))}}.

%% Entries grow older by a sweep; those that have become too old go.
-spec swept(term()) -> integer().
swept(Ttl) ->
    Old = [Row || Row <- ets:tab2list(cache), is_old(Row, Ttl)],
    lists:foreach(fun(Row) -> ets:delete(cache, key(Row)) end, Old),
    lists:foreach(
        fun(Key) -> ets:update_counter(cache, Key, {3, ?SWEEP}) end,
        [key(Each) || Each <- ets:tab2list(cache)]
    ),
    length(Old).

-spec is_old(term(), term()) -> boolean().
is_old({_, _, Age}, Ttl) when is_integer(Age), is_integer(Ttl) ->
    Age + ?SWEEP >= Ttl.

-spec key({term(), term(), integer()}) -> term().
key(Row) ->
    element(1, Row).
