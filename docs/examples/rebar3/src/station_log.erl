%% What happened, the last first.
-module(station_log).
-behaviour(gen_server).

-export([start_link/0, note/1, notes/0]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

note(What) ->
    gen_server:cast(?MODULE, {note, What}).

notes() ->
    gen_server:call(?MODULE, notes).

init([]) ->
    {ok, []}.

handle_call(notes, _From, Notes) ->
    {reply, Notes, Notes}.

handle_cast({note, What}, Notes) ->
    {noreply, [What | Notes]}.
