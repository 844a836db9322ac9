%% An event handler that does what its events say.
%% Its arguments, a map, are its state: id, to (who hears of every call), on_terminate (an instruction), status.
%% Anything else it begins with is an instruction for init. One that takes another's place keeps what that one
%% left behind under the key before.
%% Instructions: {ret, R}, {error, R}, {exit, R}, {throw, R}; anything else: {ok, State}, {ok, State, State} for a call.
%% In R: '$state', {'$put', K, V} (the state with a key more).
-module(scn_event).
-export([init/1, handle_event/2, handle_call/2, handle_info/2, terminate/2, code_change/3, format_status/1]).
-export([log_text/2]).

init({Args, Before}) when is_map(Args) ->
    note(Args, began),
    {ok, Args#{before => Before}};
init(Args) when is_map(Args) ->
    note(Args, began),
    case Args of
        #{hibernate := true} -> {ok, Args, hibernate};
        _ -> {ok, Args}
    end;
init({{Tag, _} = I, _}) when Tag =:= ret; Tag =:= error; Tag =:= exit; Tag =:= throw -> answer(I, #{}, none);
init(I) -> answer(I, #{}, none).

handle_event(Event, State) -> note(State, {event, Event}), answer(Event, State, {ok, State}).
handle_info(Info, State) -> note(State, {info, Info}), answer(Info, State, {ok, State}).
handle_call(Request, State) -> note(State, {call, Request}), answer(Request, State, {ok, State, State}).

terminate(Args, State) ->
    note(State, {terminated, Args}),
    case State of
        #{on_terminate := I} -> answer(I, State, ok);
        _ -> ok
    end.

code_change(Version, State, Extra) ->
    note(State, {changed, Version}),
    answer(Extra, State, {ok, State}).

format_status(#{state := #{status := hide}} = Status) -> Status#{state => hidden};
format_status(#{state := #{status := crash}}) -> erlang:error(no_status);
format_status(Status) -> Status.

log_text(Report, Options) -> unicode:characters_to_binary(gen_event:format_log(Report, Options)).

answer({ret, R}, State, _) -> fill(R, State);
answer({error, R}, _, _) -> erlang:error(R);
answer({exit, R}, _, _) -> exit(R);
answer({throw, R}, State, _) -> throw(fill(R, State));
answer(_, _, Else) -> Else.

note(#{to := Pid, id := Id}, What) -> Pid ! {Id, What};
note(_, _) -> ok.

fill('$state', State) -> State;
fill({'$put', K, V}, State) -> State#{K => fill(V, State)};
fill(T, State) when is_tuple(T) -> list_to_tuple([fill(E, State) || E <- tuple_to_list(T)]);
fill(L, State) when is_list(L) -> [fill(E, State) || E <- L];
fill(T, _) -> T.
