"""Which function of OTP a function of erlsim is: the same name, the same arguments, where OTP has it with so many."""

from __future__ import annotations

import re

# Python's module, and the Erlang module behind it.
MODULES = {
    "erlsim.erlang": "erlang",
    "erlsim.ets": "ets",
    "erlsim.timer": "timer",
    "erlsim.io": "io",
    "erlsim.otp.gen_server": "gen_server",
    "erlsim.otp.gen_statem": "gen_statem",
    "erlsim.otp.gen_event": "gen_event",
    "erlsim.otp.supervisor": "supervisor",
    "erlsim.otp.sys": "sys",
    "erlsim.otp.proc_lib": "proc_lib",
    "erlsim.otp.application": "application",
    "erlsim.otp.lists": "lists",
    "erlsim.otp.logger": "logger",
    "director": "director",
    "gen_tracker": "gen_tracker",
}

# What OTP 25 exports, as far as erlsim has it, with the numbers of arguments.
_EXPORTS = """
erlang: alias/0,1 apply/2,3 cancel_timer/1,2 convert_time_unit/3 demonitor/1,2 erase/0,1 error/1,2 exit/1,2 \
get/0,1 get_keys/0,1 group_leader/0,2 hibernate/3 is_process_alive/1 link/1 make_ref/0 monitor/2,3 \
monotonic_time/0,1 node/0,1 nodes/0 process_flag/2,3 process_info/1,2 processes/0 put/2 raise/3 read_timer/1,2 \
register/2 registered/0 resume_process/1 self/0 send/2,3 send_after/3,4 send_nosuspend/2,3 spawn/1,3 \
spawn_link/1,3 spawn_monitor/1,3 spawn_opt/2,4 start_timer/3,4 suspend_process/1,2 system_info/1 system_time/0,1 \
throw/1 unalias/1 unique_integer/0,1 unlink/1 unregister/1 whereis/1
ets: all/0 delete/1,2 delete_all_objects/1 delete_object/2 first/1 foldl/3 foldr/3 give_away/3 info/1,2 insert/2 \
insert_new/2 last/1 lookup/2 lookup_element/3 match/1,2,3 match_delete/2 match_object/1,2,3 member/2 new/2 \
next/2 prev/2 rename/2 safe_fixtable/2 select/1,2,3 select_count/2 select_delete/2 select_replace/2 setopts/2 \
tab2list/1 take/2 update_counter/3,4 update_element/3 whereis/1
timer: apply_after/4 apply_interval/4 cancel/1 exit_after/2,3 hms/3 hours/1 kill_after/1,2 minutes/1 now_diff/2 \
seconds/1 send_after/2,3 send_interval/2,3 sleep/1 tc/1,2,3
io: format/1,2,3 fwrite/1,2,3 nl/0,1 put_chars/1,2
gen_server: abcast/2,3 call/2,3 cast/2 check_response/2 enter_loop/3,4,5 multi_call/2,3,4 reply/2 send_request/2 \
start/3,4 start_link/3,4 start_monitor/3,4 stop/1,3 wait_response/2,3
supervisor: check_childspecs/1,2 count_children/1 delete_child/2 get_callback_module/1 get_childspec/2 \
restart_child/2 start_child/2 start_link/2,3 terminate_child/2 which_children/1
gen_statem: call/2,3 cast/2 check_response/2 enter_loop/4,5,6 reply/1,2 send_request/2 start/3,4 start_link/3,4 \
start_monitor/3,4 stop/1,3 wait_response/2,3
gen_event: add_handler/3 add_sup_handler/3 call/3,4 delete_handler/3 notify/2 start/0,1,2 start_link/0,1,2 \
stop/1,3 swap_handler/3 swap_sup_handler/3 sync_notify/2 which_handlers/1
sys: change_code/4,5 get_state/1,2 get_status/1,2 replace_state/2,3 resume/1,2 suspend/1,2 terminate/2,3 \
trace/2,3
proc_lib: init_ack/1,2 spawn/1,3 spawn_link/1,3 start/3,4,5 start_link/3,4,5 stop/1,3
application: ensure_all_started/1 ensure_started/1 get_env/1,2,3 load/1 set_env/3 start/1,2 stop/1 unload/1 \
which_applications/0
lists: append/1,2 delete/2 duplicate/2 foldl/3 foldr/3 foreach/2 keydelete/3 keyfind/3 keymember/3 keyreplace/4 \
keysort/2 keystore/4 keytake/3 last/1 map/2 max/1 member/2 min/1 nth/2 nthtail/2 reverse/1 seq/2,3 sort/1,2 \
split/2 sublist/2,3 subtract/2 sum/1 usort/1,2 zip/2
logger: alert/1,2,3 critical/1,2,3 debug/1,2,3 emergency/1,2,3 error/1,2,3 info/1,2,3 notice/1,2,3 warning/1,2,3
director: change_default_childspec/2,3 change_plan/3,4 check_childspec/1 count_children/1,2 delete_child/2,3 \
get_childspec/2,3 get_default_childspec/1,2 get_pid/2,3 get_pids/1,2 get_plan/2,3 restart_child/2,3 start/2,3 \
start_child/2,3 start_link/2,3 stop/1,2 terminate_child/2,3 which_children/1,2
gen_tracker: add_existing_child/2 attrs/2 delattr/3 find/2 find_or_open/2 getattr/3,4 increment/4,5 info/2,3 \
init_ack/1 list/1,2 setattr/3,4 start_link/1,2 wait/1 which_children/1
"""


def _read(text: str) -> dict[str, dict[str, tuple[int, ...]]]:
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for line in text.strip().splitlines():
        module, _, names = line.partition(": ")
        found[module] = {
            name: tuple(map(int, arities.split(","))) for name, arities in re.findall(r"(\w+)/([\d,]+)", names)
        }
    return found


EXPORTS = _read(_EXPORTS)

# Python's spelling where it is another than Erlang's.
RENAMED = {"raise_": "raise", "yield_": "yield"}

# What erlsim gives where OTP wants it written.
DEFAULTS = {
    ("gen_server", "stop", 2): ("infinity",),
    ("gen_statem", "stop", 2): ("infinity",),
    ("gen_event", "stop", 2): ("infinity",),
}

# Where a module stands among the arguments (from the end where there may be a name before it): the starters.
STARTERS = {
    ("gen_server", "start_link"): -3,
    ("gen_server", "start"): -3,
    ("gen_server", "start_monitor"): -3,
    ("gen_statem", "start_link"): -3,
    ("gen_statem", "start"): -3,
    ("gen_statem", "start_monitor"): -3,
    ("supervisor", "start_link"): -2,
    ("director", "start_link"): -2,
    ("director", "start"): -2,
    ("gen_event", "add_handler"): -2,
    ("gen_event", "add_sup_handler"): -2,
}

# What sends a message: how, and which argument that is.
SENDERS = {
    ("gen_server", "call"): ("call", 1),
    ("gen_server", "cast"): ("cast", 1),
    ("gen_server", "abcast"): ("cast", -1),
    ("gen_server", "send_request"): ("call", 1),
    ("gen_server", "multi_call"): ("call", 1),
    ("gen_statem", "call"): ("call", 1),
    ("gen_statem", "cast"): ("cast", 1),
    ("gen_statem", "send_request"): ("call", 1),
    ("gen_event", "notify"): ("event", 1),
    ("gen_event", "sync_notify"): ("event", 1),
    ("gen_event", "call"): ("event_call", 2),
    ("erlang", "send"): ("info", 1),
    ("erlang", "send_nosuspend"): ("info", 1),
    ("erlang", "send_after"): ("info", 2),
    ("timer", "send_after"): ("info", -1),
    ("timer", "send_interval"): ("info", -1),
}
# What puts rows into tables, what may change their shape, and what takes them out.
FILLING = frozenset("insert insert_new".split())
REPLACING = frozenset("select_replace update_counter update_element".split())
ROWS = frozenset(("ets", name) for name in "lookup match_object tab2list take".split())

# Where a module stands alone among the arguments, or a handler that is one.
NAMED = {("gen_event", "call"): 1, ("gen_event", "delete_handler"): 1, ("sys", "change_code"): 1}
# Where `Module, Function, Args` begins.
APPLIED = {
    ("erlang", "apply"): 0,
    ("erlang", "hibernate"): 0,
    ("timer", "apply_after"): 1,
    ("timer", "apply_interval"): 1,
    ("timer", "tc"): 0,
    **{("proc_lib", name): 0 for name in ("spawn", "spawn_link", "start", "start_link")},
}

# Functions of `erlang` that Erlang calls without the module's name.
AUTO_IMPORTED = frozenset(
    """apply/2 apply/3 demonitor/1 demonitor/2 element/2 erase/0 erase/1 error/1 error/2 exit/1 exit/2 get/0 get/1
    group_leader/0 group_leader/2 hd/1 is_process_alive/1 length/1 link/1 make_ref/0 map_size/1 monitor/2 node/0
    node/1 nodes/0 process_flag/2 process_info/1 process_info/2 processes/0 put/2 register/2 registered/0 self/0
    setelement/3 spawn/1 spawn/3 spawn_link/1 spawn_link/3 spawn_monitor/1 spawn_monitor/3 spawn_opt/2
    spawn_opt/4 throw/1 tl/1 tuple_size/1 unlink/1 unregister/1 whereis/1 abs/1 min/2 max/2 round/1 trunc/1
    byte_size/1 is_integer/1 is_float/1 is_number/1 is_atom/1 is_binary/1 is_list/1 is_tuple/1 is_map/1 is_pid/1
    is_reference/1 is_function/1 is_boolean/1 is_map_key/2 map_get/2 list_to_atom/1 atom_to_list/1
    integer_to_list/1 integer_to_binary/1 atom_to_binary/1 float/1 halt/0 halt/1 date/0 time/0 now/0 size/1
    list_to_tuple/1 tuple_to_list/1 list_to_binary/1 binary_to_list/1""".split()
)

# What a guard may call.
GUARDS = frozenset(
    """is_integer is_float is_number is_atom is_binary is_list is_tuple is_map is_pid is_reference is_function
    is_boolean is_map_key map_get element hd tl length tuple_size map_size byte_size abs self node round trunc
    float""".split()
)

# Modules that cannot be called so: they are OTP's own, and sticky.
TAKEN = frozenset(
    """application application_controller application_master application_starter array atomics auth base64 beam_lib
    binary c calendar code code_server counters dets dict digraph digraph_utils disk_log edlin epp erlang
    error_handler error_logger erts_code_purger erts_internal escript ets eval_bits file file_server filelib
    filename gb_sets gb_trees gen gen_event gen_fsm gen_sctp gen_server gen_statem gen_tcp gen_udp global
    global_group global_search group heart inet inet_db init io io_lib kernel lists logger maps math net net_adm
    net_kernel orddict ordsets os persistent_term pg pool proc_lib proplists qlc queue ram_file rand random re
    rpc seq_trace sets shell shell_default slave socket sofs standard_error string supervisor supervisor_bridge
    sys timer unicode uri_string user user_drv user_sup win32reg zip zlib director
    gen_tracker""".split()
)
