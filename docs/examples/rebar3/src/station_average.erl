%% The mean of the last readings of each sensor.
-module(station_average).
-behaviour(gen_server).

-include("station.hrl").

-ifdef(TEST).
-include_lib("eunit/include/eunit.hrl").
-endif.

-export([start_link/0, add/1, mean/1]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

-spec add(#reading{}) -> ok.
add(Reading) ->
    gen_server:cast(?MODULE, {add, Reading}).

-spec mean(atom()) -> {ok, float()} | unknown.
mean(Sensor) ->
    gen_server:call(?MODULE, {mean, Sensor}).

init([]) ->
    {ok, Window} = application:get_env(station, window),
    {ok, {Window, #{}}}.

handle_call({mean, Sensor}, _From, {_, Values} = State) ->
    case Values of
        #{Sensor := Last} -> {reply, {ok, mean_of(Last)}, State};
        #{} -> {reply, unknown, State}
    end.

handle_cast({add, #reading{sensor = Sensor, value = Value}}, {Window, Values}) ->
    Last = lists:sublist([Value | maps:get(Sensor, Values, [])], Window),
    {noreply, {Window, Values#{Sensor => Last}}}.

mean_of(Values) ->
    lists:sum(Values) / length(Values).

-ifdef(TEST).
mean_of_test_() ->
    [?_assertEqual(2.0, mean_of([1.0, 2.0, 3.0])),
     ?_assertError(badarith, mean_of([]))].
-endif.
