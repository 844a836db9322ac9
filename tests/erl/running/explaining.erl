-module(explaining).
-compile([export_all, nowarn_export_all]).

id(X) -> runner:id(X).

%% The first entry of a stack, with what leads to an explanation.
first(F) ->
    try F() of
        V -> {ok, V}
    catch
        C:R:S ->
            {M, N, A, I} = hd(S),
            {C, R, M, N, shown(A), info(lists:keyfind(error_info, 1, I))}
    end.

info({error_info, #{cause := {device, _}} = Info}) -> Info#{cause := device};
info(Info) -> Info.

shown(A) when is_list(A) -> [case is_function(X) of true -> a_fun; false -> X end || X <- A];
shown(A) -> A.

%% ---- who explains
first_1() -> [first(fun() -> maps:get(id(a), id(X)), ok end) || X <- [b, #{}]].
first_2() -> M = id(maps), [first(fun() -> M:get(a, X), ok end) || X <- [b, #{}]].
first_3() -> [first(fun() -> maps:is_key(a, id(b)), ok end), first(fun() -> maps:size(id(b)), ok end)].
first_4() -> M = id(maps), [first(fun() -> M:is_key(a, b), ok end), first(fun() -> M:size(b), ok end)].
first_5() -> [first(fun() -> io:format(X, Y), ok end) || {X, Y} <- [{"~p", []}, {"~p", [a, b]}, {"~z", [a]}, {a, b}, {"~s", [[256]]}]].
first_6() -> [first(fun() -> io:format(nobody, "x", []), ok end), first(fun() -> io:fwrite(nobody, "x", []), ok end)].
first_7() -> [first(fun() -> io:put_chars(X), ok end) || X <- [foo, 1, [a], {1}]].
first_8() -> [first(fun() -> io:nl(nobody), ok end), first(fun() -> io:write(nobody, x), ok end)].
first_9() -> [first(fun() -> io_lib:format(X, Y), ok end) || {X, Y} <- [{"~p", []}, {"~z", [a]}, {"~s", [a, b]}]].
first_10() -> [first(fun() -> lists:member(a, id(X)), ok end) || X <- [b, [b | c]]].
first_11() -> first(fun() -> error(why, [1, 2], [{error_info, #{cause => x}}]) end).
first_12() -> first(fun() -> error(why, none, [{error_info, #{module => m}}]) end).
first_13() -> first(fun() -> error(why, [1], [{other, 1}]) end).
first_14() -> first(fun() -> gen_server:call(nobody, x), ok end).
first_15() -> first(fun() -> timer:sleep(id(a)), ok end).

%% ---- calls of its own that a function of the library has made
own_1() -> [first(fun() -> lists:nth(N, id(L)), ok end) || {N, L} <- [{5, [1, 2]}, {0, [1]}, {3, [1, 2 | x]}, {2, x}, {1, []}]].
own_2() -> [first(fun() -> lists:nthtail(N, id(L)), ok end) || {N, L} <- [{5, [1, 2]}, {0, x}, {2, [1 | x]}, {-1, []}]].
own_3() -> [first(fun() -> lists:zip(A, B), ok end) || {A, B} <- [{[1], [2, 3]}, {[1, 2], [2]}, {a, b}, {[1 | a], [1 | b]}]].
own_4() -> first(fun() -> lists:zip3([1], [2, 3], id([3])), ok end).
own_5() -> [first(fun() -> proplists:F(a, id(L)), ok end)
            || F <- [get_value, get_all_values, append_values, lookup, lookup_all, is_defined, get_bool, delete],
               L <- [b, [x | b], [{a, 1} | b], [{a, 1, 2}, c, {a, 3} | b]]].
own_6() -> [first(fun() -> proplists:get_value(a, id(L), d), ok end) || L <- [b, [x | b], [{a, 1} | b]]].
own_7() -> [first(fun() -> proplists:F(id(L)), ok end) || F <- [unfold, compact, to_map], L <- [[x], [{a, 1}]]].
own_8() -> [first(fun() -> lists:mapfoldl(fun(_, _) -> x end, 0, id([1])), ok end),
            first(fun() -> lists:mapfoldr(fun(_, _) -> x end, 0, id([1])), ok end)].

%% ---- the entries of functions that apply a fun, which fails at the first, the second and the third time
failing_at(K) ->
    put(times, 0),
    fun(Result) -> case put(times, get(times) + 1) + 1 of K -> error(bad); _ -> Result end end.

through(M, F, Given) ->
    [try apply(M, F, Given(failing_at(K))) of
         _ -> none
     catch
         error:bad:S -> [{N, A} || {X, N, A, _} <- S, X =:= M]
     end || K <- [1, 2, 3]].

one(F, Result) -> fun(_) -> F(Result), Result end.
two(F, Result) -> fun(_, _) -> F(Result), Result end.
three(F, Result) -> fun(_, _, _) -> F(Result), Result end.

through_1() ->
    L = [1, 2, 3],
    [{F, through(lists, F, fun(B) -> [one(B, R), L] end)}
     || {F, R} <- [{map, x}, {foreach, x}, {filter, true}, {filtermap, true}, {flatmap, [x]}, {all, true}, {any, false},
                   {partition, false}, {takewhile, true}, {dropwhile, true}, {splitwith, true}, {search, false}, {uniq, x}]].
through_2() ->
    L = [1, 2, 3],
    [{F, through(lists, F, fun(B) -> [two(B, R), 0, L] end)}
     || {F, R} <- [{foldl, x}, {foldr, x}, {mapfoldl, {x, 0}}, {mapfoldr, {x, 0}}]].
through_3() ->
    L = [1, 2, 3],
    [through(lists, keymap, fun(B) -> [one(B, x), 1, [{1}, {2}, {3}]] end),
     through(lists, zipwith, fun(B) -> [two(B, x), L, L] end),
     through(lists, zipwith3, fun(B) -> [three(B, x), L, L, L] end)].
through_4() ->
    M = #{1 => a, 2 => b, 3 => c},
    [[{F, through(maps, F, fun(B) -> [two(B, true), M] end)} || F <- [map, filter, filtermap, foreach]],
     through(maps, fold, fun(B) -> [three(B, x), 0, M] end),
     through(maps, update_with, fun(B) -> [1, one(B, x), M] end),
     through(maps, update_with, fun(B) -> [1, one(B, x), 0, M] end),
     through(maps, merge_with, fun(B) -> [three(B, x), M, M] end),
     through(maps, intersect_with, fun(B) -> [three(B, x), M, M] end),
     through(maps, groups_from_list, fun(B) -> [one(B, x), [1, 2, 3]] end)].
through_5() ->
    P = [{1, a}, {2, b}, {3, c}],
    [through(orddict, map, fun(B) -> [two(B, x), P] end),
     through(orddict, fold, fun(B) -> [three(B, x), 0, P] end),
     through(orddict, filter, fun(B) -> [two(B, true), P] end),
     through(gb_trees, map, fun(B) -> [two(B, x), gb_trees:from_orddict(P)] end)].
%% A fun that waits.
through_6() ->
    Wait = fun(F) -> fun(_) -> receive after 1 -> F(x) end, x end end,
    [{F, through(lists, F, fun(B) -> [Wait(B), [1, 2, 3]] end)} || F <- [map, foreach]].
%% What a handler within the fun sees.
through_7() ->
    lists:map(fun(X) -> try id(X) + a catch error:_:S -> [{M, N, A} || {M, N, A, _} <- S, M =:= lists] end end, [1, 2, 3]).

%% ---- what is printed
text(F) ->
    try F() catch C:R:S ->
        Options = #{stack_trim_fun => fun(M, _, _) -> lists:member(M, [explaining, runner]) end, column => 3},
        unicode:characters_to_list(erl_error:format_exception(C, R, [hd(S)], Options))
    end.
text_1() -> [text(fun() -> maps:get(a, id(X)), ok end) || X <- [b, #{}]].
text_2() -> [text(fun() -> atom_to_list(id(1)), ok end), text(fun() -> list_to_integer(id("abc")), ok end)].
text_3() -> [text(fun() -> io:format(X, Y), ok end)
             || {X, Y} <- [{"~p", []}, {"~p", [a, b]}, {"~z", [a]}, {"~tz", [a]}, {"~", []}, {"~s~f", [1, 2]},
                           {{x}, []}, {"x", [a | b]}, {user, "x"}]].
text_4() -> [text(fun() -> io:put_chars(X), ok end) || X <- [foo, {1}]].
text_5() -> [text(fun() -> io:format(nobody, "x", []), ok end), text(fun() -> io:nl(nobody), ok end)].
text_6() -> text(fun() -> ets:lookup(nobody, x), ok end).
text_7() -> text(fun() -> explained(a, b) end).
text_8() -> text(fun() -> explained(loudly, b) end).
text_9() ->
    Print = fun(Term, _) when is_tuple(Term) -> "a tuple"; (Term, _) -> io_lib:format("~0p", [Term ++ [x]]) end,
    try explained(a, b) catch C:R:S ->
        unicode:characters_to_list(erl_error:format_exception(C, R, [hd(S)], #{format_fun => Print}))
    end.

explained(A, B) -> error({why, A}, [A, B], [{error_info, #{module => explaining, cause => A}}]).
format_error({why, loudly}, _) -> #{reason => "not at all", general => "both"};
format_error(_, [{_, _, _, Info} | _]) ->
    {error_info, #{cause := Cause}} = lists:keyfind(error_info, 1, Info),
    #{1 => "first\nand more", 2 => io_lib:format("second of ~p", [Cause])}.

%% ---- those who explain, asked directly
asked_1() ->
    erl_stdlib_errors:format_error(badarg, [{lists, member, [a, b], [{error_info, #{module => erl_stdlib_errors}}]}]) =/= #{}.
asked_2() ->
    [maps:keys(erl_erts_errors:format_error(badarg, [{erlang, F, A, [{error_info, #{module => erl_erts_errors}}]}]))
     || {F, A} <- [{atom_to_list, [1]}, {element, [0, x]}]].
