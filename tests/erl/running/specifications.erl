-module(specifications).
-include_lib("stdlib/include/ms_transform.hrl").
-compile([export_all, nowarn_export_all]).
-record(r, {a, b = 2, c}).
specs_1() -> Z = {x, 1}, P = self(), _ = P,
 [ets:fun2ms(fun({A, B}) when A > 1 -> B end),
  ets:fun2ms(fun(X) -> X end),
  ets:fun2ms(fun({A, _, A}) -> A end),
  ets:fun2ms(fun({A, B} = W) when is_atom(A), B =:= Z -> {W, {A}, [B, 1], Z} end),
  ets:fun2ms(fun({A, B}) when A > 1; B < 2, A =/= 3 -> true end),
  ets:fun2ms(fun({A}) when A > 1 andalso A < 5 orelse not (A =:= 7) -> A + 1 * 2 end),
  ets:fun2ms(fun({1, A}) -> A; ({2, B}) -> {two, B} end),
  ets:fun2ms(fun(#r{a = A, c = 3}) -> A end),
  ets:fun2ms(fun(R = #r{a = A}) when R#r.b > A -> R#r{b = 9} end),
  ets:fun2ms(fun({A}) -> #r{a = A} end),
  ets:fun2ms(fun({A, "str", <<1>>, 'at', 1.5, $c}) -> [A | "x"] end),
  ets:fun2ms(fun({Z2}) -> {Z2, object(), bindings()} end),
  ets:fun2ms(fun({A}) when element(1, A) > 2, is_record(A, r) -> -A end),
  ets:fun2ms(fun({#{k := V}}) -> V end),
  ets:fun2ms(fun({A}) -> #{k => A} end),
  ets:fun2ms(fun({Z}) -> Z end),
  ets:fun2ms(fun({A}) -> ok, A end),
  ets:fun2ms(fun({A}) when A -> {A, {}, []} end),
  ets:fun2ms(fun({A, B}) when A + B > self() -> node() end),
  ets:fun2ms(fun(_) -> Z end)].
select_1() ->
    T = ets:new(t, [ordered_set]),
    true = ets:insert(T, [{N, N * N, x} || N <- lists:seq(1, 9)]),
    Least = 30,
    [ets:select(T, ets:fun2ms(fun({N, S, _}) when S > Least, N rem 2 =:= 0 -> {N, S} end)),
     ets:select_count(T, ets:fun2ms(fun({N, _, x}) when N < 4 -> true end)),
     ets:select_delete(T, ets:fun2ms(fun({N, _, _}) when N > 2; N =:= 1 -> true end)),
     ets:tab2list(T)].
