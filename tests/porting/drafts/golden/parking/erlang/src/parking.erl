%%% A garage with few places: cars come, wait, leave, and sometimes vanish. Written to be ported.
%%% A draft, ported from parking.py.
-module(parking).

-export([main/0]).

main() ->
    parking_sup:start_link(),
    io:format("~p, ", [garage:enter()]),
    Car = spawn(fun garage:enter/0),
    Ref = monitor(process, Car),
    receive
        {'DOWN', Ref, process, Car, _} ->
            ok
    end,
    io:format("~p free~n", [garage:free()]),
    garage:leave(),
    io:format("~p free~n", [garage:free()]).
