%%% Clears up for as long as it is told.
%%% A draft, ported from restarts.py.
-module(restarts_slow).
-behaviour(gen_server).

-export([start_link/2]).
-export([init/1, terminate/2, handle_call/3, handle_cast/2]).

-spec start_link(term(), integer()) -> term().
start_link(Name, Needs) ->
    gen_server:start_link({local, Name}, ?MODULE, Needs, []).

init(Needs) ->
    process_flag(trap_exit, true),
    {ok, Needs}.

terminate(_Reason, Needs) ->
    timer:sleep(Needs).

%% The prototype has none: to be asked ends the process, as it did there.
handle_call(Request, From, State) ->
    error(undef, [Request, From, State]).

%% The prototype has none: to be asked ends the process, as it did there.
handle_cast(Request, State) ->
    error(undef, [Request, State]).
