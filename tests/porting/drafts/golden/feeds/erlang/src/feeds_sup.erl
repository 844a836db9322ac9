%%% The director's supervisor.
%%% A draft, ported from feeds.py.
-module(feeds_sup).
-behaviour(supervisor).

-export([start_link/0]).
-export([init/1]).

-spec start_link() -> term().
start_link() ->
    supervisor:start_link({local, feeds_sup}, ?MODULE, []).

init(_Args) ->
    Feeds = #{id => feeds, start => {feeds, start_link, [[news, sport]]}, type => supervisor},
    {ok, {#{strategy => one_for_one, intensity => 1, period => 5}, [Feeds]}}.
