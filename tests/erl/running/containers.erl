-module(containers).
-compile([export_all, nowarn_export_all]).

numbers(N) -> [(X * 7919) rem 1009 || X <- lists:seq(1, N)].
mixed() -> [a, b, "text", <<"bin">>, 1, 1.0, 2.5, {a, 1}, [], #{}, true, {}, [a | b], 1 bsl 70, -5, "", {[1, x], 2.0}].

ordsets_1() -> S = ordsets:from_list([3, 1, 2, 1]), [S, ordsets:add_element(2, S), ordsets:add_element(5, S), ordsets:del_element(2, S), ordsets:is_element(1, S), ordsets:size(S), ordsets:is_empty(S), ordsets:to_list(S)].
ordsets_2() -> [ordsets:union([1, 3], [2, 3]), ordsets:union([[1], [3], [2]]), ordsets:union([1], [1.0]), ordsets:intersection([1, 2, 3], [2, 3, 4]), ordsets:intersection([[1, 2], [2], [2, 3]]), ordsets:subtract([1, 2, 3], [2]), ordsets:is_subset([1], [1, 2]), ordsets:is_disjoint([1], [2])].
ordsets_3() -> [ordsets:fold(fun(X, A) -> [X | A] end, [], [1, 2]), ordsets:filter(fun(X) -> X > 1 end, [1, 2]), ordsets:is_set([1, 2]), ordsets:is_set([2, 1]), ordsets:is_set(a), ordsets:add_element(1.0, [1, 2]), ordsets:is_element(1.0, [1])].
ordsets_4() -> ordsets:intersection([]).
ordsets_5() -> [ordsets:del_element(7, [1, 2]), ordsets:union([]), ordsets:new(), ordsets:from_list(mixed())].
orddict_1() -> D = orddict:from_list([{b, 2}, {a, 1}, {b, 3}]), [D, orddict:store(c, 3, D), orddict:store(a, 9, D), orddict:fetch(a, D), orddict:find(z, D), orddict:find(b, D), orddict:is_key(a, D), orddict:fetch_keys(D), orddict:erase(a, D), orddict:take(a, D), orddict:take(z, D), orddict:size(D), orddict:is_empty(D)].
orddict_2() -> D = orddict:append(k, 1, orddict:new()), E = orddict:append_list(k, [2, 3], D), [E, orddict:update(k, fun(L) -> length(L) end, E), orddict:update(z, fun(X) -> X end, 0, E), orddict:update_counter(n, 2, orddict:update_counter(n, 3, E))].
orddict_3() -> D = [{a, 1}, {b, 2}], [orddict:map(fun(K, V) -> {K, V} end, D), orddict:fold(fun(K, V, A) -> [{K, V} | A] end, [], D), orddict:filter(fun(_, V) -> V > 1 end, D), orddict:merge(fun(_, X, Y) -> {X, Y} end, D, [{b, 3}, {c, 4}])].
orddict_4() -> catch_reason(fun() -> orddict:fetch(z, [{a, 1}]) end).
gb_trees_1() -> lists:foldl(fun(K, T) -> gb_trees:insert(K, -K, T) end, gb_trees:empty(), numbers(40)).
gb_trees_2() -> lists:foldl(fun(K, T) -> gb_trees:enter(K, v, T) end, gb_trees:empty(), lists:seq(1, 50)).
gb_trees_3() -> T = gb_trees:from_orddict([{K, K * K} || K <- lists:seq(1, 11)]), [T, gb_trees:delete(4, T), gb_trees:delete_any(99, T), gb_trees:take(6, T), gb_trees:take_any(99, T), gb_trees:take_smallest(T), gb_trees:take_largest(T), gb_trees:smallest(T), gb_trees:largest(T)].
gb_trees_4() -> T = gb_trees:balance(gb_trees_1()), [T, gb_trees:keys(T), gb_trees:values(T), gb_trees:to_list(T), gb_trees:size(T), gb_trees:lookup(3, T), gb_trees:lookup(-1, T), gb_trees:get(14, gb_trees:insert(14.5, a, gb_trees:enter(14, z, T))), gb_trees:is_defined(1, T)].
gb_trees_5() -> T = gb_trees:from_orddict([{K, K} || K <- lists:seq(1, 5)]), I = gb_trees:iterator(T), {K, V, J} = gb_trees:next(I), [I, K, V, J, gb_trees:iterator_from(3, T), gb_trees:next([]), gb_trees:map(fun(A, B) -> {A, B} end, T)].
gb_trees_6() -> gb_trees:insert(a, 1, gb_trees:insert(a, 1, gb_trees:empty())).
gb_trees_7() -> [catch_reason(F) || F <- [fun() -> gb_trees:get(z, gb_trees:empty()) end, fun() -> gb_trees:delete(z, gb_trees:empty()) end, fun() -> gb_trees:smallest(gb_trees:empty()) end, fun() -> gb_trees:update(a, 1, gb_trees:empty()) end, fun() -> gb_trees:take_largest(gb_trees:empty()) end]].
gb_trees_8() -> lists:foldl(fun(K, T) -> gb_trees:delete(K, T) end, gb_trees_1(), lists:sublist(numbers(40), 25)).
gb_sets_1() -> lists:foldl(fun gb_sets:add/2, gb_sets:new(), numbers(60)).
gb_sets_2() -> S = gb_sets:from_list([5, 3, 8, 1, 3]), [S, gb_sets:insert(4, S), gb_sets:delete(3, S), gb_sets:del_element(77, S), gb_sets:is_member(5, S), gb_sets:size(S), gb_sets:to_list(S), gb_sets:smallest(S), gb_sets:largest(S), gb_sets:take_smallest(S), gb_sets:take_largest(S), gb_sets:singleton(x), gb_sets:is_set(S), gb_sets:is_set({1, x}), gb_sets:is_empty(S)].
gb_sets_3() -> A = gb_sets:from_list(lists:seq(1, 20)), B = gb_sets:from_list(lists:seq(10, 40)), C = gb_sets:from_list([2, 11]), [gb_sets:union(A, B), gb_sets:union(C, B), gb_sets:intersection(A, B), gb_sets:intersection(C, B), gb_sets:difference(A, B), gb_sets:subtract(B, C), gb_sets:is_subset(C, A), gb_sets:is_disjoint(C, B), gb_sets:union([A, B, C]), gb_sets:intersection([A, B]), gb_sets:union([])].
gb_sets_4() -> S = gb_sets:from_list([1, 2, 3, 4]), [gb_sets:filter(fun(X) -> X rem 2 =:= 0 end, S), gb_sets:fold(fun(X, A) -> [X | A] end, [], S), gb_sets:iterator(S), gb_sets:next(gb_sets:iterator_from(3, S)), gb_sets:balance(S), gb_sets:from_ordset([a, b, c])].
gb_sets_5() -> [catch_reason(F) || F <- [fun() -> gb_sets:insert(a, gb_sets:singleton(a)) end, fun() -> gb_sets:delete(b, gb_sets:singleton(a)) end, fun() -> gb_sets:largest(gb_sets:empty()) end]].
queue_1() -> Q = lists:foldl(fun queue:in/2, queue:new(), [1, 2, 3, 4, 5]), [Q, queue:out(Q), queue:out_r(Q), queue:len(Q), queue:to_list(Q), queue:get(Q), queue:get_r(Q), queue:peek(Q), queue:peek_r(Q), queue:drop(Q), queue:drop_r(Q), queue:reverse(Q), queue:member(3, Q), queue:is_empty(Q), queue:is_queue(Q)].
queue_2() -> [begin Q = queue:from_list(lists:seq(1, N)), {Q, queue:out(Q), queue:out_r(Q), drained(Q), drained_r(Q)} end || N <- lists:seq(0, 7)].
drained(Q) -> case queue:out(Q) of {empty, R} -> [R]; {_, R} -> [R | drained(R)] end.
drained_r(Q) -> case queue:out_r(Q) of {empty, R} -> [R]; {_, R} -> [R | drained_r(R)] end.
queue_3() -> Q = queue:from_list(lists:seq(1, 6)), [queue:split(N, Q) || N <- lists:seq(0, 6)].
queue_4() -> Q = queue:from_list([1, 2, 3]), P = queue:in(9, queue:in(8, queue:new())), [queue:join(Q, P), queue:join(queue:new(), P), queue:join(P, queue:new()), queue:filter(fun(X) -> X > 1 end, Q), queue:filter(fun(X) -> [X, X] end, Q), queue:filtermap(fun(X) when X > 2 -> {true, -X}; (_) -> false end, Q), queue:fold(fun(X, A) -> [X | A] end, [], Q), queue:any(fun is_atom/1, Q), queue:all(fun is_integer/1, Q)].
queue_5() -> Q = queue:from_list([1, 2, 3, 2, 1]), [queue:delete(2, Q), queue:delete_r(2, Q), queue:delete(9, Q), queue:delete_with(fun(X) -> X =:= 2 end, Q), queue:delete_with_r(fun(X) -> X =:= 1 end, Q), queue:cons(0, Q), queue:snoc(Q, 9), queue:head(Q), queue:tail(Q), queue:init(Q), queue:last(Q), queue:in_r(z, Q)].
queue_6() -> [catch_reason(F) || F <- [fun() -> queue:get(queue:new()) end, fun() -> queue:drop(queue:new()) end, fun() -> queue:in(1, a) end, fun() -> queue:split(9, queue:new()) end, fun() -> queue:from_list(x) end, fun() -> queue:out({a, []}) end]].
queue_7() -> [queue:in(b, queue:in(a, queue:new())), queue:in_r(b, queue:in_r(a, queue:new())), queue:delete(a, queue:in(a, queue:new())), queue:delete(a, queue:from_list([b, c, a]))].
dict_1() -> lists:foldl(fun(K, D) -> dict:store(K, -K, D) end, dict:new(), numbers(30)).
dict_2() -> dict:to_list(lists:foldl(fun(K, D) -> dict:store(K, x, D) end, dict:new(), mixed())).
dict_3() -> D = lists:foldl(fun(K, A) -> dict:store(K, K, A) end, dict:new(), lists:seq(1, 200)), [dict:size(D), dict:to_list(D), lists:foldl(fun dict:erase/2, D, lists:seq(20, 180)), dict:fetch_keys(D)].
dict_4() -> D = dict:from_list([{a, 1}, {b, 2}, {a, 3}]), [D, dict:fetch(a, D), dict:find(z, D), dict:is_key(b, D), dict:take(a, D), dict:take(z, D), dict:erase(z, D), dict:size(D), dict:is_empty(D), dict:update(a, fun(X) -> X * 10 end, D), dict:update(q, fun(X) -> X end, 7, D), dict:update_counter(n, 5, D), dict:append(l, 1, D), dict:append_list(l, [1, 2], dict:append(l, 0, D))].
dict_5() -> D = dict:from_list([{K, K} || K <- lists:seq(1, 12)]), E = dict:from_list([{K, x} || K <- lists:seq(10, 14)]), [dict:fold(fun(K, V, A) -> [{K, V} | A] end, [], D), dict:map(fun(K, V) -> K + V end, D), dict:filter(fun(K, _) -> K rem 2 =:= 0 end, D), dict:merge(fun(K, A, B) -> {K, A, B} end, D, E), dict:merge(fun(K, A, B) -> {K, A, B} end, E, D)].
dict_6() -> [catch_reason(F) || F <- [fun() -> dict:fetch(z, dict:new()) end, fun() -> dict:update(z, fun(X) -> X end, dict:new()) end, fun() -> dict:store(a, b, c) end, fun() -> dict:size(x) end, fun() -> dict:find(a, []) end, fun() -> dict:to_list(a) end]].
dict_7() -> dict:filter(fun(K, _) -> K > 150 end, dict:from_list([{K, K} || K <- lists:seq(1, 170)])).
sets_1() -> S = lists:foldl(fun sets:add_element/2, sets:new(), numbers(100)), [S, sets:to_list(S), sets:size(S), lists:foldl(fun sets:del_element/2, S, lists:sublist(numbers(100), 70))].
sets_2() -> S = sets:from_list(mixed()), [sets:to_list(S), sets:is_element(1.0, S), sets:is_element(c, S), sets:is_set(S), sets:is_empty(S)].
sets_3() -> A = sets:from_list(lists:seq(1, 30)), B = sets:from_list(lists:seq(20, 90)), [sets:union(A, B), sets:intersection(A, B), sets:subtract(B, A), sets:to_list(sets:subtract(A, B)), sets:is_subset(A, B), sets:is_disjoint(A, B), sets:filter(fun(X) -> X > 25 end, A), sets:fold(fun(X, L) -> [X | L] end, [], A), sets:union([A, B, A]), sets:intersection([A, B])].
sets_4() -> A = sets:from_list([a, b, c], [{version, 2}]), B = sets:add_element(z, A), [A, B, sets:to_list(B), sets:del_element(a, B), sets:union(A, B), sets:intersection(A, B), sets:subtract(B, A), sets:is_element(z, B), sets:size(B), sets:filter(fun(X) -> X =/= b end, B), sets:fold(fun(X, L) -> [X | L] end, [], B), sets:union(A, sets:from_list([q])), sets:new([{version, 2}]), sets:is_subset(A, B)].
sets_5() -> [catch_reason(F) || F <- [fun() -> sets:size(a) end, fun() -> sets:add_element(a, b) end, fun() -> sets:intersection([]) end, fun() -> sets:to_list([]) end]].
hash_1() -> [[erlang:phash2(X), erlang:phash2(X, 1000), erlang:phash(X, 1000)] || X <- mixed()].
hash_2() -> [{erlang:phash2(X, 1 bsl 32), erlang:phash(X, 1 bsl 32)} || B <- [7, 8, 27, 28, 31, 32, 59, 60, 63, 64, 128], X <- [1 bsl B, (1 bsl B) - 1, -(1 bsl B), -(1 bsl B) - 1]].
hash_3() -> [{erlang:phash2(X, 1 bsl 32), erlang:phash(X, 1 bsl 32)} || X <- [lists:seq(1, N) || N <- lists:seq(0, 9)] ++ [list_to_binary(lists:seq(1, N)) || N <- lists:seq(0, 26)] ++ [<<5:3>>, <<1, 2:7>>, [1, 2 | 3], [300, 1, 2, a], 'h\x{e9}llo', '\x{65e5}', -0.0, 1.0e100, {{}, {[]}}, #{a => 1, 2 => [x], "k" => #{}}, [#{}]]].

catch_reason(F) -> try F() of V -> {value, V} catch C:R:S -> [{M, G, _, _} | _] = S, {C, R, M, G} end.
