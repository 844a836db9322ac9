%%% The supervisor `turnstile`; it owns the table `ledger`, which outlives every gate.
%%% A draft, ported from tree.py.
-module(tree).
-behaviour(supervisor).

-export([start_link/0]).
-export([init/1]).

-spec start_link() -> term().
start_link() ->
    supervisor:start_link({local, turnstile}, ?MODULE, []).

init(_Args) ->
    ets:new(ledger, [named_table, public]),
    Flags = #{strategy => rest_for_one, intensity => 2, period => 60},
    Children = [
        #{id => breaker, start => {breaker, start_link, []}},
        #{id => pool, start => {turnstile_pool, start_link, []}},
        #{id => connections, start => {connections, start_link, []}, type => supervisor},
        {gates, {gen_tracker, start_link, [gates]}, permanent, infinity, supervisor, []}
    ],
    {ok, {Flags, Children}}.
