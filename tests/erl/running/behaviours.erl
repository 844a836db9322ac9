-module(behaviours).
-compile([export_all, nowarn_export_all]).

%% Servers, machines, managers and supervisors as their callers and sys see them.

reply_1() ->
    Alias = alias(),
    Tag = [[alias | Alias], "payload"],
    spawn_link(fun() -> gen_server:reply({undefined, Tag}, done) end),
    receive {[[alias | Alias] | _] = Tag, Reply} -> Reply end.
fun_1() ->
    Me = self(),
    Maker = spawn_link(fun() -> Me ! {made, fun(X) -> {X, Me} end} end),
    F = receive {made, Fun} -> Fun end,
    G = fun Loop(0) -> Me; Loop(N) -> Loop(N - 1) end,
    [erlang:fun_info(F, pid) =:= {pid, Maker}, erlang:fun_info(G, pid) =:= {pid, Me}, erlang:fun_info(fun lists:map/2, pid), erlang:system_info(modified_timing_level)].
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

size_1() -> [erts_debug:flat_size(T) || T <- [1, (1 bsl 59) - 1, 1 bsl 59, -(1 bsl 59), -(1 bsl 59) - 1, (1 bsl 64) - 1, 1 bsl 64, 1.5, a, [], {}, {1}, [1 | 2], "abc", self(), make_ref(), #{}, #{a => 1, b => "x"}, <<>>, <<1>>, <<1:3>>, <<0:512>>, <<0:520>>, <<0:521>>, <<0:72>>, fun lists:map/2]].
system_1() -> erlang:system_info(build_type).

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

%% What reports become for handlers of the old error_logger, and as text.
reports(Long) ->
    Client = {self(), {client, [{m, f, Long, []}]}},
    Crash = #{name => name, last_message => Long, state => {s, Long}, log => [Long, b], reason => {why, Long}, client_info => Client},
    Machine = #{name => name, queue => [{internal, Long}, {cast, Long}], postponed => [{info, Long}], modules => [m], callback_mode => state_functions, state_enter => true, state => {idle, Long}, timeouts => {1, [{timeout, Long}]}, log => [Long], reason => {error, {why, Long}, [{m, f, 1, []}]}, client_info => Client},
    Child = [{pid, none}, {id, i}, {mfargs, {m, f, [Long, Long]}}, {restart_type, temporary}, {shutdown, 1}, {child_type, worker}],
    Sup = fun(Label, Rows) -> #{label => {supervisor, Label}, report => [{supervisor, sup} | Rows]} end,
    [{gen_server, Crash#{label => {gen_server, terminate}}},
     {gen_server, Crash#{label => {gen_server, terminate}, client_info => {none, dead}, log => []}},
     {gen_server, #{label => {gen_server, no_handle_info}, module => m, message => Long}},
     {gen_event, Crash#{label => {gen_event, terminate}, handler => h}},
     {gen_event, #{label => {gen_event, no_handle_info}, module => m, message => Long}},
     {gen_statem, Machine#{label => {gen_statem, terminate}}},
     {gen_statem, Machine#{label => {gen_statem, terminate}, queue => [], postponed => [], timeouts => {0, []}, log => [], client_info => undefined}},
     {supervisor, Sup(progress, [{started, Child}])},
     {supervisor, Sup(start_error, [{errorContext, start_error}, {reason, {why, Long}}, {offender, Child}])},
     {supervisor, Sup(start_error, [{errorContext, start_error}, {reason, {why, Long}}, {offender, [{nb_children, 3} | tl(Child)]}])},
     {supervisor_bridge, Sup(progress, [{started, [{pid, none}, {mfa, {m, f, [Long]}}]}])},
     {supervisor_bridge, Sup(error, [{errorContext, crash}, {reason, Long}, {offender, [{pid, none}, {mod, m}]}])}].
old(Depth) ->
    application:set_env(kernel, error_logger_format_depth, Depth),
    R = [{M, shown(M:format_log(Report))} || {M, Report} <- reports(lists:seq(1, 15))],
    application:unset_env(kernel, error_logger_format_depth),
    [error_logger:get_format_depth() | R].
shown({Format, Args}) -> {lists:flatten(Format), [A || A <- Args, not is_pid(A)]}.
texts(Options) -> [{M, lists:flatten(M:format_log(Report, Options))} || {M, Report} <- reports(lists:seq(1, 40))].
old_1() -> old(10).
old_2() -> old(3).
old_3() -> old(unlimited).
text_1() -> texts(#{}).
text_2() -> texts(#{depth => 7}).
text_3() -> texts(#{depth => 12, single_line => true}).
text_5() -> texts(#{chars_limit => 200}) ++ texts(#{chars_limit => 80, single_line => true, depth => 30}).
text_4() -> texts(#{single_line => true, encoding => latin1}).
limit_1() -> [io_lib:limit_term(T, D) || T <- [a, [], {}, [1, 2, 3], {1, 2, 3}, "text", [[[[1]]]], [1, 2 | 3], [1 | 2], #{a => {1, {2, {3}}}, b => 1}, #{1 => 1, 2 => 2, 3 => 3, 4 => 4}, <<"binary of some length">>, [$a, {b}], {{}, [], [a | {b, c}]}], D <- [0, 1, 2, 3, 4]].
env_1() -> A = a_thing, [application:get_env(A, k), application:set_env(A, k, v), application:get_env(A, k), application:get_all_env(A), application:unset_env(A, k), application:get_env(A, k), application:set_env(A, j, 1), application:load({application, A, [{env, [{k, w}]}]}), lists:sort(application:get_all_env(A)), application:unload(A), application:get_all_env(A)].
