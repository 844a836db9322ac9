%%% Data: `(code, buttons that were pressed)`.
%%% A draft, ported from door.py.
-module(door).
-behaviour(gen_statem).

-export([start_link/1, press/1, ask/0]).
-export([callback_mode/0, init/1, locked/3, open/3]).

-define(OPEN_MS, 1000).

-spec start_link([integer()]) -> term().
start_link(Code) ->
    gen_statem:start_link({local, door}, ?MODULE, Code, []).

-spec press(integer()) -> term().
press(Button) ->
    gen_statem:cast(door, {press, Button}).

%% `("locked", presses)`, or `"open"`.
-spec ask() -> term().
ask() ->
    gen_statem:call(door, ask).

callback_mode() ->
    [state_functions, state_enter].

init(Code) ->
    {ok, locked, {Code, []}}.

locked(enter, _Event, {Code, _Pressed}) ->
    {keep_state, {Code, []}};
locked(cast, {press, Button}, {Code, Pressed} = Data) ->
    Now = Pressed ++ [Button],
    case Now == Code of
        true ->
            {next_state, open, Data};
        false ->
            case length(Now) >= length(Code) of
                true ->
                    {keep_state, {Code, []}};
                false ->
                    {keep_state, {Code, Now}, [{state_timeout, 5000, forget}]}
            end
    end;
locked(state_timeout, forget, {Code, _Pressed}) ->
    {keep_state, {Code, []}};
locked({call, From}, ask, {_Code, Pressed}) ->
    {keep_state_and_data, [{reply, From, {locked, length(Pressed)}}]}.

open(enter, locked, _Data) ->
    {keep_state_and_data, [{state_timeout, ?OPEN_MS, lock}]};
open(state_timeout, lock, Data) ->
    {next_state, locked, Data};
open(cast, {press, _}, _Data) ->
    {keep_state_and_data, [postpone]};
open({call, From}, ask, _Data) ->
    {keep_state_and_data, [{reply, From, open}]}.
