-module(station_alarm_tests).

-include_lib("eunit/include/eunit.hrl").
-include("station.hrl").

alarm_test_() ->
    {foreach, fun start/0, fun stop/1,
     [fun(_) -> {"quiet at first", ?_assertEqual(quiet, station_alarm:state())} end,
      fun(_) -> {"warm above the limit", ?_assertEqual(warm, after_values([31.0]))} end,
      fun(_) -> {"quiet again", ?_assertEqual(quiet, after_values([31.0, 30.0]))} end,
      fun(_) -> {"rings when it lasts", fun rings/0} end,
      fun(_) -> {"does not ring when it cools down", {timeout, 60, fun cools/0}} end]}.

start() ->
    ok = application:load(station),
    {ok, Log} = station_log:start_link(),
    {ok, Alarm} = station_alarm:start_link(),
    [Log, Alarm].

stop(Pids) ->
    [gen_server:stop(Pid) || Pid <- lists:reverse(Pids)],
    ok = application:unload(station).

after_values(Values) ->
    [station_alarm:reading(#reading{sensor = s, value = Value, at = 0}) || Value <- Values],
    station_alarm:state().

rings() ->
    warm = after_values([31.0]),
    timer:sleep(2900),
    ?assertEqual(warm, station_alarm:state()),
    timer:sleep(200),
    ?assertEqual(ringing, station_alarm:state()),
    ?assertEqual([alarm], station_log:notes()),
    ?assertEqual(quiet, after_values([20.0])).

cools() ->
    warm = after_values([31.0]),
    timer:sleep(2000),
    quiet = after_values([29.0]),
    timer:sleep(10000),
    ?assertEqual([], station_log:notes()).
