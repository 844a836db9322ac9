%%% The director `connections`.
%%% A draft, ported from tree.py.
-module(connections).
-behaviour(director).

-export([start_link/0]).
-export([init/1]).

-define(CONNECTIONS, 3).

-spec start_link() -> term().
start_link() ->
    director:start_link({local, connections}, ?MODULE, []).

init(_Args) ->
    {ok, [spec(Number) || Number <- lists:seq(1, ?CONNECTIONS)]}.

-spec spec(integer()) -> term().
spec(Number) ->
    #{
        id => {connection, Number},
        start => {connection, start_link, [Number]},
        plan => [restart, {restart, 100}, {restart, 1000}],
        count => 2,
        terminate_timeout => 500
    }.
