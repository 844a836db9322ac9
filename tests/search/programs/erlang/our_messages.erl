%% Races of messages: selective receives, clients and servers, locks, barriers, deadlocks, looks at mailboxes.

-module(our_messages).

-export([
    three_selective/0,
    selective_guard/0,
    refs/0,
    two_clients/0,
    after0_loop/0,
    after0_selective/0,
    deadlock_maybe/0,
    deadlock_locks/0,
    philosophers/0,
    semaphore/0,
    barrier_two/0,
    chain/0,
    forwarder_exit/0,
    send_to_dead/0,
    message_queue_len/0,
    info_dead/0,
    info_trap/0,
    hibernate_msg/0,
    self_send/0,
    spawn_race/0
]).
% Called by hibernate/3.
-export([woken/0]).

three_selective() ->
    P = self(),
    [spawn(fun() -> P ! I end) || I <- [1,2,3]],
    receive 3 -> ok end, receive A -> A end, receive B -> B end.

selective_guard() ->
    P = self(),
    [spawn(fun() -> P ! I end) || I <- [1,2,3,4]],
    receive X when X > 2 -> X end, receive Y when Y < 3 -> Y end.

refs() ->
    P = self(),
    S = spawn(fun() -> [receive {F,R,X} -> F ! {R,X} end || _ <- [1,2]] end),
    R1 = make_ref(), R2 = make_ref(),
    S ! {P,R1,a}, S ! {P,R2,b},
    receive {R2,B} -> B end, receive {R1,A} -> A end.

two_clients() ->
    S = spawn(fun() -> [receive {F,X} -> F ! {ok,X} end || _ <- [1,2]] end),
    [spawn(fun() -> S ! {self(),I}, receive {ok,I} -> ok end end) || I <- [1,2]],
    block().

after0_loop() ->
    P = self(),
    spawn(fun() -> P ! a, P ! b end),
    receive A -> A after 0 -> none end,
    receive B -> B after 0 -> none end,
    block().

after0_selective() ->
    P = self(),
    spawn(fun() -> P ! a end), spawn(fun() -> P ! b end),
    receive b -> b after 0 -> none end,
    receive A -> A end.

deadlock_maybe() ->
    P = self(),
    spawn(fun() -> P ! a end), spawn(fun() -> P ! b end),
    receive a -> receive b -> ok end; b -> receive c -> ok end end.

deadlock_locks() ->
    L = [spawn(fun() -> lock() end) || _ <- [1,2]],
    [A,B] = L,
    spawn(fun() -> take(A), take(B), give(B), give(A) end),
    spawn(fun() -> take(B), take(A), give(A), give(B) end),
    block().
lock() -> receive {take,F} -> F ! {taken,self()}, receive {give,F} -> lock() end end.
take(L) -> L ! {take,self()}, receive {taken,L} -> ok end.
give(L) -> L ! {give,self()}.

philosophers() ->
    ets:new(t,[named_table,public]),
    spawn(fun() -> f(1), f(2) end),
    spawn(fun() -> f(2), f(1) end),
    block().
f(N) -> case ets:insert_new(t,{N,self()}) of true -> ok; false -> exit(busy) end.

semaphore() ->
    S = spawn(fun() -> sem(1,[]) end),
    ets:new(t,[named_table,public]), ets:insert(t,{c,0}),
    [spawn(fun() -> S ! {p,self()}, receive go -> ok end, [{_,V}] = ets:lookup(t,c), ets:insert(t,{c,V+1}), S ! v end) || _ <- [1,2]],
    block().
sem(0,Q) -> receive v -> case Q of [H|T] -> H ! go, sem(0,T); [] -> sem(1,[]) end end;
sem(N,Q) -> receive {p,F} -> F ! go, sem(N-1,Q) end.

barrier_two() ->
    P = self(),
    ets:new(t,[named_table,public]),
    L = [spawn(fun() -> ets:insert(t,{I,1}), P ! {self(),here}, receive go -> ets:lookup(t,3-I) end end) || I <- [1,2]],
    [receive {Q,here} -> ok end || Q <- L],
    [Q ! go || Q <- L],
    block().

chain() ->
    P = self(),
    Z = spawn(fun() -> receive M -> P ! M end end),
    Y = spawn(fun() -> receive M -> Z ! M end end),
    spawn(fun() -> P ! direct end),
    Y ! relayed,
    receive A -> A end, receive B -> B end.

forwarder_exit() ->
    P = self(),
    F = spawn(fun() -> receive M -> P ! M end end),
    spawn(fun() -> F ! a end), spawn(fun() -> F ! b end),
    receive M -> M end.

send_to_dead() ->
    P = spawn(fun() -> receive a -> ok after 0 -> none end end),
    P ! a,
    P ! b,
    block().

message_queue_len() ->
    P = spawn(fun block/0),
    spawn(fun() -> P ! a end),
    process_info(P, message_queue_len),
    block().

info_dead() ->
    P = spawn(fun() -> ok end),
    process_info(P, registered_name),
    block().

info_trap() ->
    P = spawn(fun() -> process_flag(trap_exit,true), block() end),
    process_info(P, trap_exit),
    block().

hibernate_msg() ->
    P = spawn(fun() -> erlang:hibernate(?MODULE, woken, []) end),
    spawn(fun() -> P ! a end), spawn(fun() -> P ! b end),
    block().
woken() -> receive M -> M end.

self_send() ->
    P = self(),
    spawn(fun() -> P ! a end),
    P ! b,
    receive A -> A end, receive B -> B end.

spawn_race() ->
    P = self(),
    spawn(fun() -> spawn(fun() -> P ! grandchild end), P ! child end),
    receive A -> A end.

block() ->
    receive after infinity -> ok end.
