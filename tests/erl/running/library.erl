-module(library).
-compile([export_all, nowarn_export_all]).

lists_1() -> [lists:append([1], [2]), lists:append([[1], [2, 3], []]), lists:concat([a, 1, "x", 1.5]), lists:delete(2, [1, 2, 3, 2]), lists:droplast([1, 2])].
lists_2() -> [lists:duplicate(3, x), lists:flatten([1, [2, [3, []]], "ab"]), lists:last([1, 2]), lists:max([1, 3, 2]), lists:min([b, a]), lists:member(2, [1, 2])].
lists_3() -> [lists:keyfind(b, 1, [{a, 1}, {b, 2}]), lists:keyfind(1.0, 1, [{1, x}]), lists:keydelete(a, 1, [{a, 1}, {b, 2}]), lists:keystore(c, 1, [{a, 1}], {c, 3}), lists:keytake(a, 1, [{a, 1}, {b, 2}]), lists:keyreplace(a, 1, [{a, 1}], {z, 1})].
lists_4() -> [lists:keysort(2, [{a, 3}, {b, 1}, {c, 1}]), lists:sort([3, 1, 2, 1]), lists:usort([3, 1, 2, 1.0, 1]), lists:sort(fun(A, B) -> A >= B end, [1, 3, 2]), lists:merge([1, 3], [2])].
lists_5() -> [lists:nth(2, [a, b]), lists:nthtail(1, [a, b]), lists:partition(fun(X) -> X > 1 end, [1, 2, 3]), lists:prefix("ab", "abc"), lists:suffix("bc", "abc"), lists:reverse([1, 2]), lists:reverse([1, 2], [3])].
lists_6() -> [lists:seq(1, 3), lists:seq(3, 1, -1), lists:seq(1, 0), lists:split(1, [a, b]), lists:splitwith(fun is_atom/1, [a, 1, b]), lists:sublist([a, b, c], 2), lists:sublist([a, b, c], 2, 5), lists:subtract([1, 2], [1]), lists:sum([1, 2.5])].
lists_7() -> [lists:takewhile(fun(X) -> X < 3 end, [1, 2, 3, 1]), lists:dropwhile(fun(X) -> X < 3 end, [1, 2, 3, 1]), lists:unzip([{1, a}, {2, b}]), lists:zip([1, 2], [a, b]), lists:zipwith(fun(A, B) -> A + B end, [1], [2]), lists:zip3([1], [2], [3])].
lists_8() -> [lists:all(fun is_atom/1, [a, b]), lists:any(fun is_atom/1, [1, b]), lists:filter(fun is_atom/1, [1, a]), lists:filtermap(fun(X) when X > 1 -> {true, X * 2}; (_) -> false end, [1, 2]), lists:flatmap(fun(X) -> [X, X] end, [1, 2])].
lists_9() -> [lists:foldl(fun(X, A) -> [X | A] end, [], [1, 2]), lists:foldr(fun(X, A) -> [X | A] end, [], [1, 2]), lists:mapfoldl(fun(X, A) -> {X * 2, A + X} end, 0, [1, 2]), lists:mapfoldr(fun(X, A) -> {X, [X | A]} end, [], [1, 2])].
lists_10() -> [lists:search(fun(X) -> X > 1 end, [1, 2]), lists:join(x, [1, 2]), lists:enumerate([a, b]), lists:ukeysort(1, [{b, 1}, {a, 2}, {b, 3}]), lists:foreach(fun(X) -> X end, [1]), lists:umerge([1, 2], [2, 3])].
lists_11() -> lists:nth(3, [a]).
lists_12() -> lists:map(fun(X) -> X end, not_a_list).
lists_13() -> lists:keyfind(a, 0, []).
lists_14() -> lists:sum([a]).
lists_15() -> lists:zip([1], []).
lists_16() -> lists:seq(1, a).
lists_17() -> lists:sort(a).
intersect_1() -> [maps:intersect(A, B) || A <- rows(), B <- rows()].
intersect_2() -> [maps:intersect_with(fun(K, X, Y) -> {K, X, Y} end, A, B) || A <- rows(), B <- rows()].
intersect_3() -> [catch_reason(fun() -> maps:intersect(A, B) end) || {A, B} <- [{a, b}, {#{}, b}, {a, #{}}]].
intersect_4() -> [catch_reason(fun() -> maps:intersect_with(F, A, B) end) || {F, A, B} <- [{f, #{}, #{}}, {f, a, b}, {fun(_) -> x end, #{}, #{}}]].
intersect_5() -> [catch_reason(fun() -> maps:merge_with(F, A, B) end) || {F, A, B} <- [{f, a, b}, {fun(_, X, _) -> X end, a, b}, {fun(_, X, _) -> X end, #{}, b}]].
groups_1() -> maps:groups_from_list(fun(X) -> X rem 2 end, fun(X) -> X * X end, [1, 2, 3, 4, 5]).
groups_2() -> [catch_reason(fun() -> maps:groups_from_list(F, G, L) end) || {F, G, L} <- [{f, fun id/1, []}, {fun id/1, f, []}, {fun id/1, fun id/1, x}]].
same_1() -> M = maps:from_list([{a, X} || X <- [{b}]]), [erts_debug:same(maps:merge(#{}, M), M), erts_debug:same(maps:merge(M, #{}), M), erts_debug:same(1, 1), erts_debug:same(a, b)].
rows() -> [#{}, #{a => 1, b => 2}, #{b => 3, c => 4, d => 5}, #{1 => x}, #{1.0 => y, b => z}].
id(X) -> X.
catch_reason(F) -> try F() catch error:R -> R end.
exported_1() -> erlang:function_exported({a, b}, f, 1).
exported_2() -> [erlang:function_exported(F, lists, map) || F <- []] ++ [erlang:function_exported(lists, F, 2) || F <- [map, zf, nope]].
exported_3() -> erlang:function_exported(lists, map, x).
loaded_1() -> [code:which(no_such_module), code:is_loaded(no_such_module), code:ensure_loaded(lists), code:ensure_loaded(no_such_module), code:delete(no_such_module)].
loaded_2() -> code:is_loaded({a, b}).
proplists_1() -> L = [a, {b, 2}, {a, 3}, {c, 1, 2}], [proplists:get_value(a, L), proplists:get_value(b, L), proplists:get_value(z, L), proplists:get_value(z, L, d), proplists:get_all_values(a, L), proplists:get_bool(a, L), proplists:lookup(c, L), proplists:is_defined(c, L), proplists:delete(a, L)].
proplists_2() -> [proplists:unfold([a, {b, 1}]), proplists:compact([{a, true}, {b, 1}]), proplists:property(a, true), proplists:to_map([a, {b, 1}, {b, 2}]), proplists:lookup(q, [])].
maps_1() -> [maps:from_list([{a, 1}, {a, 2}]), maps:to_list(#{b => 1, a => 2}), maps:take(a, #{a => 1}), maps:with([a, z], #{a => 1, b => 2}), maps:without([a], #{a => 1, b => 2}), maps:size(#{}), maps:values(#{a => 1}), maps:is_key(a, #{})].
maps_2() -> maps:from_list([a]).
maps_3() -> maps:update(a, 1, #{}).
maps_4() -> maps:map(fun(_, V) -> V end, []).
maps_5() -> I = maps:iterator(#{a => 1, b => 2}), {K, V, J} = maps:next(I), {K2, V2, L} = maps:next(J), [K, V, K2, V2, maps:next(L)].
io_lib_1() -> [lists:flatten(io_lib:format("~p ~w ~s ~5..0b ~.2f~n", [{a, "b"}, "b", "text", 42, 1.005])), io_lib:write_string("a\"b"), lists:flatten(io_lib:write({a, 'B'})), io_lib:printable_list("abc"), io_lib:printable_list([1])].
pdict_1() -> [put(k, 1), put(k, 2), get(k), get(z), erase(k), get(k)].
messages_1() -> self() ! {b, 2}, self() ! {a, 1}, A = receive {a, X} -> X end, B = receive {b, Y} -> Y end, {A, B}.
messages_2() -> receive _ -> x after 0 -> timeout end.
messages_3() -> self() ! 1, self() ! 1.0, receive 1.0 -> float end, receive 1 -> int end.
messages_4() -> self() ! [1, 2 | [3]], receive [H | T] when H =:= 1 -> T end.
messages_5() -> Me = self(), P = spawn(fun() -> receive {From, N} -> From ! {self(), N * 2} end end), P ! {Me, 21}, receive {P, R} -> R end.
messages_6() -> {P, R} = spawn_monitor(fun() -> exit(bye) end), receive {'DOWN', R, process, P, Why} -> Why end.
messages_7() -> R = make_ref(), self() ! other, self() ! {R, yes}, V = receive {R, X} -> X end, receive other -> V end.
messages_8() -> [self() ! X || X <- [1, 2, 3]], drain().
drain() -> receive X -> [X | drain()] after 0 -> [] end.
messages_9() -> self() ! #{k => v}, receive #{k := X} -> X end.
messages_10() -> Ref = make_ref(), self() ! {Ref, <<1, 2>>}, receive {Ref, <<A, B>>} when A < B -> {A, B} end.
names_1() -> true = register(name, self()), name ! hi, R = receive hi -> whereis(name) =:= self() end, unregister(name), R.
links_1() -> process_flag(trap_exit, true), P = spawn_link(fun() -> exit(oops) end), receive {'EXIT', P, R} -> process_flag(trap_exit, false), R end.
loop_1() -> loop(100000, 0).
loop(0, A) -> A;
loop(N, A) -> loop(N - 1, A + N).
loop_2() -> even(100001).
even(0) -> true;
even(N) -> odd(N - 1).
odd(0) -> false;
odd(N) -> even(N - 1).
loop_3() -> length(count(100000)).
count(0) -> [];
count(N) -> [N | count(N - 1)].
loop_4() -> P = self(), spawn(fun() -> server(P, 20000) end), pump(20000).
server(P, 0) -> P ! done;
server(P, N) -> P ! N, server(P, N - 1).
pump(0) -> receive done -> ok end;
pump(N) -> receive N -> pump(N - 1) end.
loop_5() -> lists:sum(gather(2000)).
gather(0) -> [];
gather(N) -> self() ! N, receive X -> [X | gather(N - 1)] end.
apply_1() -> [lists:map(fun(X) -> self() ! X, receive Y -> Y + 1 end end, [1, 2, 3]), each(fun(X) -> self() ! X, receive Y -> Y end end, [4]), each(fun(X) -> X end, [5])].
each(F, L) -> [F(X) || X <- L].
