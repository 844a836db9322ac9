%% Strikes each process of some trees in a real Erlang: who fell, who was started again, what became of the tree.
-module(lab_blast).
-export([main/1]).

%% So long (ms) a tree has time for what it does at once.
-define(QUIET, 40).

main([Source, Target]) ->
    logger:set_primary_config(level, none),
    {ok, Trees} = file:consult(Source),
    {ok, Out} = file:open(Target, [write]),
    [io:format(Out, "~0p.~n", [{Name, Victim, Reason, struck(Tree, Victim, Reason)}])
     || {Name, Tree, Strikes} <- Trees, {Victim, Reason} <- Strikes],
    ok = file:close(Out),
    halt().

%% One strike, in a process of its own: it is the shell of the tree, and who it suspends goes on when it is gone.
struck(Tree, Victim, Reason) ->
    Me = self(),
    {_, Ref} = spawn_monitor(fun() -> process_flag(trap_exit, true), Me ! {answer, strike(Tree, Victim, Reason)} end),
    receive {'DOWN', Ref, process, _, Why} -> {normal, _, _} = {Why, Victim, Reason} end,
    receive {answer, Answer} -> Answer end.

strike(Tree, Victim, Reason) ->
    {ok, Top} = lab_tree:start(Tree),
    Kids = lab_tree:fill(Tree),
    Names = names(Tree),
    Before = [{Name, whereis(Name)} || Name <- Names] ++ Kids,
    [monitor(process, Pid) || {_, Pid} <- Before],
    %% A monitor gives its process a turn: let them all have had theirs, so that they end in the order of the signals.
    timer:sleep(?QUIET),
    hit(proplists:get_value(Victim, Before), Reason),
    Fell = fallen(Before),
    %% A pool that hangs tells nobody about its children.
    Now = case Reason of hang -> Kids; _ -> kids(Tree, Kids) end,
    After = [{Name, whereis(Name)} || Name <- Names] ++ Now,
    Back = [{Pid, Name} || {Name, Pid} <- After, is_pid(Pid), Pid =/= proplists:get_value(Name, Before)],
    Gone = [Name || {Name, undefined} <- After],
    Outcome = case {is_process_alive(Top), Gone, Reason} of
                  {false, _, _} -> down;
                  {_, [], hang} -> changed;
                  {_, [], _} -> recovered;
                  _ -> changed
              end,
    stop([Pid || {_, Pid} <- Before ++ After, is_pid(Pid)]),
    %% Pids are given in the order in which processes are started.
    {Fell, [Name || {_, Name} <- lists:sort(Back)], Outcome}.

names({sup, Name, _, _, Children}) -> [Name | lists:flatmap(fun names/1, Children)];
names(Tree) -> [element(2, Tree)].

%% Who stands in the places of a pool's children now: the same, or in place of one that fell somebody new.
kids(_, []) -> [];
kids({sup, _, _, _, Children}, Kids) ->
    [Pool] = [Child || {pool, _, _, _, _, _} = Child <- Children],
    Now = try [Pid || {_, Pid, _, _} <- supervisor:which_children(element(2, Pool))] catch exit:_ -> [] end,
    New = Now -- [Pid || {_, Pid} <- Kids],
    replace(Kids, Now, lists:sort(New)).

replace([], _, _) -> [];
replace([{Name, Pid} | Kids], Now, New) ->
    case {lists:member(Pid, Now), New} of
        {true, _} -> [{Name, Pid} | replace(Kids, Now, New)];
        {false, []} -> [{Name, undefined} | replace(Kids, Now, New)];
        {false, [First | Rest]} -> [{Name, First} | replace(Kids, Now, Rest)]
    end.

hit(Pid, kill) -> exit(Pid, kill);
hit(Pid, hang) -> erlang:suspend_process(Pid);
hit(Pid, crash) -> exit(Pid, crashed);
hit(Pid, shutdown) ->
    case process_info(Pid, trap_exit) of
        {trap_exit, false} -> exit(Pid, shutdown);
        {trap_exit, true} ->
            {dictionary, Dictionary} = process_info(Pid, dictionary),
            [Ancestor | _] = proplists:get_value('$ancestors', Dictionary),
            Parent = if is_pid(Ancestor) -> Ancestor; true -> whereis(Ancestor) end,
            Pid ! {'EXIT', Parent, shutdown}
    end.

%% The names of those who end, in the order in which one hears of it.
fallen(Before) ->
    receive
        {'DOWN', _, process, Pid, _} ->
            {Name, Pid} = lists:keyfind(Pid, 2, Before),
            [Name | fallen(Before)]
    after ?QUIET -> []
    end.

stop(Pids) ->
    [exit(Pid, kill) || Pid <- Pids],
    [receive {'DOWN', Ref, process, _, _} -> ok end || Ref <- [monitor(process, Pid) || Pid <- Pids]].
