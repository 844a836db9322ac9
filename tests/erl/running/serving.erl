-module(serving).
-compile([export_all, nowarn_export_all]).

%% Whatever a server's callbacks return or raise: what its callers, its starter and the log get.

init(F) -> F().
handle_call({do, F}, From, State) -> F(From, State);
handle_call(state, _, State) -> {reply, State, State}.
handle_cast({do, F}, State) -> F(State).
handle_info({do, F}, State) -> F(State);
handle_info(Message, {told, To, State}) -> To ! {info, shown:term(Message)}, {noreply, {told, To, State}};
handle_info(Message, State) -> {noreply, {Message, State}}.
handle_continue(F, State) when is_function(F) -> F(State);
handle_continue(Term, State) -> {noreply, {continued, Term, State}}.
terminate(_, {ends, F}) -> F();
terminate(Reason, {told, To, State}) -> To ! {ended, Reason, State};
terminate(_, _) -> ok.
code_change(Old, State, {as, F}) -> F(Old, State).

%% How a callback can end, as functions that make it so.
ways(Values) -> [fun() -> V end || V <- Values] ++ [fun() -> throw(V) end || V <- [hd(Values), thrown]] ++ [fun() -> exit(R) end || R <- [gone, normal, shutdown, {shutdown, x}, {a, b}]] ++ [fun() -> error(R) end || R <- [wrong, {wrong, 1}, normal]] ++ [fun() -> erlang:error(wrong, [arguments]) end].

%% What comes within some ms.
heard() -> receive Message -> [shown:term(Message) | heard()] after 20 -> [] end.

begun(Start) -> process_flag(trap_exit, true), shown:logged(fun() -> [Start(), heard(), whereis(named)] end).
firsts() -> [{ok, s}, {ok, s, infinity}, {ok, s, 0}, {ok, s, hibernate}, {ok, s, {continue, x}}, {ok, s, -1}, {ok, s, 1.0}, {ok, s, a}, {ok, s, {continue}}, {ok, s, {continue, x, y}}, {ok, s, {next, x}}, {ok}, {stop, x}, {stop, normal}, {stop, shutdown}, {stop}, ignore, {error, x}, bad, [], {stop, x, y}].
init_1() -> [begun(fun() -> ended(gen_server:start({local, named}, ?MODULE, F, [])) end) || F <- ways(firsts())].
init_2() -> [begun(fun() -> ended(gen_server:start_link(?MODULE, F, [])) end) || F <- ways(firsts())].
init_3() -> [begun(fun() -> ended(gen_server:start_monitor({global, named}, ?MODULE, F, [])) end) || F <- ways([{ok, s}, {stop, x}, ignore, bad])].
init_4() -> [begun(fun() -> ended(gen_server:start({via, global, named}, ?MODULE, F, [{timeout, 20}, {spawn_opt, [link]}])) end) || F <- ways([{ok, s}, {stop, x}, ignore, bad])].
init_5() -> [begun(fun() -> ended(gen_server:F(?MODULE, fun() -> timer:sleep(50), {ok, s} end, [{timeout, T}])) end) || F <- [start, start_link, start_monitor], T <- [10, 0]].
init_6() -> [begun(fun() -> ended(gen_server:F(?MODULE, fun() -> {ok, s} end, Options)) end) || F <- [start, start_link], Options <- [[{timeout, infinity}], [{debug, [log]}], [{debug, [{log, 2}, statistics]}], [{debug, a}], [{hibernate_after, 1}], [{spawn_opt, [{priority, high}]}], [a, {b, c}]]].
init_7() -> [begun(fun() -> Two = [start_by(Name) || Name <- [N, N]], R = [receive {started, P, A} -> shown:term(A) end || P <- Two], gone(N), R end) || N <- [{local, named}, {global, named}, {via, global, named}]].
start_by(Name) -> Me = self(), spawn_link(fun() -> Me ! {started, self(), gen_server:start(Name, ?MODULE, fun() -> {ok, s} end, [])} end).
gone({local, N}) -> gen_server:stop(N);
gone(N) -> gen_server:stop(N).

%% What a start has come to, and the state of what was started, which is then stopped.
ended({ok, {Pid, Ref}}) when is_reference(Ref) -> {monitored, ended({ok, Pid})};
ended({ok, Pid}) -> [shown:tried(fun() -> gen_server:call(Pid, state) end), shown:tried(fun() -> gen_server:stop(Pid) end)];
ended(Other) -> Other.

%% One way in which a request ends, each with a server of its own.
asked(F) -> process_flag(trap_exit, true), {ok, S} = gen_server:start_link(?MODULE, fun() -> {ok, s} end, []), shown:logged(fun() -> [shown:tried(fun() -> gen_server:call(S, {do, fun(_, _) -> F() end}, 20) end), after_that(S)] end).
after_that(S) -> Heard = heard(), [Heard, is_process_alive(S) andalso [shown:tried(fun() -> gen_server:call(S, state) end), shown:tried(fun() -> gen_server:stop(S) end)], heard()].
nexts(Start) -> [list_to_tuple(Start ++ [s1 | Next]) || Next <- [[], [infinity], [0], [1], [hibernate], [{continue, x}], [-1], [1.0], [a], [{continue}], [{continue, x, y}], [{next, x}], [0, 0]]].
call_1() -> [asked(F) || F <- ways(nexts([reply, r]))].
call_2() -> [asked(F) || F <- ways(nexts([noreply]))].
call_3() -> [asked(F) || F <- ways([{stop, R, s1} || R <- [normal, shutdown, {shutdown, x}, {shutdown, x, y}, gone]])].
call_4() -> [asked(F) || F <- ways([{stop, R, r, s1} || R <- [normal, shutdown, gone]])].
call_5() -> [asked(F) || F <- ways([bad, [], {}, {reply}, {reply, r}, {noreply}, {stop}, {stop, x}, {stop, x, y, z, w}, {ok, s1}])].

sent(Kind, F) -> process_flag(trap_exit, true), {ok, S} = gen_server:start_link(?MODULE, fun() -> {ok, s} end, []), shown:logged(fun() -> case Kind of cast -> gen_server:cast(S, {do, fun(_) -> F() end}); info -> S ! {do, fun(_) -> F() end}; continue -> gen_server:cast(S, {do, fun(_) -> {noreply, s, {continue, fun(_) -> F() end}} end}) end, timer:sleep(2), after_that(S) end).
cast_1() -> [sent(cast, F) || F <- ways(nexts([noreply]))].
cast_2() -> [sent(cast, F) || F <- ways([{stop, normal, s1}, {stop, gone, s1}, bad, {reply, r, s1}, {stop, x, r, s1}])].
info_1() -> [sent(info, F) || F <- ways(nexts([noreply]) ++ [{stop, normal, s1}, {stop, gone, s1}, bad, {reply, r, s1}])].
continue_1() -> [sent(continue, F) || F <- ways([{noreply, s1}, {noreply, s1, 0}, {noreply, s1, {continue, y}}, {stop, normal, s1}, {stop, gone, s1}, bad])].

%% A terminate that ends in each way, after each end.
ends(How, F) -> process_flag(trap_exit, true), {ok, S} = gen_server:start_link(?MODULE, fun() -> {ok, {ends, F}} end, []), shown:logged(fun() -> [shown:tried(fun() -> How(S) end), heard()] end).
terminate_1() -> [ends(fun(S) -> gen_server:call(S, {do, fun(_, State) -> {stop, R, r, State} end}, 50) end, F) || R <- [normal, gone], F <- ways([ok])].
terminate_2() -> [ends(fun(S) -> gen_server:call(S, {do, fun(_, _) -> error(first) end}, 50) end, F) || F <- ways([ok])].
terminate_3() -> [ends(fun(S) -> gen_server:stop(S, R, 50) end, F) || R <- [normal, gone], F <- ways([ok])].
terminate_4() -> [ends(fun(S) -> exit(S, R), timer:sleep(2) end, F) || R <- [normal, shutdown, gone, kill], F <- ways([ok])].
terminate_5() -> [ends(fun(S) -> sys:suspend(S), How(S) end, F) || How <- [fun(S) -> exit(S, gone), timer:sleep(2) end, fun(S) -> sys:terminate(S, gone) end, fun(S) -> sys:terminate(S, normal) end, fun(S) -> gen_server:stop(S, shutdown, 50) end], F <- [fun() -> ok end, fun() -> exit(other) end]].

%% What a server says that is traced, and its log.
traced(Options) -> process_flag(trap_exit, true),
    {ok, S} = gen_server:start_link(?MODULE, fun() -> {ok, {told, self(), s}} end, Options),
    [gen_server:call(S, {do, fun(_, _) -> {reply, r, s1} end}), gen_server:cast(S, {do, fun(_) -> {noreply, s2, 0} end}), S ! message, timer:sleep(3),
     gen_server:call(S, {do, fun(From, _) -> gen_server:reply(From, r), {noreply, s3, {continue, c}} end}), shown:term(sys:log(S, get)), shown:term(sys:get_log(lists:nth(4, element(4, sys:get_status(S))))), [V || {K, V} <- counted(sys:statistics(S, get)), K =/= start_time, K =/= current_time, K =/= reductions]].
counted({ok, Found}) when is_list(Found) -> Found;
counted(Other) -> [{other, Other}].
log_1() -> [traced(Options) || Options <- [[], [{debug, [log]}], [{debug, [{log, 2}]}], [{debug, [{log, 1}, statistics]}], [{debug, [{log, 30}, statistics]}], [{debug, [statistics]}]]].
log_2() -> shown:logged(fun() -> process_flag(trap_exit, true), {ok, S} = gen_server:start_link(?MODULE, fun() -> {ok, s} end, [{debug, [log]}]), [gen_server:call(S, {do, fun(_, _) -> {reply, r, s1} end}), gen_server:cast(S, {do, fun(_) -> {stop, gone, s2} end}), heard()] end).

%% The client that waits when a server ends.
client_1() -> shown:logged(fun() -> {ok, S} = gen_server:start(?MODULE, fun() -> {ok, s} end, []), Dead = spawn(fun() -> gen_server:call(S, {do, fun(_, _) -> timer:sleep(10), {stop, gone, s} end}) end), timer:sleep(2), exit(Dead, kill), heard(), heard(), heard() end).
client_2() -> shown:logged(fun() -> {ok, S} = gen_server:start(?MODULE, fun() -> {ok, s} end, []), spawn(fun() -> register(waiting, self()), gen_server:call(S, {do, fun(_, _) -> timer:sleep(5), {stop, gone, s} end}) end), timer:sleep(10), heard() end).
client_3() -> shown:logged(fun() -> {ok, S} = gen_server:start(?MODULE, fun() -> {ok, s} end, []), [S ! {'$gen_call', From, {do, fun(_, _) -> {stop, gone, s} end}} || From <- [{a, b}]], heard() end).
client_4() -> shown:logged(fun() -> {ok, S} = gen_server:start(?MODULE, fun() -> {ok, s} end, []), S ! {'$gen_call', {a, b}, {do, fun(_, _) -> {reply, r, s} end}}, [gen_server:call(S, state), gen_server:stop(S)] end).

%% A server that asks itself, and one that is not there any more when it is asked.
self_1() -> {ok, S} = gen_server:start({local, named}, ?MODULE, fun() -> {ok, s} end, []), R = [gen_server:call(S, {do, fun(_, _) -> {reply, shown:tried(fun() -> gen_server:call(To, state, T) end), s} end}) || To <- [S, named, {named, node()}], T <- [infinity, 10]], gen_server:stop(S), R.
late_1() -> {ok, S} = gen_server:start(?MODULE, fun() -> {ok, s} end, []), Slow = {do, fun(From, _) -> timer:sleep(10), gen_server:reply(From, r), {noreply, s} end}, R = [shown:tried(fun() -> gen_server:call(S, Slow, T) end) || T <- [1, 5, 30, infinity]], H = heard(), [R, H, gen_server:stop(S)].

%% Requests that are not waited for.
request(S, F) -> gen_server:send_request(S, {do, fun(_, _) -> F() end}).
answer(r) -> {reply, r, s};
answer(never) -> {noreply, s};
answer(gone) -> {stop, gone, s};
answer(late) -> timer:sleep(10), {reply, late, s}.
one(Wait, What) -> shown:quietly(fun() -> {ok, S} = gen_server:start(?MODULE, fun() -> {ok, s} end, []), Id = request(S, fun() -> answer(What) end), [shown:tried(fun() -> gen_server:Wait(Id, 4) end), heard(), heard(), heard()] end).
wait_1() -> [one(Wait, What) || Wait <- [wait_response, receive_response], What <- [r, never, gone, late]].
wait_2() -> {ok, S} = gen_server:start(?MODULE, fun() -> {ok, s} end, []), Id = request(S, fun() -> answer(late) end), [gen_server:wait_response(Id, 1), shown:term(gen_server:wait_response(Id, {abs, erlang:monotonic_time(millisecond) + 30})), shown:term(gen_server:wait_response(Id, 0))].
check_1() -> [begin {ok, S} = gen_server:start(?MODULE, fun() -> {ok, s} end, []), Id = request(S, fun() -> answer(What) end), M = receive Any -> Any after 50 -> none end, [shown:term(gen_server:check_response(M, Id)), gen_server:check_response(M, make_ref()), heard()] end || What <- [r, gone, never]].
many() -> {ok, S} = gen_server:start(?MODULE, fun() -> {ok, s} end, []), lists:foldl(fun(What, Ids) -> gen_server:send_request(S, {do, fun(_, _) -> answer(What) end}, {label, What}, Ids) end, gen_server:reqids_new(), [r, never, r, gone]).
collection_1() -> [shown:quietly(fun() -> Ids = many(), [gen_server:reqids_size(Ids), lists:sort(shown:term(gen_server:reqids_to_list(Ids))), taken(fun(C) -> gen_server:F(C, 5, Delete) end, Ids, 5)] end) || F <- [wait_response, receive_response], Delete <- [true, false]].
taken(_, _, 0) -> [];
taken(F, Ids, N) -> case F(Ids) of {Result, Label, Left} -> [{shown:term(Result), Label, gen_server:reqids_size(Left)} | taken(F, Left, N - 1)]; Other -> [Other, heard()] end.
collection_2() -> shown:quietly(fun() -> Ids = many(), timer:sleep(3), [checked(M, Ids, D) || M <- messages(), D <- [true, false]] end).
messages() -> receive M -> [M | messages()] after 0 -> [] end.
checked(M, Ids, Delete) -> case gen_server:check_response(M, Ids, Delete) of {Result, Label, Left} -> {shown:term(Result), Label, gen_server:reqids_size(Left)}; Other -> Other end.

%% Calls to many.
many_1() -> {ok, S} = gen_server:start({local, named}, ?MODULE, fun() -> {ok, s} end, []), N = node(), R = [[shown:term(gen_server:multi_call(Nodes, named, {do, fun(_, _) -> answer(What) end}, T)) || Nodes <- [[N], [N, 'x@y'], ['x@y'], ['x@y', 'z@y'], [N, N], []], T <- [infinity, 4], not (What =:= late andalso T =:= infinity)] || What <- [r, late]], [R, heard(), gen_server:stop(S)].
many_2() -> [shown:quietly(fun() -> {ok, _} = gen_server:start({local, named}, ?MODULE, fun() -> {ok, s} end, []), [shown:tried(fun() -> gen_server:multi_call([node()], named, {do, fun(_, _) -> {stop, gone, s} end}, T) end), heard()] end) || T <- [infinity, 20]].
many_3() -> {ok, S} = gen_server:start({local, named}, ?MODULE, fun() -> {ok, {told, self(), s}} end, []), [gen_server:abcast(named, {do, fun({told, To, _}) -> To ! cast, {noreply, s} end}), heard(), gen_server:abcast([node(), 'x@y', node()], named, {do, fun(_) -> {noreply, more} end}), gen_server:call(S, state), shown:term(gen_server:multi_call(named, state)), gen_server:stop(S)].
many_4() -> {ok, S} = gen_server:start({local, named}, ?MODULE, fun() -> {ok, s} end, []), Asker = spawn(fun() -> gen_server:multi_call([node()], named, {do, fun(_, _) -> answer(late) end}, 50) end), timer:sleep(3), Before = length(processes()), exit(Asker, kill), timer:sleep(20), [Before - length(processes()), heard(), gen_server:stop(S)].

%% Being a server by one's own wish.
entered(F) -> process_flag(trap_exit, true), P = proc_lib:spawn_link(fun() -> receive go -> F() end end), shown:logged(fun() -> P ! go, timer:sleep(2), [is_process_alive(P) andalso [shown:tried(fun() -> gen_server:call(P, state) end), shown:tried(fun() -> gen_server:stop(P) end)], heard()] end).
enter_1() -> [entered(fun() -> Before(), apply(gen_server, enter_loop, [?MODULE, [], s | More]) end) || {Before, More} <- [{fun() -> ok end, []}, {fun() -> register(named, self()) end, [{local, named}]}, {fun() -> ok end, [{local, named}]}, {fun() -> register(other, self()) end, [{local, named}]}, {fun() -> global:register_name(named, self()) end, [{global, named}]}, {fun() -> ok end, [{global, named}]}, {fun() -> global:register_name(named, self()) end, [{via, global, named}]}, {fun() -> ok end, [{via, global, named}]}, {fun() -> ok end, [self()]}, {fun() -> ok end, [1]}, {fun() -> ok end, [hibernate]}, {fun() -> ok end, [{continue, x}]}, {fun() -> register(named, self()) end, [{local, named}, 1]}, {fun() -> ok end, [{continue, x, y}]}, {fun() -> ok end, [{local, a, b}]}, {fun() -> ok end, [named]}]].
enter_2() -> [entered(fun() -> put('$ancestors', Ancestors), gen_server:enter_loop(?MODULE, [], s) end) || Ancestors <- [[], [a], a, [1], {}]].
enter_3() -> process_flag(trap_exit, true), [begin Registered(), R = entered(fun() -> put('$ancestors', [parent]), gen_server:enter_loop(?MODULE, [], {told, self(), s}) end), catch unregister(parent), global:unregister_name(parent), R end || Registered <- [fun() -> register(parent, self()) end, fun() -> global:register_name(parent, self()) end]].
enter_4() -> shown:logged(fun() -> {P, _} = spawn_monitor(fun() -> gen_server:enter_loop(?MODULE, [], s) end), [is_pid(P), heard()] end).

%% Code that changes.
change_1() -> [begin {ok, S} = gen_server:start(?MODULE, fun() -> {ok, s} end, []), ok = sys:suspend(S), R = shown:logged(fun() -> [shown:tried(fun() -> sys:change_code(S, ?MODULE, old, {as, fun(Old, State) -> F(), {ok, {Old, State}} end}) end), sys:resume(S), gen_server:call(S, state)] end), gen_server:stop(S), R end || F <- ways([x])].
change_2() -> [begin {ok, S} = gen_server:start(?MODULE, fun() -> {ok, s} end, []), ok = sys:suspend(S), R = [shown:tried(fun() -> sys:change_code(S, ?MODULE, old, {as, fun(_, _) -> V end}) end), sys:get_state(S), sys:resume(S)], gen_server:stop(S), R end || V <- [{ok, s1}, {ok, s1, x}, {error, x}, ok, {ok}, bad]].
replace_1() -> [begin {ok, S} = gen_server:start(?MODULE, fun() -> {ok, s} end, []), R = [shown:tried(fun() -> sys:replace_state(S, F) end), sys:get_state(S)], gen_server:stop(S), R end || F <- [fun(S) -> {S} end, fun(_) -> throw(x) end, fun(_) -> exit(x) end, fun(_) -> error(x) end, fun(a) -> b end, fun() -> x end, a, fun(_, _) -> x end]].

%% When a server sleeps.
asleep_1() -> [begin {ok, S} = gen_server:start(?MODULE, fun() -> Start end, Options), R = shown:asleep(S, [fun(_) -> ok end] ++ [fun(P) -> gen_server:call(P, {do, fun(_, _) -> list_to_tuple([reply, r, s | N]) end}) end || N <- nexts()] ++ [fun(P) -> gen_server:cast(P, {do, fun(_) -> list_to_tuple([noreply, s | N]) end}) end || N <- nexts()] ++ [fun(P) -> P ! {do, fun(_) -> list_to_tuple([noreply, s | N]) end} end || N <- nexts()] ++ [fun(P) -> gen_server:cast(P, {do, fun(_) -> {noreply, s, {continue, fun(_) -> list_to_tuple([noreply, s | N]) end}} end}) end || N <- nexts()] ++ [fun sys:get_state/1, fun sys:suspend/1, fun sys:get_state/1, fun sys:resume/1, fun(P) -> gen_server:call(P, {do, fun(_, _) -> {reply, r, s, hibernate} end}) end, fun sys:suspend/1, fun sys:get_state/1, fun sys:resume/1]), gen_server:stop(S), R end || Start <- [{ok, s}, {ok, s, hibernate}, {ok, s, {continue, x}}, {ok, s, 1}], Options <- [[], [{hibernate_after, 5}], [{hibernate_after, infinity}], [{hibernate_after, 5}, {debug, [log]}]]].
nexts() -> [[hibernate], [], [hibernate], [hibernate], [infinity], [0], [2], [200]].
