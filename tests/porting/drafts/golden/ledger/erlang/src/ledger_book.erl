%%% Accounts are integers; nobody goes below zero.
%%% A draft, ported from ledger.py.
-module(ledger_book).
-behaviour(gen_server).

-export([start_link/1, book/1, statement/0, statement/1]).
-export([init/1, handle_call/3, handle_cast/2]).

-record(ledger, {owner = nobody :: term(), balance = 0 :: integer(), entries = [] :: list()}).

-spec start_link(term()) -> term().
start_link(Owner) ->
    gen_server:start_link({local, ledger_book}, ?MODULE, Owner, []).

%% `("ok", balance)`, or `("error", "too_little")`.
-spec book(integer()) -> term().
book(Amount) ->
    gen_server:call(ledger_book, {book, Amount}).

statement() ->
    statement(2).

%% The owner, the balance and the newest entries.
-spec statement(integer()) -> term().
statement(Newest) ->
    gen_server:call(ledger_book, {statement, Newest}).

init(Owner) ->
    {ok, #ledger{owner = Owner, entries = []}}.

handle_call({book, Amount}, _From, Ledger)
    when is_integer(Amount),
    Ledger#ledger.balance + Amount < 0 ->
    {reply, {error, too_little}, Ledger};
handle_call({book, Amount}, _From, Ledger) when is_integer(Amount) ->
    Balance = Ledger#ledger.balance + Amount,
    {
        reply,
        {ok, Balance},
        Ledger#ledger{balance = Balance, entries = [Amount | Ledger#ledger.entries]}
    };
handle_call({statement, Newest}, _From, Ledger) when is_integer(Newest) ->
    {
        reply,
        {Ledger#ledger.owner, Ledger#ledger.balance, first(Newest, Ledger#ledger.entries)},
        Ledger
    };
handle_call(close, _From, Ledger) ->
    {stop, normal, {closed, Ledger#ledger.balance}, Ledger}.

handle_cast(_Request, Ledger) ->
    {noreply, Ledger}.

-spec first(integer(), list()) -> list().
first(Count, [Entry | Others]) when Count > 0 ->
    [Entry | first(Count - 1, Others)];
first(_Count, _Entries) ->
    [].
