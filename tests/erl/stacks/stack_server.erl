%% A server that fails where it is told to.
-module(stack_server).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, handle_continue/2, terminate/2]).

init(crash) -> error(boom);
init(continue) -> {ok, state, {continue, crash}};
init(stop) -> {stop, wanted};
init(bad) -> nonsense;
init(State) -> {ok, State}.

handle_call(crash, _, _) -> error(boom);
handle_call({apply, Module, Function, Args}, _, State) -> {reply, apply(Module, Function, Args), State};
handle_call(stop, _, State) -> {stop, wanted, reply, State};
handle_call(bad, _, _) -> nonsense.

handle_cast(crash, _) -> error(boom);
handle_cast(hibernate, State) -> {noreply, State, hibernate};
handle_cast(timeout, State) -> {noreply, State, 10};
handle_cast(continue, State) -> {noreply, State, {continue, crash}};
handle_cast({return, Value}, _) -> Value.

handle_info(crash, _) -> error(boom);
handle_info(timeout, _) -> error(boom).

handle_continue(crash, _) -> error(boom).

terminate(_, _) ->
    case get(fails_to_terminate) of
        undefined -> ok;
        _ -> error(in_terminate)
    end.
