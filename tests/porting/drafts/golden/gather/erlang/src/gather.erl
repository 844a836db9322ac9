%%% Functions for those who spawn.
%%% A draft, ported from gather.py.
-module(gather).

-export([ring/2, member/2, countdown/1, answers/2, square/2, signs/1, guarded/1]).

%% How often the token has come back to us.
-spec ring(integer(), integer()) -> term().
ring(Size, Rounds) ->
    First = self(),
    First1 = lists:foldl(
        fun(Number, First1) -> spawn_link(?MODULE, member, [First1, Number]) end,
        First,
        lists:seq(1, Size - 1)
    ),
    Back = 0,
    ring_loop(Rounds, First1, Back).

ring_loop(Rounds, First, Back) ->
    case Back < Rounds of
        true ->
            First ! {token, Back},
            receive
                {token, _} ->
                    ok
            end,
            Back1 = Back + 1,
            ring_loop(Rounds, First, Back1);
        false ->
            First ! stop,
            Back
    end.

-spec member(pid(), integer()) -> term().
member(Following, Number) ->
    receive
        {token, Count} ->
            Following ! {token, Count},
            member(Following, Number);
        stop when Number =:= 1 ->
            last;
        Other ->
            Following ! Other,
            done
    end.

-spec countdown(integer()) -> term().
countdown(Left) ->
    countdown_loop(Left).

countdown_loop(Left) ->
    case Left > 0 of
        true ->
            timer:sleep(10),
            case Left of
                3 ->
                    Left1 = Left - 2,
                    countdown_loop(Left1);
                _ ->
                    Left1 = Left - 1,
                    countdown_loop(Left1)
            end;
        false ->
            lift_off
    end.

%% The squares of some numbers, each by a process of its own; `"late"` for who takes too long.
-spec answers([integer()], integer()) -> term().
answers(Jobs, Patience) ->
    Me = self(),
    Workers = [spawn_monitor(?MODULE, square, [Me, Job]) || Job <- Jobs],
    Total = 0,
    Best = none,
    {Total1, Best1} = lists:foldl(fun({Pid, _}, {Total1, Best1}) ->
        Answer = answer(Pid, Patience),
        case is_integer(Answer) of
            true ->
                Total2 = Total1 + Answer,
                Best2 = some,
                {Total2, Best2};
            false ->
                {Total1, Best1}
        end
    end, {Total, Best}, Workers),
    lists:foreach(fun({_, Ref}) -> demonitor(Ref, [flush]) end, Workers),
    {Best1, Total1}.

-spec answer(pid(), integer()) -> term().
answer(Pid, Patience) ->
    receive
        {square, Pid, Value} ->
            Value;
        {'DOWN', _, process, Pid, Reason} ->
            Reason
    after Patience ->
        late
    end.

-spec square(pid(), integer()) -> term().
square(Whom, Number) ->
    case Number < 0 of
        true ->
            exit(negative);
        false ->
            ok
    end,
    timer:sleep(Number),
    Whom ! {square, self(), Number * Number}.

%% What is done with each, and how many there are of each kind.
-spec signs([integer()]) -> term().
signs(Numbers) ->
    Small = 0,
    Large = 0,
    {Small1, Large1} = lists:foldl(fun(Number, {Small1, Large1}) ->
        case Number of
            0 ->
                {Small1, Large1};
            _ when Number < 10 ->
                Small2 = Small1 + 1,
                {Small2, Large1};
            _ ->
                Large2 = Large1 + 1,
                {Small1, Large2}
        end
    end, {Small, Large}, Numbers),
    Name =
        case Small1 + Large1 < 3 of
            true ->
                few;
            false ->
                many
        end,
    {Name, Small1, Large1}.

-spec guarded(integer()) -> term().
guarded(Number) ->
    try
        risky(Number)
    of
        Value ->
            {fine, Value}
    catch
        throw:Reason ->
            {thrown, Reason};
        error:{bad, What} ->
            {bad, What};
        error:Reason ->
            {other, Reason}
    end.

-spec risky(integer()) -> term().
risky(Number) ->
    if
        Number =:= 1 ->
            throw(one);
        Number =:= 2 ->
            error({bad, Number});
        Number =:= 3 ->
            error(three);
        true ->
            ok
    end,
    Number.
