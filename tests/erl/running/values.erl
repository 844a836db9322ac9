-module(values).
-compile([export_all, nowarn_export_all]).
-record(point, {x = 0, y = origin(), z}).
-record(wide, {a, b, c}).

origin() -> {nowhere, 1}.
id(X) -> runner:id(X).

%% ---- arithmetic
arithmetic_1() -> [1 + 2, 1 - 2, 3 * 4, 7 / 2, 7 div 2, -7 div 2, 7 div -2, -7 rem 2, 7 rem -2, 4 / 2].
arithmetic_2() -> [id(1) + 2.0, id(2.5) * 2, id(1.0) - 1, -id(3), +id(4), id(5) / 2.0].
arithmetic_3() -> [id(6) band 3, id(6) bor 3, id(6) bxor 3, bnot id(6), id(1) bsl 70, id(-5) bsr 1, id(1 bsl 70) bsr 69].
arithmetic_4() -> id(123456789012345678901234567890) * id(987654321098765432109876543210) + 1.
arithmetic_5() -> [id(1 bsl 64) div 3, id(-(1 bsl 64)) rem 7, id(1 bsl 64) / id(1 bsl 60), abs(-id(1 bsl 65))].
arithmetic_6() -> [trunc(2.7), trunc(-2.7), round(2.5), round(-2.5), round(0.5), ceil(2.1), floor(-2.1), float(3)].
arithmetic_7() -> [16#ff, 2#101, $a, 1_000, 1.5e3, 36#ZZ].
arithmetic_8() -> id(1) div id(0).
arithmetic_9() -> id(a) + 1.
arithmetic_10() -> 1 bsl id(1.0).
arithmetic_11() -> id(1.0e308) * id(10.0).
arithmetic_12() -> [max(1, 1.0), min(1.0, 1), max(a, "b"), min({1, 2}, [1])].

%% ---- comparing
compare_1() -> [1 == 1.0, 1 =:= 1.0, 1 /= 1.0, 1 =/= 1.0, a == a, a =:= b, true == 1, [1] == [1.0], [1] =:= [1.0]].
compare_2() -> [1 < a, a < {}, {} < #{}, #{} < [], [] < <<>>, {9, 9} < {1, 1, 1}, "abc" < "abd", [1 | 2] < [1, 2]].
compare_3() -> [id(1) < 1.5, id(2) > a, id("a") =< "a", id({1, b}) >= {1, a}, id([]) < [a], id(#{a => 1}) == #{a => 1.0}].
compare_4() -> lists:sort([b, 1, "x", {1}, 2.0, <<"y">>, #{}, [], a, 1.0, {}, #{a => 1}, -5, <<1:3>>, true]).
compare_5() -> [id([1, 2 | id([3])]) =:= [1, 2, 3], [0 | id([1])] == [0.0, 1], id([a | b]) =:= [a | b]].
boolean_1() -> [true and false, true or false, true xor true, not true, id(true) andalso 1, id(false) orelse 2, id(false) andalso x].
boolean_2() -> id(1) and true.
boolean_3() -> id(1) andalso true.
boolean_4() -> not id(a).
boolean_5() -> [X || X <- [1, 2, 3, 4], X > 1 andalso X < 4 orelse X =:= 1].

%% ---- matching
match_1() -> {A, [B, C | D], #{k := E}} = id({1, [2, 3, 4, 5], #{k => v, l => w}}), [A, B, C, D, E].
match_2() -> X = 1, {X, Y} = id({1, 2}), {X, Y}.
match_3() -> X = 1, {X, _} = id({2, 2}), X.
match_4() -> [A | _] = id([]), A.
match_5() -> "ab" ++ Rest = id("abcd"), Rest.
match_6() -> A = B = {C, _} = id({1, 2}), {A, B, C}.
match_7() -> 1 = id(1.0).
match_8() -> [a, b] = id([a | [b | []]]), {ok, [X]} = id({ok, [1]}), X.
match_9() -> case id({1, 1, 2}) of {X, X, X} -> all; {X, X, _} -> two; _ -> none end.
match_10() -> case id(3) of 1 -> one; 2 -> two end.
match_11() -> 1 + 2 = id(3), -1 = id(-1), $a = id(97), "" = id([]), ok.
match_12() -> F = fun([]) -> empty; ([_]) -> one; ([_, _ | _]) -> many end, [F([]), F([a]), F([a, b]), F([a | [b, c]])].
match_13() -> case id([1, 2 | three]) of [A, B | C] -> {A, B, C} end.
match_14() -> case id(true) of 1 -> one; true -> yes end.

%% ---- guards
guard(X) when is_integer(X), X > 10; is_atom(X) -> first;
guard(X) when length(X) > 2 -> long;
guard([_ | _]) -> short;
guard({A, B}) when A + B > 3; hd(A) == 1 -> sum;
guard(X) when element(1, X) == a, tuple_size(X) > 2 -> tuple;
guard(X) when is_map_key(k, X), map_get(k, X) =:= 1 -> map;
guard(X) when is_record(X, point) -> point;
guard(X) when is_function(X, 1) -> function;
guard(X) when is_binary(X) andalso byte_size(X) > 1 orelse X == none -> binary;
guard(X) when X; not X -> boolean;
guard(_) -> other.
guard_1() -> [guard(X) || X <- [11, 5, a, "abc", "a", {2, 2}, {[1], 1}, {a, 1, 2}, #{k => 1}, #{k => 2}, <<"ab">>, <<"a">>]].
guard_2() -> [guard(fun id/1), guard(fun() -> 1 end), guard(1.5), guard({}), guard([a | b])].
guard_3() -> if 1 > 2 -> a; hd([]) == 1 -> b; true -> c end.
guard_4() -> X = id(5), if X < 5 -> less; X > 5 -> more end.
guard_5() -> case id({a, 1}) of {T, N} when T =:= a, N rem 2 =:= 1 -> odd; _ -> no end.

%% ---- lists and comprehensions
list_1() -> L = [X * X || X <- lists:seq(1, 5), X rem 2 =:= 1], [0 | L] ++ [100] -- [9].
list_2() -> [{X, Y} || X <- [1, 2], Y <- [a, b], {X, Y} =/= {1, b}].
list_3() -> [X || {ok, X} <- [{ok, 1}, error, {ok, 2}]].
list_4() -> X = 5, [X || X <- [1, 2]] ++ [X].
list_5() -> [X || X <- id(notalist)].
list_6() -> [X || X <- [1], id(X)].
list_7() -> [hd([1]), tl([1, 2]), length([a, b]), [1, 2 | [3]], [a] ++ b, "a" ++ "b"].
list_8() -> length(id([a | b])).
list_9() -> id(a) ++ [b].
list_10() -> [1, 2, 3, 2, 1] -- [2, 1, 5].
list_11() -> [[Y || Y <- X, Y > 1] || X <- [[1, 2], [3]]].
list_12() -> [F(3) || F <- [fun(X) -> X + N end || N <- [1, 2, 3]]].

%% ---- maps
map_1() -> M = #{a => 1, "b" => 2, 3 => c}, [M#{a := 5}, M#{d => 4}, maps:get("b", M), map_size(M)].
map_2() -> #{1 := A, 1.0 := B, true := C} = id(#{1 => int, 1.0 => float, true => bool}), {A, B, C}.
map_3() -> (id(#{a => 1}))#{b := 2}.
map_4() -> (id(not_a_map))#{a => 1}.
map_5() -> #{a := X} = id(#{b => 1}), X.
map_6() -> K = id(key), #{K := V} = id(#{key => value}), V.
map_7() -> maps:get(x, #{a => 1}).
map_8() -> [maps:find(a, #{a => 1}), maps:find(b, #{}), maps:merge(#{a => 1, b => 2}, #{b => 3}), maps:keys(#{b => 1, a => 2})].
map_9() -> maps:fold(fun(K, V, A) -> [{K, V} | A] end, [], #{a => 1, b => 2, c => 3}).
map_10() -> [maps:map(fun(_, V) -> V * 2 end, #{a => 1}), maps:filter(fun(_, V) -> V > 1 end, #{a => 1, b => 2})].
map_11() -> [maps:update_with(a, fun(X) -> X + 1 end, #{a => 1}), maps:update_with(b, fun(X) -> X end, 7, #{}), maps:remove(a, #{a => 1})].
map_12() -> case id(#{}) of #{} -> any end.
map_13() -> M = #{[1, 2] => list, {1.0} => tuple}, [maps:get([1, 2], M), maps:is_key({1}, M), M#{[1 | [2]] => again}].

%% ---- records
record_1() -> P = #point{x = 1, z = 3}, [P, P#point.y, P#point{y = 2}, #point.z, is_record(P, point)].
record_2() -> #wide{a = A, _ = B} = id({wide, 1, 2, 2}), {A, B}.
record_3() -> (id({other, 1}))#point.x.
record_4() -> #wide{_ = 0, b = 1}.
record_5() -> [record_info(fields, point), record_info(size, wide)].
record_6() -> P = id(#point{}), P#point{x = P#point.x + 1}.
record_7() -> (id(#wide{}))#point{x = 1}.

%% ---- funs
fun_1() -> F = fun(X) when X > 0 -> pos; (_) -> neg end, [F(1), F(-1), (fun() -> a end)()].
fun_2() -> Fact = fun Loop(0) -> 1; Loop(N) -> N * Loop(N - 1) end, Fact(10).
fun_3() -> F = fun lists:reverse/1, G = fun id/1, M = lists, H = fun M:append/2, [F([1, 2]), G(3), H([1], [2])].
fun_4() -> F = fun(X) -> X end, try F(1, 2) catch error:{badarity, {G, A}} -> {G =:= F, A} end.
fun_5() -> F = id(not_a_fun), F(1).
fun_6() -> X = 1, F = fun(X) -> X end, G = fun(Y) -> {X, Y} end, [F(2), G(2)].
fun_7() -> [apply(fun(A, B) -> A + B end, [1, 2]), apply(lists, max, [[1, 3, 2]]), apply(?MODULE, id, [x])].
fun_8() -> lists:foldl(fun(X, A) -> X + A end, 0, [1, 2, 3]).
fun_9() -> Mod = ?MODULE, Fun = id, [Mod:Fun(1), ?MODULE:id(2), values:id(3)].
fun_10() -> no_such_module:no_such_function(1, 2).
fun_11() -> ?MODULE:no_such_function(a).
fun_12() -> (id(fun(1) -> one end))(2).
fun_13() -> F = fun(F, N) when N > 0 -> [N | F(F, N - 1)]; (_, 0) -> [] end, F(F, 3).
fun_14() -> {arity, N} = erlang:fun_info(fun(_, _) -> ok end, arity), [N, is_function(fun id/1), is_function(fun id/1, 2)].
