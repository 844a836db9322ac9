-module(station_SUITE).

-include_lib("common_test/include/ct.hrl").
-include_lib("stdlib/include/assert.hrl").

-compile(export_all).

suite() ->
    [{timetrap, {minutes, 5}}].

all() ->
    [starts_and_stops, means, {group, failures}].

groups() ->
    [{failures, [], [sensor_fails_and_comes_back, average_forgets, gives_up, one_sensor_ends_in_peace]}].

init_per_testcase(_Case, Config) ->
    ok = application:start(station),
    Config.

end_per_testcase(_Case, _Config) ->
    _ = application:stop(station),
    ok = application:unload(station).

starts_and_stops(_Config) ->
    4 = length(supervisor:which_children(station_sup)),
    ok = application:stop(station),
    undefined = whereis(station_sup),
    ok = application:start(station).

means(_Config) ->
    {ok, _} = station_sensor_sup:add(roof, counting(1)),
    unknown = station_average:mean(roof),
    timer:sleep(3500),
    ?assertEqual({ok, 2.0}, station_average:mean(roof)),
    timer:sleep(4000),
    ?assertEqual({ok, 5.0}, station_average:mean(roof)).

sensor_fails_and_comes_back(_Config) ->
    {ok, Pid} = station_sensor_sup:add(wet, fun() -> error(wet) end),
    Monitor = monitor(process, Pid),
    receive {'DOWN', Monitor, process, Pid, {wet, _}} -> ok end,
    timer:sleep(10),
    [{undefined, New, worker, _}] = supervisor:which_children(station_sensor_sup),
    true = is_pid(New) andalso New =/= Pid,
    ?assertEqual([{sensor, wet}, {sensor, wet}], station_log:notes()).

average_forgets(_Config) ->
    {ok, _} = station_sensor_sup:add(roof, fun() -> 20 end),
    timer:sleep(2500),
    {ok, 20.0} = station_average:mean(roof),
    exit(whereis(station_average), kill),
    timer:sleep(10),
    ?assertEqual(unknown, station_average:mean(roof)),
    timer:sleep(1000),
    ?assertEqual({ok, 20.0}, station_average:mean(roof)).

%% Four ends within ten seconds are more than three: the application ends.
gives_up(_Config) ->
    Supervisor = monitor(process, station_sup),
    [begin exit(whereis(station_log), kill), timer:sleep(100) end || _ <- lists:seq(1, 4)],
    receive {'DOWN', Supervisor, process, _, shutdown} -> ok end,
    timer:sleep(100),
    false = lists:keymember(station, 1, application:which_applications()).

one_sensor_ends_in_peace(_Config) ->
    {ok, Roof} = station_sensor_sup:add(roof, fun() -> 20 end),
    {ok, Cellar} = station_sensor_sup:add(cellar, fun() -> 10 end),
    ok = gen_server:stop(Cellar),
    timer:sleep(100),
    [{undefined, Roof, worker, _}] = supervisor:which_children(station_sensor_sup).

%% A fun that gives First, First + 1, ... one after the other.
counting(First) ->
    Counter = counters:new(1, []),
    counters:put(Counter, 1, First - 1),
    fun() -> counters:add(Counter, 1, 1), counters:get(Counter, 1) end.
