%% What the benchmarks measure, on the BEAM. bench:main([Name, Size]) prints one figure.
-module(bench).
-export([main/1, ping_pong/1, ring/1, call/1, spawn_rate/1, memory/1, timers/1]).
-export([restarts_10/1, restarts_1000/1, start_child/2]).
-export([supervised/1, start_idle/0, idle/1]).
-export([ets_lookup/1, ets_insert/1, ets_update_counter/1, ets_select/1, ets_select_of_a_key/1]).
-export([nrev/1, fib/1, keyfind/1, sort/1, callbacks/1, reading/1, compiling/1]).
-export([init/1, handle_call/3, handle_cast/2]).

main([Name, Size]) ->
    Figure = ?MODULE:(list_to_atom(Name))(list_to_integer(Size)),
    io:format("~w~n", [Figure]),
    halt(0).

rate(Count, Fun) ->
    Start = erlang:monotonic_time(nanosecond),
    Fun(),
    Count * 1.0e9 / max(1, erlang:monotonic_time(nanosecond) - Start).

ping_pong(N) ->
    Pong = spawn(fun pong/0),
    rate(2 * N, fun() -> ping(N, Pong) end).

ping(0, _) -> ok;
ping(N, Pong) -> Pong ! {ping, self()}, receive pong -> ping(N - 1, Pong) end.

pong() -> receive {ping, From} -> From ! pong, pong() end.

ring(N) ->
    Members = 100,
    Me = self(),
    First = lists:foldl(fun(_, Next) -> spawn(fun() -> pass(Next) end) end, Me, lists:seq(2, Members)),
    rate(N, fun() -> turn(N div Members, First) end).

turn(0, _) -> ok;
turn(N, First) -> First ! token, receive token -> turn(N - 1, First) end.

pass(Next) -> receive token -> Next ! token, pass(Next) end.

%% Erlang's source: see the modules beside this one.
nrev(N) -> rate(N, fun() -> sequential:nrev(N) end).
fib(N) -> rate(N, fun() -> sequential:fib(N) end).
keyfind(N) -> rate(N, fun() -> sequential:keyfind(N) end).
sort(N) -> rate(N, fun() -> sequential:sort(N) end).

callbacks(N) ->
    {ok, Pid} = gen_server:start_link(tally, 0, []),
    rate(N, fun() -> tally_calls(N, Pid) end).

tally_calls(N, _) when N =< 0 -> ok;
tally_calls(N, Pid) ->
    ok = gen_server:call(Pid, {add, N}),
    _ = gen_server:call(Pid, get),
    tally_calls(N - 2, Pid).

reading(N) ->
    Files = sources(N),
    rate(lines(Files), fun() -> lists:foreach(fun forms/1, Files) end).

compiling(N) ->
    Files = sources(N),
    Modules = [forms(File) || File <- Files],
    rate(lines(Files), fun() -> [{ok, _, _} = compile:forms(Forms, [binary]) || Forms <- Modules] end).

forms(File) ->
    {ok, Forms} = epp:parse_file(File, [{includes, [filename:join(filename:dirname(File), "../include")]}]),
    Forms.

lines(Files) ->
    lists:sum([begin {ok, Text} = file:read_file(File), length(binary:matches(Text, <<"\n">>)) end || File <- Files]).

%% Modules of stdlib, again and again until there are N lines.
sources(N) ->
    Source = filename:join(code:lib_dir(stdlib), "src"),
    sources(N, [], [filename:join(Source, Name ++ ".erl") || Name <- ["dict", "lists", "proplists", "queue", "string"]], []).

sources(N, Taken, _, _) when N =< 0 -> lists:reverse(Taken);
sources(N, Taken, [], All) -> sources(N, Taken, lists:reverse(All), []);
sources(N, Taken, [File | Files], All) -> sources(N - lines([File]), [File | Taken], Files, [File | All]).

call(N) ->
    {ok, Pid} = gen_server:start_link(?MODULE, 0, []),
    rate(N, fun() -> calls(N, Pid) end).

calls(0, _) -> ok;
calls(N, Pid) -> gen_server:call(Pid, get), calls(N - 1, Pid).

init({supervisor, Many, Driver}) ->
    Specs = [#{id => N, start => {?MODULE, start_child, [N, Driver]}} || N <- lists:seq(0, Many - 1)],
    {ok, {#{intensity => 1000000000, period => 1}, Specs}};
init({tree, Specs}) -> {ok, {#{intensity => 1000000000, period => 1}, Specs}};
init({child, N, Driver}) ->
    Driver ! {started, N, self()},
    {ok, N};
init(S) -> {ok, S}.
handle_call(get, _, S) -> {reply, S, S}.
handle_cast(_, S) -> {noreply, S}.

spawn_rate(N) ->
    Me = self(),
    rate(N, fun() ->
        [spawn(fun() -> Me ! done end) || _ <- lists:seq(1, N)],
        [receive done -> ok end || _ <- lists:seq(1, N)]
    end).

memory(N) ->
    Pids = [spawn(fun() -> receive stop -> ok end end) || _ <- lists:seq(1, N)],
    erlang:yield(),
    lists:sum([element(2, process_info(P, memory)) || P <- Pids]) / N.

timers(N) ->
    Me = self(),
    rate(N, fun() ->
        Refs = [erlang:start_timer(60000, Me, x) || _ <- lists:seq(1, N)],
        [erlang:cancel_timer(R) || R <- Refs]
    end).

restarts_10(N) -> restarts(10, N).
restarts_1000(N) -> restarts(1000, N).

restarts(Many, N) ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    {ok, _} = supervisor:start_link(?MODULE, {supervisor, Many, self()}),
    Pids = maps:from_list([receive {started, C, P} -> {C, P} end || C <- lists:seq(0, Many - 1)]),
    rate(N, fun() -> kill(N, 1, Many, Pids) end).

%% Children are picked by the numbers of a linear congruential generator, the same on both sides.
kill(0, _, _, _) -> ok;
kill(N, Draw, Many, Pids) ->
    exit(maps:get((Draw bsr 16) rem Many, Pids), kill),
    receive {started, C, P} -> kill(N - 1, (Draw * 1103515245 + 12345) band 16#7fffffff, Many, Pids#{C := P}) end.

start_child(N, Driver) -> gen_server:start_link(?MODULE, {child, N, Driver}, []).

%% Start children, list them, stop them.
supervised(N) ->
    process_flag(trap_exit, true),
    Specs = [#{id => Id, start => {?MODULE, start_idle, []}} || Id <- lists:seq(0, N - 1)],
    rate(N, fun() ->
        {ok, Pid} = supervisor:start_link(?MODULE, {tree, Specs}),
        N = length(supervisor:which_children(Pid)),
        exit(Pid, shutdown),
        receive {'EXIT', Pid, _} -> ok end
    end).

start_idle() -> {ok, spawn_link(?MODULE, idle, [[]])}.
idle(_) -> receive stop -> ok end.

ets_lookup(N) -> on_table(1000, N, fun(T, Key) -> ets:lookup(T, Key) end).
ets_insert(N) -> on_table(1000, N, fun(T, Key) -> ets:insert(T, {Key, 1, x}) end).
ets_update_counter(N) -> on_table(1000, N, fun(T, Key) -> ets:update_counter(T, Key, {2, 1}) end).

on_table(Rows, N, Fun) ->
    T = table(Rows),
    rate(N, fun() -> each_key(N, Rows, T, Fun) end).

each_key(0, _, _, _) -> ok;
each_key(N, Rows, T, Fun) -> Fun(T, N rem Rows), each_key(N - 1, Rows, T, Fun).

ets_select(N) ->
    T = table(100000),
    Times = max(N div 100000, 1),
    rate(Times * 100000, fun() ->
        [50000 = length(ets:select(T, [{{'$1', '$2', '_'}, [{'>', '$2', 4}], ['$1']}])) || _ <- lists:seq(1, Times)]
    end).

ets_select_of_a_key(N) ->
    T = table(100000),
    rate(N * 100000, fun() ->
        [[7] = ets:select(T, [{{77, '$1', '_'}, [{'>', '$1', 4}], ['$1']}]) || _ <- lists:seq(1, N)]
    end).

table(Rows) ->
    T = ets:new(table, []),
    ets:insert(T, [{Key, Key rem 10, x} || Key <- lists:seq(0, Rows - 1)]),
    T.
