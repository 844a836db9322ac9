%%% The manager, and those who use it.
%%% A draft, ported from alarms.py.
-module(alarm_manager).

-export([start_link/0, watch/1, raise_alarm/1, counted/0, handlers/0]).

-spec start_link() -> term().
start_link() ->
    gen_event:start_link({local, alarms}).

-spec watch(integer()) -> term().
watch(Patience) ->
    gen_event:add_handler(alarms, alarm_counter, []),
    gen_event:add_handler(alarms, {alarm_teller, first}, {self(), Patience}).

-spec raise_alarm(term()) -> term().
raise_alarm(What) ->
    gen_event:notify(alarms, {alarm, What}).

-spec counted() -> term().
counted() ->
    gen_event:call(alarms, alarm_counter, count).

%% How many there are.
-spec handlers() -> term().
handlers() ->
    length(gen_event:which_handlers(alarms)).
