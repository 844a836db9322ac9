%% A pool of connections: lends them, takes them back from who dies, and replaces those that die.
-module(pool).
-behaviour(gen_server).

-export([start_link/1, checkout/0, checkin/1, status/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-define(WAIT, 200).

-record(state, {
    idle = [] :: [pid()],
    lent = [] :: [{reference(), pid(), pid()}],
    waiting = [] :: [{reference(), gen_server:from()}],
    next = 1 :: pos_integer()
}).

start_link(Size) ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, Size, []).

checkout() ->
    gen_server:call(?MODULE, checkout).

checkin(Conn) ->
    gen_server:cast(?MODULE, {checkin, Conn}).

status() ->
    gen_server:call(?MODULE, status).

init(Size) ->
    process_flag(trap_exit, true),
    {ok, #state{idle = [connect(Number) || Number <- lists:seq(1, Size)], next = Size + 1}}.

handle_call(status, _From, #state{idle = Idle, lent = Lent, waiting = Waiting} = State) ->
    {reply, {length(Idle), length(Lent), length(Waiting)}, State};
handle_call(checkout, From, #state{idle = [], waiting = Waiting} = State) ->
    Timer = erlang:start_timer(?WAIT, self(), busy),
    {noreply, State#state{waiting = Waiting ++ [{Timer, From}]}};
handle_call(checkout, {Client, _Tag}, #state{idle = [Conn | Idle], lent = Lent} = State) ->
    Ref = monitor(process, Client),
    {reply, {ok, Conn}, State#state{idle = Idle, lent = [{Ref, Client, Conn} | Lent]}}.

handle_cast({checkin, Conn}, #state{lent = Lent} = State) ->
    case lists:keytake(Conn, 3, Lent) of
        false ->
            {noreply, State};
        {value, {Ref, _Client, Conn}, Others} ->
            demonitor(Ref, [flush]),
            {noreply, give(Conn, State#state{lent = Others})}
    end.

handle_info({timeout, Timer, busy}, #state{waiting = Waiting} = State) ->
    case lists:keytake(Timer, 1, Waiting) of
        false ->
            {noreply, State};
        {value, {Timer, From}, Others} ->
            gen_server:reply(From, {error, busy}),
            {noreply, State#state{waiting = Others}}
    end;
handle_info({'DOWN', Ref, process, _Client, _Reason}, #state{lent = Lent} = State) ->
    case lists:keytake(Ref, 1, Lent) of
        false -> {noreply, State};
        {value, {Ref, _Pid, Conn}, Others} -> {noreply, give(Conn, State#state{lent = Others})}
    end;
handle_info({'EXIT', Conn, _Reason}, #state{idle = Idle, lent = Lent, next = Next} = State) ->
    Fresh = connect(Next),
    Left = State#state{idle = lists:delete(Conn, Idle), lent = without(Conn, Lent), next = Next + 1},
    {noreply, give(Fresh, Left)}.

connect(Number) ->
    {ok, Conn} = supervisor:start_child(conn_sup, [Number]),
    link(Conn),
    Conn.

without(Conn, Lent) ->
    case lists:keytake(Conn, 3, Lent) of
        false ->
            Lent;
        {value, {Ref, _Client, Conn}, Others} ->
            demonitor(Ref, [flush]),
            Others
    end.

%% A free connection goes to who waits longest, or becomes idle.
give(Conn, #state{idle = Idle, waiting = []} = State) ->
    State#state{idle = [Conn | Idle]};
give(Conn, #state{lent = Lent, waiting = [{Timer, {Client, _Tag} = From} | Others]} = State) ->
    erlang:cancel_timer(Timer),
    gen_server:reply(From, {ok, Conn}),
    Ref = monitor(process, Client),
    State#state{lent = [{Ref, Client, Conn} | Lent], waiting = Others}.
