%% A handler of events that fails where it is told to.
-module(stack_handler).
-behaviour(gen_event).
-export([init/1, handle_event/2, handle_call/2, handle_info/2, terminate/2]).

init(crash) -> error(boom);
init({crash, _}) -> error(boom);
init(State) -> {ok, State}.

handle_event(crash, _) -> error(boom);
handle_event(hibernate, State) -> {ok, State, hibernate}.

handle_call(crash, _) -> error(boom).

handle_info(crash, _) -> error(boom).

terminate(crash, _) -> error(in_terminate);
terminate(_, _) -> ok.
