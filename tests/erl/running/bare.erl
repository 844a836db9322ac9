-module(bare).
-export([init/1, handle_call/3, handle_cast/2, handle_event/2, handle_call/2]).

%% No callback but those that there have to be.
init(State) -> {ok, State}.
handle_call(F, From, State) -> F(From, State).
handle_cast(F, State) -> F(State).
handle_event(F, State) -> F(State).
handle_call(F, State) -> F(State).
