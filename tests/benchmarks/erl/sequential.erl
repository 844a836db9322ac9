%% Sequential code: each function does its work Count times.
-module(sequential).
-export([nrev/1, fib/1, keyfind/1, sort/1]).

nrev(Count) -> nrev(Count, lists:seq(1, 30)).

nrev(0, _) -> ok;
nrev(Count, List) ->
    _ = reversed(List),
    nrev(Count - 1, List).

reversed([]) -> [];
reversed([H | T]) -> append(reversed(T), [H]).

append([], Ys) -> Ys;
append([X | Xs], Ys) -> [X | append(Xs, Ys)].

fib(0) -> ok;
fib(Count) ->
    _ = fibonacci(15),
    fib(Count - 1).

fibonacci(0) -> 0;
fibonacci(1) -> 1;
fibonacci(N) -> fibonacci(N - 1) + fibonacci(N - 2).

keyfind(Count) -> keyfind(Count, [{list_to_atom("key" ++ integer_to_list(N)), N} || N <- lists:seq(1, 20)]).

keyfind(0, _) -> ok;
keyfind(Count, Rows) ->
    20 = find(key20, Rows),
    keyfind(Count - 1, Rows).

find(Key, [{Key, Value} | _]) -> Value;
find(Key, [_ | Rows]) -> find(Key, Rows);
find(_, []) -> none.

sort(Count) -> sort(Count, [N * 7919 rem 101 || N <- lists:seq(1, 100)]).

sort(0, _) -> ok;
sort(Count, List) ->
    _ = sorted(List),
    sort(Count - 1, List).

sorted([]) -> [];
sorted([X]) -> [X];
sorted(List) ->
    {Left, Right} = halves(List, [], []),
    merged(sorted(Left), sorted(Right)).

halves([], Left, Right) -> {Left, Right};
halves([X | Xs], Left, Right) -> halves(Xs, Right, [X | Left]).

merged([], Ys) -> Ys;
merged(Xs, []) -> Xs;
merged([X | Xs], [Y | _] = Ys) when X =< Y -> [X | merged(Xs, Ys)];
merged(Xs, [Y | Ys]) -> [Y | merged(Xs, Ys)].
