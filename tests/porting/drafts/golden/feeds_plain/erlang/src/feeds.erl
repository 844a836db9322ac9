%%% The director: each feed may crash four times.
%%% A draft, ported from feeds.py.
-module(feeds).
-behaviour(supervisor).

-export([start_link/1]).
-export([init/1]).

-spec start_link([atom()]) -> term().
start_link(Names) ->
    supervisor:start_link({local, feeds}, ?MODULE, Names).

init(Names) ->
    {
        ok,
        {#{strategy => one_for_one, intensity => 4, period => 3600}, [feed(Name) || Name <- Names]}
    }.

-spec feed(atom()) -> term().
feed(Name) ->
    #{id => Name, start => {feed, start_link, [Name]}, restart => permanent, shutdown => 1000}.
