%%% A pool of connections: lends them, takes them back from who dies, and replaces those that die.
%%%
%%% State: `(idle, lent, waiting, next)`. `idle` are connections, `lent` is `[(monitor, client, conn)]`, `waiting` is
%%% `[(timer, from)]` in the order in which they came, `next` numbers the connections.
%%% A draft, ported from pool.py.
-module(connections_pool).
-behaviour(gen_server).

-export([start_link/1, checkout/0, checkin/1, status/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-define(WAIT, 200).

-spec start_link(integer()) -> term().
start_link(Size) ->
    gen_server:start_link({local, pool}, ?MODULE, Size, []).

-spec checkout() -> term().
checkout() ->
    gen_server:call(pool, checkout).

-spec checkin(pid()) -> term().
checkin(Conn) ->
    gen_server:cast(pool, {checkin, Conn}).

-spec status() -> term().
status() ->
    gen_server:call(pool, status).

init(Size) ->
    process_flag(trap_exit, true),
    {ok, {[connect(Number) || Number <- lists:seq(1, Size)], [], [], Size + 1}}.

handle_call(status, _From, {Idle, Lent, Waiting, _Number} = State) ->
    {reply, {length(Idle), length(Lent), length(Waiting)}, State};
handle_call(checkout, From, {Idle, Lent, Waiting, Number}) when Idle =:= [] ->
    Timer = erlang:start_timer(?WAIT, self(), busy),
    {noreply, {Idle, Lent, Waiting ++ [{Timer, From}], Number}};
handle_call(checkout, From, {Idle, Lent, Waiting, Number}) ->
    {Client, _Tag} = From,
    Ref = monitor(process, Client),
    {reply, {ok, hd(Idle)}, {tl(Idle), [{Ref, Client, hd(Idle)} | Lent], Waiting, Number}}.

handle_cast({checkin, Conn}, {Idle, Lent, Waiting, Number} = State) ->
    case [Each || Each <- Lent, element(3, Each) =:= Conn] of
        [] ->
            {noreply, State};
        [{Ref, _Client, _Conn}] ->
            demonitor(Ref, [flush]),
            {
                noreply,
                give(
                    Conn,
                    {Idle, [Each || Each <- Lent, element(3, Each) =/= Conn], Waiting, Number}
                )
            }
    end.

handle_info({timeout, Timer, busy}, {Idle, Lent, Waiting, Number} = State) ->
    case [Each || Each <- Waiting, element(1, Each) =:= Timer] of
        [] ->
            {noreply, State};
        [{_Timer, From}] ->
            gen_server:reply(From, {error, busy}),
            {noreply, {Idle, Lent, [Each || Each <- Waiting, element(1, Each) =/= Timer], Number}}
    end;
handle_info({'DOWN', Ref, process, _Client, _Reason}, {Idle, Lent, Waiting, Number} = State) ->
    case [Each || Each <- Lent, element(1, Each) =:= Ref] of
        [] ->
            {noreply, State};
        [{_Ref, _Pid, Conn}] ->
            {
                noreply,
                give(
                    Conn,
                    {Idle, [Each || Each <- Lent, element(1, Each) =/= Ref], Waiting, Number}
                )
            }
    end;
handle_info({'EXIT', Conn, _Reason}, {Idle, Lent, Waiting, Number}) ->
    Fresh = connect(Number),
    Left = {[Each || Each <- Idle, Each =/= Conn], without(Conn, Lent), Waiting, Number + 1},
    {noreply, give(Fresh, Left)}.

-spec connect(integer()) -> term().
connect(Number) ->
    {_Ok, Conn} = supervisor:start_child(conn_sup, [Number]),
    link(Conn),
    Conn.

-spec without(pid(), term()) -> term().
without(Conn, Lent) ->
    case [Each || Each <- Lent, element(3, Each) =:= Conn] of
        [] ->
            Lent;
        [{Ref, _Client, _Conn}] ->
            demonitor(Ref, [flush]),
            [Each || Each <- Lent, element(3, Each) =/= Conn]
    end.

%% A free connection goes to who waits longest, or becomes idle.
-spec give(pid(), term()) -> term().
give(Conn, {Idle, Lent, Waiting, Number}) ->
    case Waiting of
        [] ->
            {[Conn | Idle], Lent, Waiting, Number};
        [{Timer, {Client, Tag}} | Others] ->
            erlang:cancel_timer(Timer),
            gen_server:reply({Client, Tag}, {ok, Conn}),
            Ref = monitor(process, Client),
            {Idle, [{Ref, Client, Conn} | Lent], Others, Number}
    end.
