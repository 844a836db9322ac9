%%% A draft, ported from planned.py.
-module(planned_pool).
-behaviour(director).

-export([start_link/1]).
-export([init/1]).

-spec start_link(integer()) -> term().
start_link(Workers) ->
    director:start_link({local, planned_pool}, ?MODULE, Workers).

init(Workers) ->
    {ok, [childspec(Number) || Number <- lists:seq(0, Workers - 1)]}.

-spec childspec(integer()) -> term().
childspec(Number) ->
    #{
        id => Number,
        start => {planned_worker, start_link, [list_to_atom("worker" ++ integer_to_list(Number))]},
        plan => [fun after_a_crash/2],
        count => infinity
    }.

-spec after_a_crash(term(), integer()) -> term().
after_a_crash(no_database, Count) ->
    {restart, min(250 * (Count + 1), 2000)};
after_a_crash(_Reason, Count) when Count =< 3 ->
    restart;
after_a_crash(Reason, _Count) ->
    {stop, {broken, Reason}}.
