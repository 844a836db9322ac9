%% Supervisors and a bridge, with start functions that fail.
-module(stack_top).
-behaviour(supervisor).
-export([init/1, terminate/2, boom/0, boom/1, nonsense/0, once/0, once/1, wait/0]).

init(crash) -> error(boom);
init(Flags = #{}) -> {ok, {Flags, []}};
init({Flags, Children}) -> {ok, {Flags, Children}}.

terminate(_, _) -> ok.

boom() -> error(boom).
boom(X) -> error({boom, X}).

nonsense() -> nonsense.

%% Starts while nobody is called `started`.
once() -> once(nothing).
once(X) ->
    case whereis(started) of
        undefined -> {ok, spawn_link(?MODULE, wait, [])};
        _ -> error({again, X})
    end.

wait() -> receive stop -> exit(gone) end.
