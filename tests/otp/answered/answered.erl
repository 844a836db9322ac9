%% What the sessions beside this file call, and how what they come to is told: the same here and on an `erl`.
%%
%% As a handler of the logger, and as a formatter, this module does what its configuration says: `Key => Value` has the
%% callback return Value, `Key => {crash, Class, Reason}` has it fail.
-module(answered).
-export([told/3, heard/0, default/0, filter/2, odd_filter/2, formatted/1, ended/2, reported/2, telling/1, bridge/1, bridge_of/2, kill_bridged/1, end_bridge/1, told_as/1, told_as/2, is_running/1, judged/3]).
-export([random/1, shut/1, down/1, booted/1, told_boot/0, linked_boot/0]).
-export([begin_peer/0, request/4, kill_me/0, registering/0, got/1, info_of_me/1, named/2, names/0, dead_name/1]).
-export([applications/1, listen/0, kill_top/0, laid_out/2, laid_out/3, start/2, prep_stop/1, stop/1]).
-export([failure/3, failure/5, crash/1, crash/2, crash/3]).
-export([init/1, handle_event/2, handle_call/2, terminate/2]).
-export([log/2, adding_handler/1, changing_config/3, removing_handler/1, filter_config/1, check_config/1]).

told(M, F, A) ->
    Meant = case is_about_nodes(A) of true -> meant(A); false -> A end,
    try apply(M, F, Meant) of
        Value -> {'=', masked(Value)}
    catch
        error:Reason:Stack -> {'!', {error, masked(Reason), failed(Stack)}};
        Class:Reason -> {'!', {Class, masked(Reason)}}
    end.

failed([{Module, _, _, _} | _]) when Module =:= erpc; Module =:= rpc; Module =:= peer -> Module;
failed([{Module, Function, Args, _} | _]) when is_list(Args) -> {Module, Function, length(Args)};
failed([{Module, Function, Arity, _} | _]) -> {Module, Function, Arity};
failed([]) -> nobody.

%% Nodes are named by words: `here`, `far` (what begin_peer/0 has begun, which `control` controls) and `nowhere`.
is_about_nodes([H | T]) -> is_about_nodes(H) orelse is_about_nodes(T);
is_about_nodes(T) when is_tuple(T) -> is_about_nodes(tuple_to_list(T));
is_about_nodes(T) -> lists:member(T, [here, far, control, nowhere]).

meant(here) -> node();
meant(far) -> get(far);
meant(control) -> get(control);
meant(nowhere) -> list_to_atom("nowhere" ++ lists:dropwhile(fun(C) -> C =/= $@ end, atom_to_list(node())));
meant([H | T]) -> [meant(H) | meant(T)];
meant(T) when is_tuple(T) -> list_to_tuple(meant(tuple_to_list(T)));
meant(T) -> T.

begin_peer() ->
    {ok, Control, Node} = peer:start(#{name => "answered_peer", args => ["-pa", "."]}),
    put(control, Control),
    put(far, Node),
    ok.

%% A random name without its number.
random(Args) ->
    lists:takewhile(fun(C) -> C =/= $- end, apply(peer, random_name, Args)).

%% Whether a node that is stopped is gone, and how its controller ended.
shut(How) ->
    {ok, Control, Node} = peer:start(#{name => "answered_shut", shutdown => How}),
    Up = {peer:get_state(Control), net_adm:ping(Node)},
    Ref = monitor(process, Control),
    Stopped = peer:stop(Control),
    Reason = receive {'DOWN', Ref, _, _, Why} -> Why end,
    {Up, Stopped, Reason, gone(Node, 50)}.

gone(_, 0) -> false;
gone(Node, Tries) ->
    case lists:member(Node, nodes()) of
        true -> timer:sleep(100), gone(Node, Tries - 1);
        false -> true
    end.

%% What becomes of the controller of a node that halts.
down(How) ->
    {ok, Control, Node} = peer:start(#{name => "answered_down", peer_down => How}),
    Ref = monitor(process, Control),
    ok = erpc:cast(Node, erlang, halt, []),
    receive
        {'DOWN', Ref, _, _, {nodedown, Node}} -> nodedown;
        {'DOWN', Ref, _, _, Why} -> Why
    after 3000 ->
        State = case peer:get_state(Control) of {down, {nodedown, Node}} -> nodedown; Other -> Other end,
        {State, peer:stop(Control)}
    end.

booted(Options) ->
    Started = peer:start(Options),
    Control = element(2, Started),
    wait_until(fun() -> peer:get_state(Control) =:= running end, 50),
    Node = gen_server:call(Control, get_node),
    Told = {tuple_size(Started), hd(string:split(atom_to_list(Node), "@")), element(tuple_size(Started), Started) =:= Node},
    ok = peer:stop(Control),
    true = gone(Node, 50),
    Told.

told_boot() ->
    Tag = make_ref(),
    {ok, Control} = peer:start(#{name => told, wait_boot => {self(), Tag}}),
    Told = receive {Tag, {started, Node, Control}} -> hd(string:split(atom_to_list(Node), "@")) after 20000 -> none end,
    {Told, peer:stop(Control)}.

linked_boot() ->
    process_flag(trap_exit, true),
    {ok, Control, Node} = peer:start_link(),
    Ours = lists:prefix("peer-", atom_to_list(Node)),
    ok = peer:stop(Control),
    receive {'EXIT', Control, Why} -> {Ours, Why} after 5000 -> {Ours, none} end.

wait_until(_, 0) -> ok;
wait_until(Fun, Tries) ->
    case Fun() of
        true -> ok;
        false -> timer:sleep(100), wait_until(Fun, Tries - 1)
    end.

%% What a request comes to, asked for in each way.
request(Node, M, F, A) ->
    [told_of(fun() -> Ask(erpc:send_request(Node, M, F, A)) end, 700) || Ask <- [
        fun(Id) -> erpc:receive_response(Id) end,
        fun(Id) -> erpc:receive_response(Id, 300) end,
        fun(Id) -> erpc:wait_response(Id, 1000) end,
        fun(Id) -> erpc:wait_response(Id, 0) end,
        fun(Id) -> receive Message -> {erpc:check_response(Message, Id), erpc:check_response(other, Id)} end end]].

told_of(Fun, Rest) ->
    Told =
        try Fun() of
            Value -> Value
        catch
            Class:Reason -> {Class, Reason}
        end,
    timer:sleep(Rest),
    flush(),
    Told.

flush() ->
    receive _ -> flush() after 0 -> ok end.

kill_me() ->
    exit(self(), kill),
    receive after infinity -> ok end.

registering() ->
    register(answered_me, self()).

%% So many messages, and whether there are more.
got(Number) ->
    Told = [receive Message -> Message after 1000 -> none end || _ <- lists:seq(1, Number)],
    receive More -> [{more, More} | Told] after 100 -> Told end.

info_of_me(Items) ->
    case apply(rpc, pinfo, [self() | Items]) of
        [{Item, _} | _] when Items =:= [] -> Item;
        Other -> Other
    end.

named(Function, Name) ->
    global:Function(Name, self()).

names() ->
    lists:sort(global:registered_names()).

dead_name(Name) ->
    global:register_name(Name, spawn(fun() -> ok end)).

%% Without what is another one each time.
masked(T) when T =:= node() -> here;
masked(undefined) -> undefined;
masked(T) when is_atom(T) ->
    case get(far) of
        T -> far;
        _ ->
            case lists:prefix("nowhere@", atom_to_list(T)) of
                true -> nowhere;
                false -> T
            end
    end;
masked(T) when is_pid(T) -> pid;
masked(T) when is_reference(T) -> ref;
masked(T) when is_function(T) ->
    case erlang:fun_info(T, type) of
        {type, external} -> T;
        {type, local} -> function
    end;
masked([{M, F, A, L} | T]) when is_atom(M), is_atom(F), is_list(L), is_integer(A) orelse is_list(A), is_list(T) -> stack;
masked([H | T]) -> [masked(H) | masked(T)];
masked(T) when is_tuple(T) -> list_to_tuple(masked(tuple_to_list(T)));
masked(#{time := Time} = T) when is_integer(Time) -> masked(T#{time := now});
masked(#{internal_log_event := true, line := _} = T) -> masked(maps:without([file, line], T));
masked(T) when is_map(T) -> maps:map(fun(_, V) -> masked(V) end, T);
masked(T) -> T.

%% What was heard since the last time, the oldest first.
heard() ->
    case whereis(?MODULE) of
        undefined -> [];
        Pid ->
            Pid ! {self(), tell},
            receive {Pid, Heard} -> lists:reverse(Heard) after 1000 -> none end
    end.

%% What the first handler has of its configuration that does not depend on how texts get out.
default() ->
    {ok, #{filters := Filters} = Config} = logger:get_handler_config(default),
    {maps:with([id, level, filter_default, formatter], Config), [{Name, Extra} || {Name, {_, Extra}} <- Filters]}.

%% As an event handler, as a supervisor and as what stands under a bridge.
init(top) -> {ok, {#{}, []}};
init(starts) ->
    Pid = spawn(fun() -> receive {stop, Reason} -> exit(Reason) end end),
    register(answered_bridged, Pid),
    {ok, Pid, under};
init(fails) -> {error, failed};
init(nothing) -> ignore;
init({error, Reason}) -> {error, Reason};
init(Who) -> {ok, Who}.

handle_event(Event, Who) ->
    hear({Who, Event}),
    {ok, Who}.

handle_call(_Request, Who) ->
    {ok, Who, Who}.

%% The format and the arguments of a report of error_logger.
formatted(Report) ->
    {_, #{report_cb := Callback}} = reported(fun() -> error_logger:error_report([]) end),
    Callback(Report).

%% The message and the metadata of what a fun logs.
reported(Fun) ->
    Self = self(),
    Filter = fun(#{msg := Msg, meta := Meta}, _) -> Self ! {?MODULE, Msg, Meta}, stop end,
    ok = logger:add_primary_filter(?MODULE, {Filter, none}),
    Fun(),
    ok = logger:remove_primary_filter(?MODULE),
    receive {?MODULE, Msg, Meta} -> {Msg, Meta} end.

%% Report callbacks that give what the report says.
told_as(#{crash := Reason}) -> erlang:raise(exit, Reason, []);
told_as(#{as := Told}) -> Told;
told_as(Report) -> {"one ~p", [Report]}.

told_as(#{as := Told}, _) -> Told;
told_as(#{crash := Reason}, _) -> erlang:raise(exit, Reason, []);
told_as(Report, Limits) -> lists:flatten(io_lib:format("two ~p ~p", [Report, Limits])).

terminate(Reason, under) ->
    hear({terminate, Reason}),
    answered_bridged ! {stop, normal};
terminate(_Reason, _Who) -> ok.

bridge(How) ->
    process_flag(trap_exit, true),
    masked_start(supervisor_bridge:start_link(?MODULE, How)).

bridge_of(Name, How) ->
    masked_start(supervisor_bridge:start_link(Name, ?MODULE, How)).

masked_start({error, {Reason, [_ | _]}}) -> {error, Reason};
masked_start(Other) -> Other.

kill_bridged(Reason) ->
    answered_bridged ! {stop, Reason}.

end_bridge(Name) ->
    exit(whereis(Name), shutdown).

%% Have reports of supervisors heard, with what they are told by.
telling(Level) ->
    ok = hear(listening),
    ok = logger:set_primary_config(level, Level),
    ok = logger:add_primary_filter(?MODULE, {fun ?MODULE:reported/2, none}).

reported(#{level := Level, msg := {report, #{label := {supervisor, _}} = Report}, meta := Meta}, _) ->
    #{error_logger := #{report_cb := Old} = Mine, report_cb := New} = Meta,
    Shown = maps:without([file, line, report_cb, pid, gl, time], Meta),
    Functions = {is_function(Old, 1), is_function(New, 2)},
    hear({Level, Report, Shown#{error_logger := maps:without([report_cb], Mine)}, Functions}),
    stop;
reported(_, _) -> stop.

%% Which applications there are beside those that an Erlang begins with.
applications(loaded_applications) ->
    lists:sort(own(application:loaded_applications()));
applications(which_applications) ->
    own(application:which_applications()).

own(Applications) ->
    [Each || {Name, _, _} = Each <- Applications, Name =/= kernel, Name =/= stdlib].

%% Have what OTP tells of applications heard.
listen() ->
    ok = hear(listening),
    ok = logger:add_primary_filter(?MODULE, {fun ?MODULE:ended/2, none}).

ended(#{msg := {report, #{label := {application_controller, _}}}, meta := Meta} = Event, _) ->
    #{error_logger := #{report_cb := Old} = Mine, report_cb := New} = Meta,
    Shown = maps:without([file, line, report_cb], Meta),
    Functions = {is_function(Old, 1), is_function(New, 2)},
    hear({Event#{meta := Shown#{error_logger := maps:without([report_cb], Mine)}}, Functions}),
    stop;
ended(_, _) -> stop.

%% As the callback module of an application.
start(Type, Args) ->
    hear({start, Type, Args}),
    case Args of
        up -> supervisor:start_link({local, answered_top}, ?MODULE, top);
        {up, State} ->
            {ok, Pid} = supervisor:start_link({local, answered_top}, ?MODULE, top),
            {ok, Pid, State};
        {crash, Class, Reason} -> erlang:raise(Class, Reason, []);
        Other -> Other
    end.

prep_stop(State) ->
    hear({prep_stop, State, is_running(answered_top)}),
    {prepared, State}.

stop(State) ->
    hear({stop, State, is_running(answered_top)}).

kill_top() ->
    exit(whereis(answered_top), kill).

%% How a report of the module that has no name of its own here, or of another, is laid out.
laid_out(Module, Report, Options) ->
    lists:flatten((named(Module)):format_log(Report, Options)).

laid_out(Module, Report) ->
    (named(Module)):format_log(Report).

named(application_controller) ->
    case erlang:function_exported(application, format_log, 2) of
        true -> application;
        false -> application_controller
    end;
named(Module) -> Module.

%% What a filter makes of an event; its own if it leaves it as it is.
judged(Filter, Event, Extra) ->
    case Filter(Event, Extra) of
        Event -> event;
        Other -> Other
    end.

%% How a failure reads in a crash report.
failure(Class, Reason, Stack) ->
    crash([[{error_info, {Class, Reason, Stack}}], []]).

failure(Class, Reason, Stack, Encoding, Depth) ->
    crash([[{error_info, {Class, Reason, Stack}}], []], Encoding, Depth).

crash(Report) ->
    lists:flatten(proc_lib:format(Report)).

crash(Report, Encoding, Depth) ->
    lists:flatten(proc_lib:format(Report, Encoding, Depth)).

crash(Report, Limits) ->
    lists:flatten(proc_lib:report_cb(#{label => {proc_lib, crash}, report => Report}, Limits)).

is_running(Name) ->
    is_pid(whereis(Name)).

hear(What) ->
    case whereis(?MODULE) of
        undefined -> register(?MODULE, spawn(fun() -> keep([]) end));
        _ -> ok
    end,
    ?MODULE ! {heard, What},
    ok.

keep(Heard) ->
    receive
        {heard, What} -> keep([What | Heard]);
        {Pid, tell} -> Pid ! {self(), Heard}, keep([])
    end.

log(Event, Config) ->
    hear({log, Event, Config}),
    done(log, Config, ok).

adding_handler(Config) ->
    done(adding, Config, {ok, Config}).

changing_config(How, Old, New) ->
    hear({changing, How, maps:get(mine, Old, none), maps:get(mine, New, none)}),
    done(changing, Old, {ok, New}).

removing_handler(Config) ->
    hear({removing, Config}),
    done(removing, Config, ok).

filter_config(Config) ->
    done(filtering, Config, Config).

check_config(Config) ->
    done(checking, Config, ok).

done(Key, Config, Default) ->
    case Config of
        #{Key := {crash, Class, Reason}} -> erlang:raise(Class, Reason, []);
        #{Key := Value} -> Value;
        _ -> Default
    end.

filter(Event, {add, Key, Value}) ->
    Meta = maps:get(meta, Event),
    Event#{meta => Meta#{Key => Value}};
filter(Event, {put, Key, Value}) -> Event#{Key => Value};
filter(_Event, {crash, Class, Reason}) -> erlang:raise(Class, Reason, []);
filter(_Event, Verdict) -> Verdict.

odd_filter(_Event, _Extra) -> odd.
