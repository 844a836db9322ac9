%% Races for names: whose they are when somebody asks, sends, watches or registers.

-module(our_names).

-export([
    whereis_send/0,
    register_two_names/0,
    unregister_send/0,
    register_dead/0,
    register_exit_register/0,
    name_taken_over/0,
    monitor_name/0,
    monitor_name_2/0,
    send_unregistered_caught/0,
    name_after_crash/0,
    restart_by_name/0,
    unregister_dead/0
]).

whereis_send() ->
    spawn(fun() -> register(a,self()), receive x -> ok end end),
    case whereis(a) of undefined -> ok; _ -> a ! x end,
    block().

register_two_names() ->
    P = spawn(fun block/0),
    spawn(fun() -> register(a,P) end),
    spawn(fun() -> register(b,P) end),
    whereis(a), whereis(b),
    block().

unregister_send() ->
    register(a,self()),
    spawn(fun() -> catch a ! m end),
    spawn(fun() -> catch unregister(a) end),
    receive m -> ok after 0 -> none end,
    catch unregister(a),
    block().

register_dead() ->
    P = spawn(fun() -> ok end),
    R = monitor(process,P),
    catch register(a,P),
    receive {'DOWN',R,_,_,_} -> ok end,
    whereis(a).

register_exit_register() ->
    [spawn(fun() -> catch register(a,self()) end) || _ <- [1,2]],
    block().

name_taken_over() ->
    P = spawn(fun() -> receive go -> ok end end),
    register(a,P),
    a ! go,
    catch register(a,self()),
    whereis(a),
    block().

monitor_name() ->
    spawn(fun() -> register(a,self()) end),
    R = monitor(process,a),
    receive {'DOWN',R,process,_,Why} -> Why end.

monitor_name_2() ->
    P = spawn(fun() -> receive go -> ok end end),
    register(a,P),
    spawn(fun() -> a ! go end),
    R = monitor(process,a),
    receive {'DOWN',R,process,_,Why} -> Why end.

send_unregistered_caught() ->
    spawn(fun() -> register(a,self()), receive _ -> ok end end),
    catch a ! m,
    catch a ! n,
    block().

name_after_crash() ->
    {_,R} = spawn_monitor(fun() -> register(s,self()), exit(crash) end),
    receive {'DOWN',R,_,_,_} -> ok end,
    catch s ! hello,
    register(s,self()).

restart_by_name() ->
    spawn(fun() -> register(s,self()), receive stop -> ok end end),
    spawn(fun() -> catch s ! stop end),
    catch register(s,self()),
    whereis(s),
    block().

unregister_dead() ->
    spawn(fun() -> register(s,self()) end),
    catch unregister(s),
    catch unregister(s),
    block().

block() ->
    receive after infinity -> ok end.
