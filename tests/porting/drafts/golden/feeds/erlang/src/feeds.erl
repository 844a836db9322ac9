%%% The director: each feed may crash four times.
%%% A draft, ported from feeds.py.
-module(feeds).
-behaviour(director).

-export([start_link/1]).
-export([init/1]).

-define(PLAN, [restart, {restart, 100}]).

-spec start_link([atom()]) -> term().
start_link(Names) ->
    director:start_link({local, feeds}, ?MODULE, Names).

init(Names) ->
    {ok, [feed(Name) || Name <- Names]}.

-spec feed(atom()) -> term().
feed(Name) ->
    #{id => Name, start => {feed, start_link, [Name]}, plan => ?PLAN, count => 2}.
