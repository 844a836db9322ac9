%%% A counter: a gen_server, its client, and five seconds that take no time.
%%% A draft, ported from counter.py.
-module(counter).
-behaviour(gen_server).

-export([main/0]).
-export([init/1, handle_call/3, handle_info/2, handle_cast/2]).

init(Start) ->
    {ok, Start}.

handle_call(get, _From, Count) ->
    {reply, Count, Count};
handle_call({add, N}, _From, Count) ->
    {reply, ok, Count + N}.

handle_info(_Message, _Count) ->
    %% NOT PORTED (counter.py:21): `f'{message} after {erlsim.erlang.monotonic_time()} ms'`: only integers and atoms of known kind become a part of an atom
    %%     def handle_info(message, count):
    %%         print(f"{message} after {erlsim.erlang.monotonic_time()} ms")
    %%         return ("noreply", count)
    erlang:error({not_ported, {?MODULE, handle_info}}).

main() ->
    {ok, Pid} = gen_server:start_link(?MODULE, 0, []),
    erlang:send_after(5000, Pid, 'a message'),
    gen_server:call(Pid, {add, 5}),
    timer:sleep(6000),
    gen_server:call(Pid, get).

%% The prototype has none: to be asked ends the process, as it did there.
handle_cast(Request, State) ->
    error(undef, [Request, State]).
