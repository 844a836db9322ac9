%% A state machine that fails where it is told to.
-module(stack_machine).
-behaviour(gen_statem).
-export([callback_mode/0, init/1, handle_event/4, s/3, terminate/3]).

callback_mode() ->
    case get(mode) of
        undefined -> handle_event_function;
        Mode -> Mode
    end.

init(crash) -> error(boom);
init(bad) -> nonsense;
init({stop, Reason}) -> {stop, Reason};
init({mode, Mode}) -> put(mode, Mode), {ok, s, data};
init({actions, Actions}) -> {ok, s, data, Actions};
init(Data) -> {ok, s, Data}.

s(_, crash, _) -> error(boom).

handle_event(enter, _, _, _) -> error(boom);
handle_event(_, crash, _, _) -> error(boom);
handle_event(_, {return, Value}, _, _) -> Value;
handle_event(_, terminate, _, _) -> put(fails_to_terminate, true), {stop, wanted}.

terminate(_, _, _) ->
    case get(fails_to_terminate) of
        undefined -> ok;
        _ -> error(in_terminate)
    end.
