%% What OTP itself says about wrong arguments: the top of the stack of every failing call, and the explanation that its
%% error_info leads to. A line is a case: {Module, Function, Arguments or arity, Cause, [{Argument, Text}]}, or `none`.
-module(explained).
-export([main/1]).

main([In, Out]) ->
    logger:remove_handler(default),
    process_flag(trap_exit, true),
    {ok, Functions} = file:consult(In),
    {ok, File} = file:open(Out, [write, delayed_write, {encoding, utf8}]),
    [code:ensure_loaded(M) || {M, _, _} <- Functions],
    [ask(File, Each) || Each <- Functions],
    file:close(File),
    halt(0).

ask(File, {M, F, Cases}) ->
    Arity = length(hd(Cases)),
    Known = erlang:function_exported(M, F, Arity) orelse erlang:is_builtin(M, F, Arity),
    [io:format(File, "~ts~n", [case Known of true -> outcome(M, F, Names); false -> "unknown" end]) || Names <- Cases].

%% Each case has a process of its own, tables of its own, somebody who never answers, and one who is dead.
outcome(M, F, Names) ->
    Me = self(),
    Mute = spawn(fun() -> mute(Me) end),
    receive {Mute, Theirs} -> ok end,
    {Dead, Gone} = spawn_monitor(fun() -> ok end),
    receive {'DOWN', Gone, _, _, _} -> ok end,
    {P, Ref} = spawn_monitor(fun() ->
        ets:new(wrong_t, [named_table, public]),
        ets:insert(wrong_t, {1, "x"}),
        Own = [{Type, ets:new(Type, [Type, public])} || Type <- [set, ordered_set, bag, duplicate_bag]],
        [ets:insert(Table, {key, 1, text}) || {_, Table} <- Own],
        Deleted = ets:new(deleted, []),
        ets:delete(Deleted),
        Given = [{mute, Mute}, {dead, Dead}, {deleted, Deleted}, {self, self()}, {ref, make_ref()},
                 {'fun', fun(X) -> X end}, {fun2, fun(X, Y) -> {X, Y} end} | Own] ++ Theirs,
        Args = [argument(Name, Given) || Name <- Names],
        Told = try apply(M, F, Args) of
            _ -> "none"
        catch
            error:Reason:Stack -> text(Reason, Stack, Args);
            _:_ -> "none"
        end,
        Me ! {self(), Told} end),
    Text = receive
        {P, Told} -> Told;
        {'DOWN', Ref, process, P, _} -> "none"
    after 15 -> "none"
    end,
    [begin Down = monitor(process, Each), exit(Each, kill), receive {'DOWN', Down, _, _, _} -> ok end end || Each <- [P, Mute]],
    flush(),
    Text.

flush() -> receive _ -> flush() after 0 -> ok end.

mute(Me) ->
    Me ! {self(), [{protected, ets:new(protected, [protected])}, {private, ets:new(private, [private])}]},
    receive never -> ok end.

argument({is, Term}, _) -> Term;
argument({Name}, Given) -> proplists:get_value(Name, Given).

text(Reason, [{M, F, As, Info} | _] = Stack, Args) ->
    Known = proplists:get_value(error_info, Info),
    {Cause, Explained} = case Known of
        undefined -> {absent, []};
        #{module := Module} ->
            {maps:get(cause, Known, absent),
             [{N, unicode:characters_to_list(Each)} || {N, Each} <- maps:to_list(explain(Module, Reason, Stack))]}
    end,
    Shown = case As of
        Arity when is_integer(Arity) -> Arity;
        Args -> 'the same';
        _ -> length(As)
    end,
    io_lib:format("~0tp", [{M, F, Shown, case Known of undefined -> no; _ -> Cause end, Explained}]);
text(_, _, _) -> "none".

explain(Module, Reason, Stack) ->
    try Module:format_error(Reason, Stack) catch error:_ -> #{} end.
