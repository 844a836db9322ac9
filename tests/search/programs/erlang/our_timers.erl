%% Timeouts and timers, which may come before what they would come after: Concuerror knows no time.

-module(our_timers).

-export([
    after_n/0,
    after_two/0,
    send_after/0,
    two_timers/0,
    cancel_late/0,
    read_timer/0,
    after_vs_exit/0,
    after_vs_kill/0
]).

after_n() ->
    P = self(),
    spawn(fun() -> P ! a end),
    receive a -> a after 100 -> none end,
    receive a -> a after 0 -> none end.

after_two() ->
    P = self(),
    spawn(fun() -> receive go -> P ! a after 10 -> P ! b end end) ! go,
    receive X -> X end.

send_after() ->
    P = self(),
    erlang:send_after(10,P,t),
    spawn(fun() -> P ! m end),
    receive A -> A end, receive B -> B end.

two_timers() ->
    erlang:send_after(10,self(),a),
    erlang:send_after(20,self(),b),
    receive b -> ok end, receive a -> ok end.

cancel_late() ->
    P = self(),
    R = erlang:send_after(10,P,t),
    spawn(fun() -> P ! stop end),
    receive stop -> erlang:cancel_timer(R), receive t -> late after 0 -> none end; t -> fired end.

read_timer() ->
    R = erlang:start_timer(10,self(),m),
    erlang:read_timer(R),
    erlang:cancel_timer(R),
    erlang:read_timer(R).

after_vs_exit() ->
    {P,R} = spawn_monitor(fun() -> receive go -> ok after 10 -> exit(late) end end),
    P ! go,
    receive {'DOWN',R,_,_,W} -> W end.

after_vs_kill() ->
    {P,R} = spawn_monitor(fun() -> receive go -> ok after 10 -> late end end),
    exit(P,kill),
    receive {'DOWN',R,_,_,W} -> W after 20 -> none end.
