"""Why the BIFs on processes, names and timers have failed. Mirrors `erl_erts_errors:format_error/2`.

`EXPLAIN` has a function of the arguments and the cause for each that needs one, `CHECKS` the checks of the others'
arguments, by name and arity.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim.explanations import checks
from erlsim.explanations.checks import BAD_OPTION, NOT_FUN, NOT_PID, NOT_REFERENCE, Check, always
from erlsim.terms import Pid, Term

Explainer = Callable[[list[Any], Term], list[str]]
DEAD = "the pid does not refer to an existing process"
_DESTINATION = "invalid destination"
_SPAWN_OPTION = "invalid spawn option"
_MFA = (checks.module, checks.atom, checks.plain_list)

CHECKS: dict[tuple[str, int], tuple[Check, ...]] = {
    ("alias", 1): (checks.proper(BAD_OPTION),),
    ("apply", 3): _MFA,
    ("bump_reductions", 1): (checks.not_negative,),
    ("cancel_timer", 1): (always(NOT_REFERENCE),),
    ("convert_time_unit", 3): (checks.integer, checks.time_unit, checks.time_unit),
    ("demonitor", 1): (always(NOT_REFERENCE),),
    ("exit", 2): (always(NOT_PID),),
    ("garbage_collect", 1): (checks.pid,),
    ("group_leader", 2): (checks.pid, checks.pid),
    ("is_process_alive", 1): (always(NOT_PID),),
    ("link", 1): (checks.a_pid(DEAD),),
    ("monotonic_time", 1): (always(checks.BAD_UNIT),),
    ("node", 1): (always(NOT_PID),),
    ("process_info", 1): (checks.pid,),
    ("read_timer", 1): (always(NOT_REFERENCE),),
    ("resume_process", 1): (checks.a_pid("process is not suspended or is not alive"),),
    ("send", 2): (always(_DESTINATION),),
    ("send_nosuspend", 2): (always(_DESTINATION),),
    ("spawn_request", 1): (always(NOT_FUN),),
    ("spawn_request_abandon", 1): (always(NOT_REFERENCE),),
    ("system_info", 1): (always("invalid system info item"),),
    ("system_time", 1): (always(checks.BAD_UNIT),),
    ("unalias", 1): (always(NOT_REFERENCE),),
    ("unique_integer", 1): (checks.proper("invalid modifier"),),
    ("unlink", 1): (always(NOT_PID),),
    ("unregister", 1): (always(NOT_PID),),
    ("whereis", 1): (always(checks.NOT_ATOM),),
    **{
        (name, arity): found
        for name in ("spawn", "spawn_link", "spawn_monitor")
        for arity, found in (
            (1, (always(NOT_FUN),)),
            (2, (checks.atom, checks.fun)),
            (3, _MFA),
            (4, (checks.atom, *_MFA)),
        )
    },
}


def options_of_reference(args: list[Any], cause: Term) -> list[str]:
    """A reference and a list of options."""
    wrong = checks.reference(args[0])
    return [wrong, options_error(args[1], wrong)]


def options_error(options: Term, error_before: str) -> str:
    """What is wrong with options: if nothing else is wrong, something in them."""
    return checks.plain_list(options) or ("" if error_before else BAD_OPTION)


def _with_options(args: list[Any], cause: Term, words: str = BAD_OPTION) -> str:
    return checks.proper(words)(args[-1]) if cause == "badopt" else ""


def garbage_collect(args: list[Any], cause: Term) -> list[str]:
    """`garbage_collect/2`."""
    return [checks.pid(args[0]), BAD_OPTION if cause == "bad_option" else ""]


def monitor(args: list[Any], cause: Term) -> list[str]:
    """`monitor/2,3`."""
    if cause == "badtype":
        return ["invalid monitor type"]
    wrong = checks.pid(args[1]) if args[0] == "process" else ""
    if args[0] == "port":
        wrong = "" if checks.is_atom(args[1]) else "not a port"
    return ["", wrong, _with_options(args, cause)]


def process_flag(args: list[Any], cause: Term) -> list[str]:
    """`process_flag/2,3`."""
    if len(args) == 2:
        return ["invalid process flag"] if cause == "badopt" else ["", "invalid value for this process flag"]
    wrong_flag = "" if args[1] == "save_calls" else "invalid process flag"
    if cause == "badtype":
        return [checks.a_pid(DEAD)(args[0]), wrong_flag]
    wrong_pid = checks.pid(args[0])
    if not wrong_pid and not wrong_flag:
        return ["", "", "invalid value for process flag 'save_calls'"]
    return [wrong_pid, wrong_flag]


def process_info(args: list[Any], cause: Term) -> list[str]:
    """`process_info/2`."""
    return [checks.pid(args[0])] if checks.pid(args[0]) else ["", "invalid item or item list"]


def register(args: list[Any], cause: Term) -> list[str]:
    """`register/2`."""
    if cause == "registered_name":
        return ["", "this process or port already has a name"]
    if cause == "notalive":
        return ["", DEAD]
    name, who = args
    wrong = ["'undefined' is not a valid name" if name == "undefined" else checks.atom(name)]
    wrong.append("" if type(who) is Pid else "not a pid or port")
    return wrong if any(wrong) else ["name is in use"]


def send(args: list[Any], cause: Term) -> list[str]:
    """`send/3`."""
    return ["", "", _with_options(args, cause)] if cause == "badopt" else [_DESTINATION]


def spawn_opt(args: list[Any], cause: Term) -> list[str]:
    """`spawn_opt/2,3,4,5`."""
    by_arity: dict[int, tuple[Check, ...]] = {
        2: (checks.fun,),
        3: (checks.atom, checks.fun),
        4: _MFA,
        5: (checks.atom, *_MFA),
    }
    wrong = [check(each) for check, each in zip(by_arity[len(args)], args, strict=False)]
    return [*wrong, _with_options(args, cause, _SPAWN_OPTION)]


def spawn_request(args: list[Any], cause: Term) -> list[str]:
    """`spawn_request/2,3,4,5`, whose arguments may mean several things."""
    bad = cause == "badopt"
    if len(args) == 2:
        if checks.is_fun(args[0]):
            return ["", BAD_OPTION] if bad else []
        if checks.is_fun(args[1]):
            return [checks.NOT_ATOM]
        return ["", NOT_FUN] if checks.is_atom(args[0]) else ["not a fun or an atom"]
    if len(args) == 3 and checks.is_fun(args[1]):
        return [checks.atom(args[0]), "", checks.proper(BAD_OPTION if bad else "")(args[2])]
    if len(args) == 3 or (len(args) == 4 and not checks.is_atom(args[2])):
        wrong = [check(each) for check, each in zip(_MFA, args, strict=False)]
        return [*wrong, BAD_OPTION] if bad and len(args) == 4 else wrong
    wrong = [check(each) for check, each in zip((checks.atom, *_MFA), args, strict=False)]
    return [*wrong, BAD_OPTION] if bad and len(args) == 5 else wrong


def start_timer(args: list[Any], cause: Term) -> list[str]:
    """`start_timer/3,4` and `send_after/3,4`."""
    wrong = checks.not_negative(args[0])
    if not wrong and cause == "time":
        wrong = "exceeds the maximum supported time value"
    found = [wrong, "" if type(args[1]) is Pid or checks.is_atom(args[1]) else "not a pid or an atom"]
    if len(args) == 4:
        # It is the fourth argument, and the third by OTP's count.
        found.append(checks.proper(BAD_OPTION if cause == "badopt" else "")(args[3]))
    return found


def suspend_process(args: list[Any], cause: Term) -> list[str]:
    """`suspend_process/1,2`."""
    if cause == "badopt":
        return [checks.pid(args[0]), _with_options(args, cause)]
    return ["the pid refers to the current process" if checks.is_self(args[0]) else checks.a_pid(DEAD)(args[0])]


EXPLAIN: dict[tuple[str, int], Explainer] = {
    **{(name, 2): options_of_reference for name in ("cancel_timer", "read_timer", "demonitor")},
    ("garbage_collect", 2): garbage_collect,
    **{("monitor", arity): monitor for arity in (2, 3)},
    **{("process_flag", arity): process_flag for arity in (2, 3)},
    ("process_info", 2): process_info,
    ("register", 2): register,
    **{(name, 3): send for name in ("send", "send_nosuspend")},
    **{("spawn_opt", arity): spawn_opt for arity in (2, 3, 4, 5)},
    **{("spawn_request", arity): spawn_request for arity in (2, 3, 4, 5)},
    **{(name, arity): start_timer for name in ("start_timer", "send_after") for arity in (3, 4)},
    **{("suspend_process", arity): suspend_process for arity in (1, 2)},
}
