%% The trees of tests/lab/kit.py in Erlang, made of the same data.
-module(lab_tree).
-behaviour(supervisor).
-export([start/1, start_one/0, fill/1, init/1]).

start({worker, Name, Options}) -> gen_server:start_link({local, Name}, lab_worker, Options, []);
start(Tree) -> supervisor:start_link({local, element(2, Tree)}, ?MODULE, Tree).

start_one() -> gen_server:start_link(lab_worker, #{}, []).

%% Starts the children of pools: their names, #1 and so on, with their pids.
fill({pool, Name, _, _, _, Count}) ->
    [begin
         {ok, Pid} = supervisor:start_child(Name, []),
         {list_to_atom("#" ++ integer_to_list(Number)), Pid}
     end || Number <- lists:seq(1, Count)];
fill({sup, _, _, _, Children}) -> lists:flatmap(fun fill/1, Children);
fill(_) -> [].

init({sup, _, Flags, _, Children}) -> {ok, {Flags, [spec(Child) || Child <- Children]}};
init({pool, _, Flags, _, Restart, _}) ->
    One = #{id => one, start => {?MODULE, start_one, []}, restart => Restart},
    {ok, {Flags#{strategy => simple_one_for_one}, [One]}}.

spec({worker, Name, Options} = Tree) -> spec(Name, Tree, worker, maps:remove(trap, Options));
spec(Tree) -> spec(element(2, Tree), Tree, supervisor, element(4, Tree)).

spec(Name, Tree, Type, Options) ->
    maps:merge(#{id => Name, start => {?MODULE, start, [Tree]}, type => Type}, Options).
