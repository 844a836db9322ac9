%% A state machine that does what its events say. States of the mode state_functions: a, b, c.
%% Options of init (a map, the machine's data as well): mode (what callback_mode returns, or an instruction),
%% init (an instruction), trap, to (who hears of every call), enter (#{State => instruction}), on_terminate, status.
%% Instructions: {ret, R}, {error, R}, {exit, R}, {throw, R}, {tell, M, I}; anything else: keep_state_and_data.
%% In R: '$from', '$data', '$state', {'$put', K, V} (data with a key more), {'$in', Ms} (absolute time).
-module(scn_statem).
-export([init/1, callback_mode/0, a/3, b/3, c/3, handle_event/4, terminate/3, code_change/4, format_status/1]).
-export([handle/4, enter/2, status/1, log_text/2]).

init(Options) ->
    ets:insert(scn_state, {{mode, self()}, maps:get(mode, Options, handle_event_function)}),
    maps:get(trap, Options, false) andalso process_flag(trap_exit, true),
    case Options of
        #{init := I} -> answer(I, none, undefined, Options);
        _ -> {ok, a, Options}
    end.

callback_mode() ->
    [{_, Mode}] = ets:lookup(scn_state, {mode, self()}),
    case Mode of
        {_, _} -> answer(Mode, none, undefined, #{});
        _ -> Mode
    end.

a(Type, Content, Data) -> handle(Type, Content, a, Data).
b(Type, Content, Data) -> handle(Type, Content, b, Data).
c(Type, Content, Data) -> handle(Type, Content, c, Data).
handle_event(Type, Content, State, Data) -> handle(Type, Content, State, Data).

handle(enter, Before, State, Data) ->
    note(Data, {entered, State, Before}),
    case Data of
        #{enter := #{State := I}} -> answer(I, none, State, Data);
        _ -> keep_state_and_data
    end;
handle({call, From}, Content, State, Data) ->
    note(Data, {seen, State, call, Content}),
    answer(Content, From, State, Data);
handle(Type, Content, State, Data) ->
    note(Data, {seen, State, Type, Content}),
    From = case Data of #{from := F} -> F; _ -> none end,
    answer(Content, From, State, Data).

terminate(Reason, State, Data) ->
    note(Data, {terminated, State, Reason}),
    case Data of
        #{on_terminate := I} -> answer(I, none, State, Data);
        _ -> ok
    end.

code_change(Version, State, Data, Extra) ->
    note(Data, {changed, Version}),
    case Extra of
        {_, _} -> answer(Extra, none, State, Data);
        _ -> {ok, State, Data}
    end.

format_status(#{data := #{status := hide}} = Status) -> Status#{data => hidden};
format_status(#{data := #{status := crash}}) -> erlang:error(no_status);
format_status(#{data := #{status := bad}}) -> not_a_map;
format_status(Status) -> Status.

%% A process that becomes a state machine: proc_lib:start_link(scn_statem, enter, [Options, Args]).
enter(Options, Args) ->
    ets:insert(scn_state, {{mode, self()}, maps:get(mode, Options, handle_event_function)}),
    proc_lib:init_ack({ok, self()}),
    apply(gen_statem, enter_loop, [?MODULE, [], a, Options | Args]).

%% What sys:get_status shows, without the dictionary (its order is a hash table's) and pids in strings.
status(Process) ->
    {status, _, Module, [_, Sys, _, Debug, [{header, Header} | Rest]]} = sys:get_status(Process),
    {Module, Sys, Debug, case lists:member($<, Header) of true -> pid; false -> Header end, Rest}.

log_text(Report, Options) -> unicode:characters_to_binary(gen_statem:format_log(Report, Options)).

answer({ret, R}, From, State, Data) -> fill(R, {From, State, Data});
answer({error, R}, _, _, _) -> erlang:error(R);
answer({exit, R}, _, _, _) -> exit(R);
answer({throw, R}, From, State, Data) -> throw(fill(R, {From, State, Data}));
answer({tell, M, I}, From, State, Data) -> note(Data, M), answer(I, From, State, Data);
answer(_, _, _, _) -> keep_state_and_data.

note(#{to := Pid}, Message) -> catch Pid ! Message;
note(_, _) -> ok.

fill('$from', {From, _, _}) -> From;
fill('$state', {_, State, _}) -> State;
fill('$data', {_, _, Data}) -> Data;
fill({'$put', K, V}, {_, _, Data} = Known) -> Data#{K => fill(V, Known)};
fill({'$in', Ms}, _) -> erlang:monotonic_time(millisecond) + Ms;
fill({ret, _} = Later, _) -> Later;
fill({throw, _} = Later, _) -> Later;
fill(T, Known) when is_tuple(T) -> list_to_tuple([fill(E, Known) || E <- tuple_to_list(T)]);
fill(L, Known) when is_list(L) -> [fill(E, Known) || E <- L];
fill(T, _) -> T.
