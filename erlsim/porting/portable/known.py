"""What erlsim's functions and Python's own give, and what the lint must know of names: tables, nothing else."""

from __future__ import annotations

from erlsim.porting.portable import shapes
from erlsim.porting.portable.shapes import ANY, ATOM, BOOL, INT, LIST, PID, REF, TEXT, Maybe, Shape, a_tuple, of

# Modules whose functions take terms: all that is given to them goes into a message, a state, a table or a reason.
TERM_MODULES = frozenset(
    "erlang ets timer gen_server gen_statem gen_event supervisor supervisor_bridge sys proc_lib application gen "
    "director gen_tracker logger global_".split()
)
# Arguments that are text, though the module takes terms: (module, function).
TEXTUAL = frozenset({("io", "format"), ("io", "put_chars"), ("logger", "format")})

_ROWS = Shape(LIST.kinds, ANY)
RESULTS: dict[tuple[str, str], Shape] = {
    **{("erlang", name): PID for name in "self spawn spawn_link group_leader".split()},
    ("erlang", "spawn_monitor"): a_tuple((PID, REF)),
    **{("erlang", name): REF for name in "make_ref monitor alias start_timer send_after spawn_request".split()},
    ("erlang", "whereis"): of("pid", "atom"),
    **{
        ("erlang", name): BOOL
        for name in "link unlink demonitor unalias register unregister is_process_alive resume_process".split()
    },
    **{("erlang", name): INT for name in "monotonic_time system_time unique_integer convert_time_unit".split()},
    **{("erlang", name): of("int", "bool") for name in "cancel_timer read_timer".split()},
    ("erlang", "processes"): Shape(LIST.kinds, PID),
    ("erlang", "registered"): Shape(LIST.kinds, ATOM),
    ("erlang", "node"): ATOM,
    ("ets", "new"): of("atom", "ref"),
    ("ets", "whereis"): of("atom", "ref"),
    **{("ets", name): _ROWS for name in "lookup match match_object tab2list take select".split()},
    ("gen_tracker", "list"): _ROWS,
    ("gen_tracker", "attrs"): _ROWS,
    **{
        ("ets", name): BOOL
        for name in "insert insert_new member delete delete_object delete_all_objects update_element".split()
    },
    ("gen_server", "cast"): ATOM,
    ("gen_server", "reply"): ATOM,
    ("gen_statem", "cast"): ATOM,
    ("timer", "sleep"): ATOM,
    ("gen_tracker", "find"): of("pid", "atom"),
    **{("terms", name): BOOL for name in "eq exact_eq matches".split()},
    ("logger", "allow"): BOOL,
    ("terms", "compare"): INT,
    ("terms", "sort"): LIST,
    ("terms", "chars"): Shape(LIST.kinds, INT),
    ("terms", "parse"): ANY,
    ("lists", "sort"): LIST,
}
# Of these modules' other functions nothing is known but that they give terms.
GIVING_TERMS = TERM_MODULES

BUILTINS: dict[str, Maybe] = {
    "len": INT,
    "int": INT,
    "ord": INT,
    "round": INT,
    "float": shapes.FLOAT,
    "bool": BOOL,
    "isinstance": BOOL,
    "callable": BOOL,
    "all": BOOL,
    "any": BOOL,
    "sum": shapes.NUMBER,
    "abs": shapes.NUMBER,
    "str": TEXT,
    "repr": TEXT,
    "format": TEXT,
    "chr": TEXT,
    "bytes": shapes.BINARY,
    "set": shapes.SET,
    "frozenset": shapes.SET,
    "open": shapes.FILE,
    "object": shapes.OBJECT,
    "bytearray": shapes.OBJECT,
    "type": shapes.MODULE,
    "range": Shape(frozenset(("generator",)), INT),
    "iter": shapes.GENERATOR,
    "filter": shapes.GENERATOR,
    "map": shapes.GENERATOR,
}
# What goes through an iterable at once, so that nothing of it is kept.
CONSUMING = frozenset(
    "next iter list tuple dict set frozenset sum any all min max sorted len enumerate zip map filter".split()
)
LAZY = frozenset("map filter zip enumerate iter reversed".split())
# Python's own functions that have no counterpart among Erlang's.
NO_COUNTERPART = frozenset(
    "print input open eval exec compile globals locals vars dir getattr setattr delattr hasattr super id hash "
    "memoryview bytearray iter next".split()
)

CHANGING = frozenset(
    "append extend insert remove pop clear sort reverse update setdefault popitem add discard appendleft "
    "popleft".split()
)
TEXT_METHODS = frozenset(
    "upper lower title capitalize strip lstrip rstrip split rsplit splitlines join replace startswith endswith find "
    "index count format zfill center ljust rjust isdigit isalpha removeprefix removesuffix partition".split()
)
CALLBACKS = frozenset(
    "init handle_call handle_cast handle_info handle_continue handle_event terminate code_change format_status "
    "callback_mode after_terminate".split()
)
# What starts a process, with the place of the function among its arguments.
SPAWNING = frozenset(
    {
        ("erlang", "spawn"),
        ("erlang", "spawn_link"),
        ("erlang", "spawn_monitor"),
        ("erlang", "spawn_opt"),
        ("proc_lib", "spawn"),
        ("proc_lib", "spawn_link"),
        ("proc_lib", "start"),
        ("proc_lib", "start_link"),
        ("timer", "apply_after"),
        ("timer", "apply_interval"),
    }
)
# What a function touches that drives a simulation: it stands outside of it, and is not ported.
DRIVING = frozenset(
    "erlsim.Simulation erlsim.run erlsim.shell erlsim.simulation.Simulation erlsim.simulation.run "
    "erlsim.simulation.shell erlsim.current".split()
)
# Python's modules that say nothing at run time, or whose functions Erlang has as well.
SILENT = frozenset(
    "__future__ typing typing_extensions collections.abc abc types math erlsim director gen_tracker dataclasses "
    "enum".split()
)
OURS = ("erlsim", "director", "gen_tracker")
RAISED = frozenset(("Exit", "Error", "Throw", "ErlangException"))
