-module(sorting).
-compile([export_all, nowarn_export_all]).

%% Functions of lists on good and bad arguments: each result beside what it came from, without the funs.

good() -> [[], [a], [1, 1.0, 2], [1.0, 1], [1, 2, 3], [{1, a}, {1.0, b}, {2, c}], [{1, c}, {1, d}]].
lists() -> good() ++ [[3, 2, 1], [b, a, b, a], [a | b], x].
tuples() -> [[], [{1, a}, {1.0, b}, {2, c}], [{1, c}, {2, d}], [{3}], x].
least() -> fun(A, B) -> A =< B end.

outcome(Function, Args) ->
    R = try apply(lists, Function, Args) catch Class:Reason -> {Class, Reason} end,
    {Function, [A || A <- Args, not is_function(A)], R}.

merging_1() -> [outcome(F, [A, B]) || F <- [merge, umerge], A <- lists(), B <- lists(), is_list(catch A ++ B ++ [])].
merging_2() -> [outcome(F, [lists:reverse(A), lists:reverse(B)]) || F <- [rmerge, rumerge], A <- good(), B <- good(), A =:= lists:sort(A), B =:= lists:sort(B)].
merging_3() -> [outcome(F, [A, B, [b, c]]) || F <- [merge3, umerge3], A <- good(), B <- good(), A =:= lists:usort(A), B =:= lists:usort(B)].
merging_4() -> [outcome(F, [least(), A, B]) || F <- [merge, umerge], A <- lists(), B <- lists(), is_list(catch A ++ B ++ [])].
merging_5() -> [outcome(F, [least(), lists:reverse(A), lists:reverse(B)]) || F <- [rmerge, rumerge], A <- good(), B <- good()].
merging_6() -> [outcome(F, [[A, B, [a]]]) || F <- [merge, umerge], A <- good(), B <- good(), A =:= lists:usort(A), B =:= lists:usort(B)].
merging_7() -> [outcome(F, [func, [], [1]]) || F <- [merge, umerge, rmerge, rumerge]].
keys_1() -> [outcome(F, [N, A, B]) || F <- [keymerge, ukeymerge], N <- [0, 1, a], A <- tuples(), B <- tuples(), A =/= x, B =/= x].
keys_2() -> [outcome(F, [1, lists:reverse(A), lists:reverse(B)]) || F <- [rkeymerge, rukeymerge], A <- tuples(), B <- tuples(), A =/= x, B =/= x].
keys_3() -> [outcome(F, [N, A]) || F <- [keysort, ukeysort], N <- [0, 1, 2, a], A <- tuples()].
keys_4() -> [outcome(F, [a, N, A, R]) || F <- [keystore, keyreplace], N <- [0, 1, 2, a], R <- [{a, b}, x], A <- [[], [{a, 1}], [{x, a}, {a}]]].
keys_5() -> [outcome(F, [a, N, A]) || F <- [keydelete, keytake], N <- [0, 1, 2, a], A <- [[], [{a, 1}], [{x, a}, {a}]]].
keys_6() -> [outcome(keymap, [F, N, A]) || N <- [0, 1, 2, a], F <- [func, fun(X) -> {X} end], A <- tuples(), A =/= x].
parts_1() -> [outcome(sublist, [A, N]) || N <- [-1, 0, 1, 2, 3, a, 1.0], A <- lists()].
parts_2() -> [outcome(sublist, [A, S, N]) || S <- [0, 1, 2, 3, 4, 5, a], N <- [-1, 0, 1, 2, 3, a], A <- [[], [a], [a, b, c], [a, b | c], x]].
unique_1() -> [outcome(uniq, [A]) || A <- lists()].
unique_2() -> [outcome(uniq, [fun(X) -> X == 1 end, A]) || A <- lists()].
unique_3() -> [outcome(F, [least(), A]) || F <- [sort, usort], A <- lists()].
unique_4() -> [outcome(F, [func, A]) || F <- [sort, usort], A <- [[], [a], [a, b]]].
together_1() -> [outcome(zipwith, [fun(X, Y) -> {X, Y} end, A, B]) || A <- good(), B <- [[], [a], [a, b, c]]].
together_2() -> [outcome(zipwith3, [fun(X, Y, Z) -> {X, Y, Z} end, A, B, [q]]) || A <- good(), B <- [[], [a], [a, b, c]]].
together_3() -> [outcome(zipwith, [func, [], []]), outcome(zipwith3, [func, [], [], []]), outcome(zf, [fun(X) -> X > 1 end, [1, 2, 3]])].
together_4() -> [outcome(enumerate, [N, A]) || A <- lists(), N <- [0, 1, 1.0]] ++ [outcome(enumerate, [A]) || A <- lists()].
random_1() ->
    [begin
         rand:seed(A, S),
         {A, S, [rand:uniform(N) || N <- [1, 2, 10, 1000, 1 bsl 57, (1 bsl 58) - 1, 1 bsl 58, 1 bsl 70]], rand:uniform(), rand:bytes(20), rand:export_seed()}
     end || A <- [exsplus, exsp, exsss], S <- [42, {1, 2, 3}, [3, 4]]].
