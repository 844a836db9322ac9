%%% A draft, ported from pubsub.py.
-module(pubsub).
-behaviour(gen_server).

-export([start_link/0, subscribe/1, unsubscribe/1, publish/2, topics/1, count/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-define(TABLE, pubsub_topics).

-spec start_link() -> term().
start_link() ->
    gen_server:start_link({local, pubsub}, ?MODULE, [], []).

%% Subscribe the caller to a topic.
-spec subscribe(atom()) -> term().
subscribe(Topic) ->
    gen_server:call(pubsub, {subscribe, Topic, self()}).

-spec unsubscribe(atom()) -> term().
unsubscribe(Topic) ->
    gen_server:call(pubsub, {unsubscribe, Topic, self()}).

%% Tell all subscribers; returns how many there are.
-spec publish(atom(), term()) -> integer().
publish(Topic, Message) ->
    Pids = [Pid || {_, Pid, _} <- ets:lookup(?TABLE, Topic)],
    lists:foreach(fun(Pid) -> Pid ! {pubsub, Topic, Message} end, Pids),
    length(Pids).

-spec topics(pid()) -> list().
topics(Pid) ->
    [Topic || {Topic, Who, _} <- ets:tab2list(?TABLE), Who =:= Pid].

-spec count(atom()) -> integer().
count(Topic) ->
    ets:select_count(?TABLE, [{{Topic, '_', '_'}, [], [true]}]).

init(_Args) ->
    ets:new(?TABLE, [bag, named_table, protected, {read_concurrency, true}]),
    {ok, #{}}.

handle_call({subscribe, Topic, Pid}, _From, Monitors) ->
    case is_subscribed(Topic, Pid) of
        true ->
            {reply, {error, already_subscribed}, Monitors};
        false ->
            Ref = monitor_of(Pid, Monitors),
            ets:insert(?TABLE, {Topic, Pid, Ref}),
            {reply, ok, Monitors#{Pid => Ref}}
    end;
handle_call({unsubscribe, Topic, Pid}, _From, Monitors) ->
    ets:match_delete(?TABLE, {Topic, Pid, '_'}),
    case ets:match_object(?TABLE, {'_', Pid, '_'}) =:= [] andalso is_map_key(Pid, Monitors) of
        true ->
            demonitor(maps:get(Pid, Monitors), [flush]),
            {reply, ok, maps:filter(fun(Key, _Ref) -> Key =/= Pid end, Monitors)};
        false ->
            {reply, ok, Monitors}
    end.

handle_cast(_Message, Monitors) ->
    {noreply, Monitors}.

handle_info({'DOWN', _Ref, process, Pid, _Reason}, Monitors) ->
    ets:match_delete(?TABLE, {'_', Pid, '_'}),
    {noreply, maps:filter(fun(Key, _) -> Key /= Pid end, Monitors)}.

-spec is_subscribed(atom(), pid()) -> boolean().
is_subscribed(Topic, Pid) ->
    lists:any(fun({_, Who, _}) -> Who =:= Pid end, ets:lookup(?TABLE, Topic)).

-spec monitor_of(pid(), #{pid() => reference()}) -> reference().
monitor_of(Pid, Monitors) ->
    case is_map_key(Pid, Monitors) of
        true ->
            maps:get(Pid, Monitors);
        false ->
            monitor(process, Pid)
    end.
