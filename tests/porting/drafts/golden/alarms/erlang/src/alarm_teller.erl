%%% Tells somebody of alarms, as many as he has patience for.
%%% A draft, ported from alarms.py.
-module(alarm_teller).
-behaviour(gen_event).

-export([init/1, handle_event/2, handle_call/2, terminate/2]).

init(Args) ->
    {ok, Args}.

handle_event({alarm, _}, {_Whom, Patience}) when Patience =< 0 ->
    remove_handler;
handle_event({alarm, What}, {Whom, Patience}) ->
    Whom ! {told, What, Patience},
    {ok, {Whom, Patience - 1}}.

handle_call(_Request, State) ->
    {ok, what, State}.

terminate(Reason, {Whom, _}) ->
    Whom ! {bye, Reason},
    ok.
