"""Calls of OTP as Elixir writes them: its own modules where they do the same, Erlang's where they do not.

`Process.whereis` gives nil, `Process.get` too, and `Supervisor.count_children` a map: there Erlang's functions stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from erlsim.porting.drafts import forms as f
from erlsim.porting.drafts.forms import Atom, Call, Form, List, Number, Op, Tuple


@dataclass(frozen=True)
class Written:
    """A call by the name that Elixir has for it, with options behind the arguments."""

    name: str
    args: tuple[Form, ...]
    options: tuple[tuple[str, Form], ...] = ()


_WORD = re.compile(r"[a-z][a-z0-9_]*")

# The same arguments in the same order.
_SAME = {
    "gen_server": {
        "call/2": "GenServer.call",
        "call/3": "GenServer.call",
        "cast/2": "GenServer.cast",
        "reply/2": "GenServer.reply",
        "stop/1": "GenServer.stop",
        "stop/3": "GenServer.stop",
    },
    "supervisor": {
        "which_children/1": "Supervisor.which_children",
        "terminate_child/2": "Supervisor.terminate_child",
        "delete_child/2": "Supervisor.delete_child",
        "restart_child/2": "Supervisor.restart_child",
    },
    "erlang": {
        "self/0": "self",
        "spawn/1": "spawn",
        "spawn/3": "spawn",
        "spawn_link/1": "spawn_link",
        "spawn_link/3": "spawn_link",
        "spawn_monitor/1": "spawn_monitor",
        "spawn_monitor/3": "spawn_monitor",
        "exit/1": "exit",
        "exit/2": "Process.exit",
        "throw/1": "throw",
        "make_ref/0": "make_ref",
        "node/0": "node",
        "hd/1": "hd",
        "tl/1": "tl",
        "length/1": "length",
        "map_size/1": "map_size",
        "tuple_size/1": "tuple_size",
        "byte_size/1": "byte_size",
        "abs/1": "abs",
        "min/2": "min",
        "max/2": "max",
        "round/1": "round",
        "trunc/1": "trunc",
        "link/1": "Process.link",
        "unlink/1": "Process.unlink",
        "demonitor/1": "Process.demonitor",
        "demonitor/2": "Process.demonitor",
        "process_flag/2": "Process.flag",
        "is_process_alive/1": "Process.alive?",
        "cancel_timer/1": "Process.cancel_timer",
        "read_timer/1": "Process.read_timer",
        "monotonic_time/1": "System.monotonic_time",
        "system_time/1": "System.system_time",
        **{
            f"is_{kind}/1": f"is_{kind}"
            for kind in "integer float number atom binary list tuple map pid reference function boolean".split()
        },
    },
    "timer": {"sleep/1": "Process.sleep"},
    "lists": {
        "sort/1": "Enum.sort",
        "reverse/1": "Enum.reverse",
        "sum/1": "Enum.sum",
    },
    "maps": {"from_list/1": "Map.new", "merge/2": "Map.merge"},
}

# The same arguments in another order.
_MOVED = {
    ("erlang", "send_after", 3): ("Process.send_after", (1, 2, 0)),
    ("erlang", "register", 2): ("Process.register", (1, 0)),
    ("erlang", "is_map_key", 2): ("is_map_key", (1, 0)),
    ("lists", "foreach", 2): ("Enum.each", (1, 0)),
    ("lists", "map", 2): ("Enum.map", (1, 0)),
    ("lists", "any", 2): ("Enum.any?", (1, 0)),
    ("lists", "all", 2): ("Enum.all?", (1, 0)),
    ("lists", "foldl", 3): ("Enum.reduce", (2, 1, 0)),
    ("maps", "get", 2): ("Map.fetch!", (1, 0)),
    ("maps", "get", 3): ("Map.get", (1, 0, 2)),
}

# What Elixir's Kernel has without a module's name: a function of the same name and arity stands in its way.
KERNEL = frozenset(
    f"{name}/{place.partition('/')[2]}" for place, name in _SAME["erlang"].items() if "." not in name
) | {
    "send/2",
    "div/2",
    "rem/2",
    "elem/2",
    "is_map_key/2",
    "apply/2",
    "apply/3",
    "put_elem/3",
    "inspect/1",
    "to_string/1",
}


def rewritten(call: Call) -> Written | Form:
    """A call as Elixir has it."""
    place = f"{call.name}/{len(call.args)}"
    name = _SAME.get(call.module, {}).get(place)
    if name is not None:
        return Written(name, call.args)
    moved = _MOVED.get((call.module, call.name, len(call.args)))
    if moved is not None:
        return Written(moved[0], tuple(call.args[each] for each in moved[1]))
    match call:
        case Call(module="erlang", name="monitor", args=[Atom(name="process"), pid]):
            return Written("Process.monitor", (pid,))
        case Call(module="erlang", name="element", args=[Number(value=place_), of]):
            return Written("elem", (of, Number(place_ - 1)))
        case Call(module="maps", name="get", args=[Atom(name=key), f.Var() | f.Field() as of]) if _WORD.fullmatch(key):
            return f.Field("", of, key)
        case Call(module="erlang", name="map_get", args=[Atom(name=key), of]) if _WORD.fullmatch(key):
            return f.Field("", of, key)
        case Call(module="maps", name="filter", args=[f.Fun(clauses=[clause]), of]):
            pair = replace(clause, patterns=(Tuple(clause.patterns),))
            return Written("Map.filter", (of, f.Fun((pair,))))
        case Call(module="lists", name="sublist", args=[items, count]):
            return Written("Enum.take", (items, count))
        case Call(module="lists", name="member", args=[item, items]):
            return Op("in", item, items)
        case Call(module="supervisor", name="start_child", args=[_, f.Map()]):
            return Written("Supervisor.start_child", call.args)  # deprecated with a list of arguments
        case Call(module="gen_server" | "supervisor" as module, name="start_link" | "start" as name_, args=args):
            return _started(module, name_, args) or call
        case Call(module="io", name="format", args=[f.Chars(text=text), *rest]):
            return Call("io", "format", (f.Binary(text.encode()), *rest)) if text.isascii() else call
    return call


def _started(module: str, name: str, args: Sequence[Form]) -> Written | None:
    """`GenServer.start_link(module, argument, name: name)`."""
    there = {"gen_server": "GenServer", "supervisor": "Supervisor"}[module]
    if module == "supervisor" and name == "start":
        return None
    size = 3 if module == "gen_server" else 2
    options: list[tuple[str, Form]] = []
    rest = list(args)
    if len(rest) == size + 1:
        match rest.pop(0):
            case Tuple(items=[Atom(name="local"), called]):
                options.append(("name", called))
            case Tuple(items=[Atom(name="global" | "via"), *_]) as called:
                options.append(("name", called))
            case _:
                return None
    if len(rest) != size:
        return None
    if module == "gen_server":
        match rest.pop():
            case List(items=items, tail=None):
                for each in items:
                    match each:
                        case Tuple(items=[Atom(name=key), value]):
                            options.append((key, value))
                        case _:
                            return None
            case _:
                return None
    return Written(f"{there}.{name}", tuple(rest), tuple(options))
