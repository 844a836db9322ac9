-module(features).
-feature(maybe_expr, enable).
-compile([export_all, nowarn_export_all]).
id(X) -> runner:id(X).
m(X) -> maybe {ok, A} ?= X, B = A + 1, true ?= B > 2, {fine, B} end.
maybe_1() -> [m(X) || X <- [{ok, 5}, {ok, 1}, error]].
maybe_2() -> maybe ok ?= id(no), yes else no -> no; _ -> other end.
maybe_3() -> maybe ok ?= id(what), yes else no -> no end.
maybe_4() -> maybe 1 = id(2) end.
maybe_5() -> X = maybe {a, Y} ?= id({a, 1}), Y end, {X}.
