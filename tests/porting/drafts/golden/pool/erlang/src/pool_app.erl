%%% The application: it starts the supervisor pool_top.
-module(pool_app).
-behaviour(application).

-export([start/2, stop/1]).

start(_Type, _Args) ->
    pool_top:start_link().

stop(_State) ->
    ok.
