#!/usr/bin/env escript
%% Asks the Erlang at hand what each line of data/facts.terms ought to say, and writes the file anew:
%%   {format, Directives, Args, Text}.   the text of io_lib:format/2, or badarg
%%   {sort, List, Sorted}.               lists:sort/1
%%   {order, Left, Right, Order}.        less, equal (==), same (=:=) or greater
%%   {read, Text, Read}.                 {ok, Term} as erl_scan and erl_parse:parse_term/1 read it, or error
%% escript tests/terms/record_facts.escript tests/terms/data/facts.terms
-mode(compile).

main([File]) ->
    {ok, Facts} = file:consult(File),
    Lines = [io_lib:format("~0tp.~n", [fact(Fact)]) || Fact <- Facts],
    ok = file:write_file(File, unicode:characters_to_binary(["%% coding: utf-8\n" | Lines])).

fact({format, Directives, Args, _}) ->
    Text = try lists:flatten(io_lib:format(Directives, Args)) catch error:badarg -> badarg end,
    {format, Directives, Args, Text};
fact({sort, List, _}) ->
    {sort, List, lists:sort(List)};
fact({read, Text, _}) ->
    {read, Text, try {ok, Tokens, _} = erl_scan:string(Text ++ "."), {ok, _} = erl_parse:parse_term(Tokens) catch _:_ -> error end};
fact({order, Left, Right, _}) ->
    {order, Left, Right, order(Left, Right)}.

order(Left, Right) when Left < Right -> less;
order(Left, Right) when Left > Right -> greater;
order(Left, Right) when Left =:= Right -> same;
order(_, _) -> equal.
