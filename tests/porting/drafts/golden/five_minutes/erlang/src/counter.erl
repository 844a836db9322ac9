%%% A draft, ported from five_minutes.py.
-module(counter).
-behaviour(gen_server).

-export([start_link/1]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link(Start) ->
    Name = {local, counter},
    gen_server:start_link(Name, ?MODULE, Start, []).

init(Start) ->
    {ok, Start}.

handle_call(get, _From, N) ->
    {reply, N, N};
handle_call({add, K}, _From, N) when is_integer(K) ->
    {reply, ok, N + K}.

handle_cast(reset, _N) ->
    {noreply, 0}.
