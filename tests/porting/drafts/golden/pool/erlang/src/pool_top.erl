%%% Both, the workers first: with them the keeper is started anew.
%%% A draft, ported from pool.py.
-module(pool_top).
-behaviour(supervisor).

-export([start_link/0]).
-export([init/1]).

-spec start_link() -> term().
start_link() ->
    supervisor:start_link({local, pool_top}, ?MODULE, []).

init(_Args) ->
    {
        ok,
        {
            #{strategy => one_for_all, intensity => 1, period => 5},
            [
                #{id => workers, start => {pool_sup, start_link, []}, type => supervisor},
                #{id => keeper, start => {pool_keeper, start_link, [2]}}
            ]
        }
    }.
