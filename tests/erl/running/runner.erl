-module(runner).
-export([all/1, run/2, print/1, id/1]).

%% What each function of a module whose name ends in a number comes to, in a process of its own.
all(Module) ->
    Names = lists:sort([F || {F, 0} <- Module:module_info(exports), is_case(lists:reverse(atom_to_list(F)))]),
    [{F, run(Module, F)} || F <- Names].

%% A value of which no compiler knows anything.
id(X) -> X.

is_case([C | Rest]) when C >= $0, C =< $9 -> lists:member($_, Rest);
is_case(_) -> false.

run(Module, Function) ->
    {Pid, Ref} = spawn_monitor(fun() -> exit({result, result(Module, Function)}) end),
    receive {'DOWN', Ref, process, Pid, Reason} -> Reason end.

result(Module, Function) ->
    try Module:Function() of
        Value -> {ok, Value}
    catch
        Class:Reason:Stack -> {Class, Reason, [entry(E) || E <- until(Stack)]}
    end.

until([{runner, _, _, _} | _]) -> [];
until([E | Es]) -> [E | until(Es)];
until([]) -> [].

entry({M, F, A, Where}) -> {M, F, shown(A), proplists:get_value(line, Where, none)}.

shown(Args) when is_list(Args) -> [case is_function(A) of true -> a_fun; false -> A end || A <- Args];
shown(Arity) -> Arity.

%% For the recorder: a tuple a line.
print(Modules) ->
    ok = io:setopts([{encoding, unicode}]),
    [io:format("~0tp.~n", [{M, F, R}]) || M <- Modules, {F, R} <- all(M)],
    ok.
