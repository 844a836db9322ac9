%%% The supervisor of the workers: it adds them when it is asked.
%%% A draft, ported from pool.py.
-module(pool_sup).
-behaviour(supervisor).

-export([start_link/0]).
-export([init/1]).

-spec start_link() -> term().
start_link() ->
    supervisor:start_link({local, pool_sup}, ?MODULE, []).

init(_Args) ->
    Flags = #{strategy => simple_one_for_one, intensity => 5, period => 10},
    Worker = #{id => worker, start => {pool_worker, start_link, []}, restart => temporary},
    {ok, {Flags, [Worker]}}.
