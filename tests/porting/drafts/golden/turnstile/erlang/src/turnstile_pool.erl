%%% A server registered as `pool`.
%%% A draft, ported from pool.py.
-module(turnstile_pool).
-behaviour(gen_server).

-export([start_link/0, join/1, take/1, give_back/1, count/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-type state() :: {[pid()], [{pid(), pid(), reference()}], [{term(), pid(), reference()}]}.

-spec start_link() -> term().
start_link() ->
    gen_server:start_link({local, pool}, ?MODULE, [], []).

%% A connection is there.
-spec join(pid()) -> term().
join(Connection) ->
    gen_server:cast(pool, {join, Connection}).

%% `("ok", connection)`, or `("error", "busy")` when none has become free after `timeout` ms.
-spec take(integer()) -> {atom(), term()}.
take(Timeout) ->
    try
        {ok, gen_server:call(pool, take, Timeout)}
    catch
        exit:{timeout, _} ->
            gen_server:cast(pool, {forget, self()}),
            {error, busy};
        exit:Reason ->
            exit(Reason)
    end.

%% The caller needs it no more.
-spec give_back(pid()) -> term().
give_back(Connection) ->
    gen_server:cast(pool, {give_back, Connection, self()}).

%% `(free, lent, waiting)`.
-spec count() -> term().
count() ->
    gen_server:call(pool, count).

init(_Args) ->
    {ok, {[], [], []}}.

handle_call(take, From, {Free, Loans, Queue}) ->
    {Client, _} = From,
    Ref = monitor(process, Client),
    {noreply, serve({Free, Loans, Queue ++ [{From, Client, Ref}]})};
handle_call(count, _From, {Free, Loans, Queue} = State) ->
    {reply, {length(Free), length(Loans), length(Queue)}, State}.

handle_cast({join, Connection}, {Free, Loans, Queue}) ->
    monitor(process, Connection),
    {noreply, serve({Free ++ [Connection], Loans, Queue})};
handle_cast({give_back, Connection, Client}, {_Free, Loans, _Queue} = State) ->
    Ended = [
        Loan
        || Loan <- Loans,
           element(1, Loan) =:= Connection andalso element(2, Loan) =:= Client
    ],
    {noreply, serve(end_loans(Ended, State))};
handle_cast({forget, Client}, {Free, Loans, Queue}) ->
    %% The connection may have been on its way when the client gave up.
    Ended = [Loan || Loan <- Loans, element(2, Loan) =:= Client],
    {noreply, serve(end_loans(Ended, {Free, Loans, without(Client, Queue)}))}.

handle_info({'DOWN', _, process, Pid, _}, {Free, Loans, Queue}) ->
    Ended = [Loan || Loan <- Loans, element(2, Loan) =:= Pid],
    Kept = {[Each || Each <- Free, Each =/= Pid], Loans, without(Pid, Queue)},
    After = end_loans(Ended, Kept),
    {noreply, serve(forget_connection(Pid, After))}.

%% Lend what is free to those who wait, the first to come first.
-spec serve(state()) -> state().
serve({[Connection | Free], Loans, [{From, Client, Ref} | Queue]}) ->
    gen_server:reply(From, Connection),
    serve({Free, Loans ++ [{Connection, Client, Ref}], Queue});
serve(State) ->
    State.

-spec end_loans([{pid(), pid(), reference()}], state()) -> state().
end_loans([{Connection, Client, Ref} | Others], {Free, Loans, Queue}) ->
    demonitor(Ref, [flush]),
    Kept = [Loan || Loan <- Loans, Loan =/= {Connection, Client, Ref}],
    end_loans(Others, {Free ++ [Connection], Kept, Queue});
end_loans(_Ended, State) ->
    State.

-spec forget_connection(pid(), state()) -> state().
forget_connection(Pid, {Free, Loans, Queue}) ->
    lists:foreach(
        fun(Ref) -> demonitor(Ref, [flush]) end,
        [Ref || {Connection, _, Ref} <- Loans, Connection =:= Pid]
    ),
    {
        [Each || Each <- Free, Each =/= Pid],
        [Loan || Loan <- Loans, element(1, Loan) =/= Pid],
        Queue
    }.

-spec without(pid(), [{term(), pid(), reference()}]) -> [{term(), pid(), reference()}].
without(Client, Queue) ->
    lists:foreach(
        fun(Ref) -> demonitor(Ref, [flush]) end,
        [Ref || {_, Each, Ref} <- Queue, Each =:= Client]
    ),
    [Entry || Entry <- Queue, element(2, Entry) =/= Client].
