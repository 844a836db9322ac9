%%% States: `"off"`, `("on", level)`. Data: how often it was switched on.
%%% A draft, ported from lamp.py.
-module(lamp).
-behaviour(gen_statem).

-export([start_link/1, stop/1]).
-export([callback_mode/0, init/1, handle_event/4]).

-spec start_link(term()) -> term().
start_link(Name) ->
    gen_statem:start_link(?MODULE, Name, []).

-spec stop(term()) -> term().
stop(Lamp) ->
    gen_statem:stop(Lamp).

callback_mode() ->
    handle_event_function.

init(_Name) ->
    {ok, off, 0}.

handle_event(cast, push, off, Count) ->
    {next_state, {on, 1}, Count + 1, [{{timeout, sleep}, 10000, tired}]};
handle_event(cast, push, {on, Level}, Count) when is_integer(Level), Level < 3 ->
    {next_state, {on, Level + 1}, Count};
handle_event(cast, push, {on, _}, Count) ->
    {next_state, off, Count, [{{timeout, sleep}, cancel}]};
handle_event({timeout, sleep}, tired, _State, Count) ->
    {next_state, off, Count};
handle_event({call, From}, look, State, Count) ->
    {keep_state_and_data, [{reply, From, {State, Count}}]};
handle_event(info, explode, _State, _Count) ->
    {stop, {shutdown, exploded}};
handle_event(info, _Event, _State, _Count) ->
    keep_state_and_data.
