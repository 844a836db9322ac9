%%% The application.
%%% A draft, ported from ledger.py.
-module(ledger_app).
-behaviour(application).

-export([start/2, stop/1]).

start(_Type, Owner) ->
    ledger_sup:start_link(Owner).

stop(_State) ->
    ok.
