-module(limiting).
-compile([export_all, nowarn_export_all]).

%% io_lib:format/3 with chars_limit.

terms() ->
    [a, 12345678901234567890, lists:seq(1, 40), "a string that is rather long for what it says", [a, b | c], {a, b, c},
     {lists:seq(1, 20), {b, {c, {d, {e, [f, g, h]}}}}},
     #{a => lists:seq(1, 10), b => #{c => "text of some length", d => {1, 2, 3}}, "k" => v}, maps:from_list([{I, {I, I}} || I <- lists:seq(1, 30)]),
     <<"binary text that is long enough to be cut">>, list_to_binary(lists:seq(1, 20)), <<1, 2, 3:5>>,
     [{pid, x}, {id, any_id}, {mfargs, {mod, func, [lists:seq(1, 15)]}}, {shutdown, brutal_kill}, {child_type, worker}],
     [[[[[[[[[[1]]]]]]]]]], {"aa", "bb", [["cc"], "dd"]}, {[], {}, #{}, <<>>, "", [{}]}, <<"a\x{e9}"/utf8>>, [233, 955, 8364]].
cut(Format, Args, Limit) -> lists:flatten(io_lib:format(Format, Args, [{chars_limit, Limit}])).
cut(Format) -> [[cut(Format, [T], L) || T <- terms()] || L <- [0, 1, 5, 8, 13, 20, 26, 50, 75, 150]].
print_1() -> cut("~p").
print_2() -> cut("x ~0tp").
print_3() -> [[cut("~P ~W", [T, D, T, D], L) || T <- terms(), D <- [2, 7]] || L <- [10, 60]].
write_1() -> cut("~w").
text_1() -> [[try cut(F, [T], L) catch error:Why -> Why end || F <- ["~s", "~ts", "~10s", "~-12.5ts", "~.7s"], T <- ["a string that is long", atom_here, <<"binary text here">>, [$a, [$b, <<"cd">>] | <<"efghijkl">>], "abc", "abcd"]] || L <- [0, 1, 3, 4, 10, 20]].
several_1() -> [[cut("one ~p, ~s two ~w~n\tthree ~ts: ~p ~b~n", [T, "string", T, "another", {T, T}, 42], L) || T <- terms()] || L <- [0, 40, 100, 300]].
