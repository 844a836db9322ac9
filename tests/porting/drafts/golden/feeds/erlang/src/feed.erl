%%% A feed counts what it is given. State: its name and the count.
%%% A draft, ported from feeds.py.
-module(feed).
-behaviour(gen_server).

-export([start_link/1, next/1]).
-export([init/1, handle_call/3, handle_cast/2]).

-spec start_link(atom()) -> term().
start_link(Name) ->
    gen_server:start_link({local, Name}, ?MODULE, Name, []).

-spec next(atom()) -> term().
next(Name) ->
    gen_server:call(Name, next).

init(Name) ->
    {ok, {Name, 0}}.

handle_call(next, _From, {Name, Count}) ->
    {reply, {Name, Count + 1}, {Name, Count + 1}};
handle_call({break, Reason}, _From, _State) ->
    exit(Reason).

%% The prototype has none: to be asked ends the process, as it did there.
handle_cast(Request, State) ->
    error(undef, [Request, State]).
