%%% A server with a name; it takes 50 ms for an order, and breaks when it is told to.
%%% A draft, ported from pictures.py.
-module(server).
-behaviour(gen_server).

-export([start_link/1]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link(Name) ->
    gen_server:start_link({local, Name}, ?MODULE, Name, []).

init(Name) ->
    {ok, Name}.

handle_call(_Request, _From, Name) ->
    {reply, Name, Name}.

handle_cast(Request, Name) ->
    case Request of
        break ->
            exit(broken);
        {order, _} ->
            timer:sleep(50);
        _ ->
            ok
    end,
    {noreply, Name}.
