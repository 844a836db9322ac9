-module(station_sensor_sup).
-behaviour(supervisor).

-export([start_link/0, add/2, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

%% Add a sensor; Measure is a fun without arguments that gives a number.
-spec add(atom(), fun(() -> number())) -> supervisor:startchild_ret().
add(Name, Measure) ->
    supervisor:start_child(?MODULE, [Name, Measure]).

init([]) ->
    Sensor = #{id => station_sensor, start => {station_sensor, start_link, []}, restart => transient},
    {ok, {#{strategy => simple_one_for_one, intensity => 10, period => 10}, [Sensor]}}.
