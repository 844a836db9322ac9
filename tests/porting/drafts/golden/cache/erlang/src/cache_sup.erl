%%% A cache that is lost is started empty.
%%% A draft, ported from cache.py.
-module(cache_sup).
-behaviour(supervisor).

-export([start_link/1]).
-export([init/1]).

-spec start_link(integer()) -> term().
start_link(Ttl) ->
    supervisor:start_link({local, cache_sup}, ?MODULE, Ttl).

init(Ttl) ->
    Cache = #{id => cache, start => {cache, start_link, [#{ttl => Ttl}]}, shutdown => 100},
    {ok, {#{intensity => 3, period => 10}, [Cache]}}.
