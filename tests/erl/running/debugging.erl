-module(debugging).
-compile([export_all, nowarn_export_all]).

%% What sys and proc_lib do for processes of one's own, and how these end.

heard() -> receive Message -> [shown:term(Message) | heard()] after 60 -> [] end.

%% A special process: its functions for sys are those below, or those of a module that has none.
begin_(Debug) -> begin_(?MODULE, Debug).
begin_(Module, Debug) -> Me = self(), process_flag(trap_exit, true), proc_lib:spawn_link(fun() -> loop(Module, Me, sys:debug_options(Debug), {told, Me, s}) end).
loop(Module, Parent, Debug, Misc) ->
    receive
        {system, From, Request} -> sys:handle_system_msg(Request, From, Parent, Module, Debug, Misc);
        {hib, From, Request} -> sys:handle_system_msg(Request, From, Parent, Module, Debug, Misc, true);
        {log, To} -> To ! {log, shown:term(sys:get_log(Debug))}, loop(Module, Parent, Debug, Misc);
        {event, Event} -> loop(Module, Parent, sys:handle_debug(Debug, fun print/3, name, Event), Misc);
        {become, New} -> loop(Module, Parent, Debug, New)
    end.
print(Device, Event, Name) -> case get('$ancestors') of [To | _] -> To ! {printed, Device =:= standard_io, Event, Name} end.
system_continue(Parent, Debug, {told, To, S}) -> To ! {continued, S}, loop(?MODULE, Parent, Debug, {told, To, S});
system_continue(Parent, Debug, Misc) -> loop(?MODULE, Parent, Debug, Misc).
system_terminate(Reason, _, _, {told, To, S}) -> To ! {terminated, Reason, S}, exit(Reason);
system_terminate(Reason, _, _, _) -> exit(Reason).
system_get_state({as, F}) -> F();
system_get_state({told, _, S}) -> {ok, S}.
system_replace_state(_, {as, F}) -> F();
system_replace_state(F, {told, To, S}) -> New = F(S), {ok, New, {told, To, New}}.
system_code_change(Misc, Module, Old, F) -> F(Misc, Module, Old).

special_1() -> [begin S = begin_([]), [shown:tried(fun() -> F(S) end), heard(), is_process_alive(S)] end || F <- [fun sys:suspend/1, fun sys:resume/1, fun sys:get_state/1, fun sys:no_debug/1, fun(S) -> sys:terminate(S, gone) end, fun(S) -> sys:replace_state(S, fun(X) -> {X} end) end, fun(S) -> sys:replace_state(S, fun(_) -> error(x) end) end, fun(S) -> sys:suspend(S), sys:terminate(S, gone) end, fun(S) -> sys:suspend(S), exit(S, gone) end, fun(S) -> sys:suspend(S), [sys:suspend(S), sys:get_state(S), sys:resume(S), sys:resume(S)] end, fun(S) -> sys:change_code(S, m, old, fun(M, _, _) -> {ok, M} end) end]].
special_2() -> [begin S = begin_([]), S ! {become, {as, F}}, [shown:tried(fun() -> sys:get_state(S) end), shown:tried(fun() -> sys:replace_state(S, fun(X) -> X end) end)] end || F <- [fun() -> {ok, x} end, fun() -> {ok, x, y} end, fun() -> {ok, x, y, z} end, fun() -> bad end, fun() -> {error, x} end, fun() -> throw(x) end, fun() -> exit(x) end, fun() -> error(x) end, fun() -> {bad, x} end, fun() -> {bad, x, y} end]].
special_3() -> [begin S = begin_([]), sys:suspend(S), [shown:tried(fun() -> sys:change_code(S, m, old, F) end), shown:tried(fun() -> sys:get_state(S) end), sys:resume(S), heard()] end || F <- [fun({told, To, X}, M, O) -> {ok, {told, To, {X, M, O}}} end, fun(_, _, _) -> {ok, x, y} end, fun(_, _, _) -> bad end, fun(_, _, _) -> {error, x} end, fun(_, _, _) -> throw(x) end, fun(_, _, _) -> exit(x) end, fun(_, _, _) -> error(x) end]].
special_4() -> [begin S = begin_(lists, []), [shown:tried(fun() -> F(S) end), heard(), is_process_alive(S)] end || F <- [fun sys:get_state/1, fun(S) -> sys:suspend(S), sys:replace_state(S, fun(_) -> x end) end, fun(S) -> sys:suspend(S), sys:replace_state(S, fun(_) -> throw(x) end), sys:get_state(S) end, fun(S) -> sys:suspend(S), {status, _, M, [_ | Rest]} = sys:get_status(S), {M, Rest} end, fun(S) -> sys:suspend(S), sys:change_code(S, m, old, x) end]].
special_5() -> [begin S = begin_([]), gen:call(S, system, Request, 50) end || Request <- [a, {debug, a}, {debug, {log, a}}, {debug, {trace, a}}, {debug, {statistics, a}}, {debug, {install, a}}, {debug, {a, b}}, {change_code, m, old, x}, {terminate}, {replace_state}]].
special_6() -> S = begin_([{log, 3}]), {status, S, Module, [_, State, Parent, Debug, Misc]} = sys:get_status(S), [Module, State, Parent =:= self(), Debug, shown:term(Misc)].
asleep_1() -> S = begin_([]), R = make_ref(), S ! {hib, {self(), R}, suspend}, A = heard(), B = process_info(S, current_function), C = sys:get_state(S), timer:sleep(5), [A, B, C, process_info(S, current_function), sys:resume(S), heard()].

awake_1() -> S = begin_([]), sys:suspend(S), timer:sleep(5), [process_info(S, current_function) =:= {current_function, {erlang, hibernate, 3}}, sys:resume(S), heard()].

%% Logs, counts and functions of one's own.
events(S, Events) -> [S ! {event, E} || E <- Events], S.
log(S) -> S ! {log, self()}, receive {log, Log} -> Log end.
log_1() -> [log(events(begin_([{log, N}]), lists:seq(1, M))) || N <- [1, 2, 3], M <- [0, 1, 2, 3, 4, 7]].
log_2() -> [length(log(events(begin_([log]), lists:seq(1, M)))) || M <- [9, 10, 11, 25]].
log_3() -> [begin S = events(begin_([{log, 3}]), lists:seq(1, M)), R = shown:tried(fun() -> sys:log(S, Flag) end), events(S, [x]), [R, log(S), shown:term(sys:log(S, get))] end || M <- [0, 2, 5], Flag <- [true, false, {true, 1}, {true, 2}, {true, 5}, {true, 0}, {true, -1}, {true, a}, {true, 1.0}, get, print, a, {false, 1}]].
statistics_1() -> [begin S = events(begin_(Debug), Events), {ok, Found} = sys:statistics(S, get), case Found of no_statistics -> Found; _ -> {[K || {K, _} <- Found], lists:sublist(lists:keydelete(reductions, 1, Found), 3, 2), lists:all(fun({K, V}) -> K =:= reductions andalso V >= 0 orelse is_integer(V) orelse tuple_size(V) =:= 2 end, Found)} end end || Debug <- [[], [statistics]], Events <- [[], [{in, a}, {in, a, b}, {in}, {in, a, b, c}, in, {out, a, b}, {out, a}, {out, a, b, c}, {out, a, b, c, d}, {other, a}, a]]].
statistics_2() -> S = begin_([]), [sys:statistics(S, get), sys:statistics(S, true), element(1, sys:statistics(S, get)), sys:statistics(S, true), sys:statistics(S, false), sys:statistics(S, get), sys:statistics(S, false), sys:statistics(S, a)].
install_1() -> Me = self(), Fun = fun(N, Event, Process) -> Me ! {N, Event, Process}, case Event of stop -> done; fail -> error(x); throw -> throw({thrown, N}); none -> throw(done); _ -> {N, next} end end, [begin S = begin_([]), sys:install(S, Spec(Fun)), [sys:install(S, {same, Fun, other}), heard(), begin events(S, [a, End, b]), heard() end, sys:remove(S, Fun), events(S, [c]) =:= S, heard(), sys:remove(S, same), sys:remove(S, x), events(S, [d]) =:= S, heard()] end || Spec <- [fun(F) -> {F, 0} end, fun(F) -> {same, F, 0} end], End <- [go, stop, fail, throw, none]].
install_2() -> Me = self(), [begin S = begin_([{install, Spec(fun(N, Event, _) -> Me ! {N, Event}, N + 1 end)}, trace]), events(S, [a, b]), [heard(), sys:no_debug(S), events(S, [c]) =:= S, heard()] end || Spec <- [fun(F) -> {F, 0} end, fun(F) -> {id, F, 0} end]].
install_3() -> Me = self(), F = fun(Name) -> fun(N, Event, _) -> Me ! {Name, N, Event}, N end end, S = begin_([]), [sys:install(S, {1, F(a), 0}), sys:install(S, {1.0, F(b), 0}), sys:install(S, {2, F(c), 0}), events(S, [x]) =:= S, heard(), sys:remove(S, 2.0), events(S, [y]) =:= S, heard(), sys:remove(S, 1.0), events(S, [z]) =:= S, heard()].
file_1() -> S = begin_([{log_to_file, "/nowhere/at/all"}]), [sys:log_to_file(S, "/nowhere/at/all"), events(S, [a]) =:= S, sys:log_to_file(S, false), heard()].
print_1() -> {ok, Device} = file:open("debugging", [ram, write, read]), file:close(Device), [shown:tried(fun() -> sys:print_log(D) end) || D <- [[], sys:debug_options([log])]].

%% Starting.
quick(F) -> F().
starts() -> [fun() -> proc_lib:init_ack(x) end, fun() -> proc_lib:init_ack({ok, self()}), exit(late) end, fun() -> ok end, fun() -> exit(gone) end, fun() -> exit(normal) end, fun() -> exit(shutdown) end, fun() -> error(wrong) end, fun() -> throw(thrown) end, fun() -> timer:sleep(60), proc_lib:init_ack(late) end, fun() -> process_flag(trap_exit, true), timer:sleep(60), proc_lib:init_ack(late) end].
start_1() -> [begin process_flag(trap_exit, true), shown:logged(fun() -> [shown:tried(fun() -> proc_lib:F(?MODULE, quick, [S], 30) end), heard()] end) end || F <- [start, start_link, start_monitor], S <- starts()].
start_2() -> [begin process_flag(trap_exit, true), shown:quietly(fun() -> [shown:tried(fun() -> proc_lib:F(?MODULE, quick, [S], infinity, Options) end), heard()] end) end || F <- [start, start_link, start_monitor], Options <- [[], [link], [{priority, high}]], S <- [fun() -> proc_lib:init_ack(element(2, process_info(self(), priority))) end, fun() -> exit(gone) end]].
start_3() -> [shown:term(proc_lib:start(?MODULE, quick, [fun() -> put('$ancestors', A), proc_lib:init_ack(x) end], 20)) || A <- [[], a, [self()]]].

%% Ends, and what is logged of them.
crash(F) -> process_flag(trap_exit, true), shown:logged(fun() -> P = F(), [is_pid(P), heard()] end).
crash_1() -> [crash(fun() -> proc_lib:spawn_link(F) end) || F <- [fun() -> exit(R) end || R <- [normal, shutdown, {shutdown, x}, {shutdown, x, y}, gone, {a, b}, {a, [{m, f, 1, []}]}]] ++ [fun() -> error(wrong) end, fun() -> throw(x) end, fun() -> erlang:error(wrong, [args]) end, fun() -> error({a, b}) end, fun() -> erlang:raise(exit, gone, []) end, fun() -> erlang:raise(throw, gone, []) end]].
crash_2() -> [crash(fun() -> proc_lib:spawn_link(fun() -> Do(), exit(gone) end) end) || Do <- [fun() -> put(key, value), put({a, b}, 1) end, fun() -> self() ! message end, fun() -> register(named, self()) end, fun() -> process_flag(trap_exit, true) end, fun() -> put('$ancestors', a) end, fun() -> put('$ancestors', [named, self()]) end, fun() -> put('$initial_call', {m, f, 2}) end, fun() -> put('$initial_call', {m, f, a}) end, fun() -> put('$initial_call', {m, f}) end, fun() -> erase('$initial_call') end, fun() -> erase() end]].
neighbour(F) -> Me = self(), P = proc_lib:spawn_link(fun() -> Me ! {begun, self()}, F(), receive stop -> ok end end), receive {begun, P} -> P end.
waiting() -> receive stop -> ok end.
crash_3() -> [crash(fun() -> proc_lib:spawn_link(fun() -> Do(), timer:sleep(2), exit(gone) end) end) || Do <- [fun() -> proc_lib:spawn_link(?MODULE, waiting, []) end, fun() -> spawn_link(?MODULE, waiting, []) end, fun() -> [neighbour(fun() -> F end) || F <- [1, 2]] end, fun() -> neighbour(fun() -> process_flag(trap_exit, true) end) end, fun() -> neighbour(fun() -> register(named, self()), proc_lib:spawn_link(?MODULE, waiting, []) end) end, fun() -> neighbour(fun() -> put('$initial_call', {m, f, 3}), put('$ancestors', [a, b]) end) end, fun() -> neighbour(fun() -> erase(), put(1, 2), put("string", x) end) end, fun() -> neighbour(fun() -> put('$initial_call', {m, f}), self() ! {some, message} end) end]].
crash_4() -> [begin {_, Logged} = crash(fun() -> proc_lib:spawn_link(fun() -> [proc_lib:spawn_link(?MODULE, waiting, []) || _ <- lists:seq(1, N)], timer:sleep(2), exit(gone) end) end), [length(Neighbours) || {_, {report, #{report := [_, Neighbours]}}, _} <- Logged] end || N <- [0, 1, 13, 14, 15, 16, 17, 30]].
crash_5() -> [begin {_, Logged} = crash(fun() -> proc_lib:spawn_link(fun() -> chain(N), timer:sleep(2), exit(gone) end) end), [[lists:keyfind(links, 1, Each) || {neighbour, Each} <- Neighbours] || {_, {report, #{report := [_, Neighbours]}}, _} <- Logged] end || N <- [1, 2, 3, 14, 15, 16, 17]].
chain(0) -> ok;
chain(N) -> proc_lib:spawn_link(fun() -> chain(N - 1), receive stop -> ok end end).
crash_6() -> Text = fun(Depth, Encoding) -> {_, _} = crash(fun() -> self() end), lists:flatten(proc_lib:format([[{initial_call, {m, f, ['Argument__1']}}, {pid, none}, {registered_name, []}, {error_info, {exit, {why, lists:seq(1, 40), [8364, 97]}, [{m, f, 1, []}]}}, {ancestors, []}, {message_queue_len, 0}, {messages, [{a, lists:seq(1, 30)}]}, {links, []}, {dictionary, [{x, [8364]}]}, {trap_exit, false}, {status, running}], []], Encoding, Depth)) end, [Text(D, E) || D <- [unlimited, 5, 20], E <- [latin1, unicode, utf8]].
initial_1() -> [begin P = F(), timer:sleep(2), R = [proc_lib:initial_call(P), proc_lib:translate_initial_call(P), shown:tried(fun() -> proc_lib:translate_initial_call(process_info(P)) end)], exit(P, kill), R end || F <- [fun() -> proc_lib:spawn(?MODULE, waiting, []) end, fun() -> spawn(?MODULE, waiting, []) end, fun() -> {ok, P} = gen_server:start(?MODULE, [], []), P end, fun() -> {ok, P} = gen_server:start({local, named}, ?MODULE, [], []), P end, fun() -> {ok, P} = gen_event:start(), P end, fun() -> {ok, P} = gen_event:start({local, other}), P end, fun() -> {ok, P} = supervisor:start_link(?MODULE, top), unlink(P), P end, fun() -> {ok, P} = supervisor_bridge:start_link(?MODULE, bridge), unlink(P), P end, fun() -> {ok, P} = gen_statem:start(?MODULE, machine, []), P end]].
init(top) -> {ok, {#{}, []}};
init(bridge) -> {ok, spawn(?MODULE, waiting, []), state};
init(machine) -> {ok, s, d};
init(_) -> {ok, s}.
terminate(_, _) -> ok.
callback_mode() -> handle_event_function.
handle_event(_, _, _, _) -> keep_state_and_data.
hibernate_1() -> Me = self(), P = proc_lib:spawn(fun() -> proc_lib:hibernate(?MODULE, woken, [Me, a]) end), timer:sleep(2), A = process_info(P, current_function), P ! wake, [A, heard()].
woken(To, A) -> To ! {woken, A, length(get('$ancestors'))}, exit(normal).
hibernate_2() -> process_flag(trap_exit, true), shown:logged(fun() -> P = proc_lib:spawn_link(fun() -> proc_lib:hibernate(?MODULE, missing, [a]) end), timer:sleep(2), P ! wake, heard() end).

%% Being stopped, which takes no longer than it may.
slow_1() -> [begin P = proc_lib:spawn(fun() -> receive {system, From, {terminate, _}} -> timer:sleep(100), gen:reply(From, ok), timer:sleep(Then) end end), Begin = erlang:monotonic_time(millisecond), R = shown:quietly(fun() -> shown:tried(fun() -> proc_lib:stop(P, normal, T) end) end), Took = erlang:monotonic_time(millisecond) - Begin, exit(P, kill), [R, Took div 100] end || {T, Then} <- [{50, 0}, {250, 30}, {250, 1000}, {infinity, 130}]].
stubborn(F) -> Me = self(), proc_lib:spawn(fun() -> process_flag(trap_exit, true), receive {system, From, {terminate, Reason}} -> gen:reply(From, ok), F(Me, Reason) end end).
stop_1() -> [begin P = stubborn(F), shown:quietly(fun() -> R = shown:tried(fun() -> proc_lib:stop(P, Why, 200) end), exit(P, kill), [R, heard()] end) end || F <- [fun(_, R) -> exit(R) end, fun(_, _) -> exit(other) end, fun(_, _) -> timer:sleep(5), exit(normal) end, fun(_, _) -> timer:sleep(1000) end], Why <- [normal, gone, shutdown, 1, 1.0]].
stop_2() -> [begin P = proc_lib:spawn(fun() -> receive after 50 -> ok end end), R = shown:quietly(fun() -> R = shown:tried(fun() -> proc_lib:stop(P, normal, T) end), [R, heard()] end), exit(P, kill), R end || T <- [0, 5]].
stop_3() -> [begin P = stubborn(fun(_, _) -> exit(V) end), shown:quietly(fun() -> shown:tried(fun() -> proc_lib:stop(P, 1, 200) end) end) end || V <- [1, 1.0]].
