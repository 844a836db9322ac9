-module(wrongly).
-compile([export_all, nowarn_export_all]).

%% Functions of the behaviours called with what they are not made for.

names() -> [nope, "nope", 1, <<"nope">>, true, {nope, node()}, {nope, 'x@y'}, {"nope", node()}, {1, 'x@y'}, {true, 'x@y'}, {nope, 1}, {local, nope}, {global, nope}, {via, global, nope}, {via, nothing, nope}, {via, nope}, {global, a, b}, {via, global, a, b}, {}, {nope}, #{}, make_ref(), self()].
dead() -> {Pid, Ref} = spawn_monitor(fun() -> ok end), receive {'DOWN', Ref, _, _, _} -> Pid end.
times() -> [infinity, 0, 1, -1, 4294967295, 4294967296, 1.0, 1.5, -1.0, 1.0e10, a, "1", [], {abs, 1.0}, {abs, a}, {abs, -1000000000000}, {abs, 1 bsl 60}, {abs, 0, 0}, {rel, 1}].

drained(Result) -> receive _ -> drained(Result) after 0 -> Result end.
call(M, Calls) -> drained(shown:quietly(fun() -> shown:each(M, Calls) end)).

server_1() -> call(gen_server, [{cast, [[dead() | names()], [x]]}]).
server_2() -> call(gen_server, [{call, [[dead() | names()], [x]]}, {call, [[nope, self(), {global, nope}, dead()], [x], [infinity, 0, 1, -1, 1.0, a, {clean_timeout, 1}]]}]).
server_3() -> call(gen_server, [{stop, [[dead() | names() -- [self()]]]}, {stop, [[nope, {nope, node()}, dead()], [normal, x], [infinity, 0, 1, -1, 1.0, a]]}]).
server_4() -> call(gen_server, [{reply, [[a, {}, {self()}, {self(), a}, {nope, a}, {self(), [alias | a]}, {self(), [alias | make_ref()]}, {self(), [[alias | make_ref()] | a]}, {self(), []}, {a, b, c}], [x]]}]).
server_5() -> call(gen_server, [{F, [[{local, n}, {global, n}, {via, global, n}, {via, nothing, n}, {local, 1}, n, {n}, {local, a, b}, undefined, {via, n}], [wrongly], [quit], [[], [{timeout, 10}], [timeout], [{debug, a}], [{spawn_opt, a}], [{hibernate_after, a}], a, [{spawn_opt, [link]}]]]} || F <- [start, start_link]]).
server_6() -> call(gen_server, [{F, [[wrongly, 1, nothing, {a, b}, "wrongly"], [quit, a], [[], a, [{debug, [a]}], [{timeout, 0}]]]} || F <- [start, start_link, start_monitor]]).
server_7() -> call(gen_server, [{F, [[a, [], [node()], [1], [node() | a]], [nope, 1, true], [x]]} || F <- [abcast, multi_call]]).
server_8() -> call(gen_server, [{abcast, [[nope, 1, true, "a"], [x]]}, {multi_call, [[nope, 1, true, "a"], [x]]}, {multi_call, [[[node()], [], [node(), node()], [node(), 'x@y'], a], [nope, 1], [x], [infinity, 0, 5, -1, 1.0, a, 4294967295]]}]).
server_9() -> call(gen_server, [{enter_loop, [[wrongly, 1], [[], a], [state], [self(), infinity, 10, -1, a, {continue, x}, {continue}, {next, x}, hibernate, {local, n}, {global, n}, {via, global, n}, {via, n}, {local, a, b}, {global, a, b}, {n, n}, "n"]]}, {enter_loop, [[wrongly, 1], [[]], [state], [self(), {local, n}, n], [infinity, a, {continue, x, y}]]}]).
server_10() -> call(gen_server, [{system_code_change, [[[n, s, wrongly, infinity, infinity]], [wrongly], [1], [ok, bad, throw, exit, error]]}, {system_get_state, [[[n, s, wrongly, infinity, infinity]]]}, {system_replace_state, [[fun(S) -> {S} end, fun(_) -> throw(x) end, a], [[n, s, wrongly, infinity, infinity]]]}]).

requests(M) -> [{send_request, [[dead() | names()] | extra(M)]}, {send_request, [[self(), nope]] ++ extra(M) ++ [[label], [#{}, a, [], gen_server:reqids_new()]]}].
extra(gen_event) -> [[handler], [x]];
extra(_) -> [[x]].
collections() -> [gen_server:reqids_new(), a, [], {}, true].
collected(M) -> call(M, [{check_response, [[msg, {a, b}, {[alias | make_ref()], b}, {'DOWN', make_ref(), process, self(), x}], [make_ref(), a, 1, self()]]}, {check_response, [[msg, {[alias | make_ref()], b}], collections(), [true, false, a, 1]]}, {reqids_size, [collections()]}, {reqids_to_list, [collections()]}, {reqids_add, [[make_ref(), a, self()], [label], collections()]}]).
waited(M) -> call(M, [{F, [[make_ref(), a], [0, 1, -1, 1.0, a, {abs, -1000000000000}]]} || F <- [wait_response, receive_response]] ++ [{F, [collections(), [0, 1, -1, 4294967296, 1.0, -1.0, 1.0e10, a, infinity, {abs, -1000000000000}, {abs, 1.0}, {abs, a}, {abs, 1 bsl 60}], [true, false, a]]} || F <- [wait_response, receive_response]]).
requests_1() -> call(gen_server, requests(gen_server)).
requests_2() -> call(gen_statem, requests(gen_statem)).
requests_3() -> call(gen_event, requests(gen_event)).
requests_4() -> collected(gen_server).
requests_5() -> collected(gen_statem).
requests_6() -> collected(gen_event).
requests_7() -> waited(gen_server).
requests_8() -> waited(gen_statem).
requests_9() -> waited(gen_event).
requests_10() -> R = make_ref(), [shown:tried(fun() -> gen_server:reqids_add(R, l, C) end) || C <- [gen_server:reqids_add(R, k, gen_server:reqids_new()), #{R => k}]].

machine_1() -> call(gen_statem, [{cast, [[dead() | names()], [x]]}]).
machine_2() -> call(gen_statem, [{call, [[dead() | names()], [x]]}, {call, [[nope, self(), {global, nope}, dead(), {nope, node()}, {nope, 'x@y'}], [x], [infinity, 0, 1, -1, 1.0, a, {clean_timeout, 1}, {clean_timeout, infinity}, {dirty_timeout, infinity}, {dirty_timeout, 1}, {dirty_timeout, a}, {clean_timeout, a}, {a, 1}, {a, b, c}]]}]).
machine_3() -> call(gen_statem, [{stop, [[dead() | names() -- [self()]]]}, {stop, [[nope, {nope, node()}, dead()], [normal, x], [infinity, 0, 1, -1, 1.0, a]]}]).
machine_4() -> call(gen_statem, [{reply, [[a, [], {reply, {self(), a}, x}, [{reply, {self(), a}, x}], [{reply, {self(), a}, x}, a], {reply, a, b}, [a], {a, b, c}]]}, {reply, [[a, {self(), a}, {self(), [alias | make_ref()]}], [x]]}]).
machine_5() -> call(gen_statem, [{F, [[{local, n}, {global, n}, {via, nothing, n}, {local, 1}, n, {n}, undefined], [wrongly], [quit], [[], [{timeout, 10}], [{debug, a}], [{spawn_opt, a}], a]]} || F <- [start, start_link]]).
machine_6() -> call(gen_statem, [{F, [[wrongly, 1, nothing, {a, b}], [quit, a], [[], a, [{debug, [a]}]]]} || F <- [start, start_link, start_monitor]]).
machine_7() -> call(gen_statem, [{enter_loop, [[wrongly, nothing, 1], [[], a], [state], [data]]}, {enter_loop, [[wrongly, 1], [[]], [state], [data], [self(), [], [a], {local, n}, {global, n}, {via, global, n}, {n, n}, n]]}, {enter_loop, [[wrongly], [[]], [state], [data], [self(), {local, n}], [[], a]]}]).

manager_1() -> call(gen_event, [{notify, [[dead() | names()], [x]]}]).
manager_2() -> call(gen_event, [{F, [[dead() | names() -- [self()]], [x]]} || F <- [sync_notify]] ++ [{which_handlers, [[nope, dead(), 1, {global, nope}, {via, nothing, nope}]]}, {call, [[nope, dead(), 1, self()], [h], [x]]}, {call, [[nope, dead(), {global, nope}, self()], [h], [x], [infinity, 0, 1, -1, 1.0, a] -- [infinity]]}]).
manager_3() -> call(gen_event, [{stop, [[dead() | names() -- [self()]]]}, {stop, [[nope, dead()], [normal, x], [infinity, 0, -1, 1.0, a]]}]).
manager_4() -> call(gen_event, [{F, [[{local, 1}, n, {n}, undefined, {}, 1, a, {via, nothing, n}]]} || F <- [start, start_link, start_monitor]]).
manager_5() -> call(gen_event, [{F, [[{local, 1}, n, undefined, 1, {via, nothing, n}], [[], a, [{timeout, a}], [{spawn_opt, a}]]]} || F <- [start, start_link, start_monitor]]).
manager_6() -> call(gen_event, [{F, [[nope], [a, {a, b}, {a, b, c}, []], [a, {a, b}]]} || F <- [swap_handler, swap_sup_handler]] ++ [{F, [[nope, dead()], [h], [x]]} || F <- [add_handler, add_sup_handler, delete_handler]]).

system_1() -> call(sys, [{F, [[dead(), nope, {nope, node()}, {nope, 'x@y'}, {global, nope}, {via, nothing, nope}, 1, {a, b, c}]]} || F <- [suspend, resume, get_status, get_state, no_debug]] ++ [{F, [[nope, dead(), self()], [infinity, 0, 1, -1, 1.0, a] -- [infinity]]} || F <- [suspend, resume, get_status, get_state, no_debug]]).
system_2() -> call(sys, [{F, [[nope, dead()], [a, {b, c}, {d, e, f}]]} || F <- [terminate, log, trace, log_to_file, statistics, install, remove, replace_state]] ++ [{F, [[nope], [a, {b, c}, {d, e, f}], [0, a]]} || F <- [terminate, log, trace, log_to_file, statistics, install, remove, replace_state]]).
system_3() -> call(sys, [{change_code, [[nope, dead()], [m], [v], [e]]}, {change_code, [[nope], [m], [v], [e], [1, a]]}]).
system_4() -> call(sys, [{debug_options, [[[], a, [a], [trace], [log], [{log, 3}], [{log, 0}], [{log, -1}], [{log, 1.0}], [{log, true}], [{install, a}], [{install, {f, s}}], [{install, {i, f, s}}], [{install, {i, f, s, t}}], [trace, trace, a, log, {log, 2}], [{log_to_file, "/nowhere/at/all"}], [{log_to_file, 1}], [{trace, true}]]]}]).
system_5() -> D = sys:debug_options([trace, {log, 2}, {install, {1, f, s}}, {install, {1.0, g, s}}]), [shown:tried(fun() -> sys:get_debug(I, L, none) end) || I <- [trace, log, statistics, 1, 1.0, 2, f], L <- [D, [], a, [a, {trace, x}]]].

processes_1() -> call(proc_lib, [{F, [[1, a, {a, b}]]} || F <- [spawn, spawn_link]] ++ [{F, [[m, 1, "m"], [f, 1], [[], a]]} || F <- [spawn, spawn_link]]).
processes_2() -> call(proc_lib, [{F, [[wrongly, 1], [quick, 1], [[], a]]} || F <- [start, start_link, start_monitor]] ++ [{F, [[wrongly], [quick], [[]], [10, infinity, 0, -1, a, 1.0], [[], [monitor], [link], [{monitor, []}], a, [a]]]} || F <- [start, start_monitor]]).
processes_3() -> call(proc_lib, [{spawn_opt, [[1, fun() -> ok end], [[], [link], [monitor], a, [a], [link, monitor]]]}, {spawn_opt, [[m], [f], [[], a], [[], a, [{priority, low}]]]}]).
processes_4() -> call(proc_lib, [{stop, [[dead() | names() -- [self()]]]}, {stop, [[nope, {nope, node()}, dead()], [normal, x], [infinity, 0, 1, -1, 1.0, a]]}]).
processes_5() -> call(proc_lib, [{F, [[dead(), a, [], [{dictionary, []}], [{dictionary, [{'$initial_call', {m, f, 2}}]}], [{dictionary, [{'$initial_call', {m, f}}]}], [{dictionary, a}], [{a, b}], {}, 1]]} || F <- [initial_call, translate_initial_call]]).
processes_6() -> call(proc_lib, [{hibernate, [[m, 1], [f, 1], [a]]}, {init_ack, [[x]]}, {init_ack, [[self(), a, nope, 1], [x]]}, {format, [[a, [], [a], [a, b, c]]]}]).
processes_7() -> [begin P = proc_lib:spawn(fun() -> receive stop -> ok end end), R = shown:tried(fun() -> proc_lib:F(P) end), P ! stop, R end || F <- [initial_call, translate_initial_call]].

quick() -> proc_lib:init_ack(ok).
init(quit) -> ignore;
init(What) -> {stop, {wrong, What}}.
callback_mode() -> handle_event_function.
code_change(V, S, ok) -> {ok, {V, S}};
code_change(_, _, bad) -> bad;
code_change(_, _, What) -> erlang:raise(What, {code, change}, []).
