%% A sensor: it measures each period and tells the average and the alarm. One that fails is started anew.
-module(station_sensor).
-behaviour(gen_server).

-include("station.hrl").

-export([start_link/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

start_link(Name, Measure) ->
    gen_server:start_link(?MODULE, {Name, Measure}, []).

init({Name, Measure}) ->
    {ok, Period} = application:get_env(station, period),
    {ok, _} = timer:send_interval(Period, measure),
    station_log:note({sensor, Name}),
    {ok, {Name, Measure}}.

handle_call(_Request, _From, State) ->
    {reply, ok, State}.

handle_cast(_Request, State) ->
    {noreply, State}.

handle_info(measure, {Name, Measure} = State) ->
    Reading = #reading{sensor = Name, value = float(Measure()), at = erlang:monotonic_time(millisecond)},
    station_average:add(Reading),
    station_alarm:reading(Reading),
    {noreply, State}.
