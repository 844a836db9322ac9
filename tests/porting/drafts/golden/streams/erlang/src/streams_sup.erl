%%% The tracker's supervisor; it owns the archive.
%%% A draft, ported from streams.py.
-module(streams_sup).
-behaviour(supervisor).

-export([start_link/0]).
-export([init/1]).

-spec start_link() -> term().
start_link() ->
    supervisor:start_link({local, streams_sup}, ?MODULE, []).

init(_Args) ->
    ets:new(archive, [named_table, public]),
    Streams = {streams, {gen_tracker, start_link, [streams]}, permanent, infinity, supervisor, []},
    {ok, {{one_for_one, 5, 10}, [Streams]}}.
