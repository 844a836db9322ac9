-module(tally).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2]).
-record(state, {sum = 0, names = []}).

init(Sum) -> {ok, #state{sum = Sum}}.

handle_call(get, _From, #state{sum = Sum} = State) -> {reply, Sum, State};
handle_call({add, N}, _From, #state{sum = Sum} = State) when is_integer(N) ->
    {reply, ok, State#state{sum = Sum + N}}.

handle_cast(_, State) -> {noreply, State}.
