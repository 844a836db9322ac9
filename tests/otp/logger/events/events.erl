%% What logger_formatter makes of the events of a file, each with a report callback and a configuration.
-module(events).
-export([main/1]).

callback(one) -> fun(Report) -> {"one ~p", [Report]} end;
callback(two) -> fun(Report, _) -> io_lib:format("two ~p", [Report]) end;
callback(binary) -> fun(Report, _) -> unicode:characters_to_binary(io_lib:format("two ~p", [Report])) end;
callback(limits) -> fun(_, Limits) -> io_lib:format("~p", [lists:sort(maps:to_list(Limits))]) end;
callback(odd) -> fun(_) -> odd end;
callback(single) -> fun(_) -> {"x"} end;
callback(triple) -> fun(_) -> {"x", [], []} end;
callback(unformatted) -> fun(_) -> {"~p ~p", [1]} end;
callback(two_odd) -> fun(_, _) -> {odd, 1} end;
callback(two_bad) -> fun(_, _) -> [a] end.

main(File) ->
    {ok, Cases} = file:consult(File),
    lists:foreach(fun(Case) -> io:format("~0tp.~n", [text(Case)]) end, Cases).

text({none, Event, Config}) ->
    lists:flatten(unicode:characters_to_list(logger_formatter:format(Event, Config)));
text({Name, #{meta := Meta} = Event, Config}) ->
    text({none, Event#{meta := Meta#{report_cb => callback(Name)}}, Config}).
