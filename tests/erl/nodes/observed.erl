%% What programs notice of other nodes: each case is {Name, Outcome, Messages}, with pids, references and nodes told by
%% what they are of. It runs on a node with a name, here and under `erl -sname`.
-module(observed).
-export([cases/0, idle/0]).

cases() ->
    process_flag(trap_exit, true),
    {ok, Control, Peer} = peer:start(#{name => "observed_peer"}),
    Other = list_to_atom("nobody@" ++ host()),
    put(roles, [{node(), mine}, {Peer, peer}, {Other, unknown}]),
    Up = while_up(Control, Peer, Other),
    Linked = spawn_link(Peer, ?MODULE, idle, []),
    Watched = spawn(Peer, ?MODULE, idle, []),
    monitor(process, Watched),
    true = rpc:call(Peer, erlang, register, [bob, Watched]),
    yes = rpc:call(Peer, global, register_name, [ann, Watched]),
    monitor(process, {bob, Peer}),
    monitor_node(Peer, true),
    monitor_node(Peer, true),
    Stop = [tell(stop, fun() -> peer:stop(Control) end)],
    Down = while_down(Control, Peer, Linked),
    Up ++ Stop ++ Down ++ ends().

idle() ->
    receive stop -> ok end.

host() ->
    tl(lists:dropwhile(fun(C) -> C =/= $@ end, atom_to_list(node()))).

while_up(Control, Peer, Other) ->
    A = spawn(Peer, ?MODULE, idle, []),
    Dead = spawn(Peer, erlang, node, []),
    timer:sleep(100),
    [tell(N, F) || {N, F} <- [
        {pid, fun() -> A end},
        {nodes, fun() -> {nodes(), nodes(connected), nodes(this), rpc:call(Peer, erlang, nodes, [])} end},
        {is_alive, fun() -> is_alive() end},
        {is_process_alive, fun() -> is_process_alive(A) end},
        {process_info, fun() -> process_info(A) end},
        {process_info_item, fun() -> process_info(A, links) end},
        {register, fun() -> register(foo, A) end},
        {send_after, fun() -> erlang:send_after(1, A, x) end},
        {start_timer, fun() -> erlang:start_timer(1, {a, Peer}, x) end},
        {suspend, fun() -> erlang:suspend_process(A) end},
        {monitor_no_name, fun() -> is_reference(monitor(process, {nobody, Peer})) end},
        {monitor_no_node, fun() -> is_reference(monitor(process, {nobody, Other})) end},
        {monitor_dead, fun() -> is_reference(monitor(process, Dead)) end},
        {link_dead, fun() -> link(Dead) end},
        {unlink_dead, fun() -> unlink(Dead) end},
        {exit_dead, fun() -> exit(Dead, kill) end},
        {send_no_name, fun() -> {nobody, Peer} ! x end},
        {send_no_node, fun() -> {nobody, Other} ! x end},
        {rpc_exit, fun() -> rpc:call(Peer, erlang, exit, [boom]) end},
        {rpc_error, fun() -> rpc:call(Peer, erlang, error, [boom]) end},
        {rpc_throw, fun() -> rpc:call(Peer, erlang, throw, [boom]) end},
        {rpc_undef, fun() -> rpc:call(Peer, no_such_module, f, []) end},
        {rpc_here, fun() -> rpc:call(node(), erlang, exit, [boom]) end},
        {rpc_no_node, fun() -> rpc:call(Other, erlang, node, []) end},
        {rpc_timeout, fun() -> rpc:call(Peer, timer, sleep, [1000], 50) end},
        {rpc_killed, fun() -> rpc:call(Peer, erlang, apply, [fun() -> exit(self(), kill) end, []]) end},
        {rpc_exit_value, fun() -> rpc:call(Peer, erlang, hd, [[{'EXIT', x}]]) end},
        {block_call, fun() -> rpc:block_call(Peer, erlang, node, []) end},
        {block_call_exit, fun() -> rpc:block_call(Peer, erlang, exit, [x]) end},
        {block_call_throw, fun() -> rpc:block_call(Peer, erlang, throw, [x]) end},
        {block_call_no_node, fun() -> rpc:block_call(Other, erlang, node, []) end},
        {erpc_exit, fun() -> erpc:call(Peer, erlang, exit, [boom]) end},
        {erpc_error, fun() -> erpc:call(Peer, erlang, error, [boom]) end},
        {erpc_throw, fun() -> erpc:call(Peer, erlang, throw, [boom]) end},
        {erpc_timeout, fun() -> erpc:call(Peer, timer, sleep, [1000], 50) end},
        {erpc_no_node, fun() -> erpc:call(Other, erlang, node, []) end},
        {erpc_fun, fun() -> erpc:call(Peer, fun() -> node() end) end},
        {erpc_badarg, fun() -> erpc:call(Peer, 1, 2, 3) end},
        {erpc_killed, fun() -> erpc:call(Peer, fun() -> exit(self(), kill) end) end},
        {erpc_here, fun() -> erpc:call(node(), erlang, error, [boom]) end},
        {cast, fun() -> {rpc:cast(Peer, erlang, send, [self(), hi]), erpc:cast(Peer, fun() -> ok end)} end},
        {rpc_multicall, fun() -> rpc:multicall([node(), Peer, Other], erlang, node, []) end},
        {erpc_multicall, fun() -> erpc:multicall([node(), Peer, Other], erlang, node, []) end},
        {erpc_multicall_error, fun() -> erpc:multicall([node(), Peer], erlang, error, [x]) end},
        {sbcast, fun() -> rpc:sbcast([node(), Peer], rex, x) end},
        {spawn_no_node, fun() -> node(spawn(Other, erlang, node, [])) end},
        {spawn_link_no_node, fun() -> is_pid(spawn_link(Other, erlang, node, [])) end},
        {spawn_monitor, fun() -> {_, _} = spawn_monitor(Peer, erlang, node, []), ok end},
        {spawn_request, fun() -> is_reference(spawn_request(Peer, erlang, node, [], [monitor])) end},
        {spawn_request_no_node, fun() -> is_reference(spawn_request(Other, erlang, node, [])) end},
        {monitor_node_unknown, fun() -> monitor_node(Other, true) end},
        {monitor_node_mine, fun() -> monitor_node(node(), true) end},
        {group_leader, fun() -> group_leader() =:= rpc:call(Peer, erlang, group_leader, []) end},
        {whereis, fun() -> [is_pid(rpc:call(N, erlang, whereis, [S])) || N <- [node(), Peer], S <- [rex, user]] end},
        {global, fun() -> {rpc:call(Peer, global, register_name, [gn, A]), global:whereis_name(gn) =:= A} end},
        {global_again, fun() -> {global:register_name(gn, self()), global:registered_names()} end},
        {global_call, fun() -> global:send(gn, x) =:= A end},
        {gen_call_no_name, fun() -> gen_server:call({nobody, Peer}, x) end},
        {gen_call_no_node, fun() -> gen_server:call({nobody, Other}, x) end},
        {gen_call_timeout, fun() -> gen_server:call(A, x, 50) =:= A end},
        {gen_stop_no_node, fun() -> gen_server:stop({nobody, Other}) end},
        {sys_no_name, fun() -> sys:get_state({nobody, Peer}) end},
        {sys_no_node, fun() -> sys:get_state({nobody, Other}) end},
        {send_request, fun() -> gen_server:wait_response(gen_server:send_request({nobody, Other}, x), 1000) end},
        {statem_no_node, fun() -> gen_statem:call({nobody, Other}, x, 50) end},
        {multi_call, fun() -> element(2, gen_server:multi_call([Peer, Other], global_name_server, info, 1000)) end},
        {to_and_fro, fun() -> {A, self()} =:= binary_to_term(term_to_binary({A, self()})) end},
        {to_text, fun() -> A =:= list_to_pid(pid_to_list(A)) end},
        {ping, fun() -> {net_adm:ping(Peer), net_adm:ping(Other), net_adm:ping(node())} end},
        {peer_state, fun() -> peer:get_state(Control) end},
        {peer_call, fun() -> peer:call(Control, erlang, node, []) end},
        {peer_without_name, fun() -> peer:start(#{}) end},
        {peer_badmap, fun() -> peer:start(x) end},
        {peer_shutdown, fun() -> peer:start(#{name => z, shutdown => x}) end},
        {peer_again, fun() -> peer:start(#{name => "observed_peer", wait_boot => 500}) end},
        {disconnect_unknown, fun() -> {disconnect_node(Other), disconnect_node(node())} end}
    ]].

while_down(Control, Peer, Pid) ->
    [tell(N, F) || {N, F} <- [
        {down_nodes, fun() -> nodes() end},
        {down_node_of, fun() -> node(Pid) end},
        {down_monitor, fun() -> is_reference(monitor(process, Pid)) end},
        {down_monitor_name, fun() -> is_reference(monitor(process, {bob, Peer})) end},
        {down_link, fun() -> link(Pid) end},
        {down_send, fun() -> Pid ! x end},
        {down_exit, fun() -> exit(Pid, x) end},
        {down_monitor_node, fun() -> monitor_node(Peer, true) end},
        {down_global, fun() -> global:whereis_name(ann) end},
        {down_call, fun() -> gen_server:call(Pid, x) end},
        {down_call_forever, fun() -> gen_server:call(Pid, x, infinity) end},
        {down_call_name, fun() -> gen_server:call({bob, Peer}, x) end},
        {down_stop, fun() -> gen_server:stop(Pid) end},
        {down_cast, fun() -> gen_server:cast({bob, Peer}, x) end},
        {down_rpc, fun() -> rpc:call(Peer, erlang, node, []) end},
        {down_erpc, fun() -> erpc:call(Peer, erlang, node, []) end},
        {down_peer, fun() -> peer:stop(Control) end},
        {another, fun() ->
            {ok, Again, Peer} = peer:start(#{name => "observed_peer"}),
            put(again, Again),
            {is_reference(monitor(process, Pid)), link(Pid)}
        end},
        {kill_control, fun() -> monitor_node(Peer, true), exit(get(again), kill) end}
    ]].

ends() ->
    Told = fun(Options, Do) ->
        fun() ->
            {ok, Control, Node} = peer:start_link(Options#{name => "observed_end"}),
            put(roles, [{Node, ended} | get(roles)]),
            monitor_node(Node, true),
            {Do(Node), timer:sleep(300), catch peer:get_state(Control)}
        end
    end,
    Halt = fun(Node) -> rpc:call(Node, erlang, halt, []) end,
    [tell(N, F) || {N, F} <- [
        {halt, Told(#{}, Halt)},
        {init_stop, fun() ->
            {ok, _, Node} = peer:start_link(#{name => "observed_end"}),
            monitor_node(Node, true),
            R = rpc:call(Node, init, stop, []),
            {R, receive {nodedown, Node} -> down end}
        end},
        {disconnect, Told(#{}, fun(Node) -> disconnect_node(Node) end)},
        {crash, Told(#{peer_down => crash}, Halt)},
        {continue, Told(#{peer_down => continue}, Halt)},
        {up_and_down, fun() ->
            ok = net_kernel:monitor_nodes(true),
            {ok, Control, _} = peer:start(#{name => "observed_end"}),
            ok = peer:stop(Control),
            net_kernel:monitor_nodes(false)
        end}
    ]].

tell(Name, Fun) ->
    Outcome =
        try
            {ok, Fun()}
        catch
            Class:Reason -> {Class, Reason}
        end,
    {Name, plain(Outcome), lists:sort(plain(messages()))}.

messages() ->
    receive
        Message -> [Message | messages()]
    after 200 -> []
    end.

plain(Pid) when is_pid(Pid) -> {pid, role(node(Pid))};
plain(Ref) when is_reference(Ref) -> reference;
plain(Tuple) when is_tuple(Tuple) -> list_to_tuple(plain(tuple_to_list(Tuple)));
plain([Head | Tail]) -> [plain(Head) | plain(Tail)];
plain(Atom) -> role(Atom).

role(Node) ->
    proplists:get_value(Node, get(roles), Node).
