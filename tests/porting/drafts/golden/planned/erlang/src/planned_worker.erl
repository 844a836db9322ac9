%%% A draft, ported from planned.py.
-module(planned_worker).
-behaviour(gen_server).

-export([start_link/1]).
-export([init/1, handle_call/3, handle_cast/2]).

-spec start_link(term()) -> term().
start_link(Name) ->
    gen_server:start_link({local, Name}, ?MODULE, Name, []).

init(Name) ->
    {ok, Name}.

handle_call(request, _From, Name) ->
    {reply, {ok, row}, Name};
handle_call({fail, Reason}, _From, _Name) ->
    exit(Reason).

%% The prototype has none: to be asked ends the process, as it did there.
handle_cast(Request, State) ->
    error(undef, [Request, State]).
