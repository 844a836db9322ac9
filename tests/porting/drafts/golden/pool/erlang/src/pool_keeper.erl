%%% Lends workers. State: `(free, lent)`, where a loan is `(worker, ref)`.
%%% A draft, ported from pool.py.
-module(pool_keeper).
-behaviour(gen_server).

-export([start_link/1, work/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-spec start_link(integer()) -> term().
start_link(Size) ->
    gen_server:start_link({local, pool_keeper}, ?MODULE, Size, []).

%% What a worker says of the job; `("error", "busy")` if there is none, `("error", "lost")` if it has died.
-spec work(term()) -> term().
work(Job) ->
    case gen_server:call(pool_keeper, take) of
        {ok, Worker} ->
            done(Worker, Job);
        none ->
            {error, busy}
    end.

-spec done(pid(), term()) -> term().
done(Worker, Job) ->
    try
        gen_server:call(Worker, {work, Job})
    catch
        exit:_ ->
            {error, lost}
    after
        gen_server:cast(pool_keeper, {give_back, Worker})
    end.

init(Size) ->
    {ok, {[hired(Number) || Number <- lists:seq(1, Size)], []}}.

-spec hired(integer()) -> pid().
hired(Number) ->
    {ok, Worker} = supervisor:start_child(pool_sup, [Number]),
    monitor(process, Worker),
    Worker.

handle_call(take, _From, {Free, Lent} = State) ->
    case Free of
        [Worker | Others] ->
            {reply, {ok, Worker}, {Others, [Worker | Lent]}};
        _ ->
            {reply, none, State}
    end;
handle_call(count, _From, {Free, Lent} = State) ->
    {reply, {length(Free), length(Lent)}, State}.

handle_cast({give_back, Worker}, {Free, Lent} = State) ->
    case length([Each || Each <- Lent, Each =:= Worker]) > 0 of
        true ->
            {noreply, {Free ++ [Worker], [Each || Each <- Lent, Each =/= Worker]}};
        false ->
            {noreply, State}
    end.

handle_info({'DOWN', _, process, Pid, _}, {Free, Lent}) ->
    Worker = hired(0),
    Kept = [Each || Each <- Free, Each =/= Pid],
    {noreply, {Kept ++ [Worker], [Each || Each <- Lent, Each =/= Pid]}}.
