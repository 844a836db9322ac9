%%% The application: it starts the supervisor parking_sup.
-module(parking_app).
-behaviour(application).

-export([start/2, stop/1]).

start(_Type, _Args) ->
    parking_sup:start_link().

stop(_State) ->
    ok.
