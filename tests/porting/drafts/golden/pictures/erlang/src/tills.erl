%%% A draft, ported from pictures.py.
-module(tills).
-behaviour(director).

-export([init/1]).

init(_Arg) ->
    Plan = [{restart, 300}, wait],
    {
        ok,
        [
            #{
                id => {till, N},
                start => {server, start_link, [list_to_atom("till_" ++ integer_to_list(N))]},
                plan => Plan
            }
            || N <- [1, 2]
        ]
    }.
