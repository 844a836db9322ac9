%%% Counts events by kind.
%%% A draft, ported from audit.py.
-module(count_handler).
-behaviour(gen_event).

-export([init/1, handle_event/2, handle_call/2]).

init(_Args) ->
    {ok, #{}}.

handle_event({boom, _}, _Counts) ->
    error(boom);
handle_event({ignore, _}, Counts) ->
    {ok, Counts};
handle_event({Kind, _}, Counts) ->
    {ok, Counts#{Kind => maps:get(Kind, Counts, 0) + 1}};
handle_event(stop, _Counts) ->
    remove_handler.

handle_call(counts, Counts) ->
    {ok, Counts, Counts};
handle_call({count, Kind}, Counts) ->
    {ok, maps:get(Kind, Counts, 0), Counts}.
