%%% The supervisor of the garage.
%%% A draft, ported from parking.py.
-module(parking_sup).
-behaviour(supervisor).

-export([start_link/0]).
-export([init/1]).

-spec start_link() -> term().
start_link() ->
    supervisor:start_link({local, parking_sup}, ?MODULE, []).

init(_Args) ->
    Garage = #{id => garage, start => {garage, start_link, [2]}},
    {ok, {#{strategy => one_for_one, intensity => 1, period => 5}, [Garage]}}.
