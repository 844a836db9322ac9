-module(handling).
-compile([export_all, nowarn_export_all]).

%% Whatever an event handler's callbacks return or raise: what its manager, its supervisor and the log get.

init({Args, {told, To, F}}) -> To ! {taken_over, shown:term(Args)}, F();
init(F) -> F().
handle_event({do, F}, State) -> F(State);
handle_event(Event, {told, To, S}) -> To ! {event, Event, S}, {ok, {told, To, S}};
handle_event(_, State) -> {ok, State}.
handle_call({do, F}, State) -> F(State);
handle_call(state, State) -> {ok, shown:term(State), State}.
handle_info({do, F}, State) -> F(State);
handle_info(Message, {told, To, S}) -> To ! {info, shown:term(Message), S}, {ok, {told, To, S}};
handle_info(_, State) -> {ok, State}.
terminate(_, {ends, F}) -> F();
terminate(Reason, {told, To, S}) -> To ! {ended, shown:term(Reason), S}, {told, S};
terminate(Reason, State) -> {terminated, shown:term(Reason), shown:term(State)}.
code_change(Old, State, {as, F}) -> F(Old, State).

heard() -> receive Message -> [shown:term(Message) | heard()] after 20 -> [] end.
ways(Values) -> [fun() -> V end || V <- Values] ++ [fun() -> throw(V) end || V <- [hd(Values), thrown]] ++ [fun() -> exit(R) end || R <- [gone, normal, {shutdown, x}]] ++ [fun() -> error(R) end || R <- [wrong, normal]].
told(S) -> Me = self(), fun() -> {ok, {told, Me, S}} end.

%% A manager with three handlers, and what a function makes of it.
managed(F) -> managed(fun shown:logged/1, F).
managed(How, F) -> process_flag(trap_exit, true), How(fun() -> {ok, M} = gen_event:start_link(), ok = gen_event:add_handler(M, {?MODULE, first}, told(first)), ok = gen_event:add_handler(M, ?MODULE, fun() -> {ok, s} end), ok = gen_event:add_handler(M, {?MODULE, last}, told(last)), R = shown:tried(fun() -> F(M) end), [R, shown:tried(fun() -> shown:term([gen_event:which_handlers(M), sys:get_state(M)]) end), gen_event:stop(M), heard()] end).

inits() -> [{ok, t}, {ok, t, hibernate}, {ok, t, 1}, {ok}, ok, {error, x}, bad, {stop, x}, ignore].
add_1() -> [managed(fun(M) -> gen_event:F(M, H, I) end) || F <- [add_handler, add_sup_handler], H <- [{?MODULE, new}, ?MODULE], I <- ways(inits())].
add_2() -> [managed(fun(M) -> gen_event:F(M, H, I) end) || F <- [add_handler, add_sup_handler], H <- [nothing, {nothing, x}, {?MODULE, first}, {?MODULE, 1.0}], I <- [told(t)]].
delete_1() -> [managed(fun(M) -> gen_event:delete_handler(M, H, args) end) || H <- [?MODULE, {?MODULE, first}, {?MODULE, none}, nothing, {?MODULE, first, x}, 1]].
delete_2() -> [managed(fun(M) -> ok = gen_event:F(M, {?MODULE, ending}, fun() -> {ok, {ends, E}} end), [gen_event:delete_handler(M, {?MODULE, ending}, args), heard()] end) || F <- [add_handler, add_sup_handler], E <- ways([done])].

%% The ways a callback ends, of a handler that has a supervisor and of one that has none.
handled(Ask, F) -> [managed(fun(M) -> ok = gen_event:Add(M, {?MODULE, new}, fun() -> {ok, t} end), [shown:tried(fun() -> Ask(M, fun(S) -> case S of t -> F(); _ -> {ok, S} end end) end), heard()] end) || Add <- [add_handler, add_sup_handler]].
events() -> [{ok, t1}, {ok, t1, hibernate}, {ok, t1, 1}, remove_handler, bad, {ok}, {remove_handler, x}, {swap_handler, a, t1, {?MODULE, next}, args}, {swap_handler, a, t1, ?MODULE, args}].
event_1() -> [handled(fun(M, F) -> gen_event:sync_notify(M, {do, F}) end, E) || E <- ways(events())].
event_2() -> [handled(fun(M, F) -> gen_event:notify(M, {do, F}), timer:sleep(2) end, E) || E <- ways([{ok, t1}, remove_handler, bad])].
info_1() -> [handled(fun(M, F) -> M ! {do, F}, timer:sleep(2) end, E) || E <- ways([{ok, t1}, {ok, t1, hibernate}, remove_handler, bad])].
calls() -> [{ok, r, t1}, {ok, r, t1, hibernate}, {ok, r, t1, 1}, {ok, r}, {remove_handler, r}, remove_handler, bad, {swap_handler, r, a, t1, {?MODULE, next}, args}, {reply, r, t1}, {error, x}].
call_1() -> [handled(fun(M, F) -> gen_event:call(M, {?MODULE, new}, {do, F}) end, E) || E <- ways(calls())].
call_2() -> [managed(fun(M) -> gen_event:call(M, H, state) end) || H <- [?MODULE, {?MODULE, first}, {?MODULE, none}, nothing, 1]].
call_3() -> managed(fun(M) -> Slow = {do, fun(S) -> timer:sleep(10), {ok, r, S} end}, [[shown:tried(fun() -> gen_event:call(M, ?MODULE, Slow, T) end) || T <- [1, 40, infinity]], heard()] end).

%% Handlers that give way to others.
swaps() -> [{ok, new}, {ok, new, hibernate}, {error, x}, bad].
swap_1() -> [managed(fun(M) -> Me = self(), [gen_event:F(M, {H, out}, {N, {told, Me, I}}), heard()] end) || F <- [swap_handler, swap_sup_handler], H <- [?MODULE, {?MODULE, first}, {?MODULE, none}], N <- [{?MODULE, new}, ?MODULE], I <- [fun() -> {ok, new} end]].
swap_2() -> [managed(fun(M) -> Me = self(), [gen_event:F(M, {?MODULE, out}, {{?MODULE, new}, {told, Me, I}}), heard()] end) || F <- [swap_handler, swap_sup_handler], I <- ways(swaps())].
swap_3() -> [managed(fun(M) -> ok = gen_event:add_sup_handler(M, {?MODULE, old}, told(old)), [gen_event:F(M, {{?MODULE, old}, out}, {{?MODULE, new}, fun() -> {ok, x} end}), heard()] end) || F <- [swap_handler, swap_sup_handler]].
swap_4() -> [handled(fun(M, F) -> gen_event:sync_notify(M, {do, F}) end, fun() -> {swap_handler, a, {told, Me, t1}, {?MODULE, next}, {told, Me, I}} end) || Me <- [self()], I <- ways(swaps())].
swap_5() -> [handled(fun(M, F) -> gen_event:call(M, {?MODULE, new}, {do, F}) end, fun() -> {swap_handler, r, a, t1, {nothing, next}, args} end)].

%% Supervisors of handlers that end.
supervised(M, Id) -> spawn(fun() -> ok = gen_event:add_sup_handler(M, {?MODULE, Id}, fun() -> {ok, {told, whereis(handling_test), Id}} end), receive {'gen_event_EXIT', _, _} = E -> handling_test ! shown:term(E); R -> exit(R) end end).
supervisor_1() -> register(handling_test, self()), [managed(fun(M) -> A = supervised(M, a), B = supervised(M, b), timer:sleep(2), A ! R, timer:sleep(2), H = heard(), gen_event:delete_handler(M, {?MODULE, b}, x), [H, heard(), is_process_alive(B), M ! {'EXIT', B, forged}, heard()] end) || R <- [normal, shutdown, gone]].
supervisor_2() -> register(handling_test, self()), managed(fun(M) -> A = supervised(M, a), timer:sleep(2), gen_event:stop(M, gone, 50), [heard(), is_process_alive(A)] end).
parent_1() -> process_flag(trap_exit, true), [shown:logged(fun() -> {ok, M} = gen_event:start_link(), ok = gen_event:add_handler(M, ?MODULE, told(s)), How(M), [heard(), is_process_alive(M)] end) || How <- [fun(M) -> exit(M, gone) end, fun(M) -> exit(M, normal) end, fun(M) -> sys:suspend(M), exit(M, gone) end, fun(M) -> gen_event:stop(M) end, fun(M) -> gen_event:stop(M, gone, 50) end, fun(M) -> sys:terminate(M, gone) end, fun(M) -> gen_event:add_sup_handler(M, {?MODULE, mine}, told(mine)), gen_event:stop(M, shutdown, 50) end, fun(M) -> M ! {self(), {self(), tag}, stop} end]].
ends_1() -> [shown:logged(fun() -> process_flag(trap_exit, true), {ok, M} = gen_event:start_link(), ok = gen_event:Add(M, ?MODULE, fun() -> {ok, {ends, E}} end), [gen_event:stop(M), heard()] end) || Add <- [add_handler, add_sup_handler], E <- ways([done])].

%% Managers by name.
name_1() -> [begin process_flag(trap_exit, true), {ok, M} = gen_event:start_link(N), To = case N of {local, L} -> L; _ -> N end, ok = gen_event:add_handler(To, ?MODULE, told(s)), R = [gen_event:notify(To, x), gen_event:sync_notify(To, y), gen_event:call(To, ?MODULE, state), gen_event:which_handlers(To), shown:term(gen_event:start(N)), shown:term(gen_event:start(N, [])), shown:term(gen_event:start_monitor(N)), heard()], [R, gen_event:stop(To), is_process_alive(M), heard()] end || N <- [{local, named}, {global, named}, {via, global, named}]].
start_1() -> process_flag(trap_exit, true), [begin R = apply(gen_event, F, A), P = case R of {ok, {Q, _}} -> Q; {ok, Q} -> Q end, [shown:term(R), gen_event:stop(P), heard()] end || F <- [start, start_link, start_monitor], A <- [[], [[]], [[{debug, [log]}]], [[{timeout, 100}, {hibernate_after, 2}]], [{local, named}, [{debug, [statistics]}]]]].

%% What sys asks for.
system_1() -> managed(fun(M) -> [shown:term(R) || R <- [sys:replace_state(M, fun({H, I, S}) -> {H, I, {told, self(), S}} end), sys:replace_state(M, fun({H, last, _}) -> {H, last, x}; (T) -> setelement(2, T, y) end), sys:replace_state(M, fun(_) -> throw(x) end), sys:replace_state(M, fun(_) -> {a, b} end), sys:replace_state(M, fun(T) -> setelement(3, T, changed) end), sys:get_state(M)]] end).
system_2() -> [managed(fun(M) -> ok = sys:suspend(M), R = shown:tried(fun() -> sys:change_code(M, Of, old, {as, F}) end), S = shown:term(sys:get_state(M)), sys:resume(M), [R, S] end) || Of <- [?MODULE, other], F <- [fun(O, S) -> {ok, {O, S}} end, fun(_, _) -> bad end, fun(_, _) -> {error, x} end, fun(_, _) -> {ok, x, y} end, fun(_, _) -> throw(x) end, fun(_, _) -> error(x) end]].
status_1() -> managed(fun(M) -> gen_event:add_sup_handler(M, {?MODULE, mine}, told(mine)), sys:log(M, true), gen_event:notify(M, x), gen_event:call(M, ?MODULE, state), M ! hello, {status, M, Module, [_, State, Parent, Log, Misc]} = sys:get_status(M), [Module, State, Parent =:= self(), shown:term(Log), shown:term(tl(Misc)), sys:get_log(Log) =/= []] end).
requests_1() -> managed(fun shown:quietly/1, fun(M) -> Ids = lists:foldl(fun({H, R}, Ids) -> gen_event:send_request(M, H, R, {label, H}, Ids) end, gen_event:reqids_new(), [{?MODULE, state}, {{?MODULE, first}, state}, {none, state}, {?MODULE, {do, fun(_) -> bad end}}]), A = gen_event:reqids_size(Ids), B = lists:sort([L || {_, L} <- gen_event:reqids_to_list(Ids)]), [A, B, taken(fun(I) -> gen_event:wait_response(I, 20, true) end, Ids, 1), taken(fun(I) -> gen_event:receive_response(I, 20, false) end, Ids, 2), [checked(gen_event:check_response(R, Ids, D)) || R <- messages(), D <- [true, false]]] end).
requests_2() -> managed(fun shown:quietly/1, fun(M) -> [begin Id = gen_event:send_request(M, H, state), case F of check_response -> gen_event:check_response(receive R -> R end, Id); _ -> gen_event:F(Id, 20) end end || F <- [wait_response, receive_response, check_response], H <- [?MODULE, none]] end).
requests_3() -> managed(fun shown:quietly/1, fun(M) -> R = gen_event:reqids_add(make_ref(), l, gen_event:reqids_new()), Id = gen_event:send_request(M, ?MODULE, {do, fun(_) -> {ok, {error, in_reply}, s} end}), [gen_event:reqids_size(R), gen_event:wait_response(Id, 20)] end).
messages() -> receive M -> [M | messages()] after 0 -> [] end.
checked({R, L, Left}) -> {shown:term(R), L, gen_event:reqids_size(Left)};
checked(Other) -> Other.
taken(_, _, 0) -> [];
taken(F, Ids, N) -> {_, _, Left} = R = F(Ids), [checked(R) | taken(F, Left, N - 1)].

%% When a manager sleeps.
asleep_1() -> [begin {ok, M} = gen_event:start(Options), R = shown:asleep(M, [fun(_) -> ok end] ++ [fun(P) -> gen_event:add_handler(P, {?MODULE, Id}, fun() -> I end) end || {Id, I} <- [{a, {ok, a, hibernate}}, {b, {ok, b}}, {c, {ok, c, hibernate}}]] ++ [fun(P) -> Send(P, {do, fun(S) -> case lists:member(S, Sleepy) of true -> {ok, S, hibernate}; false -> {ok, S} end end}) end || Send <- [fun gen_event:notify/2, fun gen_event:sync_notify/2, fun(P, X) -> P ! X end], Sleepy <- [[], [a], [b], [c], [a, b, c], [a, b, c]]] ++ [fun(P) -> gen_event:call(P, {?MODULE, b}, {do, fun(S) -> V(S) end}) end || V <- [fun(S) -> {ok, r, S, hibernate} end, fun(S) -> {ok, r, S} end, fun(S) -> {ok, r, S, hibernate} end, fun(S) -> {ok, r, S, hibernate} end]] ++ [fun sys:get_state/1, fun sys:suspend/1, fun sys:resume/1, fun gen_event:which_handlers/1, fun(P) -> gen_event:swap_handler(P, {{?MODULE, b}, x}, {{?MODULE, b}, {told, self(), fun() -> {ok, b, hibernate} end}}) end, fun(P) -> gen_event:delete_handler(P, {?MODULE, a}, x) end, fun(P) -> gen_event:notify(P, {do, fun(_) -> remove_handler end}) end]), gen_event:stop(M), R end || Options <- [[], [{hibernate_after, 5}], [{hibernate_after, 5}, {debug, [log]}]]].
