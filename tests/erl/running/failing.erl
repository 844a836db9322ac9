-module(failing).
-compile([export_all, nowarn_export_all]).

id(X) -> runner:id(X).

%% ---- try, catch
try_1() -> [try_(fun() -> ok end), try_(fun() -> throw(t) end), try_(fun() -> exit(e) end), try_(fun() -> error(r) end)].
try_(F) -> try F() of ok -> fine; Other -> Other catch throw:X -> {thrown, X}; exit:X -> {exited, X}; error:X -> {failed, X} end.
try_2() -> try id(1) of 2 -> two catch _:_ -> caught end.
try_3() -> try error(a) catch error:b -> no end.
try_4() -> try throw(x) catch x -> 1 end.
try_5() -> put(log, []), R = (catch try throw(x) after put(log, [done | get(log)]) end), {R, get(log)}.
try_6() -> try try error(inner) after id(ok) end catch error:inner -> outer end.
try_7() -> X = try 1 after 2 end, X.
try_8() -> try id(5) of X when X > 3 -> {big, X}; _ -> small catch _:_ -> no after id(x) end.
try_9() -> try lists:map(fun(X) -> 1 / X end, [1, 0]) catch error:badarith:S -> {length(S) > 1, hd(hd([[M || {M, _, _, _} <- S]]))} end.
try_10() -> try exit({shutdown, x}) catch exit:{shutdown, R} when R == y -> y; exit:{shutdown, R} -> R end.
try_11() -> try try throw(a) catch throw:a -> throw(b) end catch throw:b -> c end.
catch_1() -> [catch 1, catch throw(x), catch exit(y)].
catch_2() -> {'EXIT', {R, [{M, F, A, _} | _]}} = (catch error(oops)), {R, M, F, A}.
catch_3() -> case catch id(a) + 1 of {'EXIT', {R, [_ | _]}} -> R end.
catch_4() -> {'EXIT', {badarith, [{erlang, '+', [a, a], _}, {M, F, A, _} | _]}} = (catch plus(id(a))), {M, F, A}.
plus(X) -> X + X.

%% ---- stacks
stack_1() -> deep(3).
deep(0) -> case id(0) of 0 -> error(bottom); X -> X end;
deep(N) -> 1 + deep(N - 1).
stack_2() -> tail(3).
tail(0) -> case id(0) of 0 -> error(bottom); X -> X end;
tail(N) -> tail(N - 1).
stack_3() -> clause(x).
clause(1) -> ok.
stack_4() -> X = other(), {X}.
other() ->
    Y = id(1),
    Z = third(Y),
    {Z}.
third(X) ->
    case X of
        2 -> ok
    end.
stack_5() -> case id(1) of 2 -> a end.
stack_6() -> if_(3), ok.
if_(X) -> if X > 5 -> a; X < 2 -> b end.
stack_7() -> {a, b} = id(c).
stack_8() -> in_fun(fun(X) -> X + a end).
in_fun(F) -> R = F(1), [R].
stack_9() -> R = [hd(X) || X <- [[], [1]]], R.
stack_10() -> R = atom_to_list(id("x")), R.
stack_11() -> error(reason, [a, b]).
stack_12() -> ping(3).
ping(0) -> error(ping);
ping(N) -> pong(N - 1).
pong(0) -> case id(0) of 0 -> error(pong); X -> X end;
pong(N) -> ping(N - 1).
stack_13() -> R = lists:foldl(fun(X, _) -> id(X) / 0 end, 0, [1]), [R].
stack_31() -> R = other(), R.
stack_14() -> R = deeper(20), [R].
deeper(0) -> case id(0) of 0 -> throw(up); X -> X end;
deeper(N) -> [deeper(N - 1)].
stack_15() -> R = no_module:f(1), [R].
stack_16() -> no_module:f(1).
stack_17() -> erlang:raise(error, mine, [{a, b, 1, [{file, "x"}, {line, 5}]}]).
stack_18() -> F = id(fun(1) -> 2 end), R = F(3), [R].
stack_19() -> F = id(fun() -> id(1), error(x) end), F(), ok.
stack_20() ->
    id([1,
        2,
        id(1) + a,
        3]).
stack_21() -> tuple(element(3, id({1, 2}))).
tuple(X) -> {X}.
stack_22() -> R = [begin Y = id(X), {Y, Y div 0} end || X <- [1]], R.
stack_23() -> try deep(1) catch error:bottom:S -> erlang:raise(error, again, S) end.
stack_24() -> Z = catching(), [Z].
catching() -> try deep(2) catch throw:_ -> ok end.
stack_25() -> Z = finally(), [Z].
finally() -> try deep(2) after id(1) end.
stack_26() -> R = bits(id(a)), [R].
bits(X) -> <<X:8>>.
stack_27() -> R = exit(id(gone)), R.
stack_28() -> R = maps:get(a, id(#{})), R.
stack_29() -> R = lists:nth(5, id([1])), R.
stack_30() -> R = (id(#{}))#{a := 1}, R.
