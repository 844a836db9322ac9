%%% A machine registered as `breaker`.
%%% A draft, ported from breaker.py.
-module(breaker).
-behaviour(gen_statem).

-export([start_link/0, guard/1, state/0]).
-export([callback_mode/0, init/1, closed/3, open/3, half_open/3]).

-define(LIMIT, 3).
-define(PAUSE, 1000).

-spec start_link() -> term().
start_link() ->
    gen_statem:start_link({local, breaker}, ?MODULE, [], []).

%% The value of `what()`, a failure if it is `("error", _)`; `("error", "out_of_order")` if it is not tried.
-spec guard(fun(() -> term())) -> term().
guard(What) ->
    case gen_statem:call(breaker, enter) of
        yes ->
            Result = What(),
            gen_statem:cast(breaker, judged(Result)),
            Result;
        no ->
            {error, out_of_order}
    end.

-spec judged(term()) -> term().
judged({error, _}) ->
    failed;
judged(_Result) ->
    worked.

%% `"closed"`, `"open"` or `"half_open"`.
-spec state() -> term().
state() ->
    gen_statem:call(breaker, state).

callback_mode() ->
    state_functions.

init(_Args) ->
    {ok, closed, 0}.

closed({call, From}, enter, _Failures) ->
    {keep_state_and_data, [{reply, From, yes}]};
closed({call, From}, state, _Failures) ->
    {keep_state_and_data, [{reply, From, closed}]};
closed(cast, worked, _Failures) ->
    {keep_state, 0};
closed(cast, failed, Failures) when Failures + 1 < ?LIMIT ->
    {keep_state, Failures + 1};
closed(cast, failed, _Failures) ->
    opened();
closed(info, _Event, _Failures) ->
    keep_state_and_data.

open({call, From}, enter, _Data) ->
    {keep_state_and_data, [{reply, From, no}]};
open({call, From}, state, _Data) ->
    {keep_state_and_data, [{reply, From, open}]};
open(state_timeout, try_again, _Data) ->
    {next_state, half_open, nobody};
open(_Kind, _Event, _Data) ->
    %% Those who were let through before it opened have nothing new to say.
    keep_state_and_data.

half_open({call, From}, state, _Probe) ->
    {keep_state_and_data, [{reply, From, half_open}]};
half_open({call, From}, enter, nobody) ->
    {Client, _} = From,
    {keep_state, monitor(process, Client), [{reply, From, yes}]};
half_open({call, From}, enter, _Probe) ->
    {keep_state_and_data, [{reply, From, no}]};
half_open(cast, worked, Probe) ->
    release(Probe),
    {next_state, closed, 0};
half_open(cast, failed, Probe) ->
    release(Probe),
    opened();
half_open(info, {'DOWN', Ref, process, _, _}, Probe) when Ref == Probe ->
    opened();
half_open(info, _Event, _Probe) ->
    keep_state_and_data.

-spec opened() -> term().
opened() ->
    {next_state, open, nobody, [{state_timeout, ?PAUSE, try_again}]}.

-spec release(term()) -> term().
release(nobody) ->
    true;
release(Probe) ->
    demonitor(Probe, [flush]).
