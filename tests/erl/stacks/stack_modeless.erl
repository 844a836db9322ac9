%% A state machine whose callback mode cannot be known.
-module(stack_modeless).
-behaviour(gen_statem).
-export([callback_mode/0, init/1]).

callback_mode() -> error(boom).

init(_) -> {ok, state, data}.
