-module(shown).
-export([tried/1, each/2, quietly/1, term/1, log/2, logged/1, asleep/2]).

%% What a call comes to, with nothing in it that differs from run to run.
tried(F) -> try F() of Value -> term(Value) catch Class:Reason -> {Class, term(Reason)} end.

%% Functions of a module, called with one list of arguments after another.
each(M, Calls) -> [{F, term(A), tried(fun() -> apply(M, F, A) end)} || {F, Choices} <- Calls, A <- product(Choices)].

product([]) -> [[]];
product([Choice | Rest]) -> [[A | As] || A <- Choice, As <- product(Rest)].

%% Of a stack only the first frame is left, without its place.
term([{gen, do_for_proc, _, _} | _]) -> {stack, gen, do_for_proc};
term([{M, F, A, Place} | Frames]) when is_atom(M), is_atom(F), is_list(Place), is_list(Frames) -> {stack, M, name(F), case name(F) of loop -> n; _ -> term(A) end};
term({Measured, Number}) when is_integer(Number), (Measured =:= heap_size) or (Measured =:= stack_size) or (Measured =:= reductions) -> {Measured, n};
term({dictionary, Pairs}) when is_list(Pairs) -> {dictionary, lists:sort([term(Pair) || Pair <- Pairs])};
term({current_function, {_, _, _}}) -> {current_function, f};
term({current_stacktrace, Frames}) when is_list(Frames) -> {current_stacktrace, s};
term({initial_call, {M, F, A}}) -> {initial_call, {M, name(F), A}};
term([Head | Tail]) -> [term(Head) | term(Tail)];
term(Tuple) when is_tuple(Tuple) -> list_to_tuple([term(E) || E <- tuple_to_list(Tuple)]);
term(Map) when is_map(Map) -> maps:from_list([{term(K), term(V)} || {K, V} <- maps:to_list(Map)]);
term(Pid) when Pid =:= self() -> me;
term(Pid) when is_pid(Pid) -> a_pid;
term(Ref) when is_reference(Ref) -> a_ref;
term(Fun) when is_function(Fun) -> a_fun;
term(Other) -> Other.

%% Funs have names of their own here, and a machine's loop is made of other functions.
name(F) ->
    case atom_to_list(F) of
        "loop_" ++ _ -> loop;
        "do_reply_then_terminate" -> loop;
        Name -> case lists:any(fun(C) -> lists:member(C, "-<") end, Name) of true -> a_fun; false -> F end
    end.

%% Nothing is logged while a function runs, and nobody takes its process with him.
quietly(F) ->
    ok = logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    Value = F(),
    timer:sleep(5),
    ok = logger:set_primary_config(level, notice),
    Value.

%% What a function comes to, and the events that are logged meanwhile.
logged(F) ->
    Others = logger:get_handler_config(),
    [ok = logger:set_handler_config(Id, level, none) || #{id := Id} <- Others],
    Keeper = spawn(fun() -> keep([]) end),
    ok = logger:add_handler(?MODULE, ?MODULE, #{config => Keeper, filters => []}),
    Value = tried(F),
    timer:sleep(5),
    ok = logger:remove_handler(?MODULE),
    [ok = logger:set_handler_config(Id, level, Level) || #{id := Id, level := Level} <- Others],
    Keeper ! {events_to, self()},
    receive {Keeper, Events} -> {Value, [event(E) || E <- Events]} end.

log(Event, #{config := Keeper}) -> Keeper ! {event, Event}.

keep(Events) ->
    receive
        {event, Event} -> keep([Event | Events]);
        {events_to, To} -> To ! {self(), lists:reverse(Events)}
    end.

event(#{level := Level, msg := Message, meta := Meta}) -> {Level, term(Message), term(maps:with([mfa, domain, error_logger], Meta))}.

%% Whether a process hibernates after each of these has been done with it.
asleep(Pid, Doings) -> [begin Do(Pid), timer:sleep(20), process_info(Pid, current_function) =:= {current_function, {erlang, hibernate, 3}} end || Do <- Doings].
