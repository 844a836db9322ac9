#!/usr/bin/env escript
%% Writes tests/terms/data/large_maps.terms: of maps with more than 32 random keys of each kind `{Kind, Keys}`, the
%% keys in the order of an iterator. Run it with OTP 25 on 64 bits; it fails where other functions keep another order
%% than is said in erlsim/terms/hashing/large_maps.py.

-mode(compile).

main([File]) ->
    rand:seed(exsss, {20, 25, 3}),
    {ok, To} = file:open(File, [write]),
    Kinds = [int, big, float, binary, bits, tuple, list, map, any],
    [write(To, Kind, keys(Kind, 60 + rand:uniform(20))) || Kind <- Kinds, _ <- lists:seq(1, 3)],
    write(To, int, keys(int, 600)),
    file:close(To).

write(To, Kind, Keys) ->
    Map = maps:from_list([{Key, {Key}} || Key <- Keys]),
    Listed = [Key || {Key, _} <- maps:to_list(Map)],
    Iterated = iterated(maps:next(maps:iterator(Map))),
    Iterated = lists:reverse(Listed),
    Listed = maps:keys(Map),
    Listed = [Key || {Key} <- maps:values(Map)],
    Iterated = lists:reverse(maps:fold(fun(Key, _, Before) -> [Key | Before] end, [], Map)),
    Shown = ["#{", lists:join(",", [io_lib:format("~w => ~w", [Key, {Key}]) || Key <- Iterated]), "}"],
    true = lists:flatten(Shown) =:= lists:flatten(io_lib:format("~w", [Map])),
    io:format(To, "~w.~n", [{Kind, Iterated}]).

iterated(none) -> [];
iterated({Key, _, Next}) -> [Key | iterated(maps:next(Next))].

keys(Kind, N) -> [key(Kind) || _ <- lists:seq(1, N)] ++ fixed(Kind).

fixed(int) -> lists:seq(-20, 20) ++ [(1 bsl 59) - 1, -(1 bsl 59)];
fixed(big) -> [1 bsl 59, -(1 bsl 59) - 1, 1 bsl 64, (1 bsl 64) - 1, -(1 bsl 128)];
fixed(float) -> [-0.0, 1.0, -1.0, 2.0];
fixed(map) -> [#{}];
fixed(list) -> [[], "abcd", "abcde", "abcd" ++ [256]];
fixed(tuple) -> [{}, {<<>>}, {[]}];
fixed(_) -> [].

key(int) -> (rand:uniform(1 bsl rand:uniform(59)) - 1) * sign();
key(big) -> ((1 bsl 59) + rand:uniform(1 bsl (59 + rand:uniform(200)))) * sign();
key(float) -> rand:normal() * math:pow(10, rand:uniform(40) - 20);
key(binary) -> << <<(rand:uniform(256) - 1)>> || _ <- lists:seq(1, rand:uniform(30) - 1) >>;
key(bits) -> <<(rand:uniform(1 bsl 99)):(rand:uniform(100) - 1)>>;
key(tuple) -> list_to_tuple([key(any) || _ <- lists:seq(1, rand:uniform(4) - 1)]);
key(map) -> maps:from_list([{key(any), key(any)} || _ <- lists:seq(1, rand:uniform(4) - 1)]);
key(list) ->
    Items = [key(any) || _ <- lists:seq(1, rand:uniform(5) - 1)],
    case rand:uniform(4) of
        1 -> [7 | key(float)];
        2 -> binary_to_list(key(binary));
        3 -> binary_to_list(key(binary)) ++ Items;
        4 -> Items
    end;
key(any) -> key(lists:nth(rand:uniform(12), [int, int, int, int, big, float, float, binary, binary, tuple, list, map])).

sign() -> 1 - 2 * (rand:uniform(2) - 1).
