%% Takes a scenario's steps on a real Erlang, as erlsim/porting/scenarios/driver.py does in a simulation.
%%
%% Run by `erl -noshell -s erlsim_scenario main -extra IN OUT`. IN holds one term, #{steps, settle, applications,
%% started}; to OUT go terms, each behind its size in four bytes: {system, Binary}, and for each step that shows something
%% {Number, Kind, Value, Ms, IsMet}. Patterns and arguments hold {'$var', Name}, {'$any'} and {'$self'}.
-module(erlsim_scenario).
-export([main/0, log/2, client/2]).

-define(PATIENCE, 600000).

main() ->
    [In, Out] = init:get_plain_arguments(),
    {ok, [#{steps := Steps, applications := Applications, started := Started} = Scenario]} = file:consult(In),
    logger:set_primary_config(level, notice),
    logger:remove_handler(default),
    [{ok, _} = application:ensure_all_started(Name) || Name <- Started],
    [ok = application:load(Each) || Each <- Applications],
    Sink = spawn(fun() -> sink([]) end),
    ok = logger:add_handler(?MODULE, ?MODULE, #{sink => Sink, level => all}),
    {Pid, Ref} = spawn_monitor(fun() ->
        group_leader(Sink, self()),
        process_flag(trap_exit, true),
        {ok, Fd} = file:open(Out, [write, raw, binary]),
        told(Fd, {system, system()}),
        steps(Steps, 0, #{}, Scenario#{sink => Sink, fd => Fd})
    end),
    receive
        {'DOWN', Ref, process, Pid, normal} -> halt(0);
        {'DOWN', Ref, process, Pid, Reason} -> io:format(standard_error, "~tp~n", [Reason]), halt(1)
    after ?PATIENCE -> halt(2)
    end.

steps([], _, _, _) ->
    ok;
steps([{sleep, Ms} | Steps], N, Env, Scenario) ->
    timer:sleep(Ms),
    steps(Steps, N + 1, Env, Scenario);
steps([{Step, Expected} | Steps], N, Env, #{fd := Fd, settle := Settle} = Scenario) ->
    Begun = erlang:monotonic_time(millisecond),
    {Kind, Value} = take(Step, Expected, Env, Scenario),
    Ms = erlang:monotonic_time(millisecond) - Begun,
    {IsMet, Env1} = meets(Expected, Kind, Value, Env),
    told(Fd, {N, Kind, Value, Ms, IsMet}),
    timer:sleep(Settle),
    quiet(3),
    steps(Steps, N + 1, Env1, Scenario).

told(Fd, Term) ->
    Packet = term_to_binary(Term),
    ok = file:write(Fd, [<<(byte_size(Packet)):32>>, Packet]).

system() ->
    case application:get_key(elixir, vsn) of
        {ok, Version} -> iolist_to_binary(["Elixir ", Version]);
        undefined -> iolist_to_binary(["OTP ", erlang:system_info(otp_release)])
    end.

%% On a busy machine the pause may be short: until nobody is runnable.
quiet(0) -> ok;
quiet(N) ->
    erlang:yield(),
    case erlang:statistics(run_queue) of 0 -> quiet(N - 1); _ -> quiet(3) end.

%% ---- steps

take({call, Call}, _, Env, _) -> outcome(filled(Call, Env));
take({sorted, Call}, _, Env, _) ->
    case outcome(filled(Call, Env)) of
        {ok, L} when is_list(L) -> {ok, lists:sort(L)};
        Other -> Other
    end;
take({client, Calls}, _, Env, _) -> {ok, start_client(Calls, Env)};
take({race, Calls, Ms}, _, Env, _) ->
    Clients = [start_client([Call], Env) || Call <- Calls],
    {race, answers(Clients, erlang:monotonic_time(millisecond) + Ms)};
take({'receive', Ms}, Expected, Env, _) ->
    Pattern = case Expected of {_, timeout} -> {'$any'}; {_, P} -> P; none -> {'$any'} end,
    {received, fitting(Pattern, Env, erlang:monotonic_time(millisecond) + Ms)};
take(flush, _, _, _) -> {flush, flush()};
take(reports, _, _, #{sink := Sink}) ->
    Sink ! {take, self()},
    {reports, receive {Sink, Events} -> lists:append([report(Each) || Each <- Events]) end};
take({tree, Of}, _, Env, _) -> {tree, tree(filled(Of, Env))}.

outcome({M, F, A}) ->
    try {ok, apply(M, F, A)} catch Class:Reason -> {Class, Reason} end.

start_client(Calls, Env) ->
    Filled = [filled(Call, Env) || Call <- Calls],
    spawn(?MODULE, client, [Filled, self()]).

client(Calls, Driver) ->
    [Driver ! {self(), outcome(Call)} || Call <- Calls],
    receive after infinity -> ok end.

answers(Clients, Until) ->
    [{Client, receive {Client, Outcome} -> Outcome after left(Until) -> waiting end} || Client <- Clients].

left(Until) -> max(0, Until - erlang:monotonic_time(millisecond)).

%% Messages that were looked at and did not fit wait, in their order, in the process dictionary: a message that the
%% emulator has not fetched yet is not in what process_info tells.
fitting(Pattern, Env, Until) ->
    Waiting = flush(),
    case lists:search(fun(M) -> match(Pattern, M, Env) =/= false end, Waiting) of
        {value, Message} ->
            put(waiting, lists:delete(Message, Waiting)),
            Message;
        false ->
            put(waiting, Waiting),
            receive
                Message -> put(waiting, Waiting ++ [Message]), fitting(Pattern, Env, Until)
            after left(Until) -> timeout
            end
    end.

flush() ->
    case erase(waiting) of
        undefined -> arrived();
        Waiting -> Waiting ++ arrived()
    end.

arrived() -> receive M -> [M | arrived()] after 0 -> [] end.

tree(Of) ->
    try supervisor:which_children(Of) of
        Children ->
            [{Id, Pid, Type, Modules, below(Type, Pid)} || {Id, Pid, Type, Modules} <- in_order(Of, Children)]
    catch Class:Reason -> {Class, Reason}
    end.

%% A director has its children in a hash table: no order of theirs is anybody's.
in_order(Name, Children) when is_atom(Name) -> in_order(whereis(Name), Children);
in_order(Pid, Children) when is_pid(Pid) ->
    case process_info(Pid, current_function) of
        {current_function, {director, _, _}} -> lists:sort(Children);
        _ -> Children
    end;
in_order(_, Children) -> Children.

below(supervisor, Pid) when is_pid(Pid) -> tree(Pid);
below(_, _) -> [].

%% ---- names and patterns

meets(none, _, _, Env) -> {true, Env};
meets({received, Pattern}, received, timeout, Env) -> {Pattern =:= timeout, Env};
meets({Kind, Pattern}, Kind, Value, Env) ->
    case match(Pattern, Value, Env) of
        false -> {false, Env};
        Env1 -> {true, Env1}
    end;
meets(_, _, _, Env) -> {false, Env}.

match({'$any'}, _, Env) -> Env;
match({'$var', Name}, Value, Env) ->
    case Env of
        #{Name := Value} -> Env;
        #{Name := _} -> false;
        _ -> Env#{Name => Value}
    end;
match(Pattern, Value, Env) when is_tuple(Pattern), tuple_size(Pattern) =:= tuple_size(Value) ->
    match(tuple_to_list(Pattern), tuple_to_list(Value), Env);
match([P | Patterns], [V | Values], Env) ->
    case match(P, V, Env) of
        false -> false;
        Env1 -> match(Patterns, Values, Env1)
    end;
match(Pattern, Value, Env) when is_map(Pattern), is_map(Value) ->
    lists:foldl(fun
        (_, false) -> false;
        ({Key, P}, Acc) ->
            case Value of
                #{Key := V} -> match(P, V, Acc);
                _ -> false
            end
    end, Env, lists:sort(maps:to_list(Pattern)));
match(Same, Same, Env) -> Env;
match(_, _, _) -> false.

filled({'$var', Name}, Env) ->
    case Env of
        #{Name := Value} -> Value;
        _ -> exit({unbound, Name})
    end;
filled({'$self'}, _) -> self();
filled(T, Env) when is_tuple(T) -> list_to_tuple(filled(tuple_to_list(T), Env));
filled([H | T], Env) -> [filled(H, Env) | filled(T, Env)];
filled(M, Env) when is_map(M) -> maps:from_list(filled(maps:to_list(M), Env));
filled(T, _) -> T.

%% ---- what is logged and written

log(Event, #{config := #{sink := Sink}}) -> Sink ! {event, Event}, ok;
log(Event, #{sink := Sink}) -> Sink ! {event, Event}, ok.

sink(Events) ->
    receive
        {event, Event} -> sink([Event | Events]);
        {take, Pid} -> Pid ! {self(), lists:reverse(Events)}, sink([]);
        {io_request, From, As, Request} -> From ! {io_reply, As, answer(Request)}, sink(Events);
        _ -> sink(Events)
    end.

answer({get_until, _, _, _, _, _}) -> eof;
answer(getopts) -> [];
answer({get_geometry, _}) -> {error, enotsup};
answer(_) -> ok.

report(#{level := Level, msg := {report, Report}, meta := Meta}) -> [{Level, clockless(observable(Report, Meta))}];
report(_) -> [].

%% What a simulator cannot know is left out: sizes, reductions.
observable(#{label := {proc_lib, crash} = Label, report := [Info | Linked]}, _) ->
    Unknowable = [heap_size, stack_size, reductions],
    Known = [Each || {Key, _} = Each <- Info, not lists:member(Key, Unknowable)],
    {Label, [Known | [linked || _ <- Linked]]};
observable(#{label := {error_logger, Type}, report := Report}, _) -> {Type, Report};
observable(#{label := Label, report := Report}, _) -> {Label, Report};
observable(Report, #{error_logger := #{type := Type}}) -> {Type, Report};
observable(Report, _) -> {report, Report}.

%% A supervisor's restarts are instants of the emulator's clock: how many there are is what counts.
clockless({state, _, _, _, _, _, _, R, _, _, _, _} = S) when is_list(R) -> setelement(8, S, length(R));
clockless(T) when is_tuple(T) -> list_to_tuple(clockless(tuple_to_list(T)));
clockless([H | T]) -> [clockless(H) | clockless(T)];
clockless(M) when is_map(M) -> maps:map(fun(_, V) -> clockless(V) end, M);
clockless(T) -> T.
