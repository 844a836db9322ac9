-module(expressions).
-export([operators/2, funs/1, lists/1, maps/1, blocks/1, tries/1]).

operators(A, B) ->
    C = A + B * 2 - 1 / 3 div 4 rem 5,
    D = (A bsl 1) bor (B band 16#FF) bxor bnot C,
    E = not (A == B) and (A =/= B) or (A =:= B) xor true,
    F = A > B andalso B >= 1 orelse A =< 2 andalso A /= B,
    G = [1] ++ [2] -- [3] ++ [],
    H = -A + +B - -1,
    self() ! {C, D, E, F, G, H},
    A = B = catch C = D ! E,
    1 + catch 2 + 3.

funs(X) ->
    F = fun(Y) when Y > 1; Y < 0, X == 1 -> Y; (_) -> 0 end,
    Fact = fun Loop(0) -> 1; Loop(N) -> N * Loop(N - 1) end,
    G = fun funs/1,
    H = fun lists:map/2,
    I = fun X:X/X,
    (fun() -> ok end)(),
    F(Fact(G)), H(I, []), X:f(), lists:X(1), (X):(X)(), 'a b':'C d'().

lists([H | T] = L) -> [H, T | L];
lists([]) -> [];
lists("ab" ++ Rest) -> "x" "y" ++ Rest;
lists([$a, $\n, $\s, $\x41, $\x{263a}, $\101, $\^A, $\\ | _]) ->
    [X || X <- "abc", {Y, _} <- [X], Y > 1, is_integer(Y)].

maps(#{a := A, {b, 1} := [_ | B]} = M) ->
    M#{a => A, c => #{}}#{a := B}, #{1 => 2, 2.0 => "x"}.

blocks(X) ->
    case begin X, X end of
        1 when true -> if X > 1, X < 3; X == 0 -> a; true -> b end;
        {Y, Y} = Z -> Z
    end,
    receive a -> b; {c, D} when D -> e after 10 -> f, g end,
    receive after infinity -> ok end,
    receive Any -> Any end.

tries(X) ->
    try X, X of 1 -> a; _ when X -> b
    catch throw -> 1; error:E -> E; exit:_:S when S == [] -> S; C:{R, _} = T:St -> {C, R, T, St}
    after done, X
    end,
    try X after y end,
    try X catch _:_ -> ok end.
