%% Races for rows and tables: readers and writers, counters, owners that end, heirs, tables that are given away.

-module(our_tables).

-export([
    rw_two_keys/0,
    lastzero_up/0,
    insert_new_race/0,
    insert_new_delete/0,
    first_next/0,
    owner_dies/0,
    two_named/0,
    give_away/0,
    give_away_to_dead/0,
    heir/0,
    rename/0,
    update_element/0,
    select_delete/0,
    match_delete/0,
    lookup_element_default/0,
    bag/0,
    delete_table_readers/0,
    ets_heir_chain/0,
    ets_give_back/0,
    ets_killed_owner/0,
    ets_counter_delete/0,
    ets_ordered_keys/0,
    ets_set_keys/0,
    ets_insert_list/0,
    ets_insert_new_list/0,
    ets_same_value/0
]).

rw_two_keys() ->
    ets:new(t, [public, named_table]),
    ets:insert(t, {x,0}), ets:insert(t, {y,0}),
    spawn(fun() -> ets:insert(t,{x,1}), ets:insert(t,{y,1}) end),
    spawn(fun() -> ets:lookup(t,y), ets:lookup(t,x) end),
    block().

lastzero_up() ->
    ets:new(t, [public, named_table]),
    [ets:insert(t,{I,0}) || I <- [0,1,2,3]],
    spawn(fun() -> lz(0) end),
    [spawn(fun() -> [{_,V}] = ets:lookup(t,I-1), ets:insert(t,{I,V+1}) end) || I <- [1,2,3]],
    block().
lz(4) -> none;
lz(I) -> case ets:lookup(t,I) of [{_,0}] -> lz(I+1); _ -> I end.

insert_new_race() ->
    ets:new(t, [public, named_table]),
    [spawn(fun() -> case ets:insert_new(t,{k,I}) of true -> ok; false -> ets:lookup(t,k) end end) || I <- [1,2,3]],
    block().

insert_new_delete() ->
    ets:new(t, [public, named_table]),
    [spawn(fun() -> case ets:insert_new(t,{k,I}) of true -> ets:delete(t,k); false -> ets:lookup(t,k) end end) || I <- [1,2]],
    block().

first_next() ->
    ets:new(t, [public, named_table, ordered_set]),
    ets:insert(t,{1,a}), ets:insert(t,{2,b}),
    spawn(fun() -> ets:insert(t,{3,c}) end),
    spawn(fun() -> ets:delete(t,1) end),
    K = ets:first(t),
    catch ets:next(t,K),
    block().

owner_dies() ->
    P = self(),
    spawn(fun() -> ets:new(t,[public,named_table]), P ! ready end),
    receive ready -> ok end,
    ets:insert(t,{a,1}),
    ets:lookup(t,a).

two_named() ->
    [spawn(fun() -> ets:new(t,[named_table]), receive after infinity -> ok end end) || _ <- [1,2]],
    catch ets:lookup(t,a),
    block().

give_away() ->
    P = self(),
    C = spawn(fun() -> receive {'ETS-TRANSFER',_,P,x} -> ets:insert(t,{b,2}) end end),
    ets:new(t,[named_table]),
    ets:insert(t,{a,1}),
    ets:give_away(t,C,x),
    catch ets:lookup(t,a),
    block().

give_away_to_dead() ->
    C = spawn(fun() -> ok end),
    ets:new(t,[named_table]),
    catch ets:give_away(t,C,x),
    catch ets:insert(t,{a,1}),
    block().

heir() ->
    P = self(),
    spawn(fun() -> ets:new(t,[named_table,{heir,P,data}]), ets:insert(t,{a,1}) end),
    receive {'ETS-TRANSFER',_,_,data} -> ets:lookup(t,a) after 0 -> catch ets:lookup(t,a) end,
    block().

rename() ->
    ets:new(t,[named_table,public]),
    spawn(fun() -> ets:insert(t,{a,1}) end),
    spawn(fun() -> ets:insert(u,{a,2}) end),
    ets:rename(t,u),
    ets:lookup(u,a),
    block().

update_element() ->
    ets:new(t,[named_table,public]),
    ets:insert(t,{a,1,1}),
    spawn(fun() -> ets:update_element(t,a,{2,2}) end),
    spawn(fun() -> ets:update_element(t,a,{3,3}) end),
    ets:lookup(t,a),
    block().

select_delete() ->
    ets:new(t,[named_table,public]),
    ets:insert(t,{a,1}),
    spawn(fun() -> ets:insert(t,{b,1}) end),
    spawn(fun() -> ets:select_delete(t,[{{'_',1},[],[true]}]) end),
    ets:lookup(t,b),
    block().

match_delete() ->
    ets:new(t,[named_table,public]),
    ets:insert(t,{a,1}),
    spawn(fun() -> ets:match_delete(t,{a,'_'}) end),
    spawn(fun() -> ets:update_counter(t,a,1) end),
    ets:lookup(t,a),
    block().

lookup_element_default() ->
    ets:new(t,[named_table,public]),
    spawn(fun() -> ets:insert(t,{a,1}), ets:delete(t,a) end),
    catch ets:lookup_element(t,a,2),
    catch ets:lookup_element(t,a,2),
    block().

bag() ->
    ets:new(t,[named_table,public,bag]),
    spawn(fun() -> ets:insert(t,{a,1}) end),
    spawn(fun() -> ets:insert(t,{a,2}) end),
    ets:lookup(t,a),
    block().

delete_table_readers() ->
    T = ets:new(t,[public]),
    [spawn(fun() -> catch ets:lookup(T,a) end) || _ <- [1,2]],
    ets:delete(T),
    block().

ets_heir_chain() ->
    P = self(),
    H = spawn(fun() -> receive {'ETS-TRANSFER',_,_,_} -> P ! got end end),
    spawn(fun() -> ets:new(t,[named_table,public,{heir,H,d}]) end),
    receive got -> catch ets:insert(t,{a,1}) end,
    block().

ets_give_back() ->
    P = self(),
    T = ets:new(t,[protected]),
    C = spawn(fun() -> receive {'ETS-TRANSFER',T,_,_} -> ets:insert(T,{a,1}), ets:give_away(T,P,back) end end),
    ets:give_away(T,C,x),
    catch ets:insert(T,{a,2}),
    receive {'ETS-TRANSFER',T,_,back} -> ets:lookup(T,a) end.

ets_killed_owner() ->
    P = spawn(fun() -> ets:new(t,[named_table,public]), block() end),
    spawn(fun() -> catch ets:insert(t,{a,1}) end),
    exit(P,kill),
    block().

ets_counter_delete() ->
    ets:new(t,[named_table,public]), ets:insert(t,{k,0}),
    spawn(fun() -> catch ets:update_counter(t,k,1) end),
    spawn(fun() -> ets:delete(t,k) end),
    spawn(fun() -> ets:insert_new(t,{k,5}) end),
    block().

ets_ordered_keys() ->
    ets:new(t,[named_table,public,ordered_set]),
    spawn(fun() -> ets:insert(t,{1,a}) end),
    spawn(fun() -> ets:insert(t,{1.0,b}) end),
    ets:lookup(t,1),
    block().

ets_set_keys() ->
    ets:new(t,[named_table,public]),
    spawn(fun() -> ets:insert(t,{1,a}) end),
    spawn(fun() -> ets:insert(t,{1.0,b}) end),
    ets:lookup(t,1),
    block().

ets_insert_list() ->
    ets:new(t,[named_table,public]),
    spawn(fun() -> ets:insert(t,[{a,1},{b,1}]) end),
    spawn(fun() -> ets:insert(t,[{b,2},{a,2}]) end),
    ets:lookup(t,a), ets:lookup(t,b),
    block().

ets_insert_new_list() ->
    ets:new(t,[named_table,public]),
    spawn(fun() -> ets:insert_new(t,[{a,1},{b,1}]) end),
    spawn(fun() -> ets:insert_new(t,[{b,2},{c,2}]) end),
    ets:member(t,c),
    block().

ets_same_value() ->
    ets:new(t,[named_table,public]),
    [spawn(fun() -> ets:insert(t,{a,1}) end) || _ <- [1,2,3]],
    ets:lookup(t,a),
    block().

block() ->
    receive after infinity -> ok end.
