%% Races with the ends of processes: links, monitors, exit signals, flags, killers.

-module(our_ends).

-export([
    trap_on_off/0,
    unlink_race/0,
    spawn_link_crash/0,
    link_pair_crash/0,
    link_chain_trap/0,
    exit_kill_trap/0,
    exit_normal_other/0,
    exit_two_killers/0,
    exit_kill_vs_crash/0,
    kill_while_writing/0,
    alive_race/0,
    link_dead/0,
    monitor_twice/0,
    demonitor_plain/0,
    demonitor_two/0,
    two_watchers/0,
    watch_each_other/0,
    spawn_monitor_and_link/0,
    monitor_then_exit/0,
    watcher_killed/0,
    link_to_killed/0,
    exits_to_two/0,
    spawn_opt_link_monitor/0,
    sup_shutdown/0,
    flag_race/0,
    exit_other_linked/0,
    crash_in_call/0
]).

trap_on_off() ->
    process_flag(trap_exit,true),
    P = spawn_link(fun() -> exit(boom) end),
    process_flag(trap_exit,false),
    receive {'EXIT',P,R} -> R after 0 -> none end.

unlink_race() ->
    process_flag(trap_exit,true),
    P = spawn_link(fun() -> exit(boom) end),
    unlink(P),
    receive {'EXIT',P,R} -> R after 0 -> none end.

spawn_link_crash() ->
    spawn_link(fun() -> exit(boom) end),
    process_flag(trap_exit,true),
    receive {'EXIT',_,R} -> R end.

link_pair_crash() ->
    A = spawn(fun() -> receive die -> exit(a) end end),
    spawn(fun() -> link(A), A ! die, block() end),
    block().

link_chain_trap() ->
    spawn(fun() -> process_flag(trap_exit,true), spawn_link(fun() -> spawn_link(fun() -> exit(x) end), block() end), receive M -> M end end),
    block().

exit_kill_trap() ->
    P = spawn(fun() -> process_flag(trap_exit,true), receive {'EXIT',_,_} -> ok end end),
    exit(P,stop),
    block().

exit_normal_other() ->
    P = spawn(fun() -> process_flag(trap_exit,true), receive M -> M after 0 -> none end end),
    exit(P,normal),
    block().

exit_two_killers() ->
    P = spawn(fun block/0),
    R = monitor(process,P),
    spawn(fun() -> exit(P,a) end),
    spawn(fun() -> exit(P,b) end),
    receive {'DOWN',R,_,_,W} -> W end.

exit_kill_vs_crash() ->
    P = spawn(fun() -> receive go -> exit(crash) end end),
    R = monitor(process,P),
    P ! go,
    exit(P,kill),
    receive {'DOWN',R,_,_,W} -> W end.

kill_while_writing() ->
    ets:new(t,[named_table,public]),
    P = spawn(fun() -> ets:insert(t,{a,1}), ets:insert(t,{b,1}) end),
    exit(P,kill),
    ets:lookup(t,a), ets:lookup(t,b),
    block().

alive_race() ->
    P = spawn(fun() -> ok end),
    is_process_alive(P), is_process_alive(P),
    block().

link_dead() ->
    {P,R} = spawn_monitor(fun() -> ok end),
    receive {'DOWN',R,_,_,_} -> ok end,
    process_flag(trap_exit,true),
    link(P),
    receive {'EXIT',P,W} -> W end.

monitor_twice() ->
    P = spawn(fun() -> ok end),
    R1 = monitor(process,P), R2 = monitor(process,P),
    receive {'DOWN',R2,_,_,_} -> ok end,
    receive {'DOWN',R1,_,_,_} -> ok after 0 -> none end.

demonitor_plain() ->
    {_,R} = spawn_monitor(fun() -> ok end),
    demonitor(R),
    receive {'DOWN',R,_,_,_} -> got after 0 -> none end.

demonitor_two() ->
    P = spawn(fun() -> receive go -> ok end end),
    R1 = monitor(process,P), R2 = monitor(process,P),
    P ! go,
    demonitor(R1,[flush]),
    receive {'DOWN',R2,_,_,_} -> ok end.

two_watchers() ->
    P = spawn(fun() -> ok end),
    [spawn(fun() -> R = monitor(process,P), receive {'DOWN',R,_,_,W} -> W end end) || _ <- [1,2]],
    block().

watch_each_other() ->
    P = self(),
    spawn(fun() -> R = monitor(process,P), receive {'DOWN',R,_,_,W} -> W end end),
    exit(bye).

spawn_monitor_and_link() ->
    process_flag(trap_exit,true),
    {P,R} = spawn_monitor(fun() -> exit(x) end),
    link(P),
    receive {'DOWN',R,_,_,_} -> ok end,
    receive {'EXIT',P,W} -> W end.

monitor_then_exit() ->
    P = self(),
    Q = spawn(fun() -> R = monitor(process,P), receive {'DOWN',R,_,_,W} -> W after 0 -> none end end),
    exit(Q,normal),
    ok.

watcher_killed() ->
    T = spawn(fun() -> receive go -> ok end end),
    W = spawn(fun() -> monitor(process,T), receive M -> M end end),
    T ! go,
    exit(W,kill),
    block().

link_to_killed() ->
    T = spawn(fun block/0),
    spawn(fun() -> catch link(T), block() end),
    exit(T,kill),
    block().

exits_to_two() ->
    P = self(),
    process_flag(trap_exit,true),
    spawn_link(fun() -> spawn_link(fun() -> block() end), exit(x) end),
    spawn_link(fun() -> P ! m end),
    receive A -> A end, receive B -> B end.

spawn_opt_link_monitor() ->
    process_flag(trap_exit,true),
    {P,R} = spawn_opt(fun() -> exit(x) end,[link,monitor]),
    receive {'EXIT',P,_} -> ok end,
    receive {'DOWN',R,_,_,_} -> ok end.

sup_shutdown() ->
    process_flag(trap_exit,true),
    C = spawn_link(fun() -> receive go -> ok end end),
    spawn(fun() -> C ! go end),
    exit(C,shutdown),
    receive {'EXIT',C,W} -> W end.

flag_race() ->
    C = spawn(fun() -> process_flag(trap_exit,true), receive M -> M after 0 -> none end, process_flag(trap_exit,false), receive N -> N end end),
    exit(C,a),
    exit(C,b),
    block().

exit_other_linked() ->
    A = spawn(fun block/0),
    B = spawn(fun() -> link(A), block() end),
    exit(A,x),
    is_process_alive(B),
    block().

crash_in_call() ->
    S = spawn(fun() -> receive {F,1} -> F ! ok end, exit(bad) end),
    [spawn(fun() -> R = monitor(process,S), S ! {self(),I}, receive ok -> demonitor(R,[flush]), ok; {'DOWN',R,_,_,W} -> W end end) || I <- [1,1]],
    block().

block() ->
    receive after infinity -> ok end.
