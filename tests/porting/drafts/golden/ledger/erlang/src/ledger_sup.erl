%%% A book that is closed stays closed.
%%% A draft, ported from ledger.py.
-module(ledger_sup).
-behaviour(supervisor).

-export([start_link/1]).
-export([init/1]).

-spec start_link(term()) -> term().
start_link(Owner) ->
    supervisor:start_link({local, ledger_sup}, ?MODULE, Owner).

init(Owner) ->
    Book = #{id => book, start => {ledger_book, start_link, [Owner]}, restart => transient},
    {ok, {#{}, [Book]}}.
