%%% The program of "erlsim in five minutes"; erl/five_minutes.erl is the same in Erlang, and prints the same.
%%% A draft, ported from five_minutes.py.
-module(five_minutes).

-export([main/0]).

echo() ->
    receive
        Message ->
            case Message of
                {From, Message1} ->
                    From ! {echo, Message1},
                    echo()
            end
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

watching() ->
    process_flag(trap_exit, true),
    Pid = spawn_link(fun() -> exit(oops) end),
    receive
        {'EXIT', Pid, Reason} ->
            io:format("linked: ~p~n", [Reason])
    end,
    {Pid1, Ref} = spawn_monitor(fun() -> exit(oops) end),
    receive
        {'DOWN', Ref, process, Pid1, Reason1} ->
            io:format("watched: ~p~n", [Reason1])
    end.

calls() ->
    {ok, Pid} = counter:start_link(40),
    gen_server:call(Pid, {add, 2}),
    gen_server:cast(counter, reset),
    io:format("~p~n", [gen_server:call(counter, get)]),
    try
        gen_server:call(nobody, get)
    catch
        exit:Reason ->
            io:format("~p~n", [Reason])
    end,
    gen_server:stop(counter).

trees() ->
    {ok, Sup} = supervisor:start_link(top, []),
    gen_server:call(counter, {add, 100}),
    exit(whereis(counter), kill),
    timer:sleep(1),
    io:format("~p~n", [gen_server:call(counter, get)]),
    exit(whereis(counter), kill),
    receive
        {'EXIT', Sup, Reason} ->
            io:format("the supervisor: ~p~n", [Reason])
    end.

main() ->
    messages(),
    watching(),
    calls(),
    receive
        {'EXIT', _, normal} ->
            ok
    end,
    trees().
