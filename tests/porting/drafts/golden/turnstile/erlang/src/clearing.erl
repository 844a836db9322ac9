%%% A server registered as `clearing`. State: `(health, good, latency)`; `good` lists the tickets that it knows.
%%% A draft, ported from clearing.py.
-module(clearing).
-behaviour(gen_server).

-export([start_link/1, check/2, set_health/1, answer/3]).
-export([init/1, handle_call/3, handle_cast/2]).

-define(LATENCY, 20).

-type health() :: up | down | broken.

-spec start_link(list()) -> term().
start_link(Good) ->
    gen_server:start_link({local, clearing}, ?MODULE, Good, []).

%% `"good"` or `"bad"`; exits with a timeout while the house is out of order.
-spec check(term(), integer()) -> term().
check(Ticket, Timeout) ->
    gen_server:call(clearing, {check, Ticket}, Timeout).

%% `"up"`; `"down"` (it never answers); `"broken"` (it crashes whoever asks).
-spec set_health(health()) -> term().
set_health(Health) ->
    gen_server:call(clearing, {set_health, Health}).

init(Good) ->
    {ok, {up, Good, ?LATENCY}}.

handle_call({check, Ticket}, From, {up, Good, Latency} = State) ->
    spawn_link(?MODULE, answer, [Latency, From, judge(Ticket, Good)]),
    {noreply, State};
handle_call({check, _}, _From, {down, _Good, _Latency} = State) ->
    {noreply, State};
handle_call({check, _}, _From, State) ->
    {reply, garbage, State};
handle_call({set_health, New}, _From, {_Health, Good, Latency}) ->
    {reply, ok, {New, Good, Latency}}.

-spec judge(term(), list()) -> term().
judge(Ticket, Good) ->
    case [Each || Each <- Good, Each =:= Ticket] of
        [] ->
            bad;
        _ ->
            good
    end.

-spec answer(integer(), {pid(), term()}, term()) -> term().
answer(Latency, From, Verdict) ->
    timer:sleep(Latency),
    gen_server:reply(From, Verdict).

%% The prototype has none: to be asked ends the process, as it did there.
handle_cast(Request, State) ->
    error(undef, [Request, State]).
