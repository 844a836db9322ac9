%%% A plain process that listens, and counts what it hears.
%%% A draft, ported from pubsub.py.
-module(listener).

-export([start/1, heard/1]).

-spec start([atom()]) -> pid().
start(Topics) ->
    spawn(fun() -> run(Topics) end).

-spec run([atom()]) -> term().
run(Topics) ->
    lists:foreach(fun(Topic) -> pubsub:subscribe(Topic) end, Topics),
    loop(0, []).

-spec loop(integer(), list()) -> term().
loop(Heard, Last) ->
    loop_loop(Heard, Last).

loop_loop(Heard, Last) ->
    receive
        {pubsub, Topic, Message} ->
            Heard1 = Heard + 1,
            Last1 = [{Topic, Message} | Last],
            loop_loop(Heard1, Last1);
        {get, From} ->
            From ! {heard, Heard, Last},
            loop_loop(Heard, Last);
        stop ->
            stopped;
        _ ->
            loop_loop(Heard, Last)
    after 5000 ->
        exit(bored)
    end.

-spec heard(pid()) -> term().
heard(Pid) ->
    Pid ! {get, self()},
    receive
        {heard, N, Last} ->
            {N, Last}
    after 1000 ->
        timeout
    end.
