%%% Keeps the last events.
%%% A draft, ported from audit.py.
-module(log_handler).
-behaviour(gen_event).

-export([init/1, handle_event/2, handle_call/2, handle_info/2, terminate/2]).

-record(log, {limit = 3 :: integer(), entries = [] :: list(), dropped = 0 :: integer()}).

init(Limit) ->
    {ok, #log{limit = Limit}}.

handle_event(Event, Log) ->
    case length(Log#log.entries) < Log#log.limit of
        true ->
            {ok, Log#log{entries = [Event | Log#log.entries]}};
        false ->
            Kept = [Event | lists:sublist(Log#log.entries, max(0, length(Log#log.entries) - 1))],
            {ok, Log#log{entries = Kept, dropped = Log#log.dropped + 1}}
    end.

handle_call(last, Log) ->
    {ok, {Log#log.entries, Log#log.dropped}, Log}.

handle_info(_Message, Log) ->
    {ok, Log}.

terminate(Reason, Log) ->
    {Reason, length(Log#log.entries)}.
