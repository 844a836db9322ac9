%%% The application: it starts the supervisor streams_sup.
-module(streams_app).
-behaviour(application).

-export([start/2, stop/1]).

start(_Type, _Args) ->
    streams_sup:start_link().

stop(_State) ->
    ok.
