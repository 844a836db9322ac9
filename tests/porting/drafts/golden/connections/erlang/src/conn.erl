%%% A connection: a server that answers one request after another, and goes away when nobody has asked for a while.
%%% A draft, ported from conn.py.
-module(conn).
-behaviour(gen_server).

-export([start_link/1, query/2, close/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-define(IDLE, 2000).

-spec start_link(term()) -> term().
start_link(Name) ->
    gen_server:start_link(?MODULE, Name, []).

-spec query(pid(), term()) -> term().
query(Conn, What) ->
    gen_server:call(Conn, {query, What}).

-spec close(pid()) -> term().
close(Conn) ->
    gen_server:stop(Conn).

init(Name) ->
    {ok, {Name, 0}, ?IDLE}.

handle_call({query, crash}, _From, {Name, _Count} = State) ->
    {stop, {crashed, Name}, {error, lost}, State};
handle_call({query, What}, _From, {Name, Count}) ->
    {reply, {ok, {Name, What, Count + 1}}, {Name, Count + 1}, ?IDLE}.

handle_cast(_Message, State) ->
    {noreply, State, ?IDLE}.

handle_info(timeout, State) ->
    {stop, {shutdown, idle}, State};
handle_info(_Message, State) ->
    {noreply, State, ?IDLE}.
