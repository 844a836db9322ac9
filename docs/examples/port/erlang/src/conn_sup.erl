%% The connections: made when they are asked for, never restarted, for the pool replaces them.
-module(conn_sup).
-behaviour(supervisor).

-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    Conn = #{id => conn, start => {conn, start_link, []}, restart => temporary, shutdown => 1000},
    {ok, {#{strategy => simple_one_for_one}, [Conn]}}.
