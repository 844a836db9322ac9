%%% A draft, ported from five_minutes.py.
-module(top).
-behaviour(supervisor).

-export([init/1]).

init(_Arg) ->
    Flags = #{strategy => one_for_one, intensity => 1, period => 5},
    Child = #{id => counter, start => {counter, start_link, [7]}},
    {ok, {Flags, [Child]}}.
