%%% A stream takes 20 ms to start. State: its name.
%%% A draft, ported from streams.py.
-module(stream).
-behaviour(gen_server).

-export([start_link/1, watch/1, viewers/1, after_terminate/3]).
-export([init/1, handle_info/2, handle_call/3, handle_cast/2]).

-spec start_link(term()) -> term().
start_link(Name) ->
    gen_server:start_link(?MODULE, Name, []).

%% One viewer more; the stream is opened if nobody has watched it.
-spec watch(term()) -> term().
watch(Name) ->
    case gen_tracker:find_or_open(streams, spec(Name)) of
        {ok, Pid} ->
            gen_tracker:increment(streams, Name, viewers, 1, 0),
            {ok, Pid};
        {error, Reason} ->
            {error, Reason}
    end.

-spec viewers(term()) -> integer().
viewers(Name) ->
    case gen_tracker:getattr(streams, Name, viewers) of
        {ok, Count} ->
            Count;
        undefined ->
            0
    end.

-spec spec(term()) -> term().
spec(Name) ->
    {Name, {?MODULE, start_link, [Name]}, temporary, 200, worker, [?MODULE]}.

init(Name) ->
    timer:sleep(20),
    gen_tracker:setattr(streams, Name, [{codec, h264}]),
    {ok, Name}.

handle_info({shutdown, _} = Message, Name) ->
    {stop, Message, Name}.

after_terminate(Name, Attributes, Reason) ->
    ets:insert(archive, {Name, maps:get(codec, maps:from_list(Attributes)), Reason}).

%% The prototype has none: to be asked ends the process, as it did there.
handle_call(Request, From, State) ->
    error(undef, [Request, From, State]).

%% The prototype has none: to be asked ends the process, as it did there.
handle_cast(Request, State) ->
    error(undef, [Request, State]).
