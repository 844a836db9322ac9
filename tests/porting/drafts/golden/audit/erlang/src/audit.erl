%%% The event manager.
%%% A draft, ported from audit.py.
-module(audit).

-export([start_link/0, setup/0, event/2, sync_event/2, counts/0, last/0, remove/0]).

-spec start_link() -> term().
start_link() ->
    gen_event:start_link({local, audit}).

-spec setup() -> term().
setup() ->
    gen_event:add_handler(audit, count_handler, []),
    gen_event:add_handler(audit, {log_handler, main}, 2),
    ok.

-spec event(atom(), term()) -> term().
event(Kind, Detail) ->
    gen_event:notify(audit, {Kind, Detail}).

-spec sync_event(atom(), term()) -> term().
sync_event(Kind, Detail) ->
    gen_event:sync_notify(audit, {Kind, Detail}).

-spec counts() -> term().
counts() ->
    gen_event:call(audit, count_handler, counts).

-spec last() -> term().
last() ->
    gen_event:call(audit, {log_handler, main}, last).

-spec remove() -> term().
remove() ->
    gen_event:delete_handler(audit, {log_handler, main}, bye).
