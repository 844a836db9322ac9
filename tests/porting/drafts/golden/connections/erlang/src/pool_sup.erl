%%% The tree: connections first, then the pool, which is nothing without them and starts again with them.
%%% A draft, ported from pool_sup.py.
-module(pool_sup).
-behaviour(supervisor).

-export([start_link/1]).
-export([init/1]).

-spec start_link(integer()) -> term().
start_link(Size) ->
    supervisor:start_link({local, pool_sup}, ?MODULE, Size).

init(Size) ->
    Flags = #{strategy => rest_for_one, intensity => 2, period => 5},
    Conns = #{id => conn_sup, start => {conn_sup, start_link, []}, type => supervisor},
    Pool = #{id => pool, start => {connections_pool, start_link, [Size]}, shutdown => 1000},
    {ok, {Flags, [Conns, Pool]}}.
