-module(features).
-feature(maybe_expr, enable).
-export([f/1]).
f(X) ->
    maybe
        {ok, A} ?= X,
        B = A,
        true ?= B > 1,
        [A, B]
    else
        {error, E} when E -> E;
        _ -> 'maybe'
    end.
g() -> maybe ok ?= ok end.
-if(?FEATURE_ENABLED(maybe_expr)).
'else'() -> ok.
-endif.
