%% The alarm: quiet; warm, when a reading was above the limit; ringing, when that has lasted as long as we are patient.
-module(station_alarm).
-behaviour(gen_statem).

-include("station.hrl").

-export([start_link/0, reading/1, state/0]).
-export([callback_mode/0, init/1, quiet/3, warm/3, ringing/3]).

start_link() ->
    gen_statem:start_link({local, ?MODULE}, ?MODULE, [], []).

-spec reading(#reading{}) -> ok.
reading(Reading) ->
    gen_statem:cast(?MODULE, Reading).

-spec state() -> quiet | warm | ringing.
state() ->
    gen_statem:call(?MODULE, state).

callback_mode() ->
    [state_functions, state_enter].

init([]) ->
    {ok, Limit} = application:get_env(station, limit),
    {ok, Patience} = application:get_env(station, patience),
    {ok, quiet, {Limit, Patience}}.

quiet(enter, _Old, Data) ->
    {keep_state, Data};
quiet(cast, #reading{value = Value}, {Limit, _} = Data) when Value > Limit ->
    {next_state, warm, Data};
quiet(Type, Content, Data) ->
    any(Type, Content, ?FUNCTION_NAME, Data).

warm(enter, _Old, {_, Patience} = Data) ->
    {keep_state, Data, [{state_timeout, Patience, ring}]};
warm(state_timeout, ring, Data) ->
    {next_state, ringing, Data};
warm(Type, Content, Data) ->
    any(Type, Content, ?FUNCTION_NAME, Data).

ringing(enter, _Old, Data) ->
    station_log:note(alarm),
    {keep_state, Data};
ringing(Type, Content, Data) ->
    any(Type, Content, ?FUNCTION_NAME, Data).

any(cast, #reading{value = Value}, State, {Limit, _} = Data) when State =/= quiet, Value =< Limit ->
    {next_state, quiet, Data};
any({call, From}, state, State, Data) ->
    {keep_state, Data, [{reply, From, State}]};
any(cast, #reading{}, _State, Data) ->
    {keep_state, Data}.
