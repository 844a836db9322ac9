"""Wrong arguments: BIFs, functions of `ets`, `timer` and OTP's behaviours called with anything (`scn_terms:bad`)."""

from __future__ import annotations

from erlsim.terms import Term
from tests.fuzz.draw.area import SELF, V
from tests.fuzz.draw.formats import Directives
from tests.golden.making.script import Fun

# Of each function its arities, a digit each. Left out is what depends on the emulator, ends it, prints or is for sys,
# and `spawn/2`, which takes a fun and its arguments here.
FUNCTIONS = {
    "erlang": (
        "alias/1 apply/23 cancel_timer/12 convert_time_unit/3 demonitor/12 erase/1 error/123 exit/12 get/1 "
        "get_keys/1 group_leader/2 hibernate/3 is_process_alive/1 link/1 monitor/23 node/1 process_flag/23 "
        "process_info/12 put/2 read_timer/12 register/2 resume_process/1 send/23 send_after/34 "
        "send_nosuspend/23 spawn/134 spawn_link/134 spawn_monitor/134 spawn_opt/2345 spawn_request/12345 "
        "spawn_request_abandon/1 start_timer/34 suspend_process/12 throw/1 unalias/1 unlink/1 unregister/1 "
        "whereis/1"
    ),
    "ets": (
        "delete/12 delete_all_objects/1 delete_object/2 first/1 foldl/3 foldr/3 give_away/3 info/12 "
        "init_table/2 insert/2 insert_new/2 is_compiled_ms/1 last/1 lookup/2 lookup_element/3 match/123 "
        "match_delete/2 match_object/123 match_spec_compile/1 match_spec_run/2 member/2 new/2 next/2 prev/2 "
        "rename/2 repair_continuation/2 safe_fixtable/2 select/123 select_count/2 select_delete/2 "
        "select_replace/2 select_reverse/123 setopts/2 slot/2 tab2list/1 take/2 test_ms/2 update_counter/34 "
        "update_element/3 whereis/1"
    ),
    "timer": (
        "apply_after/4 apply_interval/4 cancel/1 exit_after/23 hms/3 hours/1 kill_after/12 minutes/1 "
        "now_diff/2 seconds/1 send_after/23 send_interval/23 sleep/1"
    ),
    "lists": "sort/1",
    "gen_server": (
        "abcast/23 call/23 cast/2 check_response/23 enter_loop/345 multi_call/234 "
        "receive_response/23 reply/2 reqids_add/3 reqids_size/1 reqids_to_list/1 send_request/24 start/34 "
        "start_link/34 start_monitor/34 stop/13 wait_response/23"
    ),
    "gen_statem": (
        "call/23 cast/2 check_response/23 enter_loop/456 receive_response/123 reply/12 "
        "reqids_add/3 reqids_size/1 reqids_to_list/1 send_request/24 start/34 start_link/34 start_monitor/34 "
        "stop/13 wait_response/123"
    ),
    "gen_event": (
        "add_handler/3 add_sup_handler/3 call/34 check_response/23 delete_handler/3 notify/2 "
        "receive_response/23 reqids_add/3 reqids_size/1 reqids_to_list/1 send_request/35 start/12 "
        "start_link/12 start_monitor/12 stop/13 swap_handler/3 swap_sup_handler/3 sync_notify/2 "
        "wait_response/23 which_handlers/1"
    ),
    "supervisor": (
        "check_childspecs/12 count_children/1 delete_child/2 get_callback_module/1 "
        "get_childspec/2 restart_child/2 start_child/2 start_link/23 terminate_child/2 which_children/1"
    ),
    "sys": (
        "change_code/45 debug_options/1 get_debug/3 get_log/1 get_state/12 get_status/12 install/23 log/23 "
        "no_debug/12 remove/23 replace_state/23 resume/12 statistics/23 suspend/12 trace/23"
    ),
    "proc_lib": (
        "format/123 hibernate/3 init_ack/12 initial_call/1 spawn/1234 spawn_link/1234 spawn_opt/2345 "
        "start/345 start_link/345 start_monitor/345 stop/13 translate_initial_call/1"
    ),
}
VALUES: tuple[Term, ...] = (
    *(
        "scn_none",
        "x",
        "undefined",
        "infinity",
        True,
        "",
        0,
        5,
        -1,
        100,
        1 << 70,
        1.5,
        -0.5,
        b"x",
        b"",
        (),
        ("a", "b"),
        ("a",),
    ),
    *([], ["x"], [1, 2], [97, 98, 99], ["link"], [("abs", True)], [("a", 1), ("b", 2)], {}, {"k": 1}, {1: 2}),
    *(
        ("local", "scn_w"),
        ("global", "scn_none"),
        ("via", "scn_sup", 1),
        ("scn_none", "nonode@nohost"),
        ("m", "f", []),
    ),
    *(
        "process",
        "scn_worker",
        "second",
        ("scn_worker", "start_link", []),
        "dead",
        "ref",
        SELF,
        Fun("identity"),
        Fun("cons"),
    ),
)
WORDS = {"dead": V("dead"), "ref": V("ref")}


class WrongArguments(Directives):
    """Calls whose arguments are of any type."""

    moves = (12, 24)

    def begin(self) -> None:
        self.now("erlang", "make_ref", bind="ref")
        self.now("scn_ets", "start", "d", bind="dead")
        self.call("scn_ets", "tell", "d", ("die", "normal"))

    def move(self) -> None:
        module = self.weighted({each: len(names.split()) for each, names in FUNCTIONS.items()})
        function, arities = self.one_of(FUNCTIONS[module].split()).split("/")
        arity = int(self.one_of(arities))
        self.now("scn_terms", "bad", module, function, [self.argument() for _ in range(arity)])

    def argument(self) -> Term:
        """A value of any type."""
        value = self.one_of(VALUES)
        return WORDS.get(value, value) if isinstance(value, str) else value

    def end(self) -> None:
        """Nothing more: what was reported is a matter of other areas."""
