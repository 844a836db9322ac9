%%% Those who watch.
%%% A draft, ported from streams.py.
-module(streams_viewer).

-export([crowd/2]).

-spec crowd(integer(), term()) -> term().
crowd(Size, Name) ->
    lists:foreach(fun(_) -> spawn(fun() -> stream:watch(Name) end) end, lists:seq(0, Size - 1)),
    Size.
