%%% A server that works. State: how many jobs it has done.
%%% A draft, ported from pool.py.
-module(pool_worker).
-behaviour(gen_server).

-export([start_link/1]).
-export([init/1, handle_call/3, handle_cast/2]).

-spec start_link(integer()) -> term().
start_link(Number) ->
    gen_server:start_link(?MODULE, Number, []).

init(_Number) ->
    {ok, 0}.

handle_call({work, crash}, _From, _Done) ->
    error(bad_job);
handle_call({work, Job}, _From, Done) ->
    {reply, {done, Job, Done + 1}, Done + 1}.

%% The prototype has none: to be asked ends the process, as it did there.
handle_cast(Request, State) ->
    error(undef, [Request, State]).
