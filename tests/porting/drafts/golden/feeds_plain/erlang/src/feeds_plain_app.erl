%%% The application: it starts the supervisor feeds_sup.
-module(feeds_plain_app).
-behaviour(application).

-export([start/2, stop/1]).

start(_Type, _Args) ->
    feeds_sup:start_link().

stop(_State) ->
    ok.
