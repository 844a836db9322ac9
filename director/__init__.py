"""A supervisor whose children carry a plan: what to do at the first crash, the second, and so on.

Ported from Erlang's `director`. `start_link` starts one with a callback module whose `init` gives the
childspecs; the other functions ask it for its children and change them. OTP's `supervisor` and `sys` know how
to ask a director as well.

Files: `api` (the functions), `server` (the process), `requests` (what it answers), `supervision` (starting,
ending, doing what a plan decides), `plan` (deciding), `child`, `children`, `checks`, `elements`, `defaults`
(data), `reporting` (reports and debug lines), `upgrade` (code change); `trial` looks at plans without a program
around them (`lint`, `timeline`).
"""

from director.api import (
    change_default_childspec,
    change_plan,
    check_childspec,
    count_children,
    delete_child,
    get_childspec,
    get_default_childspec,
    get_pid,
    get_pids,
    get_plan,
    restart_child,
    start,
    start_child,
    start_link,
    stop,
    terminate_child,
    which_children,
)
from director.elements import default_plan_element_fun
from director.server import format_status, init_it, system_code_change, system_get_state, system_replace_state
from director.trial import Ending, Trial, lint, linting, timeline
from erlsim.supervision import Finding

__all__ = [
    "change_default_childspec",
    "change_plan",
    "check_childspec",
    "count_children",
    "default_plan_element_fun",
    "delete_child",
    "get_childspec",
    "get_default_childspec",
    "get_pid",
    "get_pids",
    "get_plan",
    "restart_child",
    "start",
    "start_child",
    "start_link",
    "stop",
    "terminate_child",
    "which_children",
    # beyond the original
    "Ending",
    "Finding",
    "Trial",
    "lint",
    "linting",
    "timeline",
    # called by `gen` and `sys`, as any behaviour's
    "format_status",
    "init_it",
    "system_code_change",
    "system_get_state",
    "system_replace_state",
]
