%%% The connections: made when they are asked for, never restarted, for the pool replaces them.
%%% A draft, ported from conn_sup.py.
-module(conn_sup).
-behaviour(supervisor).

-export([start_link/0]).
-export([init/1]).

-spec start_link() -> term().
start_link() ->
    supervisor:start_link({local, conn_sup}, ?MODULE, []).

init(_Args) ->
    Conn = #{id => conn, start => {conn, start_link, []}, restart => temporary, shutdown => 1000},
    {ok, {#{strategy => simple_one_for_one}, [Conn]}}.
