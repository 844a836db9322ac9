%%% Counts alarms. State: `{kind: number}`.
%%% A draft, ported from alarms.py.
-module(alarm_counter).
-behaviour(gen_event).

-export([init/1, handle_event/2, handle_call/2, terminate/2]).

init(_Args) ->
    {ok, #{}}.

handle_event({alarm, What}, Counts) ->
    {ok, Counts#{What => maps:get(What, Counts, 0) + 1}};
handle_event(_Event, Counts) ->
    {ok, Counts}.

handle_call(count, Counts) ->
    {ok, Counts, Counts}.

terminate(_Reason, _Counts) ->
    ok.
