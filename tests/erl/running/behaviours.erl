-module(behaviours).
-compile([export_all, nowarn_export_all]).

%% Servers, machines, managers and supervisors as their callers and sys see them.

reply_1() ->
    Alias = alias(),
    Tag = [[alias | Alias], "payload"],
    spawn_link(fun() -> gen_server:reply({undefined, Tag}, done) end),
    receive {[[alias | Alias] | _] = Tag, Reply} -> Reply end.
alias_1() ->
    Ref = make_ref(),
    Me = self(),
    spawn_link(fun() -> Me ! [[alias | Ref], {Ref}] end),
    Mine = runner:id([[alias | Ref], {Ref}]),
    receive Theirs -> [Theirs =:= Mine, Mine =:= Theirs, Theirs == Mine, Theirs =/= Mine] end.

hibernate_1() -> {ok, S} = gen_server:start(?MODULE, server, []), asleep(S).
hibernate_2() -> {ok, S} = gen_event:start(), ok = gen_event:add_handler(S, ?MODULE, sleepy), asleep(S).

asleep(S) ->
    A = at(S),
    ok = sys:suspend(S),
    B = at(S),
    _ = sys:get_state(S),
    C = at(S),
    S ! {wake, self()},
    ok = sys:resume(S),
    [A, B, C, receive awake -> awake after 100 -> asleep end, at(S)].
at(S) -> timer:sleep(20), case process_info(S, current_function) of {_, MFA} -> MFA; undefined -> gone end.

replace_1() ->
    {ok, S} = supervisor:start_link(?MODULE, top),
    Seen = sys:replace_state(S, fun(State) -> put_in(State) end),
    Flags = sys:change_code(suspended(S), ?MODULE, [], []),
    ok = sys:resume(S),
    State = sys:get_state(S),
    ok = gen_server:stop(S),
    [is_tuple(Seen), tuple_size(Seen), element(1, Seen), Flags, element(6, State), element(10, State)].
put_in(State) when tuple_size(State) =:= 12 -> setelement(12, State, other).
suspended(S) -> ok = sys:suspend(S), S.

undefined_1() -> [apply(?MODULE, F, A) || {F, A} <- [{nothing, []}, {something, [1, 2]}]] ++ [behaviours:other(x), erlang:function_exported(?MODULE, nothing, 0)].
undefined_2() -> {ok, S} = gen_server:start(?MODULE, plain, []), [gen_server:call(S, hello), gen_server:stop(S)].

'$handle_undefined_function'(handle_call, [Request, _, State]) -> {reply, {called, Request}, State};
'$handle_undefined_function'(Function, Args) -> {handled, Function, Args}.

init(sleepy) -> {ok, handler, hibernate};
init(server) -> {ok, server, hibernate};
init(plain) -> {ok, state};
init(top) -> {ok, {{one_for_one, 3, 4}, []}};
init(other) -> {ok, {#{intensity => 7, auto_shutdown => any_significant}, []}}.
handle_info({wake, To}, State) -> To ! awake, {case State of server -> noreply; handler -> ok end, State, hibernate}.
handle_event(_, State) -> {ok, State}.
