"""The callbacks of each behaviour: which functions they are, what they are given, where the state is in answers."""

from __future__ import annotations

import ast

from erlsim.porting.drafts import kinds
from erlsim.porting.drafts.forms import Atom, Call, Form, Tuple
from erlsim.porting.drafts.kinds import ANY, NEVER, Kind, list_of, tuple_of
from erlsim.porting.drafts.reading.scope import Here
from erlsim.porting.drafts.sources import Unit

_FROM = tuple_of(kinds.PID, ANY)

CALLBACKS: dict[str, dict[tuple[str, int], str]] = {
    behaviour: {(name, int(arity)): behaviour for name, arity in (each.split("/") for each in names.split())}
    for behaviour, names in {
        "gen_server": "init/1 handle_call/3 handle_cast/2 handle_info/2 handle_continue/2 terminate/2 code_change/3 "
        "format_status/1 format_status/2",
        "gen_statem": "callback_mode/0 init/1 handle_event/4 terminate/3 code_change/4 format_status/1 format_status/2",
        "gen_event": "init/1 handle_event/2 handle_call/2 handle_info/2 terminate/2 code_change/3",
        "supervisor": "init/1",
        "director": "init/1",
        "application": "start/2 stop/1 prep_stop/1 start_phase/3",
    }.items()
}

# Callbacks that have to be there.
REQUIRED = {
    "gen_server": (("init", 1), ("handle_call", 3), ("handle_cast", 2)),
    "gen_event": (("init", 1), ("handle_event", 2), ("handle_call", 2)),
    "gen_statem": (("init", 1), ("callback_mode", 0)),
    "supervisor": (("init", 1),),
    "director": (("init", 1),),
    "application": (("start", 2), ("stop", 1)),
}

# What callbacks are given; a word for what the program decides: the state, or what init is started with.
_GIVEN: dict[tuple[str, str, int], tuple[Kind | str, ...]] = {
    ("gen_server", "handle_call", 3): (ANY, _FROM, "state"),
    ("gen_server", "handle_cast", 2): (ANY, "state"),
    ("gen_server", "handle_info", 2): (ANY, "state"),
    ("gen_server", "handle_continue", 2): (ANY, "state"),
    ("gen_server", "terminate", 2): (ANY, "state"),
    ("gen_server", "code_change", 3): (ANY, ANY, ANY),
    ("gen_event", "handle_event", 2): (ANY, "state"),
    ("gen_event", "handle_call", 2): (ANY, "state"),
    ("gen_event", "handle_info", 2): (ANY, "state"),
    ("gen_event", "terminate", 2): (ANY, "state"),
    ("gen_statem", "handle_event", 4): (ANY, ANY, ANY, "state"),
    ("gen_statem", "terminate", 3): (ANY, ANY, "state"),
}
_ATTRIBUTES = list_of(tuple_of(ANY, ANY))


def states(unit: Unit) -> list[str]:
    """The states of a gen_statem that are functions: those that it begins in, or goes on to."""
    if unit.behaviour != "gen_statem":
        return []
    found: dict[str, None] = {}
    for name, node in unit.functions.items():
        for each in ast.walk(node):
            match each:
                case ast.Tuple(elts=[ast.Constant(value="next_state"), ast.Constant(value=str(state)), *_]):
                    found[state] = None
                case ast.Tuple(elts=[ast.Constant(value="ok"), ast.Constant(value=str(state)), _, *_]) if (
                    name == "init"
                ):
                    found[state] = None
    return [each for each in found if unit.has(each, 3)]


def callback_of(here: Here) -> str:
    """The behaviour whose callback the function is."""
    if is_state_function(here):
        return "gen_statem"
    return CALLBACKS.get(here.unit.behaviour, {}).get((here.function, here.arity), "")


def is_state_function(here: Here) -> bool:
    """Whether the function is a state of a gen_statem whose states are functions."""
    return here.arity == 3 and here.function in states(here.unit)


def parameter_kinds(here: Here) -> tuple[Kind | None, ...]:
    """The kinds of what a callback is given; `None` where nothing is known, or no callback."""
    given = _GIVEN.get((here.unit.behaviour, here.function, here.arity))
    if given is not None:
        state = here.facts.states.get(here.unit.name, NEVER)
        return tuple(state if isinstance(each, str) else each for each in given)
    if is_state_function(here):
        return (ANY, ANY, here.facts.states.get(here.unit.name, NEVER))
    if here.function == "after_terminate" and here.arity in (2, 3):
        return (None, _ATTRIBUTES, ANY)
    return ()


# Where the state is in what callbacks return, by the tag.
_STATE_IN = {
    "gen_server": {"ok": 1, "reply": 2, "noreply": 1, "stop": -1},
    "gen_event": {"ok": -1},
    "gen_statem": {"next_state": 2, "keep_state": 1, "repeat_state": 1},
}
# What a gen_statem returns that has its data only if it is so long, and then as the last.
_DATA_LAST = {"stop": 3, "stop_and_reply": 4, "keep_state_and_data": 3, "repeat_state_and_data": 3}
_STATELESS = ("terminate", "format_status", "callback_mode")


# How what a callback is given first is sent.
_SENT = {
    ("gen_server", "handle_call"): "call",
    ("gen_server", "handle_cast"): "cast",
    ("gen_server", "handle_info"): "info",
    ("gen_event", "handle_event"): "event",
    ("gen_event", "handle_call"): "event_call",
    ("gen_event", "handle_info"): "info",
}


def sent_as(here: Here, place: int, beside: ast.pattern | None) -> str:
    """How the messages are sent that a parameter is; of a gen_statem the pattern `beside` it says so. Else ``""``."""
    if place == 0:
        return _SENT.get((here.unit.behaviour, here.function), "")
    if place == 1 and (is_state_function(here) or callback_of(here) == "gen_statem"):
        match beside:
            case ast.MatchValue(value=ast.Constant(value="cast" | "info" as how)):
                return str(how)
            case ast.MatchSequence(patterns=[ast.MatchValue(value=ast.Constant(value="call")), _]):
                return "call"
    return ""


def note_states(here: Here, returned: list[tuple[Form, Kind]]) -> None:
    """Note the state in what a callback returns."""
    behaviour, name = here.unit.behaviour, here.function
    is_delegate = (here.unit.name, name) in here.facts.delegates
    is_callback = (name, here.arity) in CALLBACKS.get(behaviour, {}) or is_state_function(here) or is_delegate
    if not is_callback or behaviour not in _STATE_IN or name in _STATELESS:
        return
    for form, kind in returned:
        match form:
            case Call(module=module, name=called) if module == here.unit.name and behaviour != "gen_event":
                here.facts.delegates.add((module, called))
            case _:
                here.facts.note_state(here.unit.name, _state_in(behaviour, name, form, kind))


def _state_in(behaviour: str, name: str, form: Form, kind: Kind) -> Kind:
    match form:
        case Tuple(items=[Atom(name=tag), *rest]) if len(kind.items) == len(rest) + 1:
            if name == "init" and tag != "ok":
                return NEVER
            if behaviour == "gen_statem":
                return _data_in(name, tag, kind)
            if behaviour == "gen_event" and (name != "handle_call" or tag != "ok"):
                return kind.items[1] if tag == "ok" else NEVER
            place = _STATE_IN[behaviour].get(tag)
            return ANY if place is None else kind.items[place]
        case Atom():
            return NEVER  # ignore, remove_handler
    return NEVER if kind == NEVER else ANY


def _data_in(name: str, tag: str, kind: Kind) -> Kind:
    """The data in what a callback of a gen_statem returns."""
    if tag in _DATA_LAST:
        return kind.items[-1] if len(kind.items) == _DATA_LAST[tag] else NEVER
    place = 2 if name == "init" else _STATE_IN["gen_statem"].get(tag)
    return kind.items[place] if place is not None and place < len(kind.items) else ANY


__all__ = ["REQUIRED", "callback_of", "note_states", "parameter_kinds", "sent_as", "states"]
