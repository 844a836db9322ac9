-module(station_sup).
-behaviour(supervisor).

-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    %% Sensors come last: what they tell has somewhere to go.
    Children = [worker(station_log), worker(station_average), worker(station_alarm),
                #{id => station_sensor_sup, start => {station_sensor_sup, start_link, []}, type => supervisor}],
    {ok, {#{strategy => one_for_one, intensity => 3, period => 10}, Children}}.

worker(Module) ->
    #{id => Module, start => {Module, start_link, []}}.
