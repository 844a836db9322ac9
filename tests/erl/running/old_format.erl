-module(old_format).
-export([init/1, callback_mode/0, handle_call/3, handle_cast/2, handle_info/2, handle_event/4, handle_event/2, handle_call/2, terminate/2, format_status/2]).

%% Shown by a function of their state that they have been started with, in the older way.
init({machine, F}) -> put(format, F), {ok, s, d};
init(F) -> put(format, F), {ok, s}.
callback_mode() -> handle_event_function.
handle_call(F, From, State) -> F(From, State).
handle_cast(F, State) -> F(State).
handle_info(_, State) -> {noreply, State}.
handle_event(_, F, _, Data) -> F(Data).
handle_event(F, State) -> F(State).
handle_call(F, State) -> F(State).
terminate(_, _) -> ok.
format_status(Option, Args) -> F = get(format), F(Option, tl(Args)).
