%%% `{strategy}` for the workers; a slow one with 100 ms to end.
%%% A draft, ported from restarts.py.
-module(restarts_sup).
-behaviour(supervisor).

-export([start_link/1]).
-export([init/1]).

-spec start_link(term()) -> term().
start_link(Strategy) ->
    supervisor:start_link({local, restarts_sup}, ?MODULE, Strategy).

init(Strategy) ->
    Workers = [#{id => Name, start => {restarts_worker, start_link, [Name]}} || Name <- [a, b, c]],
    Slow = #{
        id => slow,
        start => {restarts_slow, start_link, [slow, 50]},
        shutdown => 100,
        modules => [restarts_slow]
    },
    {ok, {#{strategy => Strategy, intensity => 3, period => 5}, Workers ++ [Slow]}}.
