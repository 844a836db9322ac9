%% Scenarios of the prototype as tests of Common Test, written by erlsim. They stand alone.
%% Reports of crashes are not looked at here: `erlsim compare` compares them.
-module(pool_SUITE).
-include_lib("stdlib/include/assert.hrl").
-export([all/0, suite/0]).
-export([
    connections_are_lent_waited_for_and_given_back/1,
    a_connection_that_dies_is_replaced/1,
    the_pool_starts_again_with_its_connections/1,
    who_waits_is_served_in_turn_and_idle_connections_go_away/1
]).

%% All times are those of the prototype, in virtual time. In real time they are so many times as long, and a step may
%% be late by LATE_MS: on a machine that is slow or busy both may be larger.
-ifndef(SCALE).
-define(SCALE, 1).
-endif.
-ifndef(LATE_MS).
-define(LATE_MS, 100).
-endif.
-define(EARLY_MS, 5).
-define(SETTLE_MS, 6).
-define(SECONDS, 300).

suite() -> [{timetrap, {seconds, ?SECONDS}}].

all() -> [
    connections_are_lent_waited_for_and_given_back,
    a_connection_that_dies_is_replaced,
    the_pool_starts_again_with_its_connections,
    who_waits_is_served_in_turn_and_idle_connections_go_away
].

%% connections are lent, waited for and given back
connections_are_lent_waited_for_and_given_back(_Config) -> run(fun connections_are_lent_waited_for_and_given_back/0).

connections_are_lent_waited_for_and_given_back() ->
    %% 1
    {ok, Sup} = pool_sup:start_link(2),
    settle(),
    %% 2
    [
        {pool, Pid1, worker, [pool], []},
        {
            conn_sup,
            Pid2,
            supervisor,
            [conn_sup],
            [{undefined, Pid3, worker, [conn], []}, {undefined, Pid4, worker, [conn], []}]
        }
    ] = tree(Sup),
    settle(),
    %% 3
    ?assertMatch({2, 0, 0}, pool:status()),
    settle(),
    %% 4
    {ok, Conn1 = Pid3} = pool:checkout(),
    settle(),
    %% 5
    ?assertMatch({ok, {_, hello, 1}}, conn:query(Conn1, hello)),
    settle(),
    %% 6
    {ok, Conn2 = Pid4} = pool:checkout(),
    settle(),
    %% 7: A third has to wait, in vain
    ?assertMatch({error, busy}, took(200, fun() -> pool:checkout() end)),
    settle(),
    %% 8: This one waits, too, and is given what comes back
    Client1 = client([fun() -> pool:checkout() end]),
    settle(),
    %% 9
    ?assertMatch({0, 2, 1}, pool:status()),
    settle(),
    %% 10
    ?assertMatch(ok, pool:checkin(Conn1)),
    settle(),
    %% 11
    {Client1, {ok, {ok, Conn1}}} = message(
        fun(M) -> case M of {Client1, {ok, {ok, Conn1}}} -> true; _ -> false end end,
        scaled(10) + ?LATE_MS
    ),
    settle(),
    %% 12
    ?assertMatch({0, 2, 0}, pool:status()),
    settle(),
    %% 13: What is given back twice is given back once
    ?assertMatch(ok, pool:checkin(Conn2)),
    settle(),
    %% 14
    ?assertMatch(ok, pool:checkin(Conn2)),
    settle(),
    %% 15
    ?assertMatch({1, 1, 0}, pool:status()),
    settle(),
    %% 16: Who dies gives back what was lent
    ?assertMatch(true, exit(Client1, kill)),
    settle(),
    %% 17
    ?assertMatch({2, 0, 0}, pool:status()),
    settle(),
    %% 18
    [] = flush(),
    settle(),
    %% 19
    %% What is reported here is not looked at.
    %% Each name is a process of its own
    distinct([Sup, Pid1, Pid2, Pid3, Pid4, Client1]).

%% a connection that dies is replaced
a_connection_that_dies_is_replaced(_Config) -> run(fun a_connection_that_dies_is_replaced/0).

a_connection_that_dies_is_replaced() ->
    %% 1
    {ok, Sup} = pool_sup:start_link(1),
    settle(),
    %% 2
    {ok, Conn1} = pool:checkout(),
    settle(),
    %% 3
    Ref = monitor(process, Conn1),
    settle(),
    %% 4: The next one waits for it
    Client1 = client([fun() -> pool:checkout() end]),
    settle(),
    %% 5
    ?assertMatch({error, lost}, conn:query(Conn1, crash)),
    settle(),
    %% 6
    {'DOWN', Ref, process, Conn1, {crashed, 1}} = message(
        fun(M) -> case M of {'DOWN', Ref, process, Conn1, {crashed, 1}} -> true; _ -> false end end,
        scaled(0) + ?LATE_MS
    ),
    {Client1, {ok, {ok, Conn2}}} = message(
        fun(M) -> case M of {Client1, {ok, {ok, _}}} -> true; _ -> false end end,
        scaled(0) + ?LATE_MS
    ),
    [] = flush(),
    settle(),
    %% 7
    ?assertMatch({ok, {2, hello, 1}}, conn:query(Conn2, hello)),
    settle(),
    %% 8
    %% What is reported here is not looked at.
    %% 9
    ?assertMatch({0, 1, 0}, pool:status()),
    settle(),
    %% 10
    ?assertMatch(true, exit(Conn2, kill)),
    settle(),
    %% 11
    ?assertMatch({1, 0, 0}, pool:status()),
    settle(),
    %% 12: An idle connection goes away, and another one comes
    timer:sleep(scaled(2500)),
    %% 13
    ?assertMatch({1, 0, 0}, pool:status()),
    settle(),
    %% 14
    ?assertExit({noproc, _}, conn:query(Conn2, hello)),
    settle(),
    %% 15
    [
        {pool, Pid1, worker, [pool], []},
        {conn_sup, Pid2, supervisor, [conn_sup], [{undefined, Pid3, worker, [conn], []}]}
    ] = tree(Sup),
    settle(),
    %% Each name is a process of its own
    distinct([Sup, Conn1, Client1, Conn2, Pid1, Pid2, Pid3]).

%% the pool starts again with its connections
the_pool_starts_again_with_its_connections(_Config) -> run(fun the_pool_starts_again_with_its_connections/0).

the_pool_starts_again_with_its_connections() ->
    %% 1
    {ok, Sup} = pool_sup:start_link(2),
    settle(),
    %% 2
    Pool = whereis(pool),
    settle(),
    %% 3
    Conns = whereis(conn_sup),
    settle(),
    %% 4: A pool that dies alone leaves the connections' supervisor alone
    ?assertMatch(true, exit(Pool, kill)),
    settle(),
    %% 5
    ?assertMatch(Conns, whereis(conn_sup)),
    settle(),
    %% 6
    ?assertMatch({2, 0, 0}, pool:status()),
    settle(),
    %% 7
    [
        {pool, Pid1, worker, [pool], []},
        {
            conn_sup,
            Conns,
            supervisor,
            [conn_sup],
            [{undefined, Pid2, worker, [conn], []}, {undefined, Pid3, worker, [conn], []}]
        }
    ] = tree(Sup),
    settle(),
    %% 8: Without it the pool starts again, too
    Pool2 = Pid1 = whereis(pool),
    settle(),
    %% 9
    Monitor = monitor(process, Pool2),
    settle(),
    %% 10
    ?assertMatch(true, exit(Conns, kill)),
    settle(),
    %% 11
    {'DOWN', Monitor, process, Pool2, shutdown} = message(
        fun(M) -> case M of {'DOWN', Monitor, process, Pool2, shutdown} -> true; _ -> false end end,
        scaled(0) + ?LATE_MS
    ),
    [] = flush(),
    settle(),
    %% 12
    ?assertMatch({2, 0, 0}, pool:status()),
    settle(),
    %% 13
    %% What is reported here is not looked at.
    %% 14: The third time in five seconds is once too often
    Pool3 = whereis(pool),
    settle(),
    %% 15
    ?assertMatch(true, exit(Pool3, kill)),
    settle(),
    %% 16
    {'EXIT', Sup, shutdown} = message(
        fun(M) -> case M of {'EXIT', Sup, shutdown} -> true; _ -> false end end,
        scaled(100) + ?LATE_MS
    ),
    settle(),
    %% 17
    ?assertMatch(undefined, whereis(pool_sup)),
    settle(),
    %% 18
    ?assertExit({noproc, _}, pool:status()),
    settle(),
    %% Each name is a process of its own
    distinct([Sup, Pool, Conns, Pid1, Pid2, Pid3, Pool3]).

%% who waits is served in turn, and idle connections go away
who_waits_is_served_in_turn_and_idle_connections_go_away(_Config) -> run(fun who_waits_is_served_in_turn_and_idle_connections_go_away/0).

who_waits_is_served_in_turn_and_idle_connections_go_away() ->
    %% 1
    ?assertMatch({ok, _}, pool_sup:start_link(2)),
    settle(),
    %% 2
    {ok, Conn1} = pool:checkout(),
    settle(),
    %% 3
    {ok, Conn2} = pool:checkout(),
    settle(),
    %% 4: Two wait: who came first is served first, the other one in vain
    First = client([fun() -> pool:checkout() end]),
    settle(),
    %% 5
    Second = client([fun() -> pool:checkout() end]),
    settle(),
    %% 6
    ?assertMatch(ok, pool:checkin(Conn1)),
    settle(),
    %% 7
    {First, {ok, {ok, Conn1}}} = message(
        fun(M) -> case M of {First, {ok, {ok, Conn1}}} -> true; _ -> false end end,
        scaled(10) + ?LATE_MS
    ),
    settle(),
    %% 8
    timer:sleep(scaled(250)),
    %% 9
    {Second, {ok, {error, busy}}} = message(
        fun(M) -> case M of {Second, {ok, {error, busy}}} -> true; _ -> false end end,
        scaled(0) + ?LATE_MS
    ),
    [] = flush(),
    settle(),
    %% 10: What came back last is lent first
    ?assertMatch(true, exit(First, kill)),
    settle(),
    %% 11
    ?assertMatch(ok, pool:checkin(Conn2)),
    settle(),
    %% 12
    Third = client([fun() -> pool:checkout() end]),
    settle(),
    %% 13
    {Third, {ok, {ok, Conn2}}} = message(
        fun(M) -> case M of {Third, {ok, {ok, Conn2}}} -> true; _ -> false end end,
        scaled(10) + ?LATE_MS
    ),
    settle(),
    %% 14
    ?assertMatch(true, exit(Third, kill)),
    settle(),
    %% 15
    ?assertMatch({2, 0, 0}, pool:status()),
    settle(),
    %% 16: Nobody asks a connection for two seconds
    ?assertMatch({ok, Conn2}, pool:checkout()),
    settle(),
    %% 17
    Monitor = monitor(process, Conn2),
    settle(),
    %% 18
    ?assertMatch({ok, {_, hello, 1}}, conn:query(Conn2, hello)),
    settle(),
    %% 19
    timer:sleep(scaled(1900)),
    %% 20
    ?assertMatch(true, is_process_alive(Conn2)),
    settle(),
    %% 21
    timer:sleep(scaled(200)),
    %% 22
    {'DOWN', Monitor, process, Conn2, {shutdown, idle}} = message(
        fun(M) -> case M of {'DOWN', Monitor, process, Conn2, {shutdown, idle}} -> true; _ -> false end end,
        scaled(0) + ?LATE_MS
    ),
    [] = flush(),
    settle(),
    %% 23
    {ok, Conn3} = pool:checkout(),
    settle(),
    %% 24
    {ok, {4, hello, 1}} = conn:query(Conn3, hello),
    settle(),
    %% 25
    ?assertMatch({1, 1, 0}, pool:status()),
    settle(),
    %% Each name is a process of its own
    distinct([Conn1, Conn2, First, Second, Third, Conn3]).

%% ---- what the tests are made of

%% A test has a process of its own that traps exits, and a group leader of its own, by which all that it has started is
%% found at its end.
run(Test) ->
    Leader = spawn(fun() -> leader(group_leader()) end),
    {Pid, Ref} = spawn_monitor(fun() ->
        group_leader(Leader, self()),
        process_flag(trap_exit, true),
        Test()
    end),
    Reason = receive {'DOWN', Ref, process, Pid, Why} -> Why end,
    clean_up(Leader),
    exit(Leader, kill),
    case Reason of
        normal -> ok;
        {Error, [_ | _] = Stack} -> erlang:raise(error, Error, Stack);
        Other -> exit(Other)
    end.

%% What is written goes where it would have gone.
leader(Real) ->
    receive Request -> Real ! Request end,
    leader(Real).

clean_up(Leader) ->
    case [Pid || Pid <- processes(), process_info(Pid, group_leader) =:= {group_leader, Leader}] of
        [] -> ok;
        Left -> [exit(Pid, kill) || Pid <- Left], timer:sleep(2), clean_up(Leader)
    end.

scaled(Ms) -> round(Ms * ?SCALE).

%% All others come to rest: nobody is left who runs.
settle() ->
    timer:sleep(max(?SETTLE_MS, scaled(?SETTLE_MS))),
    quiet(?LATE_MS).

quiet(0) -> ok;
quiet(Left) ->
    case [Pid || Pid <- processes() -- [self()], is_busy(process_info(Pid, status))] of
        [] -> ok;
        _ -> timer:sleep(1), quiet(Left - 1)
    end.

is_busy({status, Status}) -> lists:member(Status, [running, runnable, garbage_collecting]);
is_busy(undefined) -> false.

took(Ms, Fun) ->
    Begun = erlang:monotonic_time(millisecond),
    Value = Fun(),
    Took = erlang:monotonic_time(millisecond) - Begun,
    ?assert(Took >= scaled(Ms) - ?EARLY_MS andalso Took =< scaled(Ms) + ?LATE_MS),
    Value.

%% A process that makes calls, tells how they end, and lives on.
client(Calls) ->
    Test = self(),
    spawn(fun() ->
        [Test ! {self(), outcome(Call)} || Call <- Calls],
        receive after infinity -> ok end
    end).

outcome(Call) ->
    try {ok, Call()} catch Class:Reason -> {Class, Reason} end.

left(Until) -> max(0, Until - erlang:monotonic_time(millisecond)).

%% The first message that fits; those that do not stay where they are.
message(Fits, Ms) -> message(Fits, erlang:monotonic_time(millisecond) + Ms, flush(), []).

message(Fits, Until, [Message | Messages], Others) ->
    case Fits(Message) of
        true -> put_back(lists:reverse(Others, Messages)), Message;
        false -> message(Fits, Until, Messages, [Message | Others])
    end;
message(Fits, Until, [], Others) ->
    receive
        Message -> message(Fits, Until, [Message], Others)
    after left(Until) -> put_back(lists:reverse(Others)), timeout
    end.

put_back(Messages) -> put(messages, Messages).

flush() ->
    case erase(messages) of
        undefined -> arrived();
        Before -> Before ++ arrived()
    end.

arrived() -> receive Message -> [Message | arrived()] after 0 -> [] end.

%% The children of a supervisor, and theirs.
tree(Supervisor) ->
    [{Id, Pid, Type, Modules, below(Type, Pid)}
     || {Id, Pid, Type, Modules} <- supervisor:which_children(Supervisor)].

below(supervisor, Pid) when is_pid(Pid) -> tree(Pid);
below(_, _) -> [].

distinct(Pids) -> ?assertEqual(length(Pids), length(lists:usort(Pids))).
