%%% A server. State: its number.
%%% A draft, ported from connection.py.
-module(connection).
-behaviour(gen_server).

-export([start_link/1, ask/2]).
-export([init/1, handle_call/3, handle_cast/2]).

-define(PATIENCE, 100).

-type outcome() :: timeout | {verdict, good | bad}.

-spec start_link(integer()) -> term().
start_link(Number) ->
    gen_server:start_link(?MODULE, Number, []).

%% `"good"`, `"bad"` or `("error", "no_answer")`; after the last the connection is gone.
-spec ask(pid(), term()) -> term().
ask(Connection, Ticket) ->
    gen_server:call(Connection, {ask, Ticket}).

init(Number) ->
    turnstile_pool:join(self()),
    {ok, Number}.

handle_call({ask, Ticket}, _From, Number) ->
    case checked(Ticket) of
        timeout ->
            {stop, no_answer, {error, no_answer}, Number};
        {verdict, Verdict} ->
            {reply, Verdict, Number}
    end.

-spec checked(term()) -> outcome().
checked(Ticket) ->
    try
        case clearing:check(Ticket, ?PATIENCE) of
            good ->
                {verdict, good};
            bad ->
                {verdict, bad};
            Other ->
                error({bad_answer, Other})
        end
    catch
        exit:{timeout, _} ->
            timeout;
        exit:Reason ->
            exit(Reason)
    end.

%% The prototype has none: to be asked ends the process, as it did there.
handle_cast(Request, State) ->
    error(undef, [Request, State]).
