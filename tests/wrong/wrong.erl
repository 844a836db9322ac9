%% How public functions take wrong arguments: every function with every combination of some arguments.
%% The answer to a case is a line: what came of it, with $1, $2, ... in the place of its arguments.
-module(wrong).
-export([main/1]).

-define(PATIENCE, 15).

main([In, Out]) ->
    %% Reports are made as ever, and nobody prints them: who makes one gives others their turn.
    logger:remove_handler(default),
    timer:start(),
    ok = supervisor:terminate_child(kernel_sup, timer_server),
    ok = supervisor:delete_child(kernel_sup, timer_server),
    process_flag(trap_exit, true),
    {ok, Functions} = file:consult(In),
    {ok, File} = file:open(Out, [write, delayed_write]),
    [code:ensure_loaded(M) || {M, _, _} <- Functions],
    [ask(File, Each) || Each <- Functions],
    file:close(File),
    halt(0).

ask(File, {M, F, Cases}) ->
    Known = erlang:function_exported(M, F, length(hd(Cases))) orelse erlang:is_builtin(M, F, length(hd(Cases))),
    [io:format(File, "~ts~n", [case Known of true -> outcome(M, F, Names); false -> "unknown" end]) || Names <- Cases].

%% Each case has a process of its own, a table of its own, and somebody who never answers.
outcome(M, F, Names) ->
    Me = self(),
    %% Wrong arguments end this server; under its own supervisor that would soon end the node.
    whereis(timer_server) =:= undefined andalso timer:start_link(),
    Mute = spawn(fun mute/0),
    Leader = spawn(fun leader/0),
    {P, Ref} = spawn_monitor(fun() ->
        group_leader(Leader, self()),
        ets:new(wrong_t, [named_table, public]),
        ets:insert(wrong_t, {1, x}),
        Args = [argument(Name, Mute) || Name <- Names],
        Came = try {value, apply(M, F, Args)} catch Class:Reason -> {Class, Reason} end,
        Me ! {self(), text(Came, Args)} end),
    Text = receive
        {P, Told} -> Told;
        {'DOWN', Ref, process, P, Reason} -> text({died, Reason}, [])
    after ?PATIENCE -> "parks"
    end,
    [begin Gone = monitor(process, Each), exit(Each, kill), receive {'DOWN', Gone, _, _, _} -> ok end end || Each <- [P, Mute, Leader]],
    flush(),
    Text.

flush() -> receive _ -> flush() after 0 -> ok end.
mute() -> receive never -> ok end.
leader() ->
    receive
        {io_request, From, As, Request} -> From ! {io_reply, As, obeyed(Request)}, leader();
        _ -> leader()
    end.

obeyed({put_chars, _, M, F, A}) -> try obeyed({put_chars, unicode, apply(M, F, A)}) catch _:_ -> {error, {format, A}} end;
obeyed({put_chars, _, Chars}) ->
    case catch unicode:characters_to_binary(Chars) of
        Text when is_binary(Text) -> ok;
        _ -> {error, {put_chars, Chars}}
    end;
obeyed(_) -> {error, request}.

argument({mute}, Mute) -> Mute;
argument({ref}, _) -> make_ref();
argument({'fun'}, _) -> fun(X) -> X end;
argument({is, Term}, _) -> Term.

text({value, {error, _} = Value}, Args) -> text({returns, Value}, Args);
text({value, _}, _) -> "returns";
text(Came, Args) -> io_lib:format("~0tp", [plain(Came, Args)]).

%% A term without what differs from run to run.
plain(T, Args) ->
    case place(T, Args, 1) of
        none -> inside(T, Args);
        Place -> Place
    end.
place(_, [], _) -> none;
place(T, [T | _], N) -> list_to_atom("$" ++ integer_to_list(N));
place(T, [_ | Args], N) -> place(T, Args, N + 1).

inside([{M, F, A, L} | _], _) when is_atom(M), is_atom(F), is_list(L), is_integer(A); is_atom(M), is_atom(F), is_list(L), is_list(A) -> '$stack';
inside([H | T], Args) -> [plain(H, Args) | inside(T, Args)];
inside(T, Args) when is_tuple(T) -> list_to_tuple([plain(E, Args) || E <- tuple_to_list(T)]);
inside(P, _) when is_pid(P) -> '$pid';
inside(R, _) when is_reference(R) -> '$ref';
inside(F, _) when is_function(F) -> '$fun';
inside(T, _) -> T.
