%%% The application: it starts the supervisor tree.
-module(turnstile_app).
-behaviour(application).

-export([start/2, stop/1]).

start(_Type, _Args) ->
    tree:start_link().

stop(_State) ->
    ok.
