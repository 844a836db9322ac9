-module(showing).
-compile([export_all, nowarn_export_all]).

%% What is shown of servers, machines and managers, and what they print.

heard() -> receive Message -> [shown:term(Message) | heard()] after 20 -> [] end.

%% Started by name, with an event in the log, shown, and then brought down.
servers(M, F) -> process_flag(trap_exit, true), shown:logged(fun() -> {ok, S} = gen_server:start_link({local, named}, M, F, [{debug, [log]}]), gen_server:call(S, fun(_, State) -> {reply, r, State} end), gen_server:cast(S, fun(State) -> {noreply, State} end), R = shown:tried(fun() -> seen(S) end), [R, shown:tried(fun() -> gen_server:call(S, fun(_, _) -> exit(gone) end) end), heard()] end).
machines(M, F) -> process_flag(trap_exit, true), shown:logged(fun() -> {ok, S} = gen_statem:start_link({local, named}, M, {machine, F}, [{debug, [log]}]), gen_statem:cast(S, fun(_) -> {keep_state_and_data, [postpone, {{timeout, n}, 1000, x}]} end), R = shown:tried(fun() -> seen(S) end), [R, shown:tried(fun() -> gen_statem:call(S, fun(_) -> exit(gone) end) end), heard()] end).
managers(M, F) -> process_flag(trap_exit, true), shown:logged(fun() -> {ok, S} = gen_event:start_link({local, named}, [{debug, [log]}]), ok = gen_event:add_handler(S, {M, x}, F), ok = gen_event:add_handler(S, ordinary(), {told, self(), s}), ok = gen_event:notify(S, fun(State) -> {ok, State} end), R = shown:tried(fun() -> seen(S) end), [R, gen_event:sync_notify(S, fun(_) -> exit(gone) end), shown:tried(fun() -> gen_event:stop(S) end), heard()] end).
ordinary() -> bare.
seen(S) -> {status, S, Module, [_ | Shown]} = sys:get_status(S), {Module, Shown}.
ends() -> [fun() -> exit(x) end, fun() -> error(x) end, fun() -> throw(x) end, fun() -> throw([x]) end].
old() -> [fun(O, A) -> {O, A} end, fun(O, A) -> [O, A] end, fun(normal, A) -> [{data, [{"State", A}]}]; (O, _) -> exit(O) end] ++ [fun(_, _) -> F() end || F <- ends()].
new() -> [fun(S) -> S end, fun(S) -> maps:map(fun(log, L) -> [{logged, E} || E <- L]; (K, V) -> {K, V} end, S) end, fun(S) -> S#{more => 1} end, fun(S) -> maps:remove(state, S) end, fun(S) -> maps:remove(log, S) end, fun(_) -> a end, fun(_) -> #{} end, fun(S) -> S#{'EXIT' => x} end, fun(S) -> S#{'$status' => x} end] ++ [fun(_) -> F() end || F <- ends()].
server_1() -> [servers(old_format, F) || F <- old()].
server_2() -> [servers(new_format, F) || F <- new()].
server_4() -> register(showing, self()), [servers(old_format, fun(O, A) -> showing ! {asked, O, shown:term(A)}, seen end)].
server_3() -> [servers(bare, s)].
machine_1() -> [machines(old_format, F) || F <- old()].
machine_3() -> register(showing, self()), [machines(old_format, fun(O, A) -> showing ! {asked, O, shown:term(A)}, seen end)].
machine_2() -> [machines(new_format, F) || F <- new()].
manager_1() -> [managers(old_format, F) || F <- old()].
manager_2() -> [managers(new_format, F) || F <- new()].
name_1() -> [begin {ok, S} = gen_server:start(N, bare, s, []), {status, _, _, [_, _, _, _, [Header | _]]} = sys:get_status(S), gen_server:stop(S), Header end || N <- [{local, named}, {global, named}, {global, {a, 1}}, {global, "named"}, {via, global, {b}}]].

name_2() -> [shown:logged(fun() -> {ok, S} = gen_statem:start(N, new_format, {machine, fun(X) -> X end}, []), {status, _, _, [_, _, _, _, [Header | _]]} = sys:get_status(S), gen_statem:cast(S, fun(_) -> exit(gone) end), Header end) || N <- [{local, named}, {global, {a, 1}}, {via, global, {b}}]].
name_3() -> [begin {ok, S} = gen_event:start(N), {status, _, _, [_, _, _, _, [Header | _]]} = sys:get_status(S), gen_event:stop(S), Header end || N <- [{local, named}, {global, {a, 1}}, {via, global, {b}}]].

%% Messages that nobody handles, and callbacks that are not there.
missing_1() -> shown:logged(fun() -> {ok, S} = gen_server:start(bare, s, []), S ! hello, S ! {'EXIT', self(), x}, S ! {'DOWN', x}, [gen_server:call(S, fun(_, State) -> {reply, State, State} end), gen_server:stop(S)] end).
missing_2() -> shown:logged(fun() -> {ok, S} = gen_event:start(), ok = gen_event:add_handler(S, bare, s), S ! hello, S ! {a, b, c}, [gen_event:which_handlers(S), gen_event:stop(S)] end).
missing_3() -> [shown:logged(fun() -> {ok, S} = gen_server:start(bare, s, []), shown:tried(fun() -> gen_server:call(S, fun(_, _) -> F() end) end) end) || F <- [fun() -> {noreply, s, {continue, x}} end, fun() -> nothing:f(1) end, fun() -> error(undef) end, fun() -> erlang:raise(error, undef, [{bare, handle_info, [x, s], []}]) end]].
missing_4() -> [shown:logged(fun() -> {ok, S} = gen_server:start(bare, s, []), ok = sys:suspend(S), [shown:tried(fun() -> sys:change_code(S, bare, v, x) end), sys:resume(S)] end), shown:logged(fun() -> {ok, S} = gen_event:start(), ok = gen_event:add_handler(S, bare, s), ok = sys:suspend(S), [shown:tried(fun() -> sys:change_code(S, bare, v, x) end), sys:resume(S)] end)].
trapping_1() -> process_flag(trap_exit, true), [shown:logged(fun() -> {ok, S} = gen_server:start_link(bare, s, []), gen_server:call(S, fun(_, State) -> process_flag(trap_exit, true), {reply, r, State} end), exit(S, R), heard() end) || R <- [normal, shutdown, {shutdown, x}, gone, kill]].
trapping_2() -> process_flag(trap_exit, true), [shown:logged(fun() -> {ok, S} = gen_statem:start_link(new_format, {machine, fun(X) -> X end}, []), gen_statem:cast(S, fun(_) -> process_flag(trap_exit, true), keep_state_and_data end), timer:sleep(2), exit(S, R), heard() end) || R <- [normal, shutdown, {shutdown, x}, gone, kill]].

%% What is printed of events, by a process whose group leader keeps it.
printed(F) -> Keeper = spawn(fun() -> keep([]) end), {Pid, Ref} = spawn_monitor(fun() -> group_leader(Keeper, self()), process_flag(trap_exit, true), F() end), receive {'DOWN', Ref, _, Pid, _} -> ok end, timer:sleep(10), Keeper ! {texts_to, self()}, receive {Keeper, Texts} -> [lists:flatten(io_lib:format("~ts", [T])) || T <- Texts] end.
keep(Texts) ->
    receive
        {io_request, From, As, Request} -> From ! {io_reply, As, ok}, keep([text(Request) | Texts]);
        {texts_to, To} -> To ! {self(), lists:reverse(Texts)}
    end.
text({put_chars, _, M, F, A}) -> unicode:characters_to_list(apply(M, F, A));
text({put_chars, _, Text}) -> unicode:characters_to_list(Text).
%% Pids are of another length each time.
plain(Texts) -> [re:replace(T, "<[0-9.]+>|#Ref<[0-9.]+>|#Fun<[^>]+>(-fun[^>]*>)?", "P", [global, {return, list}, unicode]) || T <- Texts].
print_1() -> plain(printed(fun() -> {ok, S} = gen_server:start({local, named}, new_format, s, [{debug, [trace]}]), gen_server:call(S, fun(_, _) -> {reply, r, s1} end), gen_server:cast(S, fun(_) -> {noreply, s2, {continue, x}} end), gen_server:cast(S, fun(_) -> {noreply, [8364]} end), S ! hello, S ! {a, "text"}, gen_server:call(S, fun(From, State) -> gen_server:reply(From, x), {noreply, State, 0} end), timer:sleep(2), gen_server:stop(S) end)).
print_2() -> plain(printed(fun() -> {ok, S} = gen_statem:start({local, named}, new_format, {machine, fun(X) -> X end}, [{debug, [trace]}]), gen_statem:call(S, fun(_) -> {stop_and_reply, normal, []} end, 20) end)).
print_3() -> plain(printed(fun() -> {ok, S} = gen_statem:start({local, named}, new_format, {machine, fun(X) -> X end}, [{debug, [trace]}]), gen_statem:cast(S, fun(d) -> {next_state, s1, [8364], [postpone, {state_timeout, 1000, x}, {next_event, internal, fun(_) -> keep_state_and_data end}, {push_callback_module, new_format}, {reply, {self(), t}, y}]}; (_) -> {keep_state, d2, {state_timeout, 1000, x}} end), timer:sleep(5), gen_statem:cast(S, fun(_) -> {keep_state, d, [postpone]} end), timer:sleep(2), gen_statem:stop(S) end)).
print_4() -> plain(printed(fun() -> {ok, S} = gen_event:start({local, named}), gen_event:add_handler(S, bare, s), sys:trace(S, true), S ! hello, gen_event:notify(S, fun(State) -> {ok, State} end), gen_event:call(S, bare, fun(State) -> {ok, r, State} end), gen_event:sync_notify(S, fun(State) -> {ok, State} end), gen_event:stop(S) end)).
print_6() -> plain(printed(fun() -> {ok, S} = gen_server:start({local, named}, bare, s, [{debug, [log]}]), gen_server:call(S, fun(_, _) -> {reply, r, s1} end), [sys:log(S, print), sys:trace(S, true), sys:trace(S, true), gen_server:cast(S, fun(_) -> {noreply, s2} end), sys:trace(S, false), gen_server:cast(S, fun(_) -> {noreply, s3} end), gen_server:stop(S)] end)).
print_7() -> plain(printed(fun() -> D = sys:debug_options([log, trace]), D1 = sys:handle_debug(D, fun(Dev, E, X) -> io:format(Dev, "~p ~p~n", [E, X]) end, extra, event), sys:print_log(D1) end)).

%% What is the matter with an undefined function.
reasons() -> [{undef, [{nothing, f, [1], []}]}, {undef, [{lists, nothing, [1], []}, {m, f, 1, []}]}, {undef, [{lists, reverse, [[]], []}]}, {undef, []}, {undef, a}, undef, {other, [{nothing, f, [1], []}]}].
undef_1() -> [lists:flatten(gen_server:format_log(#{label => {gen_server, terminate}, name => n, last_message => m, state => s, log => Log, reason => R, client_info => Client}, #{single_line => Line})) || R <- reasons(), Line <- [true, false], {Log, Client} <- [{[], undefined}, {[a], {c, {c, [1, 2, 3, 4, 5, 6]}}}, {[a, b], {c, dead}}]].
undef_2() -> [lists:flatten(gen_event:format_log(#{label => {gen_event, terminate}, handler => h, name => n, last_message => m, state => s, reason => W(R)}, #{single_line => Line})) || R <- reasons(), Line <- [true, false], W <- [fun(X) -> X end, fun(X) -> {'EXIT', X} end]].
undef_3() -> [lists:flatten(gen_statem:format_log(#{label => {gen_statem, terminate}, name => n, queue => Q, postponed => P, modules => [m], callback_mode => state_functions, state_enter => Enter, state => s, timeouts => T, log => Log, reason => R, client_info => Client}, #{single_line => Line})) || R <- [{error, undef, [{nothing, f, [1], []}]}, {error, undef, [{lists, nothing, [1], []}, {m, f, 1, []}]}, {error, undef, [{lists, nothing, 3, []}]}, {error, undef, [{lists, reverse, 1, []}, {m, f, 1, []}]}, {error, undef, []}, {exit, undef, [{nothing, f, [1], []}]}, {error, other, [{nothing, f, [1], []}]}], Line <- [true, false], {Q, P, T, Log, Enter, Client} <- [{[], [], {0, []}, [], false, undefined}, {[a], [], {1, [x]}, [l], true, {c, {c, [1, 2, 3, 4, 5, 6]}}}, {[a, b], [p, q], {2, [x, y]}, [], true, {c, dead}}]].
wrong_1() -> [shown:tried(fun() -> M:format_log(R) end) || M <- [gen_server, gen_event, gen_statem], R <- [a, #{}, #{label => a}, #{label => {M, other}}, #{label => {other, terminate}}, #{label => {M, terminate, x}}]].
