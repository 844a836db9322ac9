-module(types).
-export_type([t/0, p/2]).
-record(plain, {a, b = 1 + 2, c}).
-record(typed, {a :: integer(), b = [] :: [atom()], c, d = #plain{a = 1} :: #plain{}}).
-record(empty, {}).
-type t() :: atom() | 1..10 | -1 | $a | [] | [t()] | [t(), ...] | {} | {t(), integer()} | tuple() | map().
-type p(A, B) :: #{a := A, b => B, integer() => term()} | #{} | #plain{} | #plain{a :: A, b :: B} | lists:x(A).
-opaque o() :: <<>> | <<_:8>> | <<_:_*4>> | <<_:8, _:_*2>> | fun() | fun((...) -> o()) | fun((A :: t(), o()) -> no_return()).
-type(q() :: (1 + 2 * 3) | 1 bsl 4 | foo(a, b) | string() | nonempty_list(t())).
-spec f(t()) -> t(); (X, Y) -> Z when X :: t(), Y :: [X], is_subtype(Z, p(X, Y)).
-spec types:g() -> ok.
-spec(h(A :: integer()) -> A | none()).
-callback c(term()) -> {ok, State :: term()} | ignore.
-optional_callbacks([c/1]).
-behaviour(gen_server).
-import(lists, [map/2, foldl/3]).
-deprecated({f, 1, "use g"}).

f(#plain{a = A, _ = B}) -> #plain{a = A, _ = B};
f(#typed.b) -> #typed.b;
f(R) -> R#plain.a, R#plain{b = 1, c = 2}#plain.b, (f(R))#typed.a, #empty{}.
