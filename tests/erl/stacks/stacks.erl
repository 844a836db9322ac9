%% What is in the stacks of processes that fail within behaviours: {Name, Term} for each case, every stack told by its
%% functions alone, pids and references by what they are.
-module(stacks).
-export([cases/0, log/2]).

cases() ->
    Me = self(),
    {_, Ref} = spawn_monitor(fun() -> Me ! {cases, all()} end),
    receive {'DOWN', Ref, _, _, Reason} -> normal = Reason end,
    receive {cases, Cases} -> Cases end.

all() ->
    process_flag(trap_exit, true),
    ok = logger:set_primary_config(level, error),
    _ = logger:remove_handler(default),
    ok = logger:add_handler(stacks, ?MODULE, #{config => #{to => self()}}),
    servers() ++ machines() ++ managers() ++ supervisors() ++ spawned() ++ waiting() ++ callers().

servers() ->
    Fails = fun(P) -> gen_server:call(P, {apply, erlang, put, [fails_to_terminate, true]}) end,
    Asleep = fun(P) -> gen_server:cast(P, hibernate), timer:sleep(20) end,
    [server(Name, Arg, Options, Do) || {Name, Arg, Options, Do} <- [
        {init, crash, [], fun nothing/1},
        {init_stop, stop, [], fun nothing/1},
        {init_bad, bad, [], fun nothing/1},
        {init_call, 2, [], fun nothing/1},
        {continue, continue, [], fun nothing/1},
        {call, x, [], fun(P) -> gen_server:call(P, crash) end},
        {call_unknown, x, [], fun(P) -> gen_server:call(P, unknown) end},
        {call_bad, x, [], fun(P) -> gen_server:call(P, bad) end},
        {call_debugged, x, [{debug, [log]}], fun(P) -> gen_server:call(P, crash) end},
        {cast, x, [], fun(P) -> gen_server:cast(P, crash) end},
        {cast_unknown, x, [], fun(P) -> gen_server:cast(P, unknown) end},
        {cast_bad, x, [], fun(P) -> gen_server:cast(P, {return, nonsense}) end},
        {cast_stop, x, [], fun(P) -> gen_server:cast(P, {return, {stop, wanted, x}}) end},
        {cast_debugged, x, [{debug, [log]}], fun(P) -> gen_server:cast(P, crash) end},
        {info, x, [], fun(P) -> P ! crash end},
        {timeout, x, [], fun(P) -> gen_server:cast(P, timeout) end},
        {woken, x, [], fun(P) -> Asleep(P), gen_server:cast(P, crash) end},
        {woken_continue, x, [], fun(P) -> Asleep(P), gen_server:cast(P, continue) end},
        {cast_continue, x, [], fun(P) -> gen_server:cast(P, continue) end},
        {continue_debugged, x, [{debug, [log]}], fun(P) -> gen_server:cast(P, continue) end},
        {terminate, x, [], fun(P) -> Fails(P), gen_server:stop(P) end},
        {terminate_after_crash, x, [], fun(P) -> Fails(P), gen_server:cast(P, crash) end},
        {terminate_after_bad, x, [], fun(P) -> Fails(P), gen_server:cast(P, {return, nonsense}) end}
    ]].

server(init_call, _, Options, Do) ->
    told({server, init_call}, fun() -> gen_server:start(1, 2, Options) end, Do);
server(Name, Arg, Options, Do) ->
    told({server, Name}, fun() -> gen_server:start(stack_server, Arg, Options) end, Do).

machines() ->
    Cast = fun(What) -> fun(P) -> gen_statem:cast(P, What) end end,
    Action = fun(What) -> Cast({return, {keep_state_and_data, [What]}}) end,
    [machine(Name, Arg, Do) || {Name, Arg, Do} <- [
        {init, crash, fun nothing/1},
        {init_bad, bad, fun nothing/1},
        {init_stop, {stop, wanted}, fun nothing/1},
        {enter, {mode, [handle_event_function, state_enter]}, fun nothing/1},
        {mode_bad, {mode, nonsense}, fun nothing/1},
        {first_event, {actions, [{next_event, internal, crash}]}, fun nothing/1},
        {first_action_bad, {actions, [nonsense]}, fun nothing/1},
        {state, {mode, state_functions}, Cast(crash)},
        {state_unknown, {mode, state_functions}, Cast(unknown)},
        {call, x, fun(P) -> gen_statem:call(P, crash) end},
        {cast, x, Cast(crash)},
        {info, x, fun(P) -> P ! crash end},
        {unknown, x, Cast(unknown)},
        {bad, x, Cast({return, nonsense})},
        {stop, x, Cast({return, {stop, wanted}})},
        {action_bad, x, Action(nonsense)},
        {action_reply_bad, x, Action({reply, nobody, x})},
        {action_event_bad, x, Action({next_event, nonsense, x})},
        {stop_and_reply_bad, x, Cast({return, {stop_and_reply, wanted, [nonsense]}})},
        {inserted, x, Action({next_event, internal, crash})},
        {timeout, x, Action({timeout, 5, crash})},
        {woken, x, fun(P) -> (Action(hibernate))(P), timer:sleep(20), gen_statem:cast(P, crash) end},
        {terminate, x, Cast(terminate)},
        {module, x, Action({change_callback_module, stack_modeless})}
    ]] ++ [told({machine, modeless}, fun() -> gen_statem:start(stack_modeless, x, []) end, fun nothing/1)].

machine(Name, Arg, Do) ->
    told({machine, Name}, fun() -> gen_statem:start(stack_machine, Arg, []) end, Do).

managers() ->
    lists:append([manager(Name, Do) || {Name, Do} <- [
        {add, fun(P) -> gen_event:add_handler(P, stack_handler, crash) end},
        {notify, fun(P) -> gen_event:notify(P, crash) end},
        {sync_notify, fun(P) -> gen_event:sync_notify(P, crash) end},
        {woken, fun(P) -> gen_event:notify(P, hibernate), timer:sleep(20), gen_event:notify(P, crash) end},
        {call, fun(P) -> gen_event:call(P, {stack_handler, 1}, crash) end},
        {info, fun(P) -> P ! crash end},
        {delete, fun(P) -> gen_event:delete_handler(P, {stack_handler, 1}, crash) end},
        {swap, fun(P) -> gen_event:swap_handler(P, {{stack_handler, 1}, crash}, {stack_handler, crash}) end}
    ]]).

manager(Name, Do) ->
    {ok, P} = gen_event:start(),
    ok = gen_event:add_sup_handler(P, {stack_handler, 1}, x),
    Value = cut(catch Do(P)),
    Told = receive {gen_event_EXIT, _, Why} -> [{{manager, Name, handler}, cut(Why)}] after 50 -> [] end,
    _ = logged([]),
    [{{manager, Name}, Value} | Told].

supervisors() ->
    Child = fun(Start) -> #{id => child, start => Start} end,
    Starts = [told({supervisor, Name}, fun() -> supervisor:start_link(stack_top, Arg) end, fun nothing/1) || {Name, Arg} <- [
        {init, crash},
        {start, {#{}, [Child({stack_top, boom, []})]}},
        {nonsense, {#{}, [Child({stack_top, nonsense, []})]}},
        {undefined, {#{}, [Child({stack_top, nobody, []})]}}
    ]],
    {ok, P} = supervisor:start_link(stack_top, #{}),
    Added = {{supervisor, start_child}, cut(supervisor:start_child(P, Child({stack_top, boom, []})))},
    {ok, _} = supervisor:start_child(P, Child({stack_top, once, []})),
    ok = supervisor:terminate_child(P, child),
    register(started, self()),
    Again = {{supervisor, restart_child}, cut(supervisor:restart_child(P, child))},
    unregister(started),
    {ok, D} = supervisor:start_link(stack_top, {#{strategy => simple_one_for_one}, [Child({stack_top, boom, []})]}),
    Dynamic = {{supervisor, dynamic}, cut(supervisor:start_child(D, [x]))},
    Bridge = told({supervisor, bridge}, fun() -> supervisor_bridge:start_link(stack_top, crash) end, fun nothing/1),
    _ = logged([]),
    Starts ++ [Added, Again, Dynamic, Bridge | [restarted(Strategy) ||
        Strategy <- [one_for_one, one_for_all, rest_for_one, simple_one_for_one]]].

restarted(Strategy) ->
    Child = #{id => child, start => {stack_top, once, []}},
    {ok, P} = supervisor:start_link(stack_top, {#{strategy => Strategy, intensity => 1}, [Child]}),
    Pid = case Strategy of
        simple_one_for_one -> element(2, supervisor:start_child(P, [y]));
        _ -> element(2, hd(supervisor:which_children(P)))
    end,
    register(started, self()),
    Pid ! stop,
    receive {'EXIT', P, _} -> ok end,
    unregister(started),
    {{restart, Strategy}, logged([])}.

spawned() ->
    [told({process, Name}, fun() -> {ok, Start()} end, Do) || {Name, Start, Do} <- [
        {'fun', fun() -> proc_lib:spawn(fun stack_top:boom/0) end, fun nothing/1},
        {mfa, fun() -> proc_lib:spawn(stack_top, boom, []) end, fun nothing/1},
        {undefined, fun() -> proc_lib:spawn(stack_top, nobody, [x]) end, fun nothing/1},
        {woken, fun() -> proc_lib:spawn(proc_lib, hibernate, [stack_top, boom, []]) end, fun(P) -> P ! x end},
        {entered, fun() -> proc_lib:spawn(gen_server, enter_loop, [stack_server, [], x]) end, fun(P) -> P ! crash end}
    ]].

waiting() ->
    {ok, Server} = gen_server:start(stack_server, x, []),
    {ok, Machine} = gen_statem:start(stack_machine, x, []),
    {ok, Manager} = gen_event:start(),
    {ok, Top} = supervisor:start_link(stack_top, #{}),
    timer:sleep(1),
    Waiting = [{{waiting, Name}, cut([process_info(P, Item) || Item <- [current_function, current_stacktrace]])} ||
        {Name, P} <- [{server, Server}, {machine, Machine}, {manager, Manager}, {supervisor, Top}]],
    gen_server:cast(Server, hibernate),
    timer:sleep(20),
    Asleep = process_info(Server, current_function),
    Within = gen_server:call(Server, {apply, erlang, process_info, [Server, current_stacktrace]}),
    Waiting ++ [{{waiting, hibernating}, Asleep}, {{waiting, within}, cut(Within)}].

callers() ->
    [{{caller, Name}, cut(try Call() of Value -> Value catch Class:Reason:Stack -> {Class, Reason, top(Stack)} end)} || {Name, Call} <- [
        {call, fun() -> gen_server:call(nobody, x) end},
        {call_timeout, fun() -> gen_server:call(self(), x, 5) end},
        {manager, fun() -> gen_event:call(nobody, stack_handler, x) end},
        {manager_timeout, fun() -> gen_event:call(nobody, stack_handler, x, 5) end},
        {supervisor, fun() -> supervisor:which_children(nobody) end},
        {stop, fun() -> gen_server:stop(nobody) end}
    ]].

%% Without the functions of this module, whose names are the compiler's.
top(Stack) -> [Entry || Entry <- Stack, element(1, Entry) =/= ?MODULE].

nothing(_) -> ok.

%% What a start returns, and what of the process that has been started is logged at its end.
told(Name, Start, Do) ->
    case Start() of
        {ok, P} ->
            Ref = monitor(process, P),
            _ = catch Do(P),
            receive {'DOWN', Ref, _, _, _} -> ok after 1000 -> exit({still_there, Name}) end,
            {Name, logged([])};
        Failed ->
            {Name, [cut(Failed) | logged([])]}
    end.

log(#{msg := {report, Report}}, #{config := #{to := Pid}}) -> Pid ! {logged, Report};
log(_, _) -> ok.

logged(Before) ->
    receive
        {logged, #{label := {proc_lib, crash}, report := [Info | _]}} ->
            {_, Error} = lists:keyfind(error_info, 1, Info),
            logged([cut({crash, Error}) | Before]);
        {logged, #{label := {supervisor, Error}, report := Report}} ->
            logged([cut({Error, proplists:get_value(reason, Report)}) | Before]);
        {logged, #{label := {gen_server, terminate}, reason := Reason}} ->
            logged([cut({server, Reason}) | Before]);
        {logged, #{label := {gen_statem, terminate}, reason := Reason}} ->
            logged([cut({machine, Reason}) | Before]);
        {logged, _} ->
            logged(Before);
        {'EXIT', _, _} ->
            logged(Before)
    after 50 ->
        lists:reverse(Before)
    end.

cut([{Module, Function, Arity, Place} | Rest]) when is_atom(Module), is_atom(Function), is_list(Place) ->
    [{Module, Function, if is_list(Arity) -> length(Arity); true -> Arity end} | cut(Rest)];
cut([Head | Tail]) -> [cut(Head) | cut(Tail)];
cut(Tuple) when is_tuple(Tuple) -> list_to_tuple(cut(tuple_to_list(Tuple)));
cut(Pid) when is_pid(Pid) -> pid;
cut(Ref) when is_reference(Ref) -> ref;
cut(Term) -> Term.
