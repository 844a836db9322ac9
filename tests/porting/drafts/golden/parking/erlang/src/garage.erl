%%% Knows who is parked. State: `(places, cars)`, a car is `(pid, ref)`.
%%% A draft, ported from parking.py.
-module(garage).
-behaviour(gen_server).

-export([start_link/1, enter/0, leave/0, free/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-spec start_link(integer()) -> term().
start_link(Places) ->
    gen_server:start_link({local, garage}, ?MODULE, Places, []).

%% `"welcome"`, or `"full"`.
-spec enter() -> term().
enter() ->
    gen_server:call(garage, {enter, self()}).

-spec leave() -> term().
leave() ->
    gen_server:cast(garage, {leave, self()}).

%% How many places are free.
-spec free() -> term().
free() ->
    gen_server:call(garage, free).

init(Places) ->
    {ok, {Places, []}}.

handle_call({enter, _}, _From, {Places, Cars} = State) when length(Cars) =:= Places ->
    {reply, full, State};
handle_call({enter, Car}, _From, {Places, Cars}) ->
    {reply, welcome, {Places, [{Car, monitor(process, Car)} | Cars]}};
handle_call(free, _From, {Places, Cars} = State) ->
    {reply, Places - length(Cars), State}.

handle_cast({leave, Car}, {Places, Cars}) ->
    {noreply, {Places, without(Car, Cars)}}.

handle_info({'DOWN', _, process, Car, _}, {Places, Cars}) ->
    %% A car that has vanished: its place is free again.
    {noreply, {Places, without(Car, Cars)}}.

-spec without(pid(), [{pid(), reference()}]) -> [{pid(), reference()}].
without(Car, Cars) ->
    lists:foreach(
        fun(Ref) -> demonitor(Ref, [flush]) end,
        [Ref || {Each, Ref} <- Cars, Each =:= Car]
    ),
    [{Each, Ref} || {Each, Ref} <- Cars, Each =/= Car].
