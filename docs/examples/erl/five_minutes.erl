%% The program of "erlsim in five minutes"; five_minutes.py is the same in Python, and prints the same.
-module(five_minutes).
-export([main/0]).

%% -- a process
echo() ->
    receive
        {From, Message} ->
            From ! {echo, Message},
            echo()
    end.

messages() ->
    Pid = spawn(fun echo/0),
    Pid ! {self(), hi},
    receive
        {echo, Message} ->
            io:format("echo: ~p~n", [Message])
    after 1000 ->
        io:format("nobody~n", [])
    end.

%% -- links and monitors
watching() ->
    process_flag(trap_exit, true),
    Pid = spawn_link(fun() -> exit(oops) end),
    receive
        {'EXIT', Pid, Reason} ->
            io:format("linked: ~p~n", [Reason])
    end,
    {Other, Ref} = spawn_monitor(fun() -> exit(oops) end),
    receive
        {'DOWN', Ref, process, Other, Why} ->
            io:format("watched: ~p~n", [Why])
    end.

%% -- its client
calls() ->
    {ok, Pid} = counter:start_link(40),
    ok = gen_server:call(Pid, {add, 2}),
    ok = gen_server:cast(counter, reset),
    io:format("~p~n", [gen_server:call(counter, get)]),
    try gen_server:call(nobody, get)
    catch exit:Reason ->
        io:format("~p~n", [Reason])
    end,
    gen_server:stop(counter).

%% -- its end
trees() ->
    {ok, Sup} = supervisor:start_link(top, []),
    ok = gen_server:call(counter, {add, 100}),
    exit(whereis(counter), kill),
    timer:sleep(1),
    io:format("~p~n", [gen_server:call(counter, get)]),
    exit(whereis(counter), kill),
    receive
        {'EXIT', Sup, Reason} ->
            io:format("the supervisor: ~p~n", [Reason])
    end.

%% -- all of it
main() ->
    messages(),
    watching(),
    calls(),
    receive {'EXIT', _, normal} -> ok end,
    trees().
